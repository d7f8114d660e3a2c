"""A disk whose power can be cut: what was written and synced, and what is left of it after.

A write is durable when its file has been synced, a deletion when its folder has. Of what was not
synced any part may be on the disk: nothing, all of it, or some of its sectors of 512 bytes, in any
order. The disk lies below the encryption, so what is recorded is what a thief would find.
"""

from __future__ import annotations

from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import apsw

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from random import Random
    from typing import Self

SECTOR = 512
JOURNALS = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL
SHARED_MEMORY = "-shm"  # the index of the WAL: rebuilt at the first opening after a power cut


class Kind(Enum):
    """What can be asked of a disk."""

    WRITE = auto()
    TRUNCATE = auto()
    SYNC = auto()
    FAILED_SYNC = auto()
    DELETE = auto()
    FOLDER_SYNC = auto()


class Op(NamedTuple):
    """One thing asked of one file."""

    file: str
    kind: Kind
    at: int = 0
    data: bytes = b""


class Recorder(apsw.VFS):
    """SQLite's disk, writing down all that is asked of it."""

    def __init__(self) -> None:
        super().__init__("recorder", base="unix")
        self.name = "multipleciphers-recorder"
        self.ops: list[Op] = []
        self.sync_fails = False

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 -- SQLite's name
        return _File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802 -- SQLite's name
        super().xDelete(filename, syncdir)
        file = _short(filename)
        self.ops.append(Op(file, Kind.DELETE))
        if syncdir:
            self.ops.append(Op("", Kind.FOLDER_SYNC))

    def begin(self) -> Self:
        """Forget what was recorded, and work."""
        self.ops = []
        self.sync_fails = False
        return self


@cache
def recorder() -> Recorder:
    """Return this process's recorder: what encrypts above it is never unregistered."""
    return Recorder()


class _File(apsw.VFSFile):
    def __init__(
        self, disk: Recorder, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> None:
        super().__init__("unix", name, flags)
        # As in SQLite's os_unix.c: the first sync of a new journal or WAL syncs its name as well.
        self._syncs_folder = bool(flags[0] & apsw.SQLITE_OPEN_CREATE and flags[0] & JOURNALS)
        self._disk = disk
        self._name = _short(name.filename() if isinstance(name, apsw.URIFilename) else str(name))

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 -- SQLite's name
        super().xWrite(data, offset)
        self._disk.ops.append(Op(self._name, Kind.WRITE, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 -- SQLite's name
        super().xTruncate(newsize)
        self._disk.ops.append(Op(self._name, Kind.TRUNCATE, newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802 -- SQLite's name
        if self._disk.sync_fails:
            self._disk.ops.append(Op(self._name, Kind.FAILED_SYNC))
            raise apsw.IOError
        super().xSync(flags)
        self._disk.ops.append(Op(self._name, Kind.SYNC))
        if self._syncs_folder:
            self._disk.ops.append(Op("", Kind.FOLDER_SYNC))
            self._syncs_folder = False


def _short(path: str) -> str:
    return path.rpartition("/")[2]


class Disk:
    """What is surely on a disk, and what may be."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._synced = {name: bytearray(content) for name, content in files.items()}
        self._unsynced: dict[str, list[Op]] = {}

    def take(self, op: Op) -> None:
        """Take the next recorded op."""
        if op.kind is Kind.SYNC:
            for earlier in self._unsynced.pop(op.file, ()):
                _apply(self._synced, earlier)
        elif op.kind is Kind.FAILED_SYNC:
            # Linux drops what it could not write and calls it clean: no later sync brings it back.
            self._unsynced.pop(op.file, None)
        elif op.kind is Kind.FOLDER_SYNC:
            self._settle_names()
        else:
            self._unsynced.setdefault(op.file, []).append(op)

    def _settle_names(self) -> None:
        for file, ops in self._unsynced.items():
            deleted = [number for number, op in enumerate(ops) if op.kind is Kind.DELETE]
            if deleted:
                self._synced.pop(file, None)
                del ops[: deleted[-1] + 1]

    def after_a_power_cut(self, dice: Random) -> dict[str, bytes]:
        """Return the files as they may be found when the power is back."""
        files = {name: bytearray(content) for name, content in self._synced.items()}
        for ops in self._unsynced.values():
            for op in _survivors(ops, dice):
                _apply(files, op)
        return {name: bytes(content) for name, content in files.items()}


def _survivors(ops: Iterable[Op], dice: Random) -> Iterable[Op]:
    whole = dice.choice((0.0, 0.5, 1.0, 1.0))  # how many of the ops reached the disk at all
    sectors = dice.choice((0.7, 1.0))  # … and how much of each write
    for op in ops:
        if op.kind is Kind.DELETE:
            if dice.random() >= whole:
                return  # the old file is there, and what was meant for the new one is not
            yield op
        elif whole == 1.0 or dice.random() < whole:
            yield from _torn(op, dice, sectors) if op.kind is Kind.WRITE else (op,)


def _torn(op: Op, dice: Random, sectors: float) -> Iterable[Op]:
    if sectors == 1.0:
        yield op
        return
    at, end = op.at, op.at + len(op.data)
    while at < end:
        until = min(end, at - at % SECTOR + SECTOR)
        if dice.random() < sectors:
            yield Op(op.file, Kind.WRITE, at, op.data[at - op.at : until - op.at])
        at = until


def _apply(files: dict[str, bytearray], op: Op) -> None:
    if op.kind is Kind.DELETE:
        files.pop(op.file, None)
        return
    content = files.setdefault(op.file, bytearray())
    if op.kind is Kind.TRUNCATE:
        del content[op.at :]
        return
    content.extend(bytes(max(0, op.at - len(content))))
    content[op.at : op.at + len(op.data)] = op.data


def lay_out(files: Mapping[str, bytes], folder: Path) -> None:
    """Make `folder` hold these files and nothing else."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if path.name not in files:
            path.unlink()
    for name, content in files.items():
        if not name.endswith(SHARED_MEMORY):
            (folder / name).write_bytes(content)
