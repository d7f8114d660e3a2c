"""What may be said of services: what a county's rules add to it, what is refused and why."""

from __future__ import annotations

import pytest
from msgspec import structs
from tests.rules.services.region import START, TABLES, Region

from wardlight.record import catalogue
from wardlight.record.events.services import CrowdingCounted, ServiceStated
from wardlight.record.instants import HOUR, MINUTE
from wardlight.record.services import AtExpiry, DivertCategory
from wardlight.rules.asking import Accepted, Asked, Author, Refusal
from wardlight.rules.judging import judged
from wardlight.rules.services.county_rules import RuleSet

STATED = catalogue.SERVICE_STATED
DIVERT = {"service": "ED", "state": "divert", "authorised_by": "Dr E. Haddad"}
SATURATED = {**DIVERT, "category": "ED saturation"}


def said_in(found: Accepted | Refusal) -> ServiceStated:
    assert isinstance(found, Accepted), found
    assert isinstance(found.said, ServiceStated)
    return found.said


def mutual() -> Region:
    """Return a region whose sites follow the rules of mutual agreement."""
    region = Region()
    sets = {one.name: one for one in TABLES.counties}
    theirs = structs.replace(sets["mutual-agreement"], sites=frozenset({"LKS"}))
    region.tables = structs.replace(TABLES, counties=(sets["two-hour"], theirs))
    return region


def test_saturation_ends_after_two_hours_and_names_the_rule_it_follows() -> None:
    said = said_in(Region().judge(STATED, **SATURATED))
    assert (said.expires, said.at_expiry) == (START + 2 * HOUR, AtExpiry.REOPEN)
    assert said.by_rules == "two-hour (version 1)"


def test_an_end_later_than_the_county_allows_is_cut_and_said() -> None:
    found = Region().judge(STATED, **SATURATED, until_at="09:00")
    assert said_in(found).expires == START + 2 * HOUR
    assert isinstance(found, Accepted)
    [warned] = found.warnings
    assert warned.words == "The county's rules end this at 04:31: renew it then"
    assert not warned.asks


def test_a_sooner_end_is_kept() -> None:
    said = said_in(Region().judge(STATED, **SATURATED, until_at="03:31"))
    assert said.expires == START + HOUR


def test_mutual_agreement_is_asked_for_and_never_blocks() -> None:
    found = mutual().judge(STATED, **SATURATED)
    assert isinstance(found, Accepted)
    assert [(one.code, one.asks) for one in found.warnings] == [("not-agreed", True)]
    agreed = mutual().judge(STATED, **SATURATED, agreed_with="Green Valley, charge nurse Ito")
    assert isinstance(agreed, Accepted)
    assert agreed.warnings == ()
    assert said_in(agreed).at_expiry is AtExpiry.LAPSE
    assert said_in(agreed).expires == START + HOUR


def test_when_all_others_divert_the_countys_word_is_shown() -> None:
    region = Region()
    region.add_neighbours()
    for code in ("GRV", "MCK", "SAC"):
        region.hear(code, "divert", category="ED saturation")
    found = region.judge(STATED, **SATURATED)
    assert isinstance(found, Accepted)
    assert "the closest one takes the patient" in found.warnings[0].words


def test_a_silent_hospital_is_rung_before_the_countys_word_is_followed() -> None:
    region = Region()
    region.add_neighbours()
    region.hear("GRV", "divert", category="ED saturation")
    found = region.judge(STATED, **SATURATED)
    assert isinstance(found, Accepted)
    assert found.warnings[0].words.startswith(
        "No other ED that has reported takes ambulances. Ring those without a report first."
    )
    region.hear("MCK", "open")
    found = region.judge(STATED, **SATURATED)
    assert isinstance(found, Accepted)
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({**SATURATED, "authorised_by": ""}, "authorised_by"),
        ({**DIVERT, "category": ""}, "category"),
        ({**DIVERT, "category": "other"}, "reason"),
        ({**SATURATED, "state": "no report"}, "state"),
        ({**SATURATED, "service": "wellness"}, "service"),
        ({**SATURATED, "service": "clinic"}, "name"),
        ({**SATURATED, "until_at": "02:00"}, "until_at"),
        ({**SATURATED, "at": "04:00"}, "at"),
        ({**SATURATED, "facility": "NOWHERE", "heard": "phone"}, "facility"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(fields: dict[str, str], wrong: str) -> None:
    found = Region().judge(STATED, **fields)
    assert isinstance(found, Refusal)
    assert list(found.fields) == [wrong]


def test_an_open_service_needs_no_category_and_no_authoriser() -> None:
    said = said_in(Region().judge(STATED, service="CT", state="open"))
    assert (said.category, said.expires) == (None, None)


def test_internal_disaster_has_no_end_of_its_own() -> None:
    said = said_in(Region().judge(STATED, **DIVERT, category="internal disaster"))
    assert said.category is DivertCategory.INTERNAL_DISASTER
    assert said.expires is None


def test_what_a_neighbour_does_needs_who_said_it() -> None:
    region = Region()
    region.add_neighbours()
    found = region.judge(STATED, **SATURATED, facility="GRV")
    assert isinstance(found, Refusal)
    assert list(found.fields) == ["heard"]


def test_since_may_lie_back_and_the_end_counts_from_when_it_was_said() -> None:
    region = Region()
    said = said_in(region.judge(STATED, **SATURATED, at="02:01"))
    assert said.since == START - 30 * MINUTE
    assert said.expires == START + 2 * HOUR


def test_a_bedside_nurse_may_count_but_not_divert() -> None:
    region = Region()
    nurse = Author(account="mensah", name="RN A. Mensah", role="nurse")
    asked: Asked = structs.replace(region.form(STATED, "LKS", **SATURATED), author=nurse)
    assert isinstance(judged(asked, region.at("LKS")), Refusal)
    counted = region.form(catalogue.BEDS_COUNTED, "LKS", bed="ICU", available="2")
    assert isinstance(judged(structs.replace(counted, author=nurse), region.at("LKS")), Accepted)


CROWD = {
    "ed_patients": "35",
    "ed_beds": "25",
    "admits_in_ed": "8",
    "hospital_beds": "300",
    "ventilated_in_ed": "4",
    "longest_admit_wait_h": "3,5",
    "last_bed_wait_h": "2",
}


def test_a_count_takes_a_comma_and_leaves_unknown_what_was_not_counted() -> None:
    found = Region().judge(catalogue.CROWDING_COUNTED, **CROWD)
    assert isinstance(found, Accepted)
    assert isinstance(found.said, CrowdingCounted)
    assert (found.said.longest_admit_wait_h, found.said.ems_waiting) == (3.5, None)


@pytest.mark.parametrize(
    ("field", "typed", "wrong"),
    [
        ("ed_beds", "0", "ed_beds"),
        ("hospital_beds", "", "hospital_beds"),
        ("ed_patients", "-3", "ed_patients"),
        ("admits_in_ed", "40", "ed_patients"),
        ("last_bed_wait_h", "soon", "last_bed_wait_h"),
        ("ed_patients", "9999999999", "ed_patients"),
    ],
)
def test_a_count_that_cannot_be_is_refused(field: str, typed: str, wrong: str) -> None:
    found = Region().judge(catalogue.CROWDING_COUNTED, **{**CROWD, field: typed})
    assert isinstance(found, Refusal)
    assert wrong in found.fields


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"code": "x y"}, "code"),
        ({"neighbour": ""}, "neighbour"),
        ({"latitude": "41.8"}, "latitude"),
        ({"latitude": "91", "longitude": "0"}, "latitude"),
        ({"can": "burn", "cannot": "burn"}, "cannot"),
    ],
)
def test_a_contact_that_cannot_be_is_refused(more: dict[str, str], wrong: str) -> None:
    fields = {"code": "GRV", "neighbour": "Green Valley", **more}
    found = Region().judge(catalogue.NEIGHBOUR_STATED, **fields)
    assert isinstance(found, Refusal)
    assert list(found.fields) == [wrong]


def test_only_a_change_of_the_board_is_acknowledged() -> None:
    found = Region().judge(catalogue.CHANGE_ACKNOWLEDGED, change="made-up", by="Dispatch 4")
    assert isinstance(found, Refusal)
    assert found.because == "This change is not on the board."


def test_both_shipped_rule_sets_speak_of_every_category() -> None:
    def categories(rules: RuleSet) -> set[DivertCategory]:
        return {one.category for one in rules.rules}

    assert [one.name for one in TABLES.counties] == ["two-hour", "mutual-agreement"]
    assert [categories(one) for one in TABLES.counties] == [set(DivertCategory)] * 2
