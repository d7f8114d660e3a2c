"""Times that warn: not ticked by themselves, not written without a reason."""

from __future__ import annotations

import asyncio

import pytest
from tests.rules.clinics.clinic_day import visit
from tests.web.clinics.clinic_screens import ClinicScreens
from tests.web.clinics.test_reschedule import waiting
from tests.web.screens import words

from wardlight.plan.extra import missing
from wardlight.web.clinics.accepting import reference

planner = pytest.mark.skipif(bool(missing()), reason="the planner's parts are not installed")
LATE = 300  # hours: after the harm date of every visit


def accepted(made: ClinicScreens, reason: str) -> str:
    body = f"take={reference(visit(1))}+MMH%7CS0&reason={reason}".encode()
    return words(asyncio.run(made.site.hand_in("/reschedule/MMH/accept", body)).text)


@planner
def test_a_time_after_the_harm_date_is_not_ticked_and_says_why() -> None:
    page = waiting(LATE, visits=1).site.get("/reschedule/MMH?plan=yes").text
    assert 'value="' + reference(visit(1)) + ' MMH|S0"><' in page
    assert "needs a reason The harm date is 2026-11-28: this time is after it." in words(page)


@planner
def test_a_time_that_warns_of_nothing_is_ticked() -> None:
    page = waiting(40, visits=1).site.get("/reschedule/MMH?plan=yes").text
    assert 'value="' + reference(visit(1)) + ' MMH|S0" checked' in page


def test_a_time_that_warns_is_not_written_without_a_reason() -> None:
    made = waiting(LATE, visits=1)
    assert "It needs a reason: The harm date is 2026-11-28" in accepted(made, "")
    assert made.day.case(1).move is None


def test_the_reason_of_a_time_that_warns_is_kept() -> None:
    made = waiting(LATE, visits=1)
    assert "1 accepted and in the log" in accepted(made, "patient+agreed")
    assert b"patient agreed" in made.day.log[-1].body


def test_who_waits_since_long_ago_still_waits() -> None:
    made = waiting(40, visits=1)
    made.day.wait(40 * 24 * 60)
    assert "1 visit waits for one" in words(made.site.get("/reschedule/MMH").text)
