"""Which visits of one patient belong together: a test and what it is for, the days of a course.

A test has to come before its visit and not longer before it than was planned; of a course the next
day comes no sooner than was planned and hardly later. These bounds are assumed
(docs/rescheduling.md); clinics confirm them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from wardlight.plan.visits.visits import Link, Slot, Visit
from wardlight.record.codes import AppointmentState
from wardlight.record.events.triage import Decision
from wardlight.record.instants import Instant, local
from wardlight.views.clinics.cases import Case, CaseState

TEST = "the test it needs"
COURSE = "the visit before it in the course"
OVERDUE = "the gap is longer than planned already"
LATER_SHARE = 7  # a course may be later by a seventh of its gap, and by a day at least
BOTH = 2
NO_END = 10_000  # days: only the order counts


class Kept(Struct, frozen=True):
    """A visit that stays where it is, as the planner takes it: a slot of its own, given already."""

    visit: Visit
    slot: Slot


def belonging(
    mine: Sequence[Case], waiting: frozenset[str], today: str, zone: str
) -> tuple[list[Link], list[Kept]]:
    """Return what ties the waiting visits of one patient, and the kept visits they are tied to."""
    links: list[Link] = []
    kept: dict[str, Kept] = {}
    for first, then, why in _pairs([one for one in mine if _counts(one)]):
        ends = {one.key: _kept(one, zone) for one in (first, then) if one.key not in waiting}
        if len(ends) == BOTH or None in ends.values():
            continue
        held = {key: one for key, one in ends.items() if one is not None}
        link = _fitted(_link(first, then, why, zone), held, today)
        if link is not None:
            same = not held and _site(first) == _site(then)
            links.append(replace(link, same_site=same))
            kept |= held
    return links, list(kept.values())


def _counts(case: Case) -> bool:
    """Return whether a visit ties others: it takes place, or did."""
    over = case.appointment.state is AppointmentState.COMPLETED
    if case.appointment.starts is None or (case.state is CaseState.OFF and not over):
        return False
    return case.verdict is None or case.verdict.line.decision is not Decision.CANCEL


def _pairs(mine: Sequence[Case]) -> Iterator[tuple[Case, Case, str]]:
    by_time = sorted(mine, key=lambda one: (one.starts(), one.key))
    for at, then in enumerate(by_time):
        earlier = by_time[:at]
        names = {one.casefold() for one in then.appointment.linked}
        yield from ((one, then, TEST) for one in earlier if _number(one) in names)
        series = then.appointment.series
        before = [one for one in earlier if series and one.appointment.series == series]
        if before and _number(before[-1]) not in names:
            yield before[-1], then, COURSE


def _number(case: Case) -> str:
    return case.appointment.number.rpartition("|")[2].casefold()


def _link(first: Case, then: Case, why: str, zone: str) -> Link:
    days = _day(then.starts(), zone) - _day(first.starts(), zone)
    least, most = (
        (min(days, 1), days) if why == TEST else (days, days + max(1, days // LATER_SHARE))
    )
    return Link(first=first.key, then=then.key, days_min=least, days_max=most, why=why)


def _kept(case: Case, zone: str) -> Kept | None:
    """Return a visit that does not move with the day it takes place; None when it has none."""
    decision = case.verdict.line.decision if case.verdict else Decision.GO
    if case.move is None and decision is not Decision.GO:
        return None
    at = case.move.said.starts if case.move else case.starts()
    own = f"kept {case.key}"
    slot = Slot(
        id=own,
        service=own,
        day=local(at, zone).date().isoformat(),
        site=case.move.said.partner if case.move else "",
    )
    return Kept(Visit(id=case.key, service=own, weight=0.0, fixed=own), slot)


def _fitted(link: Link, kept: Mapping[str, Kept], today: str) -> Link | None:
    """Return a link as it can still be kept; None where the time for it has passed."""
    tomorrow = date.fromisoformat(today).toordinal() + 1
    if link.first in kept:
        day = date.fromisoformat(kept[link.first].slot.day).toordinal()
        if day + link.days_max < tomorrow:
            return replace(link, days_max=NO_END, why=f"{link.why}; {OVERDUE}")
    if link.then in kept:
        day = date.fromisoformat(kept[link.then].slot.day).toordinal()
        if day - link.days_min < tomorrow:
            return None
    return link


def _site(case: Case) -> str:
    """Return the partner a visit was decided to go to; "" for none."""
    verdict = case.verdict
    there = verdict is not None and verdict.line.decision is Decision.TRANSFER
    return verdict.said.to if verdict is not None and there else ""


def _day(at: Instant, zone: str) -> int:
    return local(at, zone).date().toordinal()
