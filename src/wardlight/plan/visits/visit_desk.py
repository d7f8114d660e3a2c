"""The visits that wait for a new time and the free times of a site as one problem for the planner.

What people accepted already is no question any more: those visits have their slot, and their slot
has one place less. A slot for anything takes what no slot of its own is offered for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from wardlight.plan.visits.visit_course import Kept, belonging
from wardlight.plan.visits.visits import NO_SLOT, Link, Part, Slot, Visit, VisitProblem
from wardlight.record.events.triage import Decision, UrgencyClass
from wardlight.record.identity import PatientKey
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


class Known(Struct, frozen=True):
    """What else is known of those who wait, by patient and by key of the case."""

    of_patient: Mapping[PatientKey, Sequence[Case]] = {}  # every visit they have, kept ones too
    told: Mapping[str, int] = {}  # how often a new time was told already


NOTHING = Known()


def waits(case: Case) -> bool:
    """Return whether a visit was decided to move and has no time, or none that still stands."""
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
    known: Known = NOTHING,
) -> VisitProblem:
    """Return what the planner is asked; `fixed` are the slots people gave, by key of the case."""
    free = [one for one in slots if one.free() and one.offered.starts >= now + LEAD_MS]
    offered = _Offered(free)
    today = local(now, zone).date().isoformat()
    visits = [_visit(one, offered, fixed.get(one.key, ""), known) for one in cases]
    needs = tuple(sorted({need for one in visits for need in one.needs}))
    links, kept = _belonging(cases, known, today, zone)
    return VisitProblem(
        visits=(*visits, *(one.visit for one in kept)),
        slots=(*(_slot(one, zone, needs) for one in free), *(one.slot for one in kept)),
        today=today,
        links=tuple(links),
    )


class _Offered:
    """What the free times are for, and at which partners they are."""

    def __init__(self, free: Sequence[triage.Slot]) -> None:
        self.services = {plain_service(one.offered.service) or ANYTHING for one in free}
        self.partners = {one.offered.partner for one in free if one.offered.partner}
        self.named = {plain_service(one): one for one in self.partners}


def _belonging(
    cases: Sequence[Case], known: Known, today: str, zone: str
) -> tuple[list[Link], list[Kept]]:
    waiting = frozenset(one.key for one in cases)
    links: list[Link] = []
    kept: list[Kept] = []
    for patient in dict.fromkeys(one.patient for one in cases if one.patient is not None):
        found, held = belonging(known.of_patient.get(patient, ()), waiting, today, zone)
        links += found
        kept += held
    return links, kept


def _visit(case: Case, offered: _Offered, fixed: str, known: Known) -> Visit:
    verdict = case.verdict
    assert verdict is not None, "asked of decided cases alone"
    visit, had = case.appointment, case.move or case.lost
    service = next((one for one in names_of(visit) if one in offered.services), ANYTHING)
    there = verdict.said.to in offered.partners and verdict.line.decision is Decision.TRANSFER
    ways = ((offered.named.get(plain_service(site)), minutes) for site, minutes in visit.travel_to)
    return Visit(
        id=case.key,
        service=service,
        weight=WEIGHTS[verdict.line.urgency],
        harm_by=verdict.line.harm_by,
        minutes=visit.minutes,
        needs=tuple(sorted({plain_service(one) for one in visit.needs})),
        sites=(verdict.said.to,) if there else (),
        travel={site: minutes for site, minutes in ways if site is not None},
        transport=bool(visit.transport),
        booked=had.said.slot if had else NO_SLOT,
        confirmed=had is not None and (case.told is not None or known.told.get(case.key, 0) > 0),
        moved_before=known.told.get(case.key, 0),
        fixed=NO_SLOT if fixed == HELD else fixed,
        held=fixed == HELD,
    )


def _slot(one: triage.Slot, zone: str, needs: tuple[str, ...]) -> Slot:
    offered = one.offered
    when = local(offered.starts, zone)
    there = {plain_service(one) for one in offered.equipment}
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
        lacks=tuple(one for one in needs if one not in there) if there else (),
        unstated=() if there else needs,
    )
