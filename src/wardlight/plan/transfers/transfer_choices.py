"""Lines of a plan put into words and figures: why there, what else, and why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from wardlight.plan.transfers.assignment import NEVER, Ints
from wardlight.plan.transfers.transfer_rows import SCALE
from wardlight.plan.transfers.transfers import (
    STAY,
    Choice,
    Known,
    Line,
    Receiver,
    TransferProblem,
    Waiting,
    of_bed,
    of_need,
)

NEXT = 2  # choices shown beside a line


class Chosen(Struct, frozen=True, kw_only=True, eq=False):
    """Blocks of patients alike in everything: costs, earlier proposal, and where they go."""

    patients: tuple[tuple[int, ...], ...]
    column: Ints
    costs: Ints


class KindTable(Struct, frozen=True, kw_only=True, eq=False):
    """What every choice of every block of one kind of bed adds to the plan."""

    bed: str
    chosen: Chosen
    regrets: Ints
    free: Ints
    decided_from: int  # blocks from here on are patients whose place is decided


class Explained:
    """A solved problem that can say why; keeps the table of all regrets."""

    def __init__(self, problem: TransferProblem, tables: Sequence[KindTable]) -> None:
        self._problem = problem
        self._tables = tables
        self._codes = [*(one.code for one in problem.receivers), STAY]
        self._column = {code: at for at, code in enumerate(self._codes)}
        self._calls: dict[tuple[str, str, str, tuple[str, ...]], tuple[str, ...]] = {}
        self._block: dict[str, tuple[int, int]] = {
            problem.waiting[patient].id: (table, block)
            for table, one in enumerate(tables)
            for block, patients in enumerate(one.chosen.patients)
            for patient in patients
        }

    def lines(self) -> tuple[Line, ...]:
        """Return the plan, in the order of the patients given."""
        made: dict[int, Line] = {}
        for table in self._tables:
            rows = np.arange(len(table.chosen.column))
            own = table.chosen.costs[rows, table.chosen.column]
            nearer = (table.chosen.costs < own[:, None]).sum(axis=1).tolist()
            best = _best(table, rows)
            for block, patients in enumerate(table.chosen.patients):
                if not patients:
                    continue
                like = self._line(table, block, nearer[block], best[block])
                for patient in patients:
                    one = self._problem.waiting[patient]
                    made[patient] = _of(like, one)
        return tuple(made[at] for at in range(len(self._problem.waiting)))

    def _line(self, table: KindTable, block: int, nearer: int, best: Sequence[int]) -> Line:
        one = self._problem.waiting[table.chosen.patients[block][0]]
        at = int(table.chosen.column[block])
        to = self._codes[at]
        decided = block >= table.decided_from
        return Line(
            patient=one.id,
            to=to,
            drive=self._problem.drives.get((one.origin, to)),
            travel=self._travel(one, to),
            call_first=self.call_first(one, to),
            nearer=nearer,
            next_two=tuple(self._choice(table, block, column) for column in best),
            decided=decided,
            moved_from=one.proposed if one.proposed not in {"", to} else "",
            because=self._because(table, block, decided=decided),
        )

    def _travel(self, one: Waiting, to: str) -> float:
        policy = self._problem.policy
        weight = policy.weights[one.acuity]
        if to == STAY:
            return weight * policy.stay
        drive = self._problem.drives.get((one.origin, to))
        minutes = drive.minutes if drive else policy.drive_when_unknown
        return weight * (minutes + policy.handover)

    def _choice(self, table: KindTable, block: int, column: int) -> Choice:
        one = self._problem.waiting[table.chosen.patients[block][0]]
        to = self._codes[column]
        regret = int(table.regrets[block, column])
        return Choice(
            to=to,
            regret=None if regret >= NEVER else regret / SCALE,
            drive=self._problem.drives.get((one.origin, to)),
            call_first=self.call_first(one, to),
            because=self._excluded(one, column) if regret >= NEVER else "",
        )

    def call_first(self, one: Waiting, to: str) -> tuple[str, ...]:
        """Return what is not known for sure of a receiver that this patient needs."""
        if to == STAY:
            return ()
        key = (one.origin, to, one.bed, one.needs)
        if key not in self._calls:
            told = unsure(self._problem.receivers[self._column[to]], one)
            known = (one.origin, to) in self._problem.drives
            self._calls[key] = told if known else (*told, "drive time: not known")
        return self._calls[key]

    def of(self, patient: str) -> tuple[Choice, ...]:
        """Return every choice of a patient, best first, then what cannot be. Raises KeyError."""
        at, block = self._block[patient]
        table = self._tables[at]
        order = np.argsort(table.regrets[block], kind="stable").tolist()
        return tuple(self._choice(table, block, column) for column in order)

    def _excluded(self, one: Waiting, column: int) -> str:
        return excluded(self._problem, one, column) or f"no {one.bed} bed free"

    def _because(self, table: KindTable, block: int, *, decided: bool) -> str:
        one = self._problem.waiting[table.chosen.patients[block][0]]
        at = int(table.chosen.column[block])
        if decided:
            return self._doubt(table, one, at)
        if self._codes[at] != STAY:
            return ""
        return self._stays(table, block, one)

    def _doubt(self, table: KindTable, one: Waiting, at: int) -> str:
        """Return what speaks against what a person decided; it is done all the same."""
        if self._codes[at] == STAY:
            return ""
        if told := excluded(self._problem, one, at):
            return told
        decided = table.chosen.column[table.decided_from :]
        here = int((decided == at).sum())
        free = int(table.free[at])
        return f"{here} decided for {free} free beds" if here > free else ""

    def _stays(self, table: KindTable, block: int, one: Waiting) -> str:
        costs = table.chosen.costs[block][:-1]
        if not (costs < NEVER).any():
            return _nobody(self._problem, one)
        with_room = (costs < NEVER) & (table.free > 0)
        if not with_room.any():
            return f"no free {one.bed} bed at the {int((costs < NEVER).sum())} that could take them"
        if int(costs[with_room].min()) >= int(table.chosen.costs[block][-1]):
            return "every way to a bed counts more than staying"
        return f"the {int(table.free[with_room].sum())} {one.bed} beds there are go to others"


def _best(table: KindTable, rows: Ints) -> list[list[int]]:
    """Return for each block the columns of the least regret beside its own, that can be."""
    others = table.regrets.copy()
    others[rows, table.chosen.column] = NEVER
    order = np.argsort(others, axis=1, kind="stable")[:, :NEXT]
    able = np.take_along_axis(others, order, axis=1) < NEVER
    return [
        [column for column, can in zip(columns, cans, strict=True) if can]
        for columns, cans in zip(order.tolist(), able.tolist(), strict=True)
    ]


def _of(like: Line, one: Waiting) -> Line:
    if one.id == like.patient:
        return like
    moved = one.proposed if one.proposed not in {"", like.to} else ""
    return Line(
        patient=one.id,
        to=like.to,
        drive=like.drive,
        travel=like.travel,
        call_first=like.call_first,
        nearer=like.nearer,
        next_two=like.next_two,
        decided=like.decided,
        moved_from=moved,
        because=like.because,
    )


def unsure(receiver: Receiver, one: Waiting) -> tuple[str, ...]:
    """Return what has to be asked by telephone before this patient is sent there."""
    asked = {
        "whether it takes transfers": receiver.takes,
        f"{one.bed} beds": of_bed(receiver, one.bed),
    }
    asked |= {need: of_need(receiver, need) for need in one.needs}
    words = {Known.UNKNOWN: "not known", Known.CONTRADICTORY: "sources contradict each other"}
    return tuple(f"{what}: {words[known]}" for what, known in asked.items() if known in words)


def excluded(problem: TransferProblem, one: Waiting, column: int) -> str:
    """Return the rule that rules a receiver out for a patient; "" where none does."""
    if column == len(problem.receivers):
        return ""
    receiver = problem.receivers[column]
    reasons: Mapping[str, bool] = {
        "they are there": receiver.code == one.origin,
        receiver.because or "closed to transfers": receiver.takes is Known.NO,
        f"has no {one.bed} beds": of_bed(receiver, one.bed) is Known.NO,
        **{f"cannot do {need}": of_need(receiver, need) is Known.NO for need in one.needs},
        **{ban.because: ban.receiver == receiver.code for ban in one.bans},
    }
    return next((because for because, holds in reasons.items() if holds), "")


def _nobody(problem: TransferProblem, one: Waiting) -> str:
    """Return why no receiver at all can take somebody: the reason met most often."""
    told = [excluded(problem, one, at) for at in range(len(problem.receivers))]
    counted = sorted(
        {because: told.count(because) for because in told}.items(), key=lambda x: -x[1]
    )
    return (
        "; ".join(f"{count}: {because}" for because, count in counted[:3]) or "no receiver is known"
    )
