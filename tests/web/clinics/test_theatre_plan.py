"""The theatre plan: operations proposed onto lists, fixed, planned again, accepted."""

from __future__ import annotations

import asyncio
import re
from threading import Event
from time import monotonic

import pytest
from tests.plan.theatres.invented_theatres import theatres
from tests.rules.clinics.clinic_day import SCHEDULER, visit
from tests.web.clinics.clinic_screens import ClinicScreens
from tests.web.screens import words

from wardlight.plan.extra import missing
from wardlight.plan.theatres.theatres import TheatrePlan, TheatreProblem
from wardlight.plan.visits.visit_desk import HELD
from wardlight.record import catalogue
from wardlight.record.instants import iso
from wardlight.web.clinics.accepting import reference
from wardlight.web.clinics.theatre_plan import worked_out

planner = pytest.mark.skipif(bool(missing()), reason="the planner's parts are not installed")
HIPS = (5, 12, 19)  # operations of the clinic, 30 minutes each by the schedule
PLAN = "/theatre/MMH/plan?plan=yes&seconds=2"


def waiting(*lists: str) -> ClinicScreens:
    """Return three operations that wait, and lists: `hours,minutes,holds`."""
    made = ClinicScreens()
    for number, urgency in zip(HIPS, "CBC", strict=True):
        made.day.decide(number, urgency, "postpone", "2026-11-28")
    rows = []
    for at, one in enumerate(lists):
        hours, minutes, holds = one.split(",")
        rows.append(f"L{at},theatre,{iso(made.day.hours(float(hours)))},{minutes},OR {at},{holds}")
    made.day.read_file(*rows, head="slot,service,starts,minutes,where,holds")
    return made


def proposed(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="take" value="(\w+) ([^"]+)"', page))


def accepted(made: ClinicScreens, number: int, slot: str, reason: str = "") -> str:
    body = f"take={reference(visit(number))}+MMH%7C{slot}&reason={reason}".encode()
    return words(asyncio.run(made.site.hand_in("/theatre/MMH/plan/accept", body)).text)


@planner
def test_postponed_operations_are_proposed_onto_lists_that_have_room() -> None:
    found = proposed(waiting("40,90,9", "60,30,9").site.get(PLAN).text)
    assert sorted(found.values()) == ["MMH|L0", "MMH|L0", "MMH|L1"]


@planner
def test_an_operation_without_a_list_before_harm_is_named_with_the_reason() -> None:
    page = words(waiting("40,90,9", "300,30,9").site.get(PLAN).text)
    assert "No list before harm, or none at all 1" in page
    assert "8 days after the harm date" in page


@planner
def test_the_lists_are_planned_again_around_what_a_person_fixed() -> None:
    made = waiting("40,90,9", "60,90,9")
    fixed = f"&fix-{reference(visit(12))}=MMH%7CL1&fix-{reference(visit(5))}={HELD}"
    page = made.site.get(PLAN + fixed).text
    assert proposed(page)[reference(visit(12))] == "MMH|L1"
    assert reference(visit(5)) not in proposed(page)
    assert "left without a list by a person" in words(page)


@planner
def test_who_needs_an_icu_bed_gets_no_list_where_none_is_stated_free() -> None:
    made = waiting("40,480,9")
    nights = f"&icu-{reference(visit(5))}=2"
    page = made.site.get(PLAN + nights).text
    assert reference(visit(5)) not in proposed(page)
    assert "No ICU bed is stated as free" in words(page)
    assert len(proposed(made.site.get(PLAN + nights + "&icu_beds=1").text)) == 3


@planner
def test_what_one_accepted_takes_its_room_from_the_next_plan() -> None:
    made = waiting("40,90,9")
    assert "1 accepted and in the log" in accepted(made, 5, "L0")
    assert made.day.case(5).move is not None
    assert len(proposed(made.site.get(PLAN).text)) == 1


@planner
def test_an_operation_whose_list_was_taken_back_is_planned_and_fixed_anew() -> None:
    made = waiting("40,90,9", "60,90,9", "80,90,9")
    assert "1 accepted and in the log" in accepted(made, 5, "L0")
    row = f"L0,theatre,{iso(made.day.hours(40))},90,OR 0,9,yes"
    made.day.read_file(row, head="slot,service,starts,minutes,where,holds,closed")
    assert reference(visit(5)) in proposed(made.site.get(PLAN).text)
    fixed = f"&fix-{reference(visit(5))}=MMH%7CL2"
    assert proposed(made.site.get(PLAN + fixed).text)[reference(visit(5))] == "MMH|L2"


def test_a_list_that_gets_too_long_is_not_written_without_a_reason() -> None:
    made = waiting("40,60,9")
    made.day.say(catalogue.VISIT_MOVED, ("appointment", visit(5)), ("slot", "MMH|L0"), by=SCHEDULER)
    said = accepted(made, 12, "L0")
    assert "The operations of this list take 30 minutes too long." in said
    assert "1 accepted" in accepted(made, 12, "L0", "second+team+stays")


def test_operations_are_planned_on_their_own_screen_and_not_among_visits() -> None:
    made = waiting("40,90,9")
    assert "3 operations wait for a day too" in words(made.site.get("/reschedule/MMH").text)
    assert "3 operations wait for a day" in words(made.site.get("/theatre/MMH/plan").text)


@planner
def test_the_loop_goes_on_while_a_plan_is_made_and_it_ends_when_its_time_is_over() -> None:
    problem = theatres(1, 300, 12, 5)

    async def run() -> tuple[int, float]:
        began, turns = monotonic(), 0
        plan = asyncio.ensure_future(worked_out(problem, 1.0))
        while not plan.done():
            await asyncio.sleep(0.01)
            turns += 1
        await plan
        return turns, monotonic() - began

    turns, seconds = asyncio.run(run())
    assert turns > 10
    assert seconds < 15


def test_a_plan_nobody_waits_for_any_more_is_given_up() -> None:
    begun, stopped = Event(), Event()

    def endless(problem: TheatreProblem, gone: Event, seconds: float) -> TheatrePlan:
        begun.set()
        gone.wait(seconds)
        stopped.set()
        return TheatrePlan(lines=(), cost=len(problem.cases), started_at=0)

    async def run() -> None:
        plan = asyncio.ensure_future(worked_out(theatres(1, 5, 2, 1), 30, endless))
        await asyncio.to_thread(begun.wait, 10)
        plan.cancel()

    asyncio.run(run())
    assert stopped.wait(10)


@planner
def test_one_theatre_plan_is_made_at_a_time() -> None:
    made = waiting("40,90,9")

    async def both() -> list[str]:
        pages = await asyncio.gather(*(made.site.ask("GET", PLAN, {}, None) for _ in range(2)))
        return [words(one.text) for one in pages]

    assert sum("is just being made for somebody" in one for one in asyncio.run(both())) == 1
