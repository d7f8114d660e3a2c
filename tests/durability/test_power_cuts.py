"""P2: no acknowledged entry is lost when the power is cut, at any write, with any part written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import apsw
import msgspec
import pytest
from tests.durability.power import Disk, Op, Recorder, lay_out, recorder
from tests.durability.sizes import MARKS, chance, size
from tests.durability.store import (
    KEYS,
    Promised,
    broken_after_reopening,
    opened,
    promised,
    some_drafts,
)
from tests.durability.watched import watch

from wardlight.log import schema, sqlite
from wardlight.log.contract import LogBroken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

    from tests.durability.conftest import NewTrial

    from wardlight.log.sqlite import SqliteLog

pytestmark = MARKS
APPENDS = 30
IMAGES_OF_ONE_RECORDING = 250
WAL_PAGES = (3, 8, 40)  # small, so that the WAL is brought into the database and begun anew often


class Recording(msgspec.Struct):
    """What the disk was asked, and which entries were promised after how many ops."""

    start: dict[str, bytes]
    earlier: list[Promised]  # promised before the recording began
    ops: list[Op]
    acknowledged: list[tuple[int, Promised]]


class Cut(msgspec.Struct, frozen=True):
    """A disk after a power cut, and what must be on it."""

    files: dict[str, bytes]
    promises: list[Promised]


NOTHING = Cut({}, [])


class Writer:
    """A node that appends on a recorded disk."""

    def __init__(self, disk: Recorder, folder: Path, cut: Cut, key: bytes | None) -> None:
        lay_out(cut.files, folder)
        self._disk, self._folder, self._key = disk, folder, key
        self.recording = Recording(dict(cut.files), cut.promises, disk.ops, [])
        self.log = self._open()

    def _open(self) -> SqliteLog:
        return opened(self._folder, key=self._key, vfs=self._disk.name)

    def append(self, dice: Random) -> None:
        entries = self.log.append(some_drafts(dice, bytes_max=4_000))
        after = len(self._disk.ops)
        self.recording.acknowledged += [(after, said) for said in promised(entries)]

    def restart(self) -> None:
        self.log.close()
        self.log = self._open()


def recorded(folder: Path, cut: Cut, dice: Random, key: bytes | None) -> Recording:
    """Have a node go on from a cut, now and then restarted, and return what was recorded."""
    writer = Writer(recorder().begin(), folder, cut, key)
    for _ in range(APPENDS):
        if dice.random() < 0.05:
            writer.restart()
        writer.append(dice)
    writer.log.close()
    return writer.recording


def cuts(recording: Recording, number: int, dice: Random) -> Iterator[Cut]:
    """Give so many power cuts, at moments spread over the recording."""
    disk = Disk(recording.start)
    done = 0
    for moment in sorted(dice.randint(0, len(recording.ops)) for _ in range(number)):
        for op in recording.ops[done:moment]:
            disk.take(op)
        done = moment
        said = [promise for after, promise in recording.acknowledged if after <= moment]
        yield Cut(disk.after_a_power_cut(dice), recording.earlier + said)


def broken_by_power_cuts(scratch: Path, images: int, *, key: bytes | None) -> Iterator[str]:
    """Give which promise each of the images breaks; a new recording goes on from a cut."""
    last = NOTHING
    for first in range(0, images, IMAGES_OF_ONE_RECORDING):
        dice = chance("power", first)
        sqlite.WAL_PAGES = dice.choice(WAL_PAGES)
        # A long log would only make each image slower, so every third begins a new one.
        start = NOTHING if first % (3 * IMAGES_OF_ONE_RECORDING) == 0 else last
        recording = recorded(scratch / "live", start, dice, key)
        whole = NOTHING
        for cut in cuts(recording, min(IMAGES_OF_ONE_RECORDING, images - first), dice):
            lay_out(cut.files, scratch / "image")
            broken = broken_after_reopening(scratch / "image", cut.promises, key=key)
            whole = whole if broken else cut
            yield broken and f"recording {first}: {broken}"
        last = whole


@pytest.fixture(autouse=True)
def _recorded(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch(recorder(), scratch / "live", monkeypatch)
    monkeypatch.setattr(sqlite, "WAL_PAGES", sqlite.WAL_PAGES)  # put back when the test ends


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_no_promised_entry_is_lost_by_a_power_cut_at_any_write(
    scratch: Path, new_trial: NewTrial, key: bytes | None
) -> None:
    trial = new_trial("P2", size("power cuts", short=3_000, long=200_000))
    for broken in broken_by_power_cuts(scratch, trial.n, key=key):
        trial.check(not broken, broken)
    assert trial.violations == []


@pytest.mark.parametrize("level", ["OFF", "NORMAL"])
def test_a_log_that_does_not_sync_each_commit_is_found_out(
    scratch: Path, new_trial: NewTrial, monkeypatch: pytest.MonkeyPatch, level: str
) -> None:
    def lax(folder: Path, **how: Any) -> apsw.Connection:
        connection = schema.connect(folder, **how)
        connection.execute(f"PRAGMA synchronous = {level}")
        return connection

    monkeypatch.setattr(sqlite, "connect", lax)
    trial = new_trial("P29", size("lax power cuts", short=500, long=2_000))
    for broken in broken_by_power_cuts(scratch, trial.n, key=None):
        trial.check(not broken, broken)
    assert len(trial.violations) > trial.n // 10


def recorded_with_a_failed_sync(folder: Path, dice: Random) -> Recording:
    """Have one sync fail, the node restarted as it must be, and more appended."""
    disk = recorder().begin()
    writer = Writer(disk, folder, NOTHING, None)
    for _ in range(dice.randint(1, 6)):
        writer.append(dice)
    disk.sync_fails = True
    with pytest.raises(LogBroken):
        writer.append(dice)
    disk.sync_fails = False
    writer.restart()
    for _ in range(dice.randint(1, 6)):
        writer.append(dice)
    writer.log.close()
    return writer.recording


def test_no_promised_entry_is_lost_by_a_power_cut_after_a_failed_sync_and_a_restart(
    scratch: Path, new_trial: NewTrial
) -> None:
    trial = new_trial("P3", size("failed syncs", short=300, long=20_000))
    for number in range(trial.n):
        dice = chance("failed sync", number)
        sqlite.WAL_PAGES = dice.choice(WAL_PAGES)
        recording = recorded_with_a_failed_sync(scratch / "live", dice)
        for cut in cuts(recording, 1, dice):
            lay_out(cut.files, scratch / "image")
            broken = broken_after_reopening(scratch / "image", cut.promises, key=None)
            trial.check(not broken, f"{number}: {broken}")
    assert trial.violations == []


def test_a_damaged_row_that_reads_as_nothing_is_refused_in_words(scratch: Path) -> None:
    log = opened(scratch, key=None)
    log.append(some_drafts(chance("damaged row")))
    log.close()
    for sql in (
        "UPDATE sqlite_schema SET sql = replace(sql, 'body BLOB NOT NULL', 'body BLOB')",
        "UPDATE entry SET body = NULL",
    ):
        connection = apsw.Connection(str(scratch / "log.db"))
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(sql)
        connection.close()
    with pytest.raises(LogBroken):
        opened(scratch, key=None)
