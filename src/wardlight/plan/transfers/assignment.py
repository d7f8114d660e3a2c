"""Groups of patients onto beds of one kind: the cheapest way, and what every other way costs.

A grouped min-cost flow with convex prices of filling (regional surge models; Ahuja, Magnanti and
Orlin, Network Flows, 1993, ch. 9 and 14). Column H, one past the last receiver, is staying in
place: endless room, no price of filling. All costs are whole tenths of a minute, so that what is
equal is equal exactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

Ints = NDArray[np.int64]
NEVER = 1 << 28  # stands for a choice that cannot be; twice it still fits 32 bits
COST_MAX = NEVER // 64  # of one choice: sums along any residual path stay far below NEVER


class Asked(Struct, frozen=True, kw_only=True, eq=False):
    """Beds of one kind and who asks for them.

    A *row* is patients with the same costs everywhere; a *group* is patients with the same row and
    the same earlier proposal (-1: none). `room` is beds for those not decided yet; `prices[h]`
    holds the price of each bed at h, the next free one first, never falling.
    """

    rows: Ints  # [rows, H + 1]
    row_of: Ints  # [groups]
    proposed: Ints  # [groups]
    count: Ints  # [groups]
    steps: Ints  # [H, steps]: beds at each price, without those that decided patients take
    prices: Ints  # [steps], rising
    last: Ints  # [H]: price of the dearest bed a decided patient takes; NEVER where there is none
    move: Ints  # [groups]: what leaving its earlier proposal costs a patient

    @property
    def stay(self) -> int:
        """Return the column of staying."""
        return int(self.rows.shape[1]) - 1

    @property
    def room(self) -> Ints:
        """Return how many beds of each receiver are left to fill."""
        return np.asarray(self.steps.sum(axis=1), dtype=np.int64)

    def costs(self) -> Ints:
        """Return what each choice costs a patient of each group: [groups, H + 1]."""
        made = self.rows[self.row_of]
        moved = np.flatnonzero(self.proposed >= 0)
        made[moved] += self.move[moved, None]
        made[moved, self.proposed[moved]] -= self.move[moved]
        return np.minimum(made, NEVER)


class Found(Struct, frozen=True, kw_only=True, eq=False):
    """How many of which group go where; `used` is by receiver, without decided patients."""

    group: Ints
    column: Ints
    count: Ints
    used: Ints


def solve(asked: Asked) -> Found:
    """Return the cheapest placing. Raises AssertionError if the solver finds none (a bug)."""
    open_ = (asked.rows < NEVER) & np.append(asked.room > 0, True)
    rows, columns = np.nonzero(open_)
    earlier = np.flatnonzero(asked.proposed >= 0)
    flow, direct, through = _flow(asked, (rows, columns), earlier)
    group, column, count = _shared_out(asked, (rows, columns, flow), earlier, through)
    kept = np.flatnonzero(direct)
    group = np.concatenate([group, earlier[kept]])
    column = np.concatenate([column, asked.proposed[earlier[kept]]])
    count = np.concatenate([count, direct[kept]])
    used = np.bincount(column, weights=count, minlength=asked.stay + 1)[:-1].astype(np.int64)
    order = np.lexsort((column, group))
    return Found(group=group[order], column=column[order], count=count[order], used=used)


def _flow(asked: Asked, arcs: tuple[Any, Any], earlier: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the flow on row arcs, kept proposals, and patients moved off an earlier proposal.

    Nodes: receivers 0..H-1, the sink H, rows, groups with an earlier proposal. Such a group goes
    to its proposal at cost, or to its row's node for the price of a move: a few arcs instead of a
    row of them, and the same optimum.
    """
    rows, columns = arcs
    sink = asked.stay
    first_row = sink + 1
    first_group = first_row + asked.rows.shape[0]
    solver = SimpleMinCostFlow()
    total = int(asked.count.sum())

    def add(tails: Ints, heads: Ints, room: Ints, cost: Ints) -> Any:
        return solver.add_arcs_with_capacity_and_unit_cost(tails, heads, room, cost)

    many = np.full(len(rows), total, dtype=np.int64)
    on_rows = add(first_row + rows, columns, many, asked.rows[rows, columns])
    nodes = first_group + np.arange(len(earlier))
    own, at = asked.row_of[earlier], asked.proposed[earlier]
    count = asked.count[earlier]
    room = np.where(asked.rows[own, at] < NEVER, count, 0)
    room = np.where((at == sink) | (np.append(asked.room, 1)[at] > 0), room, 0)
    direct = add(nodes, at, room, np.minimum(asked.rows[own, at], COST_MAX))
    through = add(nodes, first_row + own, count, asked.move[earlier])
    here, step = np.nonzero(asked.steps)
    add(here, np.full(len(here), sink), asked.steps[here, step], asked.prices[step])
    supply = np.zeros(first_group + len(earlier), dtype=np.int64)
    supply[sink] = -total
    fresh = asked.proposed < 0
    np.add.at(supply, first_row + asked.row_of[fresh], asked.count[fresh])
    supply[nodes] = count
    solver.set_nodes_supplies(np.arange(len(supply)), supply)
    assert solver.solve() == solver.OPTIMAL, "staying is always possible"
    return (
        np.asarray(solver.flows(on_rows)),
        np.asarray(solver.flows(direct)),
        np.asarray(solver.flows(through)),
    )


def _shared_out(
    asked: Asked, arcs: tuple[Any, Any, Ints], earlier: Ints, through: Ints
) -> tuple[Ints, Ints, Ints]:
    """Return which groups the flow of each row is made of: any sharing out costs the same."""
    left = np.where(asked.proposed < 0, asked.count, 0)
    left[earlier] = through
    groups = np.flatnonzero(left)
    groups = groups[np.argsort(asked.row_of[groups], kind="stable")]
    _, columns, flow = arcs
    used = np.flatnonzero(flow)  # row by row, as np.nonzero gave them
    return _merged((groups, left[groups]), (columns[used], flow[used]))


def _merged(groups: tuple[Ints, Ints], goals: tuple[Ints, Ints]) -> tuple[Ints, Ints, Ints]:
    """Lay two splits of the same line of patients over each other."""
    ends = np.union1d(np.cumsum(groups[1]), np.cumsum(goals[1]))
    starts = np.concatenate([[0], ends])[:-1].astype(np.int64)
    of_group = np.searchsorted(np.cumsum(groups[1]), starts, side="right")
    of_goal = np.searchsorted(np.cumsum(goals[1]), starts, side="right")
    return groups[0][of_group], goals[0][of_goal], np.asarray(ends - starts)


def filling(asked: Asked, used: Ints) -> int:
    """Return what the beds used cost by how full receivers get."""
    before = np.cumsum(asked.steps, axis=1) - asked.steps
    taken = np.clip(used[:, None] - before, 0, asked.steps)
    return int((taken * asked.prices).sum())


def bound(asked: Asked, worth: Ints) -> int:
    """Return what no placing can be cheaper than, for any prices of beds (weak duality).

    `worth[h]`: what having one patient more at h costs the rest; staying has none. The best bound
    equals the cost of the best placing.
    """
    open_ = np.append(asked.room > 0, True)
    costs = asked.costs()[:, open_] + np.append(worth, 0)[open_]
    placed = int((costs.min(axis=1) * asked.count).sum())
    surplus = np.maximum(worth[:, None] - asked.prices, 0)
    return placed - int((surplus * asked.steps).sum())
