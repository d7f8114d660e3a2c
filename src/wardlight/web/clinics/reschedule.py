"""New times for visits that wait for one: proposed, fixed by people, proposed again, accepted.

Nothing is written before somebody accepts. What a person fixes stands in the address, as opaque
names of visits and the numbers of slots; each line that is accepted is an entry of its own, judged
when it is made: a slot that was given away meanwhile is refused there, whoever proposed it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.plan.extra import missing
from wardlight.plan.visits.visit_desk import HELD, LEAD_MS, Known, problem_of
from wardlight.plan.visits.visits import NO_SLOT, VisitLine, VisitProblem, VisitProposal
from wardlight.record.instants import DAY, Instant
from wardlight.rules.access import May
from wardlight.views.clinics.cases import Case
from wardlight.views.clinics.triage import Slot, names_of, plain_service
from wardlight.web.clinics.accepting import (
    Doubt,
    accept_ticked,
    doubts_of,
    reference,
    waiting_at,
)
from wardlight.web.clinics.doors import site_for
from wardlight.web.clinics.lines import visit_line
from wardlight.web.page import Content, Desk, Screen, shown
from wardlight.web.times import Times

DAYS_AHEAD = 90
SHOWN_MAX = 200
OPTIONS_MAX = 40
FIX = "fix-"


class Line(Struct, frozen=True, kw_only=True):
    """One visit and the time it could have."""

    ref: str
    line: Any
    slot: str
    when: str
    why: str
    next_best: str
    late: int
    fixed: str
    options: tuple[tuple[str, str], ...]
    doubt: Doubt


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [
        Route("/reschedule/{site}", page),
        Route("/reschedule/{site}/accept", accept, methods=["POST"]),
    ]


async def page(request: Request) -> Response:
    """Show who waits for a time, the free times, and the planner's proposal when it is asked."""
    site = site_for(request, May.SCHEDULE, May.TRIAGE)
    asked = {
        name.removeprefix(FIX): value
        for name, value in request.query_params.items()
        if name.startswith(FIX) and value
    }
    plans = request.query_params.get("plan") == "yes"

    async def make(desk: Desk, t: Times) -> Content:
        question = _Question(desk, site.code, t, asked)
        told = missing()
        proposal = None
        if plans and not told:
            proposal = await asyncio.to_thread(proposed, question.problem)
        placed = [(one.visit, one.slot) for one in proposal.lines if one.slot] if proposal else []
        cases = {one.key: one for one in question.cases.values()}
        doubts = await doubts_of(
            request, site.code, [(cases[visit], slot) for visit, slot in placed[:SHOWN_MAX]]
        )
        content = _content(question, proposal, doubts)
        return {**content, "missing": told, "plans": plans}

    return await shown(request, Screen(template="reschedule.html", make=make, site=site.code))


def proposed(problem: VisitProblem) -> VisitProposal:
    """Return the planner's answer; its parts are loaded when it is first asked."""
    from wardlight.plan.visits.visit_proposal import propose_visits  # noqa: PLC0415 - an extra, and heavy

    return propose_visits(problem)


class _Question:
    """What one proposal is made of."""

    def __init__(self, desk: Desk, site: str, t: Times, asked: Mapping[str, str]) -> None:
        self.desk, self.site, self.t = desk, site, t
        waiting = waiting_at(desk, site, theatre=False)
        self.cases = {reference(one.key): one for one in waiting}
        self.slots: dict[str, Slot] = {
            one.key: one
            for one in desk.views.triage.slots(
                site, Instant(t.now + LEAD_MS), Instant(t.now + DAYS_AHEAD * DAY)
            )
            if one.free()
        }
        self.fixed = {
            ref: slot
            for ref, slot in asked.items()
            if ref in self.cases and (slot == HELD or slot in self.slots)
        }
        self.problem = problem_of(
            tuple(self.cases.values()),
            tuple(self.slots.values()),
            now=t.now,
            zone=t.zone,
            fixed={self.cases[ref].key: slot for ref, slot in self.fixed.items()},
            known=self._known(),
        )

    def _known(self) -> Known:
        """Return what else those who wait have, and what they were told already."""
        cases = self.desk.views.cases
        patients = {one.patient for one in self.cases.values() if one.patient is not None}
        return Known(
            of_patient={one: cases.every(one, self.site) for one in patients},
            told={one.key: cases.times_told(one.key) for one in self.cases.values()},
        )


def _content(
    question: _Question, proposal: VisitProposal | None, doubts: Mapping[str, Doubt]
) -> Content:
    by_visit = {one.visit: one for one in proposal.lines} if proposal else {}
    lines = [
        _line(question, case, by_visit.get(case.key), doubts.get(case.key, Doubt()))
        for case in question.cases.values()
    ]
    triage = question.desk.views.triage
    return {
        "lines": lines[:SHOWN_MAX],
        "left_out": max(len(lines) - SHOWN_MAX, 0),
        "not_before": [one for one in lines if proposal and (one.late or not one.slot)],
        "count": len(lines),
        "places": sum(one.free() for one in question.slots.values()),
        "theatre_count": len(waiting_at(question.desk, question.site, theatre=True)),
        "doubts": sum(bool(one.doubt.codes) for one in lines[:SHOWN_MAX]),
        "clashes": len(triage.clashes(question.site)),
        "fixes": len(question.fixed),
        "held": HELD,
        "proof": _proof(proposal) if proposal else "",
        "proved": proposal is not None and proposal.proof.optimal,
        "here": f"/reschedule/{question.site}",
    }


def _proof(proposal: VisitProposal) -> str:
    proof = proposal.proof
    if proof.optimal:
        return "Checked: no plan is better by these weights."
    if proof.faults:
        return f"Do not use: {'; '.join(proof.faults)}."
    return f"Not proved: another plan may be better by up to {proof.gap:.0f} weighed days."


def _line(question: _Question, case: Case, found: VisitLine | None, doubt: Doubt) -> Line:
    ref = reference(case.key)
    fixed = question.fixed.get(ref, "")
    slot = found.slot if found else (fixed if fixed != HELD else NO_SLOT)
    return Line(
        ref=ref,
        line=visit_line(question.desk, case, question.t),
        slot=slot,
        when=_when(question, slot),
        why=found.why if found else "",
        next_best=found.next_best if found else "",
        late=found.late if found else 0,
        fixed=fixed,
        options=_options(question, case),
        doubt=doubt,
    )


def _when(question: _Question, slot: str) -> str:
    found = question.slots.get(slot)
    if found is None:
        return ""
    place = ", ".join(one for one in (found.offered.partner, found.offered.where) if one)
    return f"{question.t.full(found.offered.starts)}{f', {place}' if place else ''}"


def _options(question: _Question, case: Case) -> tuple[tuple[str, str], ...]:
    """Return the first free times that suit a visit, for a person to choose from."""
    names = {*names_of(case.appointment), ""}
    suits = [one for one in question.slots.values() if plain_service(one.offered.service) in names]
    return tuple((one.key, _when(question, one.key)) for one in suits[:OPTIONS_MAX])


async def accept(request: Request) -> Response:
    """Write each accepted line as an entry; say which were refused, and why."""
    site = site_for(request, May.SCHEDULE, May.TRIAGE)
    return await accept_ticked(request, site, theatre=False, back=f"/reschedule/{site.code}")
