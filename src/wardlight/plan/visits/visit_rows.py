"""Costs and rooms of visits and slots as tables, one for each service.

Slots alike in day, half of the day, site, staff, length and what is lacking are one *kind*: a
column. Visits alike in all that costs or forbids are one row. Costs are whole tenths of a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from msgspec import Struct

from wardlight.plan.transfers.assignment import COST_MAX, NEVER, Asked, Ints
from wardlight.plan.visits.visits import Slot, Visit, VisitProblem

SCALE = 10


class Kind(Struct, frozen=True, order=True):
    """What slots of one column have in common."""

    day: int
    part: str
    site: str
    staff: str
    minutes: int
    lacks: tuple[str, ...]
    unstated: tuple[str, ...] = ()


class ServiceTable(Struct, frozen=True, kw_only=True, eq=False):
    """One service: its kinds of slot, its visits in groups. Indices are those of the problem."""

    kinds: tuple[Kind, ...]
    slots: tuple[tuple[Slot, ...], ...]  # of each kind, earliest first
    column: Mapping[str, int]  # of each slot
    asked: Asked
    members: tuple[tuple[int, ...], ...]
    decided: tuple[int, ...]  # visits a person decided, or that are placed already as linked
    decided_at: Ints  # their columns; one past the last for none
    decided_costs: Ints


class Rows:
    """Works out costs of visits over the kinds of slot of one service."""

    def __init__(self, problem: VisitProblem, slots: Sequence[Slot]) -> None:
        self.policy = problem.policy
        self.today = date.fromisoformat(problem.today).toordinal()
        found: dict[Kind, list[Slot]] = {}
        for slot in slots:
            found.setdefault(self._kind(slot), []).append(slot)
        self.kinds = tuple(sorted(found))
        self.slots = tuple(
            tuple(sorted(found[kind], key=lambda one: (one.at, one.id))) for kind in self.kinds
        )
        self.column = {one.id: at for at, mine in enumerate(self.slots) for one in mine}
        self.holds = {one.id: one.holds for one in slots}
        self.room = np.array([sum(s.holds for s in mine) for mine in self.slots], dtype=np.int64)
        self.days = np.array([kind.day for kind in self.kinds], dtype=np.int64)
        self._sites = {site: self._where("site", site) for site in {k.site for k in self.kinds}}

    def _kind(self, slot: Slot) -> Kind:
        day = date.fromisoformat(slot.day).toordinal()
        lacks, unstated = tuple(sorted(slot.lacks)), tuple(sorted(slot.unstated))
        return Kind(day, str(slot.part), slot.site, slot.staff, slot.minutes, lacks, unstated)

    def _where(self, field: str, value: str) -> Ints:
        return np.array([getattr(kind, field) == value for kind in self.kinds], dtype=bool)

    def row(self, visit: Visit) -> Ints:
        """Return what each kind costs a visit, and having no slot."""
        policy, weight = self.policy, visit.weight
        cost = weight * policy.wait_day * (self.days - self.today)
        if visit.harm_by:
            late = np.maximum(self.days - date.fromisoformat(visit.harm_by).toordinal(), 0)
            cost += np.where(late > 0, weight * (policy.harm + policy.harm_day * late), 0)
        for site, there in self._sites.items():
            cost[there] += self._way(visit, site)
        if visit.needs:
            cost[[bool({*kind.unstated} & {*visit.needs}) for kind in self.kinds]] += (
                policy.unstated
            )
        made = np.minimum(np.rint(cost * SCALE).astype(np.int64), COST_MAX // 4)
        made[~self.fits(visit)] = NEVER
        none = policy.none_harm if visit.harm_by else policy.none
        return np.append(made, min(round(weight * none * SCALE), COST_MAX // 2))

    def _way(self, visit: Visit, site: str) -> float:
        """Return what going to a site costs; a way nobody stated costs as much as is assumed."""
        policy = self.policy
        minutes = visit.travel.get(site, policy.way_unknown_min if site else 0)
        away = policy.partner + (policy.transport if visit.transport else 0)
        return policy.travel_hour * minutes / 60 + (away if site else 0)

    def fits(self, visit: Visit) -> Ints:
        """Return which kinds a visit can have at all."""
        able = np.ones(len(self.kinds), dtype=bool)
        if visit.not_before:
            able &= self.days >= date.fromisoformat(visit.not_before).toordinal()
        if visit.sites:
            able &= np.array([kind.site in visit.sites for kind in self.kinds], dtype=bool)
        if visit.staff:
            able &= self._where("staff", visit.staff)
        if visit.minutes:
            lengths = np.array([kind.minutes for kind in self.kinds])
            able &= (lengths == 0) | (lengths >= visit.minutes)
        if visit.needs:
            able &= np.array(
                [not {*kind.lacks} & {*visit.needs} for kind in self.kinds], dtype=bool
            )
        for word in visit.cannot:
            day, _, part = word.partition(" ")
            at = self.days == date.fromisoformat(day).toordinal()
            able &= ~(at & (self._where("part", part) if part else True))
        return able

    def move(self, visit: Visit) -> int:
        """Return what it costs to give a patient another slot than they have."""
        if not visit.confirmed:
            return round(self.policy.move_untold * SCALE)
        return round(self.policy.move * (1 + visit.moved_before) * SCALE)


def key_of(visit: Visit) -> tuple[object, ...]:
    """Return what visits of one row have in common."""
    travel = tuple(sorted(visit.travel.items())) if visit.travel else ()
    times = (visit.harm_by, visit.not_before, visit.minutes, visit.cannot)
    return (visit.weight, *times, visit.staff, visit.needs, visit.sites, travel, visit.transport)


def table(
    problem: VisitProblem, rows: Rows, visits: Sequence[int], placed: Mapping[int, str]
) -> ServiceTable:
    """Return one service; `placed`: slots of visits that are decided, NO_SLOT for none."""
    decided = [at for at in visits if at in placed]
    none = len(rows.kinds)
    decided_at = [rows.column.get(placed[at], none) for at in decided]
    taken: dict[str, int] = {}
    for at in decided:
        taken[placed[at]] = taken.get(placed[at], 0) + 1
    used = np.bincount(np.array(decided_at, dtype=np.int64), minlength=none + 1)[:-1]
    left = np.maximum(rows.room - used, 0)
    made, row_of, proposed, move, members = _groups(problem, rows, visits, (placed, taken))
    asked = Asked(
        rows=np.array(made, dtype=np.int64).reshape(-1, none + 1),
        row_of=np.array(row_of, dtype=np.int64),
        proposed=np.array(proposed, dtype=np.int64),
        count=np.array([len(one) for one in members], dtype=np.int64),
        steps=left[:, None].astype(np.int64),
        prices=np.zeros(1, dtype=np.int64),
        last=np.where(used > 0, 0, NEVER).astype(np.int64),
        move=np.array(move, dtype=np.int64),
    )
    costs = [
        _decided_row(problem.visits[at], rows, column)
        for at, column in zip(decided, decided_at, strict=True)
    ]
    return ServiceTable(
        kinds=rows.kinds,
        slots=rows.slots,
        column=rows.column,
        asked=asked,
        members=tuple(tuple(one) for one in members),
        decided=tuple(decided),
        decided_at=np.array(decided_at, dtype=np.int64),
        decided_costs=np.array(costs, dtype=np.int64).reshape(-1, none + 1),
    )


def _decided_row(visit: Visit, rows: Rows, column: int) -> Ints:
    row = rows.row(visit)
    if row[column] >= NEVER:
        row[column] = 0  # a person's word stands; what speaks against it is said beside it
    kept = rows.column.get(visit.booked, -1)
    if kept >= 0 and kept != column:
        row[column] += rows.move(visit)
    return row


def _groups(
    problem: VisitProblem,
    rows: Rows,
    visits: Sequence[int],
    decided: tuple[Mapping[int, str], dict[str, int]],
) -> tuple[list[Ints], list[int], list[int], list[int], list[list[int]]]:
    placed, taken = decided
    number: dict[object, int] = {}
    made: list[Ints] = []
    groups: dict[tuple[int, int, int], list[int]] = {}
    for at in visits:
        if at in placed:
            continue
        visit = problem.visits[at]
        key = key_of(visit)
        if key not in number:
            number[key] = len(made)
            made.append(rows.row(visit))
        kept = own_slot(visit, rows, taken)
        if kept >= 0 and made[number[key]][kept] >= NEVER:
            kept = -1
        move = rows.move(visit) if kept >= 0 else 0
        groups.setdefault((number[key], kept, move), []).append(at)
    keys = list(groups)
    return (
        made,
        [row for row, _, _ in keys],
        [kept for _, kept, _ in keys],
        [move for _, _, move in keys],
        list(groups.values()),
    )


def own_slot(visit: Visit, rows: Rows, taken: dict[str, int]) -> int:
    """Return the column of the slot a visit has and can keep; counts it as taken."""
    column = rows.column.get(visit.booked, -1)
    if column < 0 or taken.get(visit.booked, 0) >= rows.holds[visit.booked]:
        return -1
    taken[visit.booked] = taken.get(visit.booked, 0) + 1
    return column
