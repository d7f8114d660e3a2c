"""What the product writes beside SQLite, recorded on the same disk.

Seen are os.write, os.pwrite, os.fsync and os.fdatasync. A file written in another way is not on
the disk after a power cut: the tests then find too much, never too little.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tests.durability.power import Kind, Op, Recorder

if TYPE_CHECKING:
    import pytest

_write, _pwrite, _fsync = os.write, os.pwrite, os.fsync


class Watched:
    """The calls that take the place of the system's own, for one folder."""

    def __init__(self, disk: Recorder, folder: Path) -> None:
        self._disk = disk
        self._folder = folder

    def write(self, handle: int, data: bytes) -> int:
        """As os.write: at the file's own place."""
        written = _write(handle, data)
        if self._file(handle):
            at = os.lseek(handle, 0, os.SEEK_CUR) - written
            self._note(Op(self._file(handle), Kind.WRITE, at, bytes(data)[:written]))
        return written

    def pwrite(self, handle: int, data: bytes, at: int) -> int:
        """As os.pwrite."""
        written = _pwrite(handle, data, at)
        self._note(Op(self._file(handle), Kind.WRITE, at, bytes(data)[:written]))
        return written

    def fsync(self, handle: int) -> None:
        """As os.fsync, of a file or of the folder itself."""
        _fsync(handle)
        if _path(handle) == self._folder:
            self._disk.ops.append(Op("", Kind.FOLDER_SYNC))
        self._note(Op(self._file(handle), Kind.SYNC))

    def _file(self, handle: int) -> str:
        path = _path(handle)
        return path.name if path.parent == self._folder else ""

    def _note(self, op: Op) -> None:
        if op.file:
            self._disk.ops.append(op)


def _path(handle: int) -> Path:
    return Path(f"/proc/self/fd/{handle}").readlink()


def watch(disk: Recorder, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have `disk` also record what is written in `folder` without SQLite, while the test runs."""
    watched = Watched(disk, folder)
    monkeypatch.setattr(os, "write", watched.write)
    monkeypatch.setattr(os, "pwrite", watched.pwrite)
    monkeypatch.setattr(os, "fsync", watched.fsync)
    monkeypatch.setattr(os, "fdatasync", watched.fsync)
