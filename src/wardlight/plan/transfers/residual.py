"""What a change of a placing costs: shortest paths between receivers through the patients placed.

Moving one patient from h to g may push another out of g, and so on, until somebody takes the bed
that became free at h, a further bed is filled or somebody stays. The cheapest such chain is the
exact price of the change: no solving again (sensitivity of min-cost flows; Ahuja, Magnanti and
Orlin 1993, ch. 9).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardlight.plan.transfers.assignment import NEVER, Asked, Found, Ints

Chains = NDArray[np.int32]


def links(asked: Asked, found: Found) -> Chains:
    """Return the cheapest single step [from, to] between receivers; H stands for staying."""
    size = asked.stay + 1
    made = np.full((size, size), NEVER, dtype=np.int32)
    _swaps(asked, found, made)
    _ends(asked, found, made)
    np.fill_diagonal(made, np.minimum(np.diagonal(made), 0))
    return made


def worth_alone(steps: Chains) -> Ints:
    """Return what one patient more at each receiver costs the rest, without all other chains.

    Bellman and Ford, a matrix at a time: for tables too wide for `chains`.
    """
    found = steps[:, -1].astype(np.int64)
    for _ in range(len(steps)):
        better = np.minimum((steps + np.minimum(found, NEVER)).min(axis=1), found)
        if (better == found).all():
            break
        found = better
    return found[:-1]


def chains(asked: Asked, found: Found) -> Chains:
    """Return the cheapest chain [from, to] between receivers; column and row H are staying."""
    made = links(asked, found)
    middle = np.flatnonzero(((made < NEVER // 2).sum(axis=1) > 1) & _entered(made))
    scratch = np.empty_like(made)
    for one in middle:
        np.add(made[:, one, None], made[one], out=scratch)
        np.minimum(made, scratch, out=made)
    return made


def _entered(made: Chains) -> NDArray[np.bool_]:
    return np.asarray((made < NEVER // 2).sum(axis=0) > 1)


def _swaps(asked: Asked, found: Found, made: Chains) -> None:
    """Enter links where a patient placed at h goes to another receiver instead."""
    costs = asked.costs()
    order = np.argsort(found.column, kind="stable")
    group, column = found.group[order], found.column[order]
    now = costs[group, column]
    change = np.where(costs[group] < NEVER, costs[group] - now[:, None], NEVER)
    begins = np.flatnonzero(np.diff(column, prepend=-1))
    if len(begins):
        best = np.minimum.reduceat(change, begins, axis=0)
        made[column[begins]] = np.minimum(made[column[begins]], best)


def _ends(asked: Asked, found: Found, made: Chains) -> None:
    """Enter links to a bed that is filled (to staying), and from one that is given up."""
    total = np.cumsum(asked.steps, axis=1)
    last = asked.prices[
        np.minimum((found.used[:, None] > total).sum(axis=1), len(asked.prices) - 1)
    ]
    following = np.minimum((found.used[:, None] >= total).sum(axis=1), len(asked.prices) - 1)
    free = found.used < asked.room
    stay = asked.stay
    into = np.where(free, asked.prices[following], NEVER)
    made[:stay, stay] = np.minimum(made[:stay, stay], into)
    given_up = np.where(found.used > 0, -last, np.where(asked.last < NEVER, -asked.last, NEVER))
    made[stay, :stay] = np.minimum(made[stay, :stay], given_up)


def regrets(costs: Ints, column: Ints, between: Chains) -> Ints:
    """Return what every choice of each patient (costs, where placed) adds to the plan."""
    now = costs[np.arange(len(column)), column]
    more = costs - now[:, None] + between.T[column]
    cannot = (costs >= NEVER) | (between.T[column] >= NEVER // 2)
    return np.where(cannot, NEVER, more)


def worth(between: Chains) -> Ints:
    """Return what one patient more at each receiver costs the rest: the node potentials."""
    return np.asarray(between[:-1, -1], dtype=np.int64)


def saved_by_a_bed(asked: Asked, between: Chains) -> Ints:
    """Return what one more bed at each receiver, at its dearest price, would save."""
    brought = between[-1, :-1].astype(np.int64)
    saved = np.where(brought < NEVER // 2, -(brought + asked.prices[-1]), 0)
    return np.maximum(saved, 0)
