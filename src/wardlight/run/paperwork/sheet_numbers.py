"""Serials for sheets of paper, never given twice: not after a crash, a restore or a lost file.

A small file beside the log says how far each lane has come; it is on disk before a serial leaves
the node, and locked, so that `wardlight pack` beside a running node takes others. Serials also
never fall behind the clock: 16 for each second since 2026. So a lane whose file is lost, or that
came back from a backup, goes on beyond everything it can have printed.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import DecodeError, ValidationError, json

from wardlight.log.keys import Keys
from wardlight.paper.sheet_codes import PrintRun, Seal
from wardlight.record.instants import Clock, Instant
from wardlight.record.sheet_serial import NUMBERS, lane_of, serial_of
from wardlight.run.keeping.private_files import write_private

FILE = "sheets.json"
LOCK = "sheets.lock"
A_SECOND = 16  # serials; a site of 130 beds prints 1 in 3 seconds when packs are renewed
BEGAN = Instant(1_767_225_600_000)  # 2026-01-01T00:00Z


class SheetNumbers:
    """What gives serials to print jobs of a node."""

    def __init__(self, folder: Path, keys: Keys, clock: Clock) -> None:
        self._folder = folder
        self._key = keys.sheets()
        self._clock = clock
        self.seal = Seal(self._key)

    def begin(self, site: str, count: int, *, drill: bool = False) -> PrintRun:
        """Return a run of `count` serials that no other print job will ever have.

        Raises OSError when that could not be put on disk; then nothing may be printed with them.
        """
        assert count > 0, "a print job has a sheet"
        lane = lane_of(self._key, site)
        with self._locked():
            after = self._read()
            floor = max(0, self._clock() - BEGAN) * A_SECOND // 1_000
            first = max(after.get(str(lane), 0), floor)
            assert first + count <= NUMBERS, "a lane lasts until 2094"
            after[str(lane)] = first + count
            write_private(self._folder / FILE, json.encode(after))
        return PrintRun(serial_of(lane, first), self.seal, drill=drill)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        handle = os.open(self._folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _read(self) -> dict[str, int]:
        """Return where each lane goes on; nothing for a file that is not there or cannot be."""
        try:
            return json.decode((self._folder / FILE).read_bytes(), type=dict[str, int])
        except (FileNotFoundError, DecodeError, ValidationError):
            return {}
