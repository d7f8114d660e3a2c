"""Sheets of packs on disk: not issued, because nobody may ever print them, and not unknown.

Each time packs are renewed, one sealed file says which serials they hold and whose. When a pack is
taken from the node, its sheets are issued in the log. One that was printed from the disk or a stick
is known again when its first sheet comes back.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import DecodeError, Struct, ValidationError, json

from wardlight.log.sealed import SealError, seal, unseal
from wardlight.record.events.paperwork import SheetsIssued
from wardlight.record.instants import DAY, Instant
from wardlight.record.sheet_serial import SheetSerial
from wardlight.run.keeping.private_files import write_private
from wardlight.views.paperwork.sheets import place_in

FOLDER = "sheets"
ENDING = ".sheets"
PURPOSE = "sheets.reserved"
KEEP_DAYS = 60  # four weeks of recovery, and as much again
LOOKED_BACK = 8  # files: `wardlight pack` may take serials between two of a node


class Reserved(Struct, frozen=True):
    """The sheets of one pack on disk, as they are issued when somebody takes it."""

    site: str
    said: SheetsIssued
    drill: bool = False

    def holds(self, serial: SheetSerial) -> bool:
        """Return whether a serial is one of these."""
        return place_in(self.said, serial) is not None


class ReservedSheets:
    """The files of one node."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder / FOLDER
        self._key = key

    def keep(self, packs: Sequence[Reserved]) -> None:
        """Write down what the packs of one renewal hold, before anybody can print the last of them.

        Raises OSError.
        """
        if not packs:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = packs[0].said.runs[0].first
        write_private(
            self._folder / f"{name}{ENDING}", seal(json.encode(packs), PURPOSE, self._key)
        )

    def find(self, serial: SheetSerial) -> Reserved | None:
        """Return the pack a sheet was printed with; None when no file of this node says so."""
        return next(iter(self.find_all([serial])), None)

    def find_all(self, serials: Iterable[SheetSerial]) -> list[Reserved]:
        """Return the packs that some sheets were printed with, each once; no file is read twice."""
        names = sorted(path.name for path in self._folder.glob(f"*{ENDING}"))
        opened: dict[str, list[Reserved]] = {}
        found: list[Reserved] = []
        for serial in serials:
            if any(one.holds(serial) for one in found):
                continue
            at = bisect_right(names, f"{serial.code()}{ENDING}")
            for name in reversed(names[max(0, at - LOOKED_BACK) : at]):
                if name not in opened:
                    opened[name] = self._read(self._folder / name)
                held = next((one for one in opened[name] if one.holds(serial)), None)
                if held is not None:
                    found.append(held)
                    break
        return found

    def let_go(self, now: Instant) -> None:
        """Remove what is too old to come back."""
        before = now - KEEP_DAYS * DAY
        for path in self._folder.glob(f"*{ENDING}"):
            if path.stat().st_mtime * 1_000 < before:
                path.unlink()

    def _read(self, path: Path) -> list[Reserved]:
        try:
            return json.decode(unseal(path.read_bytes(), PURPOSE, self._key), type=list[Reserved])
        except (OSError, SealError, DecodeError, ValidationError):
            return []  # a sheet nobody can place goes to the unmatched queue, with its picture
