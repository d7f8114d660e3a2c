"""P4: a full disk loses nothing, stops no reading, and is over as soon as there is room again."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.contracts.log_contract import draft
from tests.durability.sizes import MARKS, chance, size
from tests.durability.store import KEYS, broken_promise, opened, promised, some_drafts

from wardlight.feeds.intake import Intake
from wardlight.log import sqlite
from wardlight.log.contract import LogFull
from wardlight.log.sqlite_reader import open_reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

    from tests.durability.conftest import NewTrial
    from tests.durability.store import Promised

    from wardlight.log.sqlite import SqliteLog
    from wardlight.record.entry import Entry
    from wardlight.record.problems import Problem

pytestmark = MARKS
DISK_BYTES = 8 * 2**20
BALLAST = "ballast"
# Room left: none, part of a page, a page, some pages, more than a checkpoint wants.
ROOMS = (0, 4_096, 16_384, 20_480, 65_536, 262_144, 1_048_576)
WAL_PAGES = (3, 40, 1_024)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a small file system in memory, and take it away whatever happens."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or mount is None or umount is None:
        pytest.skip("only root may mount a small file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    options = f"size={DISK_BYTES}"
    mounted = subprocess.run(  # noqa: S603 -- the system's own mount
        [mount, "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False, timeout=10
    )
    if mounted.returncode != 0:
        pytest.skip("no file system may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run([umount, "--lazy", str(folder)], check=True, timeout=10)  # noqa: S603 -- as above


def fill(disk: Path, room: int) -> None:
    """Leave just so much room on the disk."""
    free = shutil.disk_usage(disk).free
    with (disk / BALLAST).open("wb") as ballast:
        os.posix_fallocate(ballast.fileno(), 0, max(1, free - room))


def make_room(disk: Path) -> None:
    (disk / BALLAST).unlink()


def until_full(log: SqliteLog, dice: Random) -> tuple[list[Promised], int]:
    """Append until the disk is full; return what was promised and how far the log had come."""
    said: list[Promised] = []
    last = log.head().position
    for _ in range(10_000):
        try:
            said += promised(log.append(some_drafts(dice)))
        except LogFull:
            return said, last
        last = log.head().position
    pytest.fail("the disk was never full")


def wrong_on_a_full_disk(disk: Path, dice: Random, key: bytes | None) -> str:
    """Fill the disk twice under an open log; return what was wrong, in words."""
    log = opened(disk / "log", key=key)
    said = promised(log.append(some_drafts(dice)))
    wrong = ""
    for _ in range(2):
        fill(disk, dice.choice(ROOMS))
        more, last = until_full(log, dice)
        said += more
        if log.head().position != last:
            wrong = wrong or "full, but something of the batch is there"
        wrong = wrong or broken_promise(log, said)  # reads everything, on the full disk
        make_room(disk)
        said += promised(log.append(some_drafts(dice)))  # as it is open
    log.close()
    log = opened(disk / "log", key=key)
    wrong = wrong or broken_promise(log, said)
    log.close()
    shutil.rmtree(disk / "log")
    return wrong


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_full_disk_loses_nothing_and_is_over_when_there_is_room(
    disk: Path, new_trial: NewTrial, monkeypatch: pytest.MonkeyPatch, key: bytes | None
) -> None:
    trial = new_trial("P4", size("full disks", short=150, long=5_000))
    for number in range(trial.n):
        dice = chance("full disk", number)
        monkeypatch.setattr(sqlite, "WAL_PAGES", dice.choice(WAL_PAGES))
        wrong = wrong_on_a_full_disk(disk, dice, key)
        trial.check(not wrong, f"{number}: {wrong}")
    assert trial.violations == []


class Told:
    """The sender's and the node's side of an intake: what they were told."""

    def __init__(self) -> None:
        self.kept: list[Entry | None] = []
        self.folded: list[Entry] = []
        self.broken: list[Problem] = []

    def apply(self, entry: Entry) -> None:
        self.folded.append(entry)


def test_a_sender_keeps_its_message_while_the_disk_is_full(disk: Path) -> None:
    log = opened(disk / "log", key=None)
    told = Told()
    loop = asyncio.new_event_loop()
    intake = Intake(log, told, loop=loop, broken=told.broken.append)
    fill(disk, 0)
    until_full(log, chance("intake"))
    intake.submit(draft(bytes(100_000)), told.kept.append)
    intake.flush()
    assert told.kept == [None]
    assert intake.full is not None
    make_room(disk)
    intake.submit(draft(bytes(100_000)), told.kept.append)
    intake.flush()
    intake.fold()
    assert told.kept[1:] == told.folded == log.fetch([log.head().position])
    assert intake.full is None
    assert told.broken == []
    loop.close()
    log.close()


def test_charts_are_read_by_another_process_while_the_disk_is_full(disk: Path) -> None:
    log = opened(disk / "log", key=None)
    said = promised(log.append([draft(), draft()]))
    fill(disk, 0)
    reader = open_reader(disk / "log")
    assert [entry.chain for entry in reader.read(0, 10)] == [each.chain for each in said]
    reader.close()
    log.close()


def test_a_node_that_was_stopped_opens_its_log_on_a_full_disk(disk: Path) -> None:
    log = opened(disk / "log", key=None)
    said = promised(log.append([draft(), draft()]))
    log.close()
    fill(disk, 0)
    log = opened(disk / "log", key=None)
    assert broken_promise(log, said) == ""
    log.close()
