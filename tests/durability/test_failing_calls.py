"""P3: whichever call to the disk fails, nothing is acknowledged that is not there."""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from typing import TYPE_CHECKING

import apsw
import msgspec
import pytest
from tests.durability.failing import FULL_FAULTS, FailingDisk, Fault, failing_disk
from tests.durability.power import lay_out
from tests.durability.sizes import MARKS, chance, size
from tests.durability.store import (
    KEYS,
    Promised,
    broken_after_reopening,
    closed,
    opened,
    promised,
    some_drafts,
)

from wardlight.log import sqlite
from wardlight.log.contract import LogBroken, LogFull
from wardlight.log.sqlite import SqliteLog
from wardlight.record.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.durability.conftest import NewTrial

    from wardlight.record.entry import Draft

pytestmark = MARKS


class Script(msgspec.Struct):
    """A short life of a log: opened, appended to, closed."""

    folder: Path
    key: bytes | None
    batches: list[list[Draft]]


class Outcome(msgspec.Struct):
    """What a node was told while one call failed."""

    promises: list[Promised] = []
    wrongs: list[str] = []
    broken: bool = False

    def wrong(self, when: bool, what: str) -> None:  # noqa: FBT001 -- reads like assert
        if when:
            self.wrongs.append(what)


def scripts(folder: Path, key: bytes | None, number: int) -> list[Script]:
    """Return scripts of different batches; every append brings the WAL into the database."""
    lengths = size("failing appends", short=8, long=12)
    dice = [chance("script", each) for each in range(number)]
    return [Script(folder, key, [some_drafts(die) for _ in range(lengths)]) for die in dice]


def lived(script: Script, disk: FailingDisk) -> Outcome:
    """Play a script on a disk on which one call fails, as a careful node would."""
    lay_out({}, script.folder)
    outcome = Outcome()
    try:
        log = opened(script.folder, key=script.key, vfs=disk.name)
    except LogBroken:
        return outcome
    except apsw.Error:
        # A disk made in Python is heard of once more when the log, refused, is closed.
        outcome.wrong(not disk.lasting, "not refused in words")
        return outcome
    for batch in script.batches:
        append(log, batch, disk, outcome)
    if disk.lasting:
        disk.begin(disk.fault, None)
    closed(log)
    return outcome


def append(log: SqliteLog, batch: list[Draft], disk: FailingDisk, outcome: Outcome) -> None:
    """Append one batch, once more when a full disk has room again."""
    failed_before = disk.failed
    last = position(log)
    try:
        entries = log.append(batch)
    except LogFull:
        outcome.wrong(disk.fault not in FULL_FAULTS, "called full, but it was not")
        outcome.wrong(position(log) != last, "full, but something of the batch is there")
        if disk.lasting:
            return
        entries = log.append(batch)
    except LogBroken:
        outcome.broken = True
        return
    outcome.wrong(outcome.broken, "appended after it had broken")
    synced = disk.failed and not failed_before and disk.fault is Fault.SYNC
    outcome.wrong(synced, "acknowledged though a sync had failed")
    outcome.promises += promised(entries)


def position(log: SqliteLog) -> int | None:
    """Return how far the log has come; None when the disk does not let it be read."""
    for _ in range(2):  # one read that fails is worth a second try
        with suppress(LogBroken):
            return log.head().position
    return None


def calls_of(script: Script, fault: Fault) -> int:
    """Return how many calls there are that can fail so."""
    disk = failing_disk().begin(fault, None)
    outcome = lived(script, disk)
    assert len(outcome.promises) == sum(map(len, script.batches))
    return disk.calls


def wrongs_of_every_call(script: Script, fault: Fault, *, lasting: bool) -> Iterator[str]:
    """Have each call that can fail so fail in its turn, and give what was wrong then."""
    calls = calls_of(script, fault)
    assert calls > 0, "nothing of this kind was ever called"
    for nth in range(1, calls + 1):
        outcome = lived(script, failing_disk().begin(fault, nth, lasting=lasting))
        lost = broken_after_reopening(script.folder, outcome.promises, key=script.key)
        wrongs = [wrong for wrong in (*outcome.wrongs, lost) if wrong]
        yield f"{fault}, {lasting=}, call {nth} of {calls}: {wrongs}" if wrongs else ""


@pytest.fixture(autouse=True)
def _checkpoint_at_each_append(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "WAL_PAGES", 3)


# A connection that could not even be set up is heard of when it is collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_whichever_call_fails_nothing_is_acknowledged_that_is_not_there(
    scratch: Path, new_trial: NewTrial, key: bytes | None
) -> None:
    trial = new_trial("P3", 0)
    number = size("failing scripts", short=1, long=60)
    ways = product(scripts(scratch / "log", key, number), Fault, (False, True))
    for script, fault, lasting in ways:
        for wrong in wrongs_of_every_call(script, fault, lasting=lasting):
            trial.n += 1
            trial.check(not wrong, wrong)
    assert trial.violations == []


def test_a_log_that_goes_on_after_a_failed_sync_is_found_out(
    scratch: Path, new_trial: NewTrial, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = Problem("log.broken", "here", "the sync failed, but who minds")
    monkeypatch.setattr(SqliteLog, "_stop", lambda _log, _error: problem)
    trial = new_trial("P29", 0)
    script = scripts(scratch / "log", None, 1)[0]
    for wrong in wrongs_of_every_call(script, Fault.SYNC, lasting=False):
        trial.n += 1
        trial.check(not wrong, wrong)
    assert len(trial.violations) > trial.n // 4
