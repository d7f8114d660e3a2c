"""Whom to ring next: the patients who do not know yet, by harm, time to the visit, preparation.

The order is kept sorted and changes entry by entry; what time alone changes is worked out again
each hour. Whether somebody is free to be rung is asked when they are about to be given out, once
for all who ask between two entries: of two hundred at one moment each takes the next of one row.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Container, Iterable, Iterator
from itertools import chain

from msgspec import Struct

from wardlight.record.identity import PatientKey
from wardlight.record.instants import HOUR, Instant
from wardlight.views.clinics.cases import (
    OPEN,
    TO_CALL,
    Case,
    Cases,
    Points,
    Rank,
    Reach,
    points,
    rank_of,
)
from wardlight.views.clinics.contacts import Contacts
from wardlight.views.clinics.triage import Triage

ROUND_MS_MAX = 1_000  # who gets free by the clock alone is offered this much later at most
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

    def __init__(self, hour: int, zone: str) -> None:
        self.hour, self.zone = hour, zone
        self.order: list[_Place] = []
        self.places: dict[str, _Place] = {}
        self.ranks: dict[str, tuple[Rank, PatientKey]] = {}

    def put(self, key: str, case: Case | None) -> None:
        """Give a case its place; None takes it off."""
        known = self.places.pop(key, None)
        if known is not None:
            del self.order[bisect_left(self.order, known)]
            del self.ranks[key]
        if case is not None and case.patient is not None:
            self.ranks[key] = rank_of(case), case.patient
            self.places[key] = self._place(key)
            insort(self.order, self.places[key])

    def turn(self, hour: int) -> None:
        """Bring every place to another hour: the cases are the same, their time is nearer."""
        self.hour = hour
        self.places = {key: self._place(key) for key in self.ranks}
        self.order = sorted(self.places.values())

    def _place(self, key: str) -> _Place:
        rank = self.ranks[key][0]
        points = rank.points(Instant(self.hour * HOUR), self.zone)
        return -points.total(), rank.starts, key


class _Round:
    """Who may be rung in their order, for all who ask before the next entry: found once each."""

    def __init__(self, state: int, asked: Moment, free: Iterator[Waiting]) -> None:
        self.state, self.asked = state, asked
        self._free = free
        self._found: list[Waiting] = []
        self._passed = 0  # of those found first, so many were given away already

    def holds(self, state: int, asked: Moment) -> bool:
        """Return whether nothing has happened since, and hardly any time went by."""
        mine = (self.state, self.asked.site, self.asked.zone)
        same = mine == (state, asked.site, asked.zone)
        return same and 0 <= asked.now - self.asked.now < ROUND_MS_MAX

    def left(self, taken: Container[PatientKey]) -> Iterator[Waiting]:
        """Give those who are not `taken`, the most urgent first.

        The first of the row need not be looked at again while the last one given away still is.
        """
        at = self._passed
        if at and self._found[at - 1].patient not in taken:
            at = 0
        while (one := self._at(at)) is not None:
            if one.patient not in taken:
                yield one
            elif at == self._passed:
                self._passed += 1
            at += 1

    def _at(self, at: int) -> Waiting | None:
        while at >= len(self._found):
            found = next(self._free, None)
            if found is None:
                return None
            self._found.append(found)
        return self._found[at]


class Worklist:
    """The worklists of a node's sites; worked out anew whenever they are not at hand."""

    def __init__(
        self, cases: Cases, triage: Triage, contacts: Contacts, state: Callable[[], int]
    ) -> None:
        """`state` changes with every entry that may change who is to be rung."""
        self._cases = cases
        self._triage = triage
        self._contacts = contacts
        self._state = state
        self._rounds: dict[str, _Round] = {}  # by site
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
        state = self._state()
        found = self._rounds.get(asked.site)
        if found is None or not found.holds(state, asked):
            found = self._rounds[asked.site] = _Round(state, asked, self._all(asked))
        for one in found.left(taken):
            if not asked.language or asked.language == one.reach.language():
                yield one

    def _all(self, asked: Moment) -> Iterator[Waiting]:
        """Give everybody of a site who may be rung now and is nobody's, whatever they speak."""
        seen: set[PatientKey] = set()
        found = self._list(asked)
        queue = (found.ranks[key][1] for _, _, key in found.order)
        for patient in chain(self._contacts.call_backs(asked.now), queue):
            one = self._cases.resolve(patient)
            if one in seen:
                continue
            seen.add(one)
            waiting = None if self._contacts.rests(one, asked.now) else self._free(one, asked)
            if waiting is not None:
                yield waiting

    def _free(self, patient: PatientKey, asked: Moment) -> Waiting | None:
        """Return what there is to tell somebody now; None when nothing is or another has them."""
        reach = self._cases.reach(patient)
        if self._contacts.lease(reach.aliases, asked.now) is not None:
            return None
        return self.open_of(reach, asked)

    def open_of(self, reach: Reach, asked: Moment) -> Waiting | None:
        """Return what there is to tell somebody now, whoever has them; None when nothing is."""
        cases = [
            one
            for one in self._cases.of_reach(reach, asked.site)
            if one.state in TO_CALL and (one.again is None or one.again <= asked.now)
        ]
        if not cases:
            return None
        ranked = sorted(cases, key=lambda one: _place(one, asked)) if len(cases) > 1 else cases
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
        if found is None or found.zone != asked.zone:
            found = self._lists[asked.site] = _List(hour, asked.zone)
            changed = self._triage.decided(asked.site)
        elif found.hour != hour:
            found.turn(hour)
        for key in changed:
            case = self._cases.case(key)
            open_ = case is not None and case.verdict is not None and case.state in OPEN
            found.put(key, case if open_ else None)
        return found


def _place(case: Case, asked: Moment) -> _Place:
    return -points(case, asked.now, asked.zone).total(), case.starts(), case.key
