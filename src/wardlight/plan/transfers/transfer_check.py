"""Looks a plan over with nothing but the problem: what a person would check by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from wardlight.plan.transfers.transfer_policy import TransferPolicy
from wardlight.plan.transfers.transfers import (
    STAY,
    Known,
    Line,
    Receiver,
    TransferProblem,
    Waiting,
    of_bed,
    of_need,
)


def faults(problem: TransferProblem, lines: Sequence[Line]) -> tuple[str, ...]:
    """Return every rule a plan breaks, by itself; what a person decided is theirs to decide."""
    if [line.patient for line in lines] != [one.id for one in problem.waiting]:
        return ("not every patient stands on the plan once",)
    receivers = {one.code: one for one in problem.receivers}
    told: list[str] = []
    used: Counter[tuple[str, str]] = Counter()
    free = Counter[tuple[str, str]]()
    for one, line in zip(problem.waiting, lines, strict=True):
        if one.decided in receivers:
            used[one.decided, one.bed] += 1
        elif line.to != STAY:
            free[line.to, one.bed] += 1
            told += _broken(receivers[line.to], one, line)
    for (code, bed), count in free.items():
        room = _room(receivers[code], bed, problem.policy)
        if count > max(room - used[code, bed], 0):
            told.append(f"{count} patients for fewer {bed} beds at {code}")
    return tuple(told)


def _broken(receiver: Receiver, one: Waiting, line: Line) -> list[str]:
    known = [receiver.takes, of_bed(receiver, one.bed)]
    known += [of_need(receiver, need) for need in one.needs]
    told = []
    if Known.NO in known:
        told.append(f"{receiver.code} cannot take a patient sent there")
    if not line.call_first and line.drive is None:
        told.append(f"{receiver.code} is not marked though nobody knows the drive")
    if not line.call_first and {Known.UNKNOWN, Known.CONTRADICTORY} & {*known}:
        told.append(f"{receiver.code} is not marked to be called first")
    if receiver.code == one.origin or receiver.code in {ban.receiver for ban in one.bans}:
        told.append(f"{receiver.code} is banned for a patient sent there")
    return told


def _room(receiver: Receiver, bed: str, policy: TransferPolicy) -> int:
    beds = receiver.beds.get(bed)
    if beds is None or beds.free is None:
        return policy.beds_when_unknown
    return int(beds.free * policy.share_of_room)
