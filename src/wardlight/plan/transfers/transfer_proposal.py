"""The transfer planner: an optimal plan with its proof, every line explained.

    proposal = propose(problem)

Editable: give a patient `fixed` and propose again. Stable: give every patient their line's `to` as
`proposed`. Raises nothing for any problem whose codes are distinct.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from wardlight.plan.transfers.assignment import NEVER, Found, Ints, bound, filling, solve
from wardlight.plan.transfers.residual import Chains, chains, regrets, saved_by_a_bed, worth
from wardlight.plan.transfers.transfer_check import faults
from wardlight.plan.transfers.transfer_choices import Chosen, Explained, KindTable
from wardlight.plan.transfers.transfer_rows import SCALE, BedKind, bed_kinds
from wardlight.plan.transfers.transfers import (
    STAY,
    BedPrice,
    Line,
    Proof,
    Proposal,
    Receiver,
    TransferProblem,
)


class _Solved(Struct, frozen=True, eq=False):
    kind: BedKind
    found: Found
    between: Chains
    cost: int
    bound: int


def propose(problem: TransferProblem) -> Proposal:
    """Return the best plan for a problem, and how good it is."""
    problem = _with_decided(problem)
    solved = [_solved(kind) for kind in bed_kinds(problem)]
    explained = Explained(problem, [_table(one) for one in solved])
    lines = explained.lines()
    return Proposal(
        lines=lines,
        proof=_proof(problem, solved, lines),
        prices=_prices(problem, solved),
        choices=explained,
    )


def _with_decided(problem: TransferProblem) -> TransferProblem:
    """Return the problem with a receiver for each code that somebody decided: it is done."""
    known = {one.code for one in problem.receivers} | {STAY, ""}
    others = sorted({one.decided for one in problem.waiting} - known)
    if not others:
        return problem
    added = tuple(Receiver(code=code, name=code) for code in others)
    return replace(problem, receivers=(*problem.receivers, *added))


def _solved(kind: BedKind) -> _Solved:
    found = solve(kind.asked)
    between = chains(kind.asked, found)
    costs = kind.asked.costs()
    placed = int((costs[found.group, found.column] * found.count).sum())
    open_ = filling(kind.asked, found.used)
    least = bound(kind.asked, worth(between))
    own = kind.decided_costs[np.arange(len(kind.decided)), kind.decided_at]
    always = int(own.sum()) + kind.decided_filling
    return _Solved(kind, found, between, placed + open_ + always, least + always)


def _table(one: _Solved) -> KindTable:
    """Return what every choice of every patient costs: placed by group, and decided."""
    kind, found = one.kind, one.found
    costs = np.concatenate([kind.asked.costs()[found.group], kind.decided_costs])
    column = np.concatenate([found.column, kind.decided_at])
    patients = [*_shared(kind, found), *((at,) for at in kind.decided)]
    return KindTable(
        bed=kind.bed,
        chosen=Chosen(patients=tuple(patients), column=column, costs=costs),
        regrets=regrets(costs, column, one.between),
        free=kind.free,
        decided_from=len(found.group),
    )


def _shared(kind: BedKind, found: Found) -> list[tuple[int, ...]]:
    """Return which patients of each group go where: the order they were given in decides."""
    given = [0] * len(kind.members)
    made = []
    for group, count in zip(found.group.tolist(), found.count.tolist(), strict=True):
        begin = given[group]
        given[group] = begin + count
        made.append(kind.members[group][begin : begin + count])
    return made


def _proof(problem: TransferProblem, solved: Sequence[_Solved], lines: tuple[Line, ...]) -> Proof:
    return Proof(
        cost=sum(one.cost for one in solved) / SCALE,
        bound=sum(one.bound for one in solved) / SCALE,
        faults=faults(problem, lines),
    )


def _prices(problem: TransferProblem, solved: Sequence[_Solved]) -> tuple[BedPrice, ...]:
    made = []
    for one in solved:
        saved: Ints = saved_by_a_bed(one.kind.asked, one.between)
        used = one.found.used + one.kind.taken
        made += [
            BedPrice(
                receiver=problem.receivers[at].code,
                bed=one.kind.bed,
                room=int(one.kind.free[at]),
                used=int(used[at]),
                minutes=int(saved[at]) / SCALE,
            )
            for at in np.flatnonzero((saved > 0) & (saved < NEVER)).tolist()
        ]
    return tuple(sorted(made, key=lambda one: (-one.minutes, one.receiver, one.bed)))
