"""New times for visits that wait for one: proposed, fixed by people, proposed again, accepted.

Nothing is written before somebody accepts. What a person fixes stands in the address, as opaque
names of visits and the numbers of slots; each line that is accepted is an entry of its own, judged
when it is made: a slot that was given away meanwhile is refused there, whoever proposed it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from hashlib import sha256
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qsl

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.plan.extra import missing
from wardlight.plan.visit_desk import HELD, LEAD_MS, problem_of, waits
from wardlight.plan.visits import NO_SLOT, VisitLine, VisitProblem, VisitProposal
from wardlight.record import catalogue
from wardlight.record.instants import DAY, Instant
from wardlight.rules.access import May
from wardlight.views.cases import Case
from wardlight.views.triage import Slot, names_of, plain_service
from wardlight.web.clinics.doors import site_for
from wardlight.web.clinics.lines import visit_line
from wardlight.web.clinics.numbers import cases_of
from wardlight.web.entries import Offered, taken
from wardlight.web.entry_form import body_of
from wardlight.web.page import Content, Desk, Screen, answered, desk_of, shown
from wardlight.web.times import Times

DAYS_AHEAD = 90
SHOWN_MAX = 200
OPTIONS_MAX = 40
ACCEPT_MAX = 400
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


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [
        Route("/reschedule/{site}", page),
        Route("/reschedule/{site}/accept", accept, methods=["POST"]),
    ]


def reference(key: str) -> str:
    """Return a name for a visit that says nothing of it."""
    return sha256(key.encode()).hexdigest()[:16]


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
        return {**_content(question, proposal), "missing": told, "plans": plans}

    return await shown(request, Screen(template="reschedule.html", make=make, site=site.code))


def proposed(problem: VisitProblem) -> VisitProposal:
    """Return the planner's answer; its parts are loaded when it is first asked."""
    from wardlight.plan.visit_proposal import propose_visits  # noqa: PLC0415 - an extra, and heavy

    return propose_visits(problem)


class _Question:
    """What one proposal is made of."""

    def __init__(self, desk: Desk, site: str, t: Times, asked: Mapping[str, str]) -> None:
        self.desk, self.site, self.t = desk, site, t
        self.cases = {reference(one.key): one for one in cases_of(desk, site, t.now) if waits(one)}
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
        )


def _content(question: _Question, proposal: VisitProposal | None) -> Content:
    by_visit = {one.visit: one for one in proposal.lines} if proposal else {}
    lines = [
        _line(question, ref, case, by_visit.get(case.key))
        for ref, case in sorted(
            question.cases.items(), key=lambda one: (one[1].urgency(), one[1].starts())
        )
    ]
    triage = question.desk.views.triage
    return {
        "lines": lines[:SHOWN_MAX],
        "left_out": max(len(lines) - SHOWN_MAX, 0),
        "not_before": [one for one in lines if proposal and (one.late or not one.slot)],
        "count": len(lines),
        "places": sum(one.free() for one in question.slots.values()),
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


def _line(question: _Question, ref: str, case: Case, found: VisitLine | None) -> Line:
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
    pairs = parse_qsl((await body_of(request)).decode("utf-8", "replace"))
    grant = next((value for name, value in pairs if name == "by"), "")
    chosen = [value.partition(" ") for name, value in pairs if name == "take"][:ACCEPT_MAX]
    desk = desk_of(request)
    cases = {
        reference(one.key): one for one in cases_of(desk, site.code, desk.clock()) if waits(one)
    }
    accepted = 0
    refused: list[tuple[Case | str, str]] = []
    for ref, _, slot in chosen:
        case = cases.get(ref)
        if case is None:
            refused.append(("a visit that waits no longer", "It has a time, or was decided anew."))
            continue
        answer = await taken(request, _move(case, slot, site.code, grant))
        accepted += bool(answer.told.get("ok"))
        if not answer.told.get("ok"):
            refused.append((case, _because(answer.told)))

    async def make(desk: Desk, t: Times) -> Content:
        told = [
            (visit_line(desk, who, t).name if isinstance(who, Case) else who, why)
            for who, why in refused
        ]
        return {"accepted": accepted, "refused": told, "here": f"/reschedule/{site.code}"}

    screen = Screen(template="reschedule_done.html", make=make, site=site.code)
    return await answered(request, screen)


def _move(case: Case, slot: str, site: str, grant: str) -> Offered:
    return Offered(
        id=token_hex(16),
        kind=catalogue.VISIT_MOVED,
        site=site,
        by=grant,
        fields=[("appointment", case.key), ("slot", slot), ("why", "accepted from the proposal")],
    )


def _because(told: Mapping[str, Any]) -> str:
    fields: dict[str, str] = told.get("fields") or {}
    return "; ".join(fields.values()) or str(told.get("because", ""))
