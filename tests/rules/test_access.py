from __future__ import annotations

import pytest

from wardlight.record import catalogue
from wardlight.record.codes import Location
from wardlight.record.events.access import Role
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.record.reading import Stamp
from wardlight.rules.access import (
    May,
    may,
    may_enter,
    sees_site,
    sees_stay,
    sees_unit,
    weak_passphrase,
    weak_pin,
)
from wardlight.views.rows import Stay, StayState
from wardlight.views.staff import Account


def somebody(
    role: Role = Role.NURSE, *, sites: tuple[str, ...] = (), units: tuple[str, ...] = ()
) -> Account:
    return Account(account="a", name="A. Sample", role=role, sites=sites, units=units)


def stay_on(unit: str, site: str = "MMH") -> Stay:
    at = Instant(0)
    return Stay(
        patient=PatientKey("MMH|1"),
        visit="MMH|V1",
        state=StayState.PRESENT,
        stamp=Stamp(at, at, "ehr", 1),
        site=site,
        location=Location(unit=unit),
    )


MAY_ENTER = {
    "nurse": {
        "dose",
        "order",
        "verify",
        "patient",
        "allergies",
        "vitals",
        "note",
        "specimen",
    },
    "charge nurse": {
        *("dose", "order", "verify", "patient", "allergies", "vitals", "note", "specimen", "seen"),
        *("triage", "ring", "advise", "move", "case"),
    },
    "clinic nurse": {
        *("dose", "order", "verify", "patient", "allergies", "vitals", "note", "specimen"),
        *("ring", "advise"),
    },
    "physician": {
        *("dose", "order", "verify", "patient", "allergies", "vitals", "note", "specimen", "seen"),
        *("triage", "move", "case"),
    },
    "pharmacist": {"order", "verify", "allergies", "note", "seen"},
    "lab": {"specimen"},
    "registration": {"patient", "allergies"},
    "clerk": {"patient", "allergies"},
    "him clerk": set(),
    "contact agent": {"ring"},
    "scheduler": {"ring", "move", "case"},
    "incident staff": set(),
    "dispatcher": set(),
    "privacy officer": set(),
    "administrator": set(),
}
KINDS = {
    "dose": catalogue.DOSE_CHARTED,
    "order": catalogue.ORDER_WRITTEN,
    "verify": catalogue.ORDER_CHECKED,
    "patient": catalogue.PATIENT_REGISTERED,
    "allergies": catalogue.ALLERGIES_ASKED,
    "vitals": catalogue.VITALS_CHARTED,
    "note": catalogue.NOTE_WRITTEN,
    "specimen": catalogue.SPECIMEN_REQUESTED,
    "seen": catalogue.ENTRY_SEEN,
    "triage": catalogue.VISITS_TRIAGED,
    "ring": catalogue.CONTACT_ATTEMPTED,
    "advise": catalogue.CONTACT_ADVISED,
    "move": catalogue.VISIT_MOVED,
    "case": catalogue.CASE_STATED,
}


@pytest.mark.parametrize("role", Role)
def test_a_role_enters_what_its_people_do_on_paper_and_nothing_else(role: Role) -> None:
    assert {name for name, kind in KINDS.items() if may_enter(role, kind)} == MAY_ENTER[role]


def test_every_kind_of_entry_can_be_made_by_somebody() -> None:
    made = {kind for kind in catalogue.ENTERED for role in Role if may_enter(role, kind)}
    assert made == catalogue.ENTERED


def test_a_role_nobody_has_may_nothing() -> None:
    assert not may_enter("cook", catalogue.DOSE_CHARTED)
    assert not may("cook", May.READ_CHARTS)


def test_who_manages_people_reads_no_chart_and_who_reviews_openings_neither() -> None:
    closed = {role for role in Role if not may(role, May.READ_CHARTS)}
    others = {Role.CONTACT_AGENT, Role.SCHEDULER, Role.DISPATCHER}
    assert closed == {Role.INCIDENT, Role.PRIVACY, Role.ADMINISTRATOR} | others


def test_a_nurse_sees_her_ward_and_no_other() -> None:
    nurse = somebody(units=("MMH/4E",))
    seen = [sees_unit(nurse, site, unit) for site, unit in (("MMH", "4E"), ("MMH", "5W"))]
    assert seen == [True, False]
    assert not sees_unit(nurse, "RVR", "4E")


def test_who_has_no_wards_named_sees_every_ward_of_their_sites() -> None:
    doctor = somebody(Role.PHYSICIAN, sites=("MMH",))
    assert sees_unit(doctor, "MMH", "5W")
    assert not sees_unit(doctor, "RVR", "2N")


def test_a_ward_makes_its_site_theirs_and_no_other_site() -> None:
    nurse = somebody(units=("MMH/4E",))
    assert [sees_site(nurse, site) for site in ("MMH", "RVR", "MM")] == [True, False, False]


def test_a_patient_on_no_ward_yet_is_everybodys_of_that_site() -> None:
    nurse = somebody(units=("MMH/4E",))
    assert sees_stay(nurse, stay_on(""))
    assert not sees_stay(nurse, stay_on("", site="RVR"))


def test_a_patient_without_any_stay_is_on_nobodys_ward() -> None:
    assert not sees_stay(somebody(units=("MMH/4E",)), None)
    assert sees_stay(somebody(Role.REGISTRATION), None)
    assert not sees_stay(somebody(Role.ADMINISTRATOR), None)


@pytest.mark.parametrize(
    "words",
    ["fourteen chars", "aaaaaaaaaaaaaaaaaaaa", "Correct Horse Battery Staple"],
)
def test_a_passphrase_alone_is_long_and_on_no_list_of_guesses(words: str) -> None:
    assert weak_passphrase(words, second_factor=False)
    assert weak_passphrase("fifteen letters", second_factor=False) == ""


@pytest.mark.parametrize("words", ["seven c", "Passw0rd", "aaaabbbb"])
def test_with_a_second_factor_eight_characters_are_enough(words: str) -> None:
    assert weak_passphrase(words, second_factor=True)
    assert weak_passphrase("eight ch", second_factor=True) == ""


@pytest.mark.parametrize("pin", ["12345", "1234567", "12345a", "١٢٣٤٥٦", "123456", "000000"])
def test_a_pin_is_six_digits_and_not_the_first_to_be_tried(pin: str) -> None:
    assert weak_pin(pin)


def test_a_good_pin_is_taken() -> None:
    assert weak_pin("482915") == ""
