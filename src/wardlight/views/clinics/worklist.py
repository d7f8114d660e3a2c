"""Whom to ring next: the patients who do not know yet, by harm, time to the visit, preparation.

The order is kept sorted and changes entry by entry; what time alone changes is worked out again
each hour. Whether somebody is free to be rung is asked when they are about to be given out.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Container, Iterable, Iterator
from itertools import chain

from msgspec import Struct

from wardlight.record.identity import PatientKey
from wardlight.record.instants import HOUR, Instant
from wardlight.views.clinics.cases import OPEN, TO_CALL, Case, Cases, Points, Reach, points
from wardlight.views.clinics.contacts import Contacts
from wardlight.views.clinics.triage import Triage

_Place = tuple[int, int, str]  # minus the points, the start of the visit, the key of the case


class Waiting(Struct, frozen=True, kw_only=True):
    """One patient to be rung, with every visit of theirs that has to be told."""

    patient: PatientKey
    reach: Reach
    cases: tuple[Case, ...]  # most urgent first
    points: Points  # of the most urgent one


class Moment(Struct, frozen=True):
    """When and where somebody asks for the next patient."""

    site: str
    now: Instant
    zone: str
    language: str = ""  # only who speaks it; "" for anybody


class _List:
    """One site's open cases in their order, as of one hour."""

    def __init__(self, hour: int) -> None:
        self.hour = hour
        self.order: list[_Place] = []
        self.places: dict[str, _Place] = {}
        self.patients: dict[str, PatientKey] = {}

    def put(self, key: str, place: _Place | None, patient: PatientKey | None) -> None:
        """Give a case its place; None takes it off."""
        known = self.places.pop(key, None)
        if known is not None:
            del self.order[bisect_left(self.order, known)]
        if place is not None and patient is not None:
            self.places[key], self.patients[key] = place, patient
            insort(self.order, place)


class Worklist:
    """The worklists of a node's sites; worked out anew whenever they are not at hand."""

    def __init__(self, cases: Cases, triage: Triage, contacts: Contacts) -> None:
        self._cases = cases
        self._triage = triage
        self._contacts = contacts
        self._lists: dict[str, _List] = {}
        self._changed: dict[str, set[str]] = {}

    def touch(self, appointments: Iterable[str]) -> None:
        """Note that something about these appointments changed."""
        for key in appointments:
            self._changed.setdefault(key.partition("|")[0], set()).add(key)

    def forget(self) -> None:
        """Work everything out anew: something was taken back."""
        self._lists.clear()

    def waiting(
        self, asked: Moment, taken: Container[PatientKey] = frozenset()
    ) -> Iterator[Waiting]:
        """Give the patients of a site who may be rung now and are nobody's, most urgent first.

        Call-backs whose time has come stand before all others: they were promised. Who
        is `taken` is left out: they are being given to another agent at this very moment.
        """
        seen: set[PatientKey] = set()
        found = self._list(asked)
        queue = (found.patients[key] for _, _, key in found.order)
        for patient in chain(self._contacts.call_backs(asked.now), queue):
            if patient in taken:  # first: of 200 who ask at once the last passes 199 of them
                continue
            one = self._cases.resolve(patient)
            if one in seen:
                continue
            seen.add(one)
            if one in taken or self._contacts.rests(one, asked.now):
                continue
            waiting = self.free(one, asked)
            if waiting is not None:
                yield waiting

    def free(self, patient: PatientKey, asked: Moment) -> Waiting | None:
        """Return what there is to tell somebody now; None when nothing is or another has them."""
        reach = self._cases.reach(patient)
        if self._contacts.lease(reach.aliases, asked.now) is not None:
            return None
        if asked.language and asked.language != reach.language():
            return None
        return self.open_of(reach, asked)

    def open_of(self, reach: Reach, asked: Moment) -> Waiting | None:
        """Return what there is to tell somebody now, whoever has them; None when nothing is."""
        cases = [
            one
            for one in self._cases.of_patient(reach.patient, asked.site)
            if one.state in TO_CALL and (one.again is None or one.again <= asked.now)
        ]
        if not cases:
            return None
        ranked = sorted(cases, key=lambda one: _place(one, asked))
        return Waiting(
            patient=reach.patient,
            reach=reach,
            cases=tuple(ranked),
            points=points(ranked[0], asked.now, asked.zone),
        )

    def length(self, asked: Moment) -> int:
        """Return how many visits of a site nobody has told yet, leased and resting ones too."""
        return len(self._list(asked).order)

    def _list(self, asked: Moment) -> _List:
        """Return a site's list, brought up to what changed since it was asked for last."""
        hour = asked.now // HOUR
        found = self._lists.get(asked.site)
        changed: Iterable[str] = self._changed.pop(asked.site, set())
        if found is None or found.hour != hour:
            found = self._lists[asked.site] = _List(hour)
            changed = self._triage.decided(asked.site)
        of_hour = Moment(asked.site, Instant(hour * HOUR), asked.zone)
        for key in changed:
            case = self._cases.case(key)
            open_ = case is not None and case.verdict is not None and case.state in OPEN
            place = _place(case, of_hour) if case is not None and open_ else None
            found.put(key, place, case.patient if case is not None else None)
        return found


def _place(case: Case, asked: Moment) -> _Place:
    return -points(case, asked.now, asked.zone).total(), case.starts(), case.key
