"""What happens at the door, written into the log; kept in memory while the log takes nothing.

People have to sign in and read also at a node whose disk is full or whose log is damaged (ASVS
16.5.2): what was not written takes effect at once and is written as soon as that is possible.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from msgspec import json

from wardlight.record.entry import Draft, Entry
from wardlight.record.events.access import (
    AccessEvent,
    ChartOpened,
    RosterRead,
    StaffStated,
    StationNamed,
    kind_of,
)
from wardlight.record.instants import Clock
from wardlight.record.staff_entry import staff_draft
from wardlight.views.staff import Staff
from wardlight.web.entering.writing import NotKeptError, Write

HELD_MAX = 10_000
ONLY_WRITTEN = (StaffStated, RosterRead, StationNamed)  # an administrator can do these again


class Journal:
    """Says events of access to the log of one node."""

    def __init__(
        self, *, write: Write, clock: Clock, site: str, staff: Callable[[], Staff]
    ) -> None:
        self._write = write
        self._clock = clock
        self._site = site
        self._staff = staff
        self._held: deque[Draft] = deque(maxlen=HELD_MAX)
        self._tasks: set[asyncio.Task[None]] = set()

    async def say(self, said: AccessEvent, by: str) -> None:
        """Write one event. Raises NotKeptError for what nobody needs in order to read on."""
        draft = self._draft(said, by)
        try:
            await self._write(draft)
        except NotKeptError:
            if isinstance(said, ONLY_WRITTEN):
                raise
            self._hold(said, draft)
            return
        if self._held:
            self._spawn()

    def say_later(self, said: AccessEvent, by: str) -> None:
        """Write one event without anybody waiting for it."""
        self._held.append(self._draft(said, by))
        self._spawn()

    async def catch_up(self) -> None:
        """Write what was held, in order; stop at the first that the log does not take."""
        while self._held:
            draft = self._held.popleft()
            try:
                await self._write(draft)
            except NotKeptError:
                self._held.appendleft(draft)
                return

    def _hold(self, said: AccessEvent, draft: Draft) -> None:
        self._held.append(draft)
        if not isinstance(said, ChartOpened):  # it would be listed twice once it is written
            fields = {name: getattr(draft, name) for name in Draft.__struct_fields__}
            self._staff().take(Entry(node="", position=0, chain=b"", **fields))

    def _spawn(self) -> None:
        task = asyncio.ensure_future(self.catch_up())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _draft(self, said: AccessEvent, by: str) -> Draft:
        return staff_draft(
            kind_of(said),
            json.encode(said),
            site=self._site,
            author=by,
            recorded=self._clock(),
        )
