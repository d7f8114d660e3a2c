"""A time that no longer stands is read out to nobody, and who was told it is rung again."""

from __future__ import annotations

import pytest
from tests.rules.clinics.clinic_day import SCHEDULER, ClinicDay, clinic, visit

from wardlight.record import catalogue
from wardlight.record.instants import iso
from wardlight.rules.clinics.contact_texts import script_of
from wardlight.views.clinics.cases import CaseState

HEAD = "slot,service,starts,minutes,where,holds,closed"
GIVEN = ("slot", "MMH|S0")


def given(*, told: bool) -> ClinicDay:
    """Return a day on which visit 1 was postponed and has a new time, told or not yet."""
    day = clinic("Follow-up", "Follow-up")
    day.slots(50)
    day.decide(1)
    day.say(catalogue.VISIT_MOVED, ("appointment", visit(1)), GIVEN, by=SCHEDULER)
    if told:
        day.tell(1)
    assert day.lease() == ("" if told else "1"), "the list of whom to ring was made"
    day.wait(30)
    return day


def take_back(day: ClinicDay, hours: float = 50, closed: str = "yes") -> None:
    day.read_file(f"S0,Follow-up,{iso(day.hours(hours))},30,Room 1,1,{closed}", head=HEAD)


@pytest.mark.parametrize(("hours", "closed"), [(50, "yes"), (53, "")])
def test_who_was_told_a_time_that_was_taken_back_or_shifted_is_rung_again(
    hours: float, closed: str
) -> None:
    day = given(told=True)
    assert day.case(1).state is CaseState.RESCHEDULED
    take_back(day, hours, closed)
    assert day.case(1).state is CaseState.NOT_REACHED
    assert day.lease() == "1"


def test_a_time_that_was_taken_back_is_not_read_out() -> None:
    day = given(told=False)
    take_back(day)
    assert script_of(day.case(1)) == "postpone"


def test_a_time_that_is_offered_again_unchanged_stands_as_it_was_told() -> None:
    day = given(told=True)
    take_back(day)
    take_back(day, closed="")
    assert day.case(1).state is CaseState.RESCHEDULED
    assert day.lease() == ""


@pytest.mark.parametrize("decision", ["go", "cancel", "transfer"])
def test_a_new_time_stands_no_more_once_something_else_is_decided(decision: str) -> None:
    day = given(told=True)
    day.decide(1, decision=decision)
    assert day.case(1).move is None
    assert day.views.triage.slots("MMH", day.now, day.hours(99))[0].free() == 1


def test_a_new_time_stands_when_only_the_class_is_changed() -> None:
    day = given(told=True)
    day.decide(1, "B")
    assert day.case(1).state is CaseState.RESCHEDULED
