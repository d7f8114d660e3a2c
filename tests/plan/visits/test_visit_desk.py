"""From schedule, decisions and calls to the planner's question: what is known goes in, as known."""

from __future__ import annotations

import pytest
from tests.rules.clinics.clinic_day import SCHEDULER, ClinicDay, key, visit

from wardlight.plan.extra import missing
from wardlight.plan.visits.visit_desk import Known, problem_of
from wardlight.plan.visits.visits import Link, VisitLine, VisitProblem
from wardlight.record import catalogue
from wardlight.record.instants import DAY, Instant, iso

planner = pytest.mark.skipif(bool(missing()), reason="the planner's parts are not installed")
HEAD = (
    "appointment,patient,family,given,birth,starts,minutes,service,linked,series,needs,"
    "travel_to,transport,status,phone"
)
SLOTS = "slot,service,starts,minutes,partner,holds,equipment"


def row(number: int, day: float, **more: str) -> str:
    """Return one visit of patient 1, so many days from now."""
    cells = {
        "appointment": f"A{number}",
        "patient": "1",
        "family": "SampleA",
        "given": "Ada",
        "birth": "1958-03-09",
        "starts": at(day),
        "minutes": "30",
        "phone": "555-0001",
        "service": "Infusion",
        **more,
    }
    return ",".join(cells.get(name, "") for name in HEAD.split(","))


def at(day: float) -> str:
    return iso(Instant(ClinicDay().now + int(day * DAY)))


def clinic(*rows: str, postponed: tuple[int, ...] = (1, 2)) -> ClinicDay:
    """Return a day with these visits, of which some wait for a new time."""
    day = ClinicDay()
    day.read_file(*rows, head=HEAD)
    for number in postponed:
        day.decide(number, "C", "postpone")
    return day


def offer(day: ClinicDay, *slots: str) -> None:
    """Offer times for infusions: `days from now,partner,equipment`."""
    cells = [one.split(",") for one in slots]
    rows = [f"S{n},infusion,{at(float(c[0]))},60,{c[1]},1,{c[2]}" for n, c in enumerate(cells)]
    day.read_file(*rows, head=SLOTS)


def asked(day: ClinicDay) -> VisitProblem:
    """Return the question about everybody who waits."""
    views = day.views
    every = views.cases.every(key(1), "MMH")
    cases = [
        one
        for one in every
        if one.verdict is not None and (one.move is None or views.triage.lost(one.key))
    ]
    known = Known({key(1): every}, {one.key: views.cases.times_told(one.key) for one in cases})
    slots = views.triage.slots("MMH", day.now, Instant(day.now + 60 * DAY))
    return problem_of(cases, slots, now=day.now, zone="UTC", fixed={}, known=known)


def plan(day: ClinicDay) -> dict[str, VisitLine]:
    from wardlight.plan.visits.visit_proposal import propose_visits  # noqa: PLC0415 -- an extra

    return {one.visit: one for one in propose_visits(asked(day)).lines}


def test_a_test_named_by_its_number_comes_before_its_visit_and_no_longer_before_than_planned() -> (
    None
):
    day = clinic(row(1, 2, service="Bloods"), row(2, 5, linked="A1"))
    assert asked(day).links == (
        Link(first=visit(1), then=visit(2), days_min=1, days_max=3, why="the test it needs"),
    )


def test_a_test_that_is_only_words_ties_nothing() -> None:
    assert asked(clinic(row(1, 2), row(2, 5, linked="bloods the day before"))).links == ()


def test_days_of_a_course_keep_their_gap_and_may_be_a_little_later() -> None:
    day = clinic(*(row(n, 21 * n, series="ORD-7") for n in (1, 2, 3)), postponed=(1, 2, 3))
    assert [(one.first, one.then, one.days_min, one.days_max) for one in asked(day).links] == [
        (visit(1), visit(2), 21, 24),
        (visit(2), visit(3), 21, 24),
    ]


def test_visits_of_one_course_number_but_of_two_patients_are_not_tied() -> None:
    day = clinic(row(1, 2, series="7"), row(2, 3, series="7", patient="2", family="SampleB"))
    assert asked(day).links == ()


@planner
def test_a_visit_of_a_course_is_placed_after_the_one_that_goes_ahead() -> None:
    day = clinic(row(1, 4, series="7"), row(2, 8, series="7"), postponed=(2,))
    offer(day, "3,,", "6,,", "8,,")
    line = plan(day)[visit(2)]
    assert line.slot == "MMH|S2"
    assert line.why.endswith("4 days after the visit before it in the course (2026-11-28)")


@planner
def test_a_course_that_is_late_already_gets_the_next_time_and_the_plan_says_so() -> None:
    done = row(1, -6, series="7", status="completed")
    day = clinic(done, row(2, -5, series="7"), postponed=(2,))
    offer(day, "3,,")
    line = plan(day)[visit(2)]
    assert line.slot == "MMH|S0"
    assert "the gap is longer than planned already" in line.why


@planner
def test_a_test_before_a_visit_that_goes_ahead_is_placed_before_it_or_not_at_all() -> None:
    day = clinic(row(1, 2, service="Bloods"), row(2, 5, linked="A1"), postponed=(1,))
    day.read_file(f"B9,bloods,{at(9)},30,,1,", head=SLOTS)
    assert plan(day)[visit(1)].slot == ""
    day.read_file(f"B4,bloods,{at(4)},30,,1,", head=SLOTS)
    assert plan(day)[visit(1)].slot == "MMH|B4"


@planner
def test_a_partner_whose_way_is_not_stated_says_so_and_one_that_is_near_comes_first() -> None:
    day = clinic(row(1, 2, travel_to="Near Clinic=10", transport="ambulance"), postponed=(1,))
    offer(day, "3,Far Clinic,", "3,Near Clinic,")
    line = plan(day)[visit(1)]
    assert line.slot == "MMH|S1"
    assert line.why.endswith("10 min to Near Clinic; a ride there has to be booked")
    day = clinic(row(1, 2), postponed=(1,))
    offer(day, "3,Far Clinic,")
    assert plan(day)[visit(1)].why.endswith("the way to Far Clinic is not known")


@planner
def test_who_needs_equipment_gets_where_it_is_and_not_where_it_is_not() -> None:
    day = clinic(row(1, 2, needs="Contrast"), postponed=(1,))
    offer(day, "2,,PACS", "3,,", "9,,contrast;PACS")
    assert plan(day)[visit(1)].slot == "MMH|S2"


@planner
def test_equipment_nobody_stated_is_said_and_not_taken_for_there() -> None:
    day = clinic(row(1, 2, needs="contrast"), postponed=(1,))
    offer(day, "2,,PACS", "3,,")
    line = plan(day)[visit(1)]
    assert line.slot == "MMH|S1"
    assert line.why.endswith("nobody stated whether contrast is there")


@planner
def test_whose_new_time_was_taken_back_waits_again_and_counts_as_moved_before() -> None:
    day = clinic(row(1, 2), postponed=(1,))
    offer(day, "3,,", "9,,")
    day.say(catalogue.VISIT_MOVED, ("appointment", visit(1)), ("slot", "MMH|S0"), by=SCHEDULER)
    said = (("said_birth", "1958-03-09"), ("said_phone", "0001"))
    day.say(catalogue.CONTACT_ATTEMPTED, *day.telling(1), *said, patient=1)
    day.read_file(f"S0,infusion,{at(3)},60,,1,yes", head=SLOTS.replace("equipment", "closed"))
    [waiting] = asked(day).visits
    assert (waiting.booked, waiting.confirmed, waiting.moved_before) == ("MMH|S0", True, 1)
    line = plan(day)[visit(1)]
    assert line.slot == "MMH|S1"
    assert line.why == "the slot they had is gone; told a new time before: this is another one"


def test_a_way_that_cannot_be_read_refuses_its_row_in_words() -> None:
    day = clinic(row(1, 2), row(2, 3, travel_to="Near Clinic"), postponed=(1,))
    assert day.views.schedule.appointment(visit(2)) is None
