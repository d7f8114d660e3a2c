"""Blocks of downtime numbers, given to a station once and never again.

A block is given out only when both the log and a small file beside it have it on disk. The file
outlives a log that was lost or taken back to an older backup; where the file itself is missing
or cannot be read, and after every restore, numbering goes on far beyond what was ever seen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from msgspec import DecodeError, Struct, ValidationError, json
from msgspec.structs import replace

from wardlight.record.catalogue import STAFF
from wardlight.record.downtime_number import BLOCKS, numbers_of_block, site_index_of
from wardlight.record.entry import Draft
from wardlight.record.events.numbers import KIND, VERSION, NumbersReserved
from wardlight.record.instants import Clock
from wardlight.run.keeping.backup_files import sync_folder
from wardlight.run.keeping.private_files import write_private
from wardlight.views.patients.numbers import Numbers, Space
from wardlight.web.entering.writing import Write

FILE = "numbers.json"
JUMP = 8_192  # blocks left out after a restore: half a million numbers of one site
NODE_STATION = ""  # the holder of blocks the node itself gives from, number by number


class NoNumbersError(Exception):
    """No block can be given out; the words say what to do. Numbers on paper go on."""


class Kept(Struct, frozen=True):
    """What the side file says: the highest block given out, and where numbering goes on at least.

    A key of `highest` is a site's index, with `D` behind it for its drills.
    """

    highest: dict[str, int] = {}
    floor: int = 0


class NumberBlocks:
    """What gives downtime numbers to stations and to forms of a node."""

    def __init__(
        self,
        folder: Path,
        numbers: Numbers,
        write: Write,
        *,
        clock: Clock,
        indices: Mapping[str, int] | None = None,
    ) -> None:
        """Sites without an index of their own in `indices` get a digest of their code."""
        self._folder = folder
        self._numbers = numbers
        self._write = write
        self._clock = clock
        self._indices = dict(indices or {})
        self._lock = asyncio.Lock()
        self._kept: Kept | None = None
        self._loose: dict[Space, list[str]] = {}

    async def reserve(self, site: str, station: str, *, drill: bool = False) -> list[str]:
        """Return the 64 numbers of a block that now is this station's alone.

        Raises NoNumbersError, OSError or NotKeptError; then nothing was given out.
        """
        index = self._indices.get(site, site_index_of(site))
        async with self._lock:
            block = await asyncio.to_thread(self._set_aside, (index, drill))
            said = NumbersReserved(
                site=site, site_index=index, block=block, station=station, drill=drill
            )
            await self._write(_draft(said, self._clock))
        return [number.text() for number in numbers_of_block(index, block, drill=drill)]

    async def one(self, site: str, *, drill: bool = False) -> str:
        """Return one number, for a form that a station without numbers of its own sends.

        What is left of its block is let go when the node stops.
        """
        space = (self._indices.get(site, site_index_of(site)), drill)
        if not self._loose.get(space):
            numbers = await self.reserve(site, NODE_STATION, drill=drill)
            self._loose.setdefault(space, []).extend(numbers)
        return self._loose[space].pop(0)

    def _set_aside(self, space: Space) -> int:
        """Return the next block once the side file says that it is gone."""
        kept = self._kept or _kept(self._folder, self._numbers)
        block = max(
            self._numbers.next_block(space[0], drill=space[1]),
            kept.highest.get(_key(space), -1) + 1,
            kept.floor,
        )
        if block >= BLOCKS:
            raise NoNumbersError(
                "This site has no more downtime numbers: give it a new index in the settings."
            )
        kept = replace(kept, highest={**kept.highest, _key(space): block})
        _keep(self._folder, kept)
        self._kept = kept
        return block


def jump(folder: Path, seen: Mapping[Space, int]) -> None:
    """Have numbering go on far beyond everything seen: for a log that came from a backup.

    `seen` are the highest blocks of the restored log. What was given out after the backup was
    made is in no log any more, but on wristbands.
    """
    kept = _read_file(folder) or Kept()
    highest = [*seen.values(), *kept.highest.values()]
    _keep(folder, replace(kept, floor=max([*(one + 1 for one in highest), kept.floor]) + JUMP))


def _kept(folder: Path, numbers: Numbers) -> Kept:
    """Return what the side file says, or what is safe without it."""
    kept = _read_file(folder)
    if kept is not None:
        return kept
    highest = numbers.highest()
    if not highest and not (folder / FILE).exists():
        return Kept()
    return Kept(floor=max((one + 1 for one in highest.values()), default=0) + JUMP)


def _read_file(folder: Path) -> Kept | None:
    """Return the side file; None where there is none that can be read."""
    try:
        return json.decode((folder / FILE).read_bytes(), type=Kept)
    except (FileNotFoundError, DecodeError, ValidationError):
        return None


def _keep(folder: Path, kept: Kept) -> None:
    write_private(folder / FILE, json.encode(kept))
    sync_folder(folder)


def _key(space: Space) -> str:
    index, drill = space
    return f"{index}D" if drill else str(index)


def _draft(said: NumbersReserved, clock: Clock) -> Draft:
    now = clock()
    return Draft(
        site=said.site,
        source=STAFF,
        author=said.station or "node",
        subject="",
        kind=KIND,
        version=VERSION,
        occurred=now,
        recorded=now,
        body=said.packed(),
    )
