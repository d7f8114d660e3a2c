"""Costs and rooms of a transfer problem as tables, one for each kind of bed.

Patients with the same origin, bed, needs, acuity and bans have one row of costs: the planner is
as fast as there are kinds of patients, not as there are patients.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct

from wardlight.plan.transfers.assignment import COST_MAX, NEVER, Asked, Ints
from wardlight.plan.transfers.transfer_policy import TransferPolicy
from wardlight.plan.transfers.transfers import (
    STAY,
    Known,
    Receiver,
    TransferProblem,
    Waiting,
    of_bed,
    of_need,
)

SCALE = 10  # costs are whole tenths of a minute
_CLEAR, _CALL, _NO = 0, 1, 2
_RANK = {Known.YES: _CLEAR, Known.UNKNOWN: _CALL, Known.CONTRADICTORY: _CALL, Known.NO: _NO}

Key = tuple[str, str, tuple[str, ...], str, tuple[str, ...]]


class BedKind(Struct, frozen=True, kw_only=True, eq=False):
    """Everything of one kind of bed. Indices of patients are those of the problem."""

    bed: str
    asked: Asked
    members: tuple[tuple[int, ...], ...]  # of each group
    decided: tuple[int, ...]
    decided_at: Ints  # the column of each decided patient
    decided_costs: Ints  # [decided, H + 1]; what a person decided always has a cost
    free: Ints  # beds at each receiver as the policy lets them be used
    taken: Ints  # of them, by decided patients (may be more than there are)
    decided_filling: int  # what the beds of decided patients cost by filling


class _Sheets:
    """What all kinds of beds share: drive times, and what each receiver is known to do."""

    def __init__(self, problem: TransferProblem) -> None:
        self.problem = problem
        self.columns = {one.code: at for at, one in enumerate(problem.receivers)}
        self.columns[STAY] = len(problem.receivers)
        self._drives: dict[str, Ints] = {}
        self._words: dict[tuple[object, str], Ints] = {}
        self._standing: dict[tuple[str, tuple[str, ...]], Ints] = {}
        self._takes = np.array([_RANK[one.takes] for one in problem.receivers], dtype=np.int64)

    def drive(self, origin: str) -> Ints:
        """Return tenths of minutes to each receiver; NEVER where the time is not known."""
        if origin not in self._drives:
            found = (self.problem.drives.get((origin, one.code)) for one in self.problem.receivers)
            times = [NEVER if one is None else _tenths(one.minutes) for one in found]
            self._drives[origin] = np.array(times, dtype=np.int64)
        return self._drives[origin]

    def standing(self, bed: str, needs: tuple[str, ...]) -> Ints:
        """Return of each receiver whether it is clear, to be called first, or ruled out."""
        key = (bed, needs)
        if key not in self._standing:
            worst = np.maximum(self._takes, self._known(bed, of_bed))
            for need in needs:
                worst = np.maximum(worst, self._known(need, of_need))
            self._standing[key] = worst
        return self._standing[key]

    def _known(self, word: str, of: Callable[[Receiver, str], Known]) -> Ints:
        if (of, word) not in self._words:
            known = [_RANK[of(one, word)] for one in self.problem.receivers]
            self._words[of, word] = np.array(known, dtype=np.int64)
        return self._words[of, word]

    def row(self, one: Waiting) -> Ints:
        """Return what each choice costs a patient, as if nobody had decided anything."""
        policy = self.problem.policy
        cost = self.trip(one) + self.calls(one)
        cost[self.standing(one.bed, one.needs) == _NO] = NEVER
        for code in (one.origin, *(ban.receiver for ban in one.bans)):
            if code in self.columns:
                cost[self.columns[code]] = NEVER
        return np.append(cost, round(policy.weights[one.acuity] * _tenths(policy.stay)))

    def trip(self, one: Waiting) -> Ints:
        """Return weight x (drive + handover)."""
        policy = self.problem.policy
        drive = self.drive(one.origin)
        guessed = _tenths(policy.drive_when_unknown)
        known = np.where(drive < NEVER, drive, guessed) + _tenths(policy.handover)
        weighed = np.rint(policy.weights[one.acuity] * known).astype(np.int64)
        return np.minimum(weighed, COST_MAX // 2)

    def calls(self, one: Waiting) -> Ints:
        """Return what it costs that a receiver is to be called first, where it is."""
        unsure = (self.standing(one.bed, one.needs) == _CALL) | (self.drive(one.origin) >= NEVER)
        return np.where(unsure, _tenths(self.problem.policy.call_first), 0)

    def decided_row(self, one: Waiting) -> Ints:
        """Return the costs of a patient whose place is decided; that place always has one."""
        row = self.row(one)
        at = self.columns[one.decided]
        kept = self.proposed(one, row)
        if row[at] >= NEVER:
            row[at] = (self.trip(one) + self.calls(one))[at]
        if kept >= 0:
            row += np.where(np.arange(len(row)) == kept, 0, _tenths(self.problem.policy.move))
        return np.minimum(row, NEVER)

    def proposed(self, one: Waiting, row: Ints) -> int:
        """Return the column of an earlier proposal; -1 for none, or one that cannot be any more.

        To leave what cannot be is no change of mind, and costs nothing.
        """
        at = self.columns.get(one.proposed, -1)
        return at if at >= 0 and row[at] < NEVER else -1


def _tenths(minutes: float) -> int:
    return min(round(minutes * SCALE), COST_MAX // 2)


def bed_kinds(problem: TransferProblem) -> tuple[BedKind, ...]:
    """Return a problem's kinds of bed, each a problem of its own: they share no bed."""
    sheets = _Sheets(problem)
    by_bed: dict[str, list[int]] = {}
    for at, one in enumerate(problem.waiting):
        by_bed.setdefault(one.bed, []).append(at)
    return tuple(_bed_kind(sheets, bed, by_bed[bed]) for bed in sorted(by_bed))


def _bed_kind(sheets: _Sheets, bed: str, patients: Sequence[int]) -> BedKind:
    waiting = sheets.problem.waiting
    policy = sheets.problem.policy
    decided = [at for at in patients if waiting[at].decided in sheets.columns]
    rows, row_of, proposed, members = _groups(
        sheets, [at for at in patients if at not in {*decided}]
    )
    width = len(sheets.columns)
    costs = [sheets.decided_row(waiting[at]) for at in decided]
    decided_at = np.array([sheets.columns[waiting[at].decided] for at in decided], dtype=np.int64)
    free = np.array([usable(one, bed, policy) for one in sheets.problem.receivers], dtype=np.int64)
    taken = np.bincount(decided_at, minlength=width)[:-1].astype(np.int64)
    steps, prices = _steps(policy, np.maximum(free, taken))
    left, last, filled = _without(steps, prices, taken)
    asked = Asked(
        rows=np.array(rows, dtype=np.int64).reshape(-1, width),
        row_of=np.array(row_of, dtype=np.int64),
        proposed=np.array(proposed, dtype=np.int64),
        count=np.array([len(one) for one in members], dtype=np.int64),
        steps=left,
        prices=prices,
        last=last,
        move=np.full(len(members), _tenths(policy.move), dtype=np.int64),
    )
    return BedKind(
        bed=bed,
        asked=asked,
        members=tuple(tuple(one) for one in members),
        decided=tuple(decided),
        decided_at=decided_at,
        decided_costs=np.array(costs, dtype=np.int64).reshape(-1, width),
        free=free,
        taken=taken,
        decided_filling=filled,
    )


def _groups(
    sheets: _Sheets, patients: Sequence[int]
) -> tuple[list[Ints], list[int], list[int], list[list[int]]]:
    """Return rows, and of each group its row, its earlier proposal and its members."""
    rows: list[Ints] = []
    number: dict[Key, int] = {}
    groups: dict[tuple[int, int], list[int]] = {}
    for at in patients:
        one = sheets.problem.waiting[at]
        bans = tuple(sorted(ban.receiver for ban in one.bans)) if one.bans else ()
        key = (one.origin, one.bed, one.needs, one.acuity, bans)
        row = number.get(key)
        if row is None:
            row = number[key] = len(rows)
            rows.append(sheets.row(one))
        groups.setdefault((row, sheets.proposed(one, rows[row])), []).append(at)
    keys = list(groups)
    return rows, [row for row, _ in keys], [at for _, at in keys], list(groups.values())


def usable(receiver: Receiver, bed: str, policy: TransferPolicy) -> int:
    """Return how many beds of a kind a plan may fill at a receiver."""
    beds = receiver.beds.get(bed)
    if beds is not None and beds.known is Known.NO:
        return 0
    if beds is None or beds.free is None:
        return policy.beds_when_unknown
    return int(policy.share_of_room * max(beds.free, 0))


def _steps(policy: TransferPolicy, free: Ints) -> tuple[Ints, Ints]:
    """Return beds at each price, and the prices. A receiver's only bed is also its last one."""
    shares = np.array([step.share for step in policy.steps])
    upto = np.floor(shares * free[:, None] + 1e-9).astype(np.int64)
    prices = np.array([_tenths(step.minutes) for step in policy.steps], dtype=np.int64)
    return np.diff(upto, axis=1, prepend=0), prices


def _without(steps: Ints, prices: Ints, taken: Ints) -> tuple[Ints, Ints, int]:
    """Return the beds decided patients leave, the dearest price they take, and what they cost."""
    before = np.cumsum(steps, axis=1) - steps
    gone = np.clip(taken[:, None] - before, 0, steps)
    dearest = np.where(gone > 0, prices, -1).max(axis=1, initial=-1)
    last = np.where(taken > 0, dearest, NEVER)
    return steps - gone, last, int((gone * prices).sum())
