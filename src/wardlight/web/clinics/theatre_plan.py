"""New days for operations: proposed into the theatre lists, fixed by people, proposed again.

The planner works in a thread for the seconds somebody allows, and stops when they go away; one
plan at a time is made on a node. Nothing is written before a line is accepted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from itertools import islice
from threading import Event
from time import monotonic
from typing import Any

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.plan.extra import missing
from wardlight.plan.theatres.theatre_desk import (
    TheatreDesk,
    TheatreWish,
    kind_of,
    surgeon_of,
    takes,
)
from wardlight.plan.theatres.theatres import CaseLine, TheatrePlan, TheatreProblem
from wardlight.plan.visits.visit_desk import HELD, LEAD_MS
from wardlight.record.instants import DAY, Instant
from wardlight.record.sources import Site
from wardlight.rules.access import May
from wardlight.rules.clinics.triage import time_of
from wardlight.views.clinics.cases import Case
from wardlight.views.clinics.theatre_lists import case_minutes, is_list
from wardlight.views.clinics.triage import Slot, plain_service
from wardlight.views.rows import Appointment
from wardlight.web.clinics.accepting import (
    Doubt,
    accept_ticked,
    doubts_of,
    reference,
    waiting_at,
)
from wardlight.web.clinics.doors import site_for
from wardlight.web.clinics.lines import visit_line
from wardlight.web.page import Content, Desk, Screen, answered, shown
from wardlight.web.times import Times

DAYS_AHEAD = 30
SECONDS = (2, 5, 15, 30)  # that somebody may allow the planner
SECONDS_USUAL = 5
CASES_MAX = 1_200  # planned at once; the most urgent
SHOWN_MAX = 200
OPTIONS_MAX = 40
NIGHTS_MAX = 14
BEDS_MAX = 99
FIX, NIGHTS = "fix-", "icu-"


class Line(Struct, frozen=True, kw_only=True):
    """One operation and the list it could be on."""

    ref: str
    line: Any
    slot: str
    when: str
    why: str
    late: int
    fixed: str
    nights: int
    minutes: int
    stated: bool  # whether the schedule says how long it takes
    options: tuple[tuple[str, str], ...]
    doubt: Doubt


class Planned(Struct, frozen=True):
    """What came of asking the planner; `plan` None where it was not asked or could not answer."""

    plan: TheatrePlan | None = None
    doubts: Mapping[str, Doubt] = {}
    trouble: str = ""


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [
        Route("/theatre/{site}/plan", page),
        Route("/theatre/{site}/plan/accept", accept, methods=["POST"]),
    ]


async def page(request: Request) -> Response:
    """Show the operations that wait, the theatre lists, and a plan when it is asked for."""
    site = site_for(request, May.SCHEDULE, May.TRIAGE)

    async def make(desk: Desk, t: Times) -> Content:
        question = _Question(desk, site, t, request.query_params)
        planned = await _planned(request, question) if question.plans else Planned()
        return _content(question, planned)

    screen = Screen(template="theatre_plan.html", make=make, site=site.code)
    if request.query_params.get("plan") == "yes":
        return await answered(request, screen)  # made by a person's asking; a refusal is not kept
    return await shown(request, screen)


async def accept(request: Request) -> Response:
    """Write each accepted line as an entry; say which were not written, and why."""
    site = site_for(request, May.SCHEDULE, May.TRIAGE)
    return await accept_ticked(request, site, theatre=True, back=f"/theatre/{site.code}/plan")


async def _planned(request: Request, question: _Question) -> Planned:
    if trouble := missing():
        return Planned(trouble=trouble)
    lock: asyncio.Lock = request.app.state.theatre_plan
    if lock.locked():
        return Planned(trouble="A theatre plan is just being made for somebody. Ask again.")
    async with lock:
        plan = await worked_out(question.problem(), question.seconds)
    cases = {one.key: one for one in question.waiting}
    placed = [(cases[one.case], one.place.room) for one in _mine(plan, cases) if one.place]
    return Planned(plan, await doubts_of(request, question.site, placed[:SHOWN_MAX]))


def improved(problem: TheatreProblem, gone: Event, seconds: float) -> TheatrePlan:
    """Return the planner's answer; its parts are loaded when it is first asked, beside its time."""
    from wardlight.plan.theatres.theatre_search import improve  # noqa: PLC0415 - an extra, and heavy

    until = monotonic() + seconds
    return improve(problem, stop=lambda: gone.is_set() or monotonic() >= until)


async def worked_out(
    problem: TheatreProblem,
    seconds: float,
    planner: Callable[[TheatreProblem, Event, float], TheatrePlan] = improved,
) -> TheatrePlan:
    """Return the best plan of so many seconds, made in a thread; given up when nobody waits."""
    gone = Event()
    try:
        return await asyncio.to_thread(planner, problem, gone, seconds)
    finally:
        gone.set()


class _Question:
    """What one plan is made of: who waits, which lists there are, what people said before."""

    def __init__(self, desk: Desk, site: Site, t: Times, asked: Mapping[str, str]) -> None:
        self.desk, self.site, self.t = desk, site.code, t
        self.plans = asked.get("plan") == "yes"
        waiting = waiting_at(desk, site.code, theatre=True)
        self.waiting, self.left_out = waiting[:CASES_MAX], max(len(waiting) - CASES_MAX, 0)
        span = (Instant(t.now + LEAD_MS), Instant(t.now + DAYS_AHEAD * DAY))
        self.lists = {
            one.key: one
            for one in desk.views.triage.slots(site.code, *span)
            if not one.offered.closed
            and (is_list(one) or any(takes(one, case) for case in self.waiting))
        }
        self.options: dict[str, tuple[tuple[str, str], ...]] = {}
        self.seconds = _one_of(asked.get("seconds", ""), SECONDS, SECONDS_USUAL)
        self.beds = _count(asked.get("icu_beds", ""), BEDS_MAX)
        refs = {reference(one.key): one.key for one in self.waiting}
        self.fixed = {
            refs[ref]: slot
            for ref, slot in _named(asked, FIX).items()
            if ref in refs and (slot == HELD or slot in self.lists)
        }
        self.nights = {
            refs[ref]: nights
            for ref, typed in _named(asked, NIGHTS).items()
            if ref in refs and (nights := _count(typed, NIGHTS_MAX))
        }

    def problem(self) -> TheatreProblem:
        """Return the question as the planner takes it."""
        wish = TheatreWish(
            now=self.t.now,
            zone=self.t.zone,
            fixed=self.fixed,
            nights=self.nights,
            icu_beds=self.beds,
        )
        views = self.desk.views
        given = (views.cases.case(key) for one in self.lists.values() for key in one.taken)
        return TheatreDesk(self.waiting, tuple(self.lists.values()), wish).problem(
            [one for one in given if one is not None and one.verdict is not None],
            patients={one.key: self._elsewhere(one) for one in self.waiting},
            surgeons=self._at_visits(),
        )

    def _at_visits(self) -> list[Appointment]:
        """Return the visits that take place and that somebody who operates is at."""
        views = self.desk.views
        names = {surgeon_of(one) for one in self.waiting}
        span = (self.t.now, Instant(self.t.now + DAYS_AHEAD * DAY))
        return [
            one
            for one in views.schedule.between(*span, self.site)
            if names.intersection(map(plain_service, one.staff))
            and one.starts is not None
            and time_of(views.cases.of(one)) == one.starts.at
        ]

    def _elsewhere(self, case: Case) -> list[Instant]:
        if case.patient is None:
            return []
        views = self.desk.views
        others = (views.cases.of(one) for one in views.schedule.of(case.patient))
        times = (time_of(one) for one in others if one.key != case.key)
        return [at for at in times if at is not None]


def _named(asked: Mapping[str, str], begins: str) -> dict[str, str]:
    return {
        name.removeprefix(begins): value
        for name, value in asked.items()
        if name.startswith(begins) and value
    }


def _count(typed: str, most: int) -> int:
    return min(int(typed[:4]), most) if typed.isascii() and typed.isdigit() else 0


def _one_of(typed: str, known: tuple[int, ...], usual: int) -> int:
    return next((one for one in known if str(one) == typed), usual)


def _mine(plan: TheatrePlan, cases: Mapping[str, Case]) -> list[CaseLine]:
    """Return the lines of who waits; those who have a list already are in a plan too."""
    return [one for one in plan.lines if one.case in cases]


def _content(question: _Question, planned: Planned) -> Content:
    plan = planned.plan
    by_case = {one.case: one for one in plan.lines} if plan else {}
    lines = [
        _line(question, one, by_case.get(one.key), planned.doubts.get(one.key, Doubt()))
        for one in question.waiting
    ]
    late = [one for one in lines if plan and (one.late or not one.slot)]
    return {
        "lines": lines[:SHOWN_MAX],
        "left_out": max(len(lines) - SHOWN_MAX, 0),
        "not_planned": question.left_out,
        "not_before": late,
        "count": len(question.waiting) + question.left_out,
        "lists": len(question.lists),
        "fixes": len(question.fixed),
        "held": HELD,
        "trouble": planned.trouble,
        "doubts": sum(bool(one.doubt.codes) for one in lines[:SHOWN_MAX]),
        "planned": plan is not None,
        "worked": _worked(plan, question.seconds) if plan else "",
        "seconds": question.seconds,
        "seconds_known": tuple(str(one) for one in SECONDS),
        "beds": question.beds,
        "beds_missing": bool(question.nights) and not question.beds,
        "guessed": sum(not one.stated for one in lines),
        "here": f"/theatre/{question.site}/plan",
        "board": f"/theatre/{question.site}",
    }


def _worked(plan: TheatrePlan, seconds: int) -> str:
    if not plan.rounds:
        return "The most urgent were placed first; nothing better was looked for."
    words = f"The best of {plan.rounds} tries in at most {seconds} seconds."
    if plan.started_at > plan.cost:
        gain = (plan.started_at - plan.cost) / plan.started_at * 100
        return f"{words} By the weights {gain:.0f} % better than placing the most urgent first."
    return f"{words} Placing the most urgent first is as good."


def _line(question: _Question, case: Case, found: CaseLine | None, doubt: Doubt) -> Line:
    fixed = question.fixed.get(case.key, "")
    slot = found.place.room if found and found.place else ""
    if found is None and fixed not in ("", HELD):
        slot = fixed
    why = found.why if found else ("left without a list by a person" if fixed == HELD else "")
    return Line(
        ref=reference(case.key),
        line=visit_line(question.desk, case, question.t),
        slot=slot,
        when=_when(question, question.lists.get(slot)),
        why=why,
        late=max(found.late, 0) if found else 0,
        fixed=fixed,
        nights=question.nights.get(case.key, 0),
        minutes=case_minutes(case.appointment),
        stated=case.appointment.minutes > 0,
        options=_options(question, case),
        doubt=doubt,
    )


def _when(question: _Question, one: Slot | None) -> str:
    if one is None:
        return ""
    parts = (one.offered.partner, one.offered.where, one.offered.staff)
    place = ", ".join(part for part in parts if part)
    return f"{question.t.full(one.offered.starts)}{f', {place}' if place else ''}"


def _options(question: _Question, case: Case) -> tuple[tuple[str, str], ...]:
    """Return the first lists that take an operation and are not full, to choose from by hand."""
    kind = kind_of(case)
    if kind not in question.options:
        able = (one for one in question.lists.values() if one.free() and takes(one, case))
        found = tuple((one.key, _when(question, one)) for one in islice(able, OPTIONS_MAX))
        question.options[kind] = found
    return question.options[kind]
