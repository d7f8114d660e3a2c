"""The counts somebody in command reads: nothing is in a class that nobody gave it."""

from __future__ import annotations

from tests.rules.clinics.clinic_day import clinic

from wardlight.record.events.triage import UrgencyClass
from wardlight.views.clinics.cases import CaseState
from wardlight.views.clinics.contact_numbers import numbers


def test_a_visit_nobody_decided_about_is_counted_as_that_and_in_no_class() -> None:
    day = clinic("Follow-up", "Follow-up", "Follow-up")
    day.decide(1, "B")
    found = numbers([day.case(number) for number in (1, 2, 3)], day.now).total
    assert found.open() == 3
    assert found.open_by_class == {UrgencyClass.B: 1}
    assert found.states[CaseState.TO_DECIDE] == 2
