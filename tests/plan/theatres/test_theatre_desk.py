"""Operations that wait, and theatre lists: what the planner is asked."""

from __future__ import annotations

import pytest
from tests.plan.theatres.independent_theatres import violations
from tests.rules.clinics.clinic_day import SCHEDULER, ClinicDay, visit, visit_row

from wardlight.plan.extra import missing
from wardlight.plan.theatres.theatre_desk import TheatreDesk, TheatreWish
from wardlight.plan.theatres.theatre_rules import by_priority
from wardlight.plan.theatres.theatres import Place, TheatreProblem
from wardlight.record import catalogue
from wardlight.record.instants import Instant, iso
from wardlight.views.clinics.theatre_lists import case_minutes, is_list

LISTS = "slot,service,starts,minutes,where,holds,staff,partner"


def theatre(*lists: str, cases: int = 3, decision: str = "postpone", **more: str) -> ClinicDay:
    """Return operations of 90 minutes by Dr Cut, all decided; L0 … are lists, `hours,rest`."""
    day = ClinicDay()
    fields = {"procedure": "Hip replacement left", "minutes": "90"} | more
    rows = [
        visit_row(number, Instant(day.hours(20)), "Orthopaedics", **fields)
        for number in range(1, cases + 1)
    ]
    day.read_file(*rows)
    for number in range(1, cases + 1):
        day.decide(number, "BCD"[number % 3], decision, "2026-11-28")
    offered = []
    for at, one in enumerate(lists):
        hours, _, rest = one.partition(",")
        offered.append(f"L{at},Theatre,{iso(day.hours(float(hours)))},{rest}")
    day.read_file(*offered, head=LISTS)
    return day


def asked(day: ClinicDay, *given: int, cases: int = 3, **wish: object) -> TheatreProblem:
    lists = [one for one in day.views.triage.slots("MMH", day.now, day.hours(900)) if is_list(one)]
    waiting = [day.case(n) for n in range(1, cases + 1) if n not in given]
    desk = TheatreDesk(waiting, lists, TheatreWish(now=day.now, zone="UTC", **wish))  # type: ignore[arg-type]
    return desk.problem([day.case(n) for n in given])


def places(problem: TheatreProblem) -> dict[str, Place | None]:
    return {c.id: at for c, at in zip(problem.cases, by_priority(problem), strict=True)}


def test_an_operation_takes_its_minutes_and_a_turnover_of_its_list() -> None:
    day = theatre("24,240,OR 1,9,,")
    assert case_minutes(day.case(1).appointment) == 90 + 30
    found = places(asked(day))
    assert sum(at is not None for at in found.values()) == 2  # 240 and one turnover: not three


def test_a_list_that_holds_one_gets_one() -> None:
    found = places(asked(theatre("24,480,OR 1,1,,")))
    assert sum(at is not None for at in found.values()) == 1


def test_a_list_of_one_surgeon_is_no_list_of_another() -> None:
    assert set(places(asked(theatre("24,480,OR 1,9,Dr Other,"))).values()) == {None}


def test_what_was_accepted_has_its_list_and_its_minutes() -> None:
    day = theatre("24,240,OR 1,9,,")
    day.say(catalogue.VISIT_MOVED, ("appointment", visit(3)), ("slot", "MMH|L0"), by=SCHEDULER)
    problem = asked(day, 3)
    assert problem.cases[-1].fixed == Place(1, "MMH|L0")
    assert sum(at is not None for at in places(problem).values()) == 2


def test_an_icu_bed_that_nobody_has_keeps_an_operation_out() -> None:
    day = theatre("24,480,OR 1,9,,")
    nights = {visit(1): 2}
    assert places(asked(day, nights=nights))[visit(1)] is None
    assert places(asked(day, nights=nights, icu_beds=1))[visit(1)] == Place(1, "MMH|L0")


def test_a_transfer_goes_to_its_partner_and_nobody_else_does() -> None:
    lists = ("24,480,OR 1,9,,", "24,480,OR 9,9,,Partner Sample")
    here, there = theatre(*lists), theatre(*lists, decision="transfer")
    assert {at.room for at in places(asked(here)).values() if at} == {"MMH|L0"}
    assert {at.room for at in places(asked(there)).values() if at} == {"MMH|L1"}


def test_who_is_at_a_visit_elsewhere_that_day_is_not_operated_on_then() -> None:
    day = theatre("24,480,OR 1,9,,", "48,480,OR 1,9,,", cases=1)
    lists = day.views.triage.slots("MMH", day.now, day.hours(900))
    desk = TheatreDesk([day.case(1)], lists, TheatreWish(now=day.now, zone="UTC"))
    problem = desk.problem([], patients={visit(1): [day.hours(26)]})
    assert places(problem) == {visit(1): Place(2, "MMH|L1")}


@pytest.mark.skipif(bool(missing()), reason="the planner's parts are not installed")
def test_a_plan_of_the_desk_breaks_no_rule_by_an_independent_count() -> None:
    from wardlight.plan.theatres.theatre_search import improve  # noqa: PLC0415 - an extra

    problem = asked(theatre("24,240,OR 1,9,,", "24,480,OR 2,1,,", cases=6), cases=6)
    plan = improve(problem, stop=lambda: False, rounds_max=3, effort=0.05)
    assert violations(problem, plan.lines) == []
    assert sum(one.place is not None for one in plan.lines) == 3
