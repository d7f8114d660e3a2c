"""The folder of a log: readable by the node's own account only, written by one process."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import apsw

from wardlight.log.contract import LogInUse
from wardlight.record.problems import Problem, Retry

if TYPE_CHECKING:
    from pathlib import Path

STORE = "log.db"
WAL = STORE + "-wal"
RESERVE = "reserve"
RESERVE_BYTES = 256 * 2**10  # what SQLite needs to open a log when the disk has no byte left
_COPY_BYTES = 2**20
_WRITER = "writer.lock"


def prepare(folder: Path) -> None:
    """Create what is missing of a log's folder, closed to other accounts (0700, files 0600)."""
    new = not folder.exists()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name in (STORE, _WRITER):
        create_private(folder / name)
    _sync_folder(folder)
    if new:
        _sync_folder(folder.parent)


def hold(folder: Path) -> apsw.Connection:
    """Become the folder's one writer until the returned connection is closed.

    The lock is SQLite's own exclusive lock on an empty file, so it works wherever SQLite
    does and is gone the moment the process is. Raises LogInUse.
    """
    lock = apsw.Connection(str(folder / _WRITER))
    try:
        lock.execute("PRAGMA journal_mode = MEMORY").fetchall()  # nothing is ever written
        lock.execute("BEGIN EXCLUSIVE")
    except apsw.BusyError as busy:
        lock.close()
        because = "another Wardlight process is writing this log; stop it first"
        raise LogInUse(Problem("log.in-use", str(folder), because, Retry.LATER)) from busy
    return lock


def make_durable(folder: Path) -> None:
    """Write the WAL over itself and sync it before anything is appended behind it.

    After a failed sync Linux shows from its cache what never reached the disk (Rebello et al.,
    USENIX ATC 2020). What is written behind that would be lost with it; a mere second sync
    does nothing, for the pages count as clean.
    """
    if not (folder / WAL).exists():
        return
    handle = os.open(folder / WAL, os.O_RDWR)
    try:
        at = 0
        while part := os.pread(handle, _COPY_BYTES, at):
            os.pwrite(handle, part, at)
            at += len(part)
        os.fsync(handle)
    finally:
        os.close(handle)


def keep_reserve(folder: Path) -> None:
    """Hold some room of the disk for the next start; a full disk has none and that is no fault."""
    create_private(folder / RESERVE)
    with suppress(OSError), (folder / RESERVE).open("r+b") as file:
        os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)


def release_reserve(folder: Path) -> bool:
    """Give the reserve up; say whether there was any."""
    path = folder / RESERVE
    held = path.exists() and path.stat().st_blocks > 0
    if held:
        os.truncate(path, 0)
    return held


def create_private(path: Path) -> None:
    """Create an empty file only this account can read; SQLite gives its WAL the same mode."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: a synced file without its name is lost all the same."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
