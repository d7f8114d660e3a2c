"""Visits that belong together: a blood test before an infusion, the days of a course.

Such chains are no flow problem any more. Each is placed as a whole, the one that matters most
first, where it costs least at the prices the slots have in the plan without links. What that may
have cost is the gap between the plan and its bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from wardlight.plan.transfers.assignment import NEVER, Ints
from wardlight.plan.visits.visit_rows import Rows
from wardlight.plan.visits.visits import NO_SLOT, Link, VisitProblem

TRIED_MAX = 20_000  # steps of the search for one chain
_Spot = tuple[int, str, int]  # day, site, column
Choices = list[tuple[int, "_Spot | None"]]  # what each costs, cheapest first; None: no slot


class Market(Struct, frozen=True, kw_only=True, eq=False):
    """One service while chains are placed: its tables, prices of its kinds, and what is left."""

    rows: Rows
    prices: Ints
    left: Ints  # changed as chains are placed


def components(problem: VisitProblem) -> list[list[int]]:
    """Return the visits that hang together by links, each chain in the order it has to happen."""
    at = {one.id: number for number, one in enumerate(problem.visits)}
    links = [one for one in problem.links if one.first in at and one.then in at]
    chain: dict[int, set[int]] = {}
    for link in links:
        both = chain.get(at[link.first], {at[link.first]}) | chain.get(
            at[link.then], {at[link.then]}
        )
        for one in both:
            chain[one] = both
    whole = {min(one): one for one in chain.values()}
    after = [(at[link.first], at[link.then]) for link in links]
    return [_in_order(whole[first], after) for first in sorted(whole)]


def _in_order(chain: set[int], after: Sequence[tuple[int, int]]) -> list[int]:
    made: list[int] = []
    left = sorted(chain)
    while left:
        free = [
            one for one in left if not any(then == one and first in left for first, then in after)
        ]
        one = (free or left)[0]  # a circle of links has no order: the first one begins
        made.append(one)
        left.remove(one)
    return made


def place_chains(
    problem: VisitProblem, markets: Mapping[str, Market], placed: dict[int, str]
) -> dict[int, int]:
    """Return the column of each linked visit, -1 for none; takes them off what is left."""
    chains = components(problem)
    chains.sort(key=lambda chain: (-max(problem.visits[at].weight for at in chain), chain[0]))
    made: dict[int, int] = {}
    for chain in chains:
        spots = [_spots(problem, markets, placed, at) for at in chain]
        found = _Search(_ties(problem, chain), spots).best(chain)
        for at in chain:
            column = found.get(at, -1)
            made[at] = column
            if column >= 0 and at not in placed:
                markets[problem.visits[at].service].left[column] -= 1
    return made


def least_more(problem: VisitProblem, chain: Sequence[int], choices: Sequence[Choices]) -> int:
    """Return how much more one chain costs at least than its visits one by one, at some prices.

    0 where the search is too long to be sure. Leaving visits without a slot is a choice as well.
    """
    if not all(choices):
        return 0
    search = _Search(_ties(problem, chain), choices, strict=False)
    search.best(chain)
    alone = sum(mine[0][0] for mine in choices)
    return max(search.cost - alone, 0) if search.found and search.tried <= TRIED_MAX else 0


def _ties(problem: VisitProblem, chain: Sequence[int]) -> list[list[tuple[int, Link]]]:
    """Return for each visit of a chain what it has to come after, by place in the chain."""
    number = {problem.visits[at].id: place for place, at in enumerate(chain)}
    links: list[list[tuple[int, Link]]] = [[] for _ in chain]
    for link in problem.links:
        if link.first in number and link.then in number:
            links[number[link.then]].append((number[link.first], link))
    return links


def _spots(
    problem: VisitProblem, markets: Mapping[str, Market], placed: Mapping[int, str], at: int
) -> Choices:
    visit = problem.visits[at]
    market = markets.get(visit.service)
    if market is None or placed.get(at) == NO_SLOT:
        return []
    rows = market.rows
    if at in placed:  # it costs what it costs: a full kind's price is none of the chain's
        columns = [rows.column[placed[at]]] if placed[at] in rows.column else []
        costs = np.zeros(len(rows.kinds), dtype=np.int64)
    else:
        costs = rows.row(visit)[:-1] + market.prices
        kept = rows.column.get(visit.booked, -1)
        costs += np.where(np.arange(len(costs)) == kept, 0, rows.move(visit) if kept >= 0 else 0)
        columns = np.flatnonzero((costs < NEVER) & (market.left > 0)).tolist()
    columns.sort(key=lambda column: costs[column])
    return [
        (int(costs[column]), (rows.kinds[column].day, rows.kinds[column].site, column))
        for column in columns
    ]


class _Search:
    """Looks for the cheapest way to place one chain: depth first, cheapest day first.

    `strict` keeps two visits out of one kind of slot and gives a circle of links no place; without
    it nothing that may be done is left out, so that no plan is cheaper than what is found.
    """

    def __init__(
        self,
        links: Sequence[Sequence[tuple[int, Link]]],
        spots: Sequence[Choices],
        *,
        strict: bool = True,
    ) -> None:
        self.links, self.spots, self.strict = links, spots, strict
        self.cost, self.tried = NEVER, 0
        self.found: list[_Spot | None] = []
        self.ahead: list[int] = []

    def best(self, chain: Sequence[int]) -> dict[int, int]:
        """Return the column of each visit of the chain; empty if it fits nowhere together."""
        if all(self.spots):
            least = [spots[0][0] for spots in self.spots]
            self.ahead = [sum(least[place:]) for place in range(len(least) + 1)]
            self._try([], 0)
        return {
            at: spot[2] for at, spot in zip(chain, self.found, strict=False) if spot is not None
        }

    def _try(self, chosen: list[_Spot | None], cost: int) -> None:
        place = len(chosen)
        if place == len(self.spots):
            self.cost, self.found = cost, [*chosen]
            return
        for more, spot in self.spots[place]:
            self.tried += 1
            if cost + more + self.ahead[place + 1] >= self.cost or self.tried > TRIED_MAX:
                return
            if self._fits(place, spot, chosen):
                self._try([*chosen, spot], cost + more)

    def _fits(self, place: int, spot: _Spot | None, chosen: Sequence[_Spot | None]) -> bool:
        if spot is None:
            return True
        for first, link in self.links[place]:
            if first >= len(chosen):
                if self.strict:
                    return False  # a circle of links: it cannot be kept
                continue
            if not _keeps(link, chosen[first], spot):
                return False
        return not (self.strict and any(spot == one for one in chosen))


def _keeps(link: Link, first: _Spot | None, then: _Spot) -> bool:
    if first is None:
        return True
    near = link.days_min <= then[0] - first[0] <= link.days_max
    return near and (not link.same_site or first[1] == then[1])
