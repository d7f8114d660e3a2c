"""How a screen has something written: durable when it returns, or not written at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from wardlight.record.entry import Draft, Entry

Write = Callable[[Draft], Awaitable[Entry]]
"""Returns when the draft is on disk and every view knows it. Raises NotKeptError."""


class NotKeptError(Exception):
    """The log cannot take anything just now; the words say what to do. Nothing was written."""


class Who(Protocol):
    """Who is signed in at the station a request comes from."""

    account: str
    name: str  # as the ward knows them: "RN A. Mensah"
    role: str
    station: str
    grant: str  # proves the author of an entry, also weeks later

    def scope(self) -> str:
        """Return what pages are told apart by: everybody with the same scope sees the same."""


async def refuse_to_write(_: Draft) -> Entry:
    """Stand in where a node may only read."""
    raise NotKeptError("This node may only read. Use paper and call IT.")
