"""The visits that wait for a new time and the free times of a site as one problem for the planner.

What people accepted already is no question any more: those visits have their slot, and their slot
has one place less. A slot for anything takes what no slot of its own is offered for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wardlight.plan.visits.visits import NO_SLOT, Part, Slot, Visit, VisitProblem
from wardlight.record.events.triage import Decision, UrgencyClass
from wardlight.record.instants import HOUR, Instant, local
from wardlight.views.clinics import triage
from wardlight.views.clinics.cases import Case, CaseState
from wardlight.views.clinics.triage import names_of, plain_service

LEAD_MS = 24 * HOUR  # a patient has to be told before they can come
NOON = 12
ANYTHING = "anything"
WEIGHTS: Mapping[UrgencyClass, float] = {
    UrgencyClass.A: 8.0,
    UrgencyClass.B: 4.0,
    UrgencyClass.C: 2.0,
    UrgencyClass.D: 1.0,
}
HELD = "none"  # a person leaves a visit without a slot


def waits(case: Case) -> bool:
    """Return whether a visit was decided to move and has no time yet."""
    decision = case.verdict.line.decision if case.verdict else None
    moves = decision in (Decision.POSTPONE, Decision.TRANSFER)
    return moves and case.move is None and case.state is not CaseState.OFF


def problem_of(
    cases: Sequence[Case],
    slots: Sequence[triage.Slot],
    *,
    now: Instant,
    zone: str,
    fixed: Mapping[str, str],
) -> VisitProblem:
    """Return what the planner is asked; `fixed` are the slots people gave, by key of the case."""
    free = [one for one in slots if one.free() and one.offered.starts >= now + LEAD_MS]
    offered = {plain_service(one.offered.service) or ANYTHING for one in free}
    partners = {one.offered.partner for one in free if one.offered.partner}
    return VisitProblem(
        visits=tuple(_visit(one, offered, partners, fixed.get(one.key, "")) for one in cases),
        slots=tuple(_slot(one, zone) for one in free),
        today=local(now, zone).date().isoformat(),
    )


def _visit(case: Case, offered: set[str], partners: set[str], fixed: str) -> Visit:
    verdict = case.verdict
    assert verdict is not None, "asked of decided cases alone"
    names = names_of(case.appointment)
    service = next((one for one in names if one in offered), ANYTHING)
    there = verdict.said.to in partners and verdict.line.decision is Decision.TRANSFER
    return Visit(
        id=case.key,
        service=service,
        weight=WEIGHTS[verdict.line.urgency],
        harm_by=verdict.line.harm_by,
        minutes=case.appointment.minutes,
        sites=(verdict.said.to,) if there else (),
        fixed=NO_SLOT if fixed == HELD else fixed,
        held=fixed == HELD,
    )


def _slot(one: triage.Slot, zone: str) -> Slot:
    offered = one.offered
    when = local(offered.starts, zone)
    return Slot(
        id=one.key,
        service=plain_service(offered.service) or ANYTHING,
        day=when.date().isoformat(),
        at=f"{when:%H:%M}",
        minutes=offered.minutes,
        part=Part.MORNING if when.hour < NOON else Part.AFTERNOON,
        site=offered.partner,
        staff=offered.staff,
        holds=one.free(),
    )
