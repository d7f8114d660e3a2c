"""Blood: the wristband decides, two people check, a unit is out for one patient only."""

from __future__ import annotations

import pytest
from tests.rules.laboratory.loop_ward import OBRIEN, Ward, label

from wardlight.record import catalogue
from wardlight.record.identity import PatientKey
from wardlight.rules.asking import Accepted, Refusal
from wardlight.views.laboratory.transfusion import (
    BloodCase,
    UnitState,
    blood_case,
    blood_cases,
    emergency_units,
    group_differs,
)

PATIENT = PatientKey("MMH|704118")
ASKED = [
    *OBRIEN,
    ("product", "red cells"),
    ("units", "2"),
    ("priority", "STAT"),
    ("callback", "5512"),
    ("known_group", "A POS (kept copy, 2024)"),
]
UNIT = "W1234 26 000017"


class Bank(Ward):
    def __init__(self, *more: tuple[str, str]) -> None:
        super().__init__()
        self.admit("704118", "O'BRIEN", "Siobhán")
        self.request = self.say(catalogue.BLOOD_REQUESTED, [*ASKED, *more], patient=PATIENT)
        self.minutes(5)

    def case(self) -> BloodCase:
        found = self.views.loops.read(self.request, blood_case)
        assert found is not None
        return found

    def issue(self, unit: str = UNIT, *more: tuple[str, str]) -> Accepted | Refusal:
        fields = [("request", self.request), ("unit", unit), ("group", "A+"), ("to", "porter")]
        return self.ask(
            catalogue.BLOOD_ISSUED, [*fields, *(more or [("match", "crossmatched, compatible")])]
        )

    def issued(self) -> None:
        fields = [("request", self.request), ("unit", UNIT), ("group", "A+"), ("to", "porter")]
        self.say(catalogue.BLOOD_ISSUED, [*fields, ("match", "crossmatched, compatible")])
        self.minutes(5)

    def start(self, *fields: tuple[str, str], band: list[tuple[str, str]] = OBRIEN) -> str:
        given = [("request", self.request), ("unit", UNIT), *band]
        return self.say(catalogue.TRANSFUSION_STARTED, [*given, *(fields or CHECKERS)])

    def refused_start(self, *fields: tuple[str, str]) -> Refusal:
        found = self.ask(catalogue.TRANSFUSION_STARTED, [("request", self.request), *fields])
        assert isinstance(found, Refusal)
        return found


CHECKERS = (("first", "RN A. Mensah"), ("second", "RN B. Kowalski"))


def test_a_unit_is_followed_from_the_bank_to_its_end() -> None:
    bank = Bank()
    bank.issued()
    states = [bank.case().units[0].state]
    bank.start()
    states.append(bank.case().units[0].state)
    bank.minutes(90)
    bank.say(
        catalogue.TRANSFUSION_STOPPED,
        [("request", bank.request), ("unit", UNIT), ("volume", "280 mL")],
    )
    states.append(bank.case().units[0].state)
    assert states == [UnitState.ISSUED, UnitState.RUNNING, UnitState.GIVEN]


def test_a_wristband_that_differs_stops_the_unit() -> None:
    bank = Bank()
    bank.issued()
    wrong = label(number="704119", birth="09-Mar-1958")
    found = bank.refused_start(("unit", UNIT), *wrong, *CHECKERS)
    assert list(found.fields) == ["label_number"]


def test_a_unit_that_was_not_issued_for_this_patient_is_stopped() -> None:
    found = Bank().refused_start(("unit", UNIT), *OBRIEN, *CHECKERS)
    assert found.because.startswith("STOP. This unit was not issued")


def test_two_different_people_have_to_check() -> None:
    bank = Bank()
    bank.issued()
    alone = (("first", "RN A. Mensah"), ("second", "rn a. mensah"))
    found = bank.refused_start(("unit", UNIT), *OBRIEN, *alone)
    assert found.fields == {"second": "Two different people have to check."}


def test_a_unit_is_begun_once() -> None:
    bank = Bank()
    bank.issued()
    bank.start()
    found = bank.refused_start(("unit", UNIT), *OBRIEN, *CHECKERS)
    assert found.fields == {"unit": "This unit is running. Read its number again."}


def test_a_unit_is_out_for_one_patient_only() -> None:
    bank = Bank()
    bank.issued()
    found = bank.issue(UNIT.lower())
    assert isinstance(found, Refusal)
    assert list(found.fields) == ["unit"]


def test_blood_without_a_crossmatch_needs_a_physicians_name() -> None:
    emergency = ("match", "emergency release, not crossmatched")
    found = Bank().issue(UNIT, emergency)
    assert isinstance(found, Refusal)
    assert list(found.fields) == ["emergency_by"]
    signed = Bank(("emergency_by", "Dr Patel")).issue(UNIT, emergency)
    assert isinstance(signed, Accepted)


def test_units_that_went_out_uncrossmatched_are_counted_by_group() -> None:
    bank = Bank(("emergency_by", "Dr Patel"))
    for number, group in enumerate(("O neg", "O-", "O RhD positive")):
        fields = [("request", bank.request), ("unit", f"W{number}"), ("group", group)]
        emergency = [("match", "emergency release, not crossmatched"), ("to", "ED")]
        bank.say(catalogue.BLOOD_ISSUED, [*fields, *emergency])
    assert emergency_units(blood_cases(bank.views.loops)) == (2, 1)


@pytest.mark.parametrize(
    ("known", "found", "differs"),
    [
        ("A POS (kept copy, 2024)", "A+", False),
        ("A POS", "A neg", True),
        ("AB RhD positive", "A positive", True),
        ("not known", "O-", False),
        ("", "O-", False),
    ],
)
def test_a_group_is_compared_whatever_its_spelling(
    known: str, found: str, *, differs: bool
) -> None:
    assert group_differs(known, found) is differs


def test_a_group_other_than_the_one_known_before_is_a_warning() -> None:
    bank = Bank()
    fields = [("request", bank.request), ("accession", bank.next_number()), *OBRIEN]
    found = bank.ask(catalogue.BLOOD_TESTED, [*fields, ("group", "O+"), ("checked_by", "x")])
    assert isinstance(found, Accepted)
    assert [one.code for one in found.warnings] == ["group-differs"]


def test_a_reaction_with_the_unit_still_running_is_asked_about_and_written() -> None:
    bank = Bank()
    bank.issued()
    bank.start()
    fields = [("request", bank.request), ("unit", UNIT), ("signs", "fever, rigors")]
    found = bank.ask(catalogue.TRANSFUSION_REACTION, fields)
    assert isinstance(found, Accepted)
    assert [one.code for one in found.warnings] == ["reaction-going-on"]
    bank.say(catalogue.TRANSFUSION_REACTION, [*fields, ("stopped", "yes")])
    assert len(bank.case().units[0].reactions) == 1


def test_a_unit_that_was_not_begun_can_only_come_back() -> None:
    bank = Bank()
    bank.issued()
    about = [("request", bank.request), ("unit", UNIT)]
    assert isinstance(bank.ask(catalogue.TRANSFUSION_STOPPED, about), Refusal)
    bank.say(catalogue.TRANSFUSION_STOPPED, [*about, ("returned", "yes")])
    assert bank.case().units[0].state is UnitState.RETURNED


@pytest.mark.parametrize("units", ["two", "-1", "1000", "²"])
def test_a_number_of_units_that_is_none_is_refused(units: str) -> None:
    asked = [pair for pair in ASKED if pair[0] != "units"]
    found = Bank().ask(catalogue.BLOOD_REQUESTED, [*asked, ("units", units)], patient=PATIENT)
    assert isinstance(found, Refusal)
    assert list(found.fields) == ["units"]
