"""The same transfer problem put and solved in another way: every patient, every single bed.

Knows nothing of groups, flows or the product's tables: bed by bed with its price, one place to
stay for each patient, and scipy's Hungarian method (`linear_sum_assignment`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from wardlight.plan.transfers.transfers import STAY, Known, Receiver, TransferProblem, Waiting

FORBIDDEN = 10**9


def least_cost(problem: TransferProblem) -> float:
    """Return what the best plan costs, in minutes."""
    beds = {one.bed for one in problem.waiting}
    return sum(_of_kind(problem, bed) for bed in beds) / 10


def _of_kind(problem: TransferProblem, bed: str) -> float:
    mine = [one for one in problem.waiting if one.bed == bed]
    total: float = sum(_decided(problem, one) for one in mine if one.decided)
    columns: list[tuple[Receiver, int]] = []
    for receiver in problem.receivers:
        here = sum(one.decided == receiver.code for one in mine)
        room = max(_room(problem, receiver, bed), here)
        prices = [_price(problem, number / room) for number in range(1, room + 1)]
        total += sum(prices[:here])
        columns += [(receiver, price) for price in prices[here:]]
    costs = _costs(problem, [one for one in mine if not one.decided], columns)
    rows, chosen = linear_sum_assignment(costs)
    return float(total + costs[rows, chosen].sum())


def _decided(problem: TransferProblem, one: Waiting) -> float:
    moved = problem.policy.move * 10 if _can_keep(problem, one) else 0
    away = moved if one.proposed != one.decided else 0
    if one.decided == STAY:
        return _stay(problem, one) + away
    receiver = next(r for r in problem.receivers if r.code == one.decided)
    return _way(problem, one, receiver) + away


def _costs(
    problem: TransferProblem, free: list[Waiting], columns: list[tuple[Receiver, int]]
) -> NDArray[np.float64]:
    costs = np.full((len(free), len(columns) + len(free)), FORBIDDEN, dtype=np.float64)
    for row, one in enumerate(free):
        moved = problem.policy.move * 10 if _can_keep(problem, one) else 0
        for column, (receiver, price) in enumerate(columns):
            if _can(one, receiver):
                away = moved if one.proposed != receiver.code else 0
                costs[row, column] = _way(problem, one, receiver) + price + away
        costs[row, len(columns) + row] = _stay(problem, one) + (
            moved if one.proposed != STAY else 0
        )
    return costs


def _stay(problem: TransferProblem, one: Waiting) -> int:
    return round(problem.policy.weights[one.acuity] * problem.policy.stay * 10)


def _way(problem: TransferProblem, one: Waiting, receiver: Receiver) -> int:
    drive = problem.drives.get((one.origin, receiver.code))
    known = drive.minutes if drive else problem.policy.drive_when_unknown
    minutes = round(known * 10) + problem.policy.handover * 10
    unsure = _unsure(one, receiver) or drive is None
    called = problem.policy.call_first * 10 if unsure else 0
    return int(np.rint(problem.policy.weights[one.acuity] * minutes) + called)


def _said(one: Waiting, receiver: Receiver) -> list[Known]:
    beds = receiver.beds.get(one.bed)
    said = [receiver.takes, *(receiver.does.get(need, Known.UNKNOWN) for need in one.needs)]
    if beds is None or (beds.free is None and beds.known is Known.YES):
        return [*said, Known.UNKNOWN]
    return [*said, beds.known]


def _unsure(one: Waiting, receiver: Receiver) -> bool:
    said = _said(one, receiver)
    return Known.NO not in said and any(known is not Known.YES for known in said)


def _can(one: Waiting, receiver: Receiver) -> bool:
    if receiver.code in {one.origin, *(ban.receiver for ban in one.bans)}:
        return False
    return Known.NO not in _said(one, receiver)


def _can_keep(problem: TransferProblem, one: Waiting) -> bool:
    """Return whether there is an earlier proposal that could still be."""
    if one.proposed in {"", STAY}:
        return one.proposed == STAY
    return any(r.code == one.proposed and _can(one, r) for r in problem.receivers)


def _room(problem: TransferProblem, receiver: Receiver, bed: str) -> int:
    beds = receiver.beds.get(bed)
    if beds is not None and beds.known is Known.NO:
        return 0
    if beds is None or beds.free is None:
        return problem.policy.beds_when_unknown
    return int(problem.policy.share_of_room * beds.free)


def _price(problem: TransferProblem, share: float) -> int:
    """Return the price of the bed after which this share of a receiver's free ones is taken."""
    return int(
        next(step.minutes * 10 for step in problem.policy.steps if share <= step.share + 1e-9)
    )
