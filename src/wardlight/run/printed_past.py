"""Packs that were printed past the node, from its disk or a stick, known by a sheet of them.

Their sheets were reserved when the pack was made. They are issued the moment one comes back by a
scan, or somebody says by its serial what became of it; so the others of the pack are missed too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from msgspec.structs import replace

from wardlight.record.entry import Draft, Entry
from wardlight.record.events.paperwork import Origin
from wardlight.record.instants import Clock
from wardlight.record.sheet_serial import SheetSerial
from wardlight.rules.asking import Author
from wardlight.rules.paperwork import issue_draft
from wardlight.run.reserved import ReservedSheets
from wardlight.views.fold import Views


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

    async def know(self, serials: Iterable[SheetSerial], by: Author) -> None:
        """Issue the packs that sheets belong to which no register knows; others change nothing.

        Raises NotKeptError when the log takes nothing.
        """
        register = (self._views.rehearsal or self._views).paperwork
        strange = [one for one in serials if register.sheet(one) is None]
        if not strange:
            return
        for kept in await asyncio.to_thread(self._reserved.find_all, strange):
            said = replace(kept.said, origin=Origin.DISK)
            now = self._clock()
            await self._write(issue_draft(said, by, site=kept.site, now=now, drill=kept.drill))
