"""What the screen of scans shows and can be asked; the node's own is run/paperwork/scan_room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from msgspec import Struct

from wardlight.record.instants import Instant
from wardlight.record.problems import Problem
from wardlight.record.sheet_serial import SheetSerial
from wardlight.rules.asking import Author
from wardlight.views.paperwork.sheets import IssuedSheet


class FileRow(Struct, frozen=True, kw_only=True):
    """One file that came in, and how far it is."""

    id: str
    at: Instant
    by: str
    source: str
    pages: int = 0
    filed: int = 0
    unmatched: int = 0
    done: bool = False
    because: str = ""  # why it could not be read to its end


class ScanRoom(Protocol):
    """Where scanned pages are taken in and kept."""

    async def take(self, site: str, body: bytes, *, source: str, by: Author) -> Problem | None:
        """Take a file in; it is on disk when this returns None."""

    async def printed_past(
        self, serials: Iterable[SheetSerial]
    ) -> Mapping[SheetSerial, IssuedSheet]:
        """Return the sheets of packs that were printed past the node; nothing is written."""

    async def know(self, serials: Iterable[SheetSerial], by: Author) -> None:
        """Issue the packs that were printed past the node, once a sheet of them is named."""

    def files(self, site: str) -> tuple[FileRow, ...]:
        """Return the files that came in lately, newest first."""

    def image(self, digest: str) -> bytes | None:
        """Return the picture of a page as JPEG; None when it is gone or was altered."""
