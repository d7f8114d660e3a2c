"""The operations that wait for a new day and the theatre lists of a site, as the planner asks.

What people accepted already is fixed: those operations have their list, its minutes, their surgeon
and the patient's day. What nobody recorded is taken as said in `docs/rescheduling.md`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from wardlight.plan.theatres import theatres
from wardlight.plan.theatres.theatres import Place, Session, TheatreProblem
from wardlight.plan.visits.visit_desk import HELD, WEIGHTS
from wardlight.record.events.triage import Decision
from wardlight.record.instants import Instant, local
from wardlight.views.clinics.cases import Case
from wardlight.views.clinics.theatre_lists import case_minutes, list_minutes, theatre_names
from wardlight.views.clinics.triage import Slot, plain_service
from wardlight.views.rows import Appointment

ICU = "ICU"
Busy = Mapping[str, Iterable[Instant]]  # of a patient or surgeon: when they are elsewhere


class TheatreWish(Struct, frozen=True, kw_only=True):
    """What people say before they ask: by key of the case, and of the hospital."""

    now: Instant
    zone: str
    fixed: Mapping[str, str] = {}  # the list a person gave, or HELD
    nights: Mapping[str, int] = {}  # nights in an ICU bed afterwards
    icu_beds: int = 0  # free each night


class TheatreDesk:
    """One question to the planner; `lists` are those that may still be given."""

    def __init__(self, cases: Sequence[Case], lists: Sequence[Slot], wish: TheatreWish) -> None:
        self.wish = wish
        self.lists = {one.key: one for one in lists}
        self.waiting = tuple(one for one in cases if wish.fixed.get(one.key) != HELD)

    def problem(
        self,
        given: Sequence[Case],
        *,
        patients: Busy | None = None,
        surgeons: Sequence[Appointment] = (),
    ) -> TheatreProblem:
        """Return the question.

        `given`: operations that have one of these lists. `patients`: by case, when the patient is
        elsewhere. `surgeons`: visits their staff is at.
        """
        everybody = [*self.waiting, *given]
        kinds = {kind_of(one): one for one in everybody}  # one stands for all alike
        cases = [self._case(one, patients or {}, last=self._last()) for one in everybody]
        return TheatreProblem(
            cases=tuple(cases),
            sessions=tuple(self._session(one, kinds) for one in self.lists.values()),
            surgeons=self._hours(cases, surgeons),
            beds={(ICU, day): self.wish.icu_beds for day in range(self._last() + 1)},
        )

    def day(self, at: Instant) -> int:
        """Return the day of an instant, counted from today."""
        return (self._date(at) - self._date(self.wish.now)).days

    def place(self, key: str) -> Place | None:
        """Return where a list is; None for one that is not offered. The list is the room."""
        found = self.lists.get(key)
        return Place(self.day(found.offered.starts), key) if found else None

    def _date(self, at: Instant) -> date:
        return local(at, self.wish.zone).date()

    def _last(self) -> int:
        return max((self.day(one.offered.starts) for one in self.lists.values()), default=-1)

    def _case(self, case: Case, patients: Busy, *, last: int) -> theatres.Case:
        verdict = case.verdict
        assert verdict is not None, "asked of decided cases alone"
        harm_by = verdict.line.harm_by
        today = self._date(self.wish.now)
        had = case.move.said.slot if case.move else ""
        given = self.wish.fixed.get(case.key, had)
        nights = self.wish.nights.get(case.key, 0)
        return theatres.Case(
            id=case.key,
            minutes=case_minutes(case.appointment),
            specialty=kind_of(case),
            surgeon=surgeon_of(case),
            harm_by=(date.fromisoformat(harm_by) - today).days if harm_by else last,
            weight=WEIGHTS[verdict.line.urgency],
            bed=ICU if nights else "",
            nights=nights,
            cannot=frozenset(self.day(at) for at in patients.get(case.key, ())),
            fixed=self.place(given),
        )

    def _session(self, one: Slot, kinds: Mapping[str, Case]) -> Session:
        offered = one.offered
        taken = frozenset(kind for kind, case in kinds.items() if takes(one, case))
        return Session(
            day=self.day(offered.starts),
            room=one.key,
            minutes=list_minutes(one),
            specialties=taken or frozenset({"nobody's"}),
            surgeon=plain_service(offered.staff),
            holds=offered.holds,
        )

    def _hours(
        self, cases: Sequence[theatres.Case], visits: Sequence[Appointment]
    ) -> dict[tuple[str, int], int]:
        """Return a surgeon's minutes of a day: its longest list, less what else they are at."""
        longest: dict[int, int] = defaultdict(int)
        for one in self.lists.values():
            day = self.day(one.offered.starts)
            longest[day] = max(longest[day], list_minutes(one))
        names = {one.surgeon for one in cases}
        left = {(name, day): most for name in names for day, most in longest.items()}
        for visit in visits:
            at = visit.starts.at if visit.starts else None
            for name in map(plain_service, visit.staff):
                if at is not None and (key := (name, self.day(at))) in left:
                    left[key] = max(left[key] - visit.minutes, 0)
        return left


def surgeon_of(case: Case) -> str:
    """Return who operates as two are compared; somebody of their own where nobody is named."""
    staff = case.appointment.staff
    return plain_service(staff[0]) if staff else f"not named: {case.key}"


def takes(one: Slot, case: Case) -> bool:
    """Return whether a list is one for an operation: its kind, and here or at its partner."""
    verdict = case.verdict
    there = verdict is not None and verdict.line.decision is Decision.TRANSFER
    site = verdict.said.to if verdict is not None and there else ""
    mine = plain_service(one.offered.partner) == plain_service(site)
    return mine and plain_service(one.offered.service) in theatre_names(case.appointment)


def kind_of(case: Case) -> str:
    """Return a name for all operations that the same lists take."""
    verdict = case.verdict
    there = verdict is not None and verdict.line.decision is Decision.TRANSFER
    site = verdict.said.to if verdict is not None and there else ""
    return "|".join((plain_service(site), *theatre_names(case.appointment)))
