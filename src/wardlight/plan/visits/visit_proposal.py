"""The rescheduling of visits that take one slot: an optimal plan with its proof.

A min-cost flow for each service (see `assignment`): no slot is ever given twice, as many as
possible are seen before their harm date, and patients who were told keep their slot unless moving
them is worth it. With links, chains are placed first and the proof says how far off that may be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from wardlight.plan.transfers.assignment import NEVER, Found, Ints, bound, filling, solve
from wardlight.plan.transfers.residual import links, worth_alone
from wardlight.plan.transfers.transfers import Proof
from wardlight.plan.visits.visit_check import faults
from wardlight.plan.visits.visit_links import Choices, Market, components, least_more, place_chains
from wardlight.plan.visits.visit_rows import SCALE, Rows, ServiceTable, table
from wardlight.plan.visits.visit_words import lines
from wardlight.plan.visits.visits import NO_SLOT, VisitProblem, VisitProposal


class _Solved(Struct, frozen=True, eq=False):
    service: ServiceTable
    found: Found
    cost: int
    bound: int
    worth: Ints


def propose_visits(problem: VisitProblem) -> VisitProposal:
    """Return the best plan: a slot, or none and why, for each visit; and how good it is."""
    by_service: dict[str, list[int]] = {}
    for at, visit in enumerate(problem.visits):
        by_service.setdefault(visit.service, []).append(at)
    rows = {name: _rows(problem, name) for name in by_service}
    placed = _decided(problem)
    first = {name: _solved(problem, rows[name], mine, placed) for name, mine in by_service.items()}
    solved, chained = first, 0
    if problem.links:
        together = dict(placed)
        chained = _place_linked(problem, rows, first, together)
        solved = {
            name: _solved(problem, rows[name], mine, together) for name, mine in by_service.items()
        }
        placed_or_linked = together
    else:
        placed_or_linked = placed
    slots = _slots(problem, solved, placed_or_linked)
    made = lines(problem, slots, {name: one.worth for name, one in solved.items()}, rows)
    tied = _tied(problem, first) if problem.links else 0
    proof = _proof(problem, (first, solved), slots, tied)
    return VisitProposal(lines=made, proof=proof, linked=chained)


def _rows(problem: VisitProblem, service: str) -> Rows:
    return Rows(problem, [slot for slot in problem.slots if slot.service == service])


def _decided(problem: VisitProblem) -> dict[int, str]:
    """Return what people decided: a slot, or none."""
    return {
        at: visit.fixed
        for at, visit in enumerate(problem.visits)
        if visit.held or visit.fixed != NO_SLOT
    }


def _solved(
    problem: VisitProblem, rows: Rows, visits: Sequence[int], placed: Mapping[int, str]
) -> _Solved:
    service = table(problem, rows, visits, placed)
    found = solve(service.asked)
    costs = service.asked.costs()
    cost = int((costs[found.group, found.column] * found.count).sum())
    cost += filling(service.asked, found.used)
    worth = worth_alone(links(service.asked, found))
    own = service.decided_costs[np.arange(len(service.decided)), service.decided_at]
    always = int(own.sum())
    return _Solved(service, found, cost + always, bound(service.asked, worth) + always, worth)


def _place_linked(
    problem: VisitProblem,
    rows: Mapping[str, Rows],
    first: Mapping[str, _Solved],
    placed: dict[int, str],
) -> int:
    """Give every linked visit a slot at the prices of the first plan; return how many got one."""
    markets = {
        name: Market(
            rows=rows[name],
            prices=np.maximum(one.worth, 0),
            left=np.asarray(one.service.asked.room).copy(),
        )
        for name, one in first.items()
    }
    free = _Slots(problem, placed)
    booked = {visit.booked for visit in problem.visits}  # taken last: else somebody has to move
    columns = place_chains(problem, markets, placed)
    for at, column in columns.items():
        if at not in placed:
            mine = rows[problem.visits[at].service].slots[column] if column >= 0 else ()
            placed[at] = free.take(
                problem.visits[at].booked,
                sorted((slot.id for slot in mine), key=booked.__contains__),
            )
    return sum(placed[at] != NO_SLOT for at in columns)


def _tied(problem: VisitProblem, first: Mapping[str, _Solved]) -> int:
    """Return how much more than the plan without links any plan with them costs, at least.

    At the prices of the plan without links each visit has its cheapest slot; a chain as a whole
    can have no cheaper ones than the cheapest that its links allow (Lagrangian duality).
    """
    chains = components(problem)
    linked = {at for chain in chains for at in chain}
    choices: dict[int, Choices] = {}
    for one in first.values():
        choices |= _choices(one, linked)
    return sum(least_more(problem, chain, [choices[at] for at in chain]) for chain in chains)


def _cost_of(one: _Solved, slots: Sequence[str]) -> int:
    """Return what a plan costs one service, as the plan without links counts it.

    Whom a chain took the slot they had counts as moved, which a table made after it cannot know.
    """
    service = one.service
    costs = service.asked.costs()
    none = len(service.kinds)
    chosen = [
        (group, service.column.get(slots[at], none))
        for group, mine in enumerate(service.members)
        for at in mine
    ]
    own = service.decided_costs[np.arange(len(service.decided)), service.decided_at]
    return sum(int(costs[group, column]) for group, column in chosen) + int(own.sum())


def _choices(one: _Solved, linked: set[int]) -> dict[int, Choices]:
    """Return what each slot costs the linked visits of a service, at the prices of its plan."""
    service = one.service
    spots = [(kind.day, kind.site, at) for at, kind in enumerate(service.kinds)]
    found: dict[int, Choices] = {}
    for at, column in zip(service.decided, service.decided_at, strict=True):
        if at in linked:
            found[at] = [(0, spots[column] if column < len(spots) else None)]
    mine = [
        (at, group) for group, all_ in enumerate(service.members) for at in all_ if at in linked
    ]
    if not mine:
        return found
    costs = np.minimum(service.asked.costs() + np.append(one.worth, 0), NEVER)
    costs[:, np.flatnonzero(service.asked.room == 0)] = NEVER
    for at, group in mine:
        able = np.flatnonzero(costs[group] < NEVER)
        by_cost = able[np.argsort(costs[group][able], kind="stable")]
        found[at] = [
            (int(costs[group][to]), spots[to] if to < len(spots) else None) for to in by_cost
        ]
    return found


class _Slots:
    """Hands out the slots of a kind, each as often as it holds visits."""

    def __init__(self, problem: VisitProblem, placed: Mapping[int, str]) -> None:
        self.left = {slot.id: slot.holds for slot in problem.slots}
        for slot in placed.values():
            if slot in self.left:
                self.left[slot] -= 1

    def take(self, wished: str, others: Sequence[str]) -> str:
        """Return the slot somebody has if it is one of these and free, else the first free one."""
        choice = (wished, *others) if wished in others else others
        found = next((slot for slot in choice if self.left[slot] > 0), NO_SLOT)
        if found != NO_SLOT:
            self.left[found] -= 1
        return found


def _slots(
    problem: VisitProblem, solved: Mapping[str, _Solved], placed: Mapping[int, str]
) -> list[str]:
    """Return the slot of each visit: who keeps their kind keeps their slot, others fill up."""
    made = [placed.get(at, NO_SLOT) for at in range(len(problem.visits))]
    free = _Slots(problem, placed)
    for one in solved.values():
        goes = [
            (at, int(column)) for at, column in _by_visit(one) if column < len(one.service.kinds)
        ]
        keeps = [
            (at, column)
            for at, column in goes
            if one.service.column.get(problem.visits[at].booked) == column
        ]
        others = sorted(
            {*goes} - {*keeps}, key=lambda pair: (-problem.visits[pair[0]].weight, pair)
        )
        for at, column in (*keeps, *others):
            ids = [slot.id for slot in one.service.slots[column]]
            made[at] = free.take(problem.visits[at].booked, ids)
    return made


def _by_visit(one: _Solved) -> list[tuple[int, int]]:
    given = [0] * len(one.service.members)
    made: list[tuple[int, int]] = []
    found = one.found
    for group, column, count in zip(found.group, found.column, found.count, strict=True):
        begin = given[group]
        given[group] = begin + int(count)
        mine = one.service.members[group][begin : begin + int(count)]
        made += [(at, int(column)) for at in mine]
    return made


def _proof(
    problem: VisitProblem,
    solved: tuple[Mapping[str, _Solved], Mapping[str, _Solved]],
    slots: Sequence[str],
    tied: int,
) -> Proof:
    first, last = solved
    costs = (
        [_cost_of(one, slots) for one in first.values()]
        if problem.links
        else [one.cost for one in last.values()]
    )
    return Proof(
        cost=sum(costs) / SCALE,
        bound=(sum(one.bound for one in first.values()) + tied) / SCALE,
        faults=faults(problem, slots),
    )
