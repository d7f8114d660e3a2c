"""Packs that were printed past the node, from its disk or a stick, known by a sheet of them.

Their sheets were reserved when the pack was made. They are issued the moment one comes back by a
scan, or somebody says by its serial what became of it; so the others of the pack are missed too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping

from msgspec.structs import replace

from wardlight.record.entry import Draft, Entry
from wardlight.record.events.paperwork import Origin
from wardlight.record.instants import Clock
from wardlight.record.sheet_serial import SheetSerial
from wardlight.rules.asking import Author
from wardlight.rules.paperwork.paperwork import issue_draft
from wardlight.run.paperwork.reserved import Reserved, ReservedSheets
from wardlight.views.fold import Views
from wardlight.views.paperwork.sheets import IssuedSheet, first_issued, job_of


class PrintedPast:
    """What puts the sheets of such packs into the register."""

    def __init__(
        self,
        reserved: ReservedSheets,
        views: Views,
        *,
        clock: Clock,
        write: Callable[[Draft], Awaitable[Entry]],
    ) -> None:
        self._reserved, self._views = reserved, views
        self._clock, self._write = clock, write

    async def sheets(self, serials: Iterable[SheetSerial]) -> Mapping[SheetSerial, IssuedSheet]:
        """Return such sheets as the register will have them; nothing is written.

        Those it knows, and those in no file of this node, are left out.
        """
        named, found = list(serials), dict[SheetSerial, IssuedSheet]()
        for kept in await self._unknown(named):
            if kept.drill and self._views.rehearsal is None:
                continue
            job = job_of(kept.said, kept.site, self._clock(), "")
            sheets = (first_issued(one, kept.said, job) for one in named)
            found |= {one.serial: one for one in sheets if one is not None}
        return found

    async def know(self, serials: Iterable[SheetSerial], by: Author) -> None:
        """Issue the packs that sheets belong to which no register knows; others change nothing.

        Raises NotKeptError when the log takes nothing.
        """
        for kept in await self._unknown(serials):
            now = self._clock()
            await self._write(issue_draft(kept.said, by, site=kept.site, now=now, drill=kept.drill))

    async def _unknown(self, serials: Iterable[SheetSerial]) -> list[Reserved]:
        """Return the packs of sheets that no register knows, as they are issued."""
        register = (self._views.rehearsal or self._views).paperwork
        strange = [one for one in serials if register.sheet(one) is None]
        if not strange:
            return []
        found = await asyncio.to_thread(self._reserved.find_all, strange)
        return [replace(one, said=replace(one.said, origin=Origin.DISK)) for one in found]
