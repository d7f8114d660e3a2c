"""A log in memory: for tests, the simulator and the demo. Nothing of it outlives the process."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from wardlight.log.chain import BEGINNING, Head, sealed
from wardlight.log.contract import (
    FETCH_MAX,
    READ_BYTES_MAX,
    LogBroken,
    assert_appendable,
    assert_readable,
)
from wardlight.log.tree import leaf_hash, root_of
from wardlight.record.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardlight.record.entry import Draft, Entry


class MemoryLog:
    """A log that keeps its entries in a list.

    Hand the same list to a second one to play a restart.
    """

    def __init__(self, node: str, kept: list[Entry] | None = None) -> None:
        self.node = node
        self._entries = [] if kept is None else kept
        self._appending = Lock()
        self._closed = False

    def append(self, drafts: Sequence[Draft]) -> list[Entry]:
        """Store all drafts or none and return them as entries."""
        self._refuse_when_closed()
        assert_appendable(drafts)
        with self._appending:
            entries = sealed(drafts, node=self.node, after=self.head())
            self._entries.extend(entries)
        return entries

    def read(self, after: int, limit: int) -> list[Entry]:
        """Return the entries that follow position `after`, in order, at most `limit`."""
        self._refuse_when_closed()
        assert_readable(after, limit)
        entries = self._entries[after : after + limit]
        total = 0
        for count, entry in enumerate(entries, 1):
            total += len(entry.body)
            if total >= READ_BYTES_MAX:
                return entries[:count]
        return entries

    def fetch(self, positions: Sequence[int]) -> list[Entry]:
        """Return the entries at these positions, in the order asked."""
        self._refuse_when_closed()
        assert len(positions) <= FETCH_MAX, "a fetch is bounded"
        last = len(self._entries)
        for position in positions:
            if not 1 <= position <= last:
                raise LookupError(position)
        return [self._entries[position - 1] for position in positions]

    def head(self) -> Head:
        """Return how far the log has come."""
        self._refuse_when_closed()
        if not self._entries:
            return BEGINNING
        last = self._entries[-1]
        return Head(last.position, last.chain)

    def subtree(self, level: int, index: int) -> bytes:
        """Return the root of a complete subtree over the entries' seals."""
        self._refuse_when_closed()
        entries = self._entries[index << level : (index + 1) << level]
        if len(entries) != 1 << level:
            raise LookupError(index)
        return root_of(leaf_hash(entry.chain) for entry in entries)

    def remove_bodies(self, removed: Sequence[Entry], said: Sequence[Draft]) -> list[Entry]:
        """Replace the bodies of entries by their hash and meaning, and append what says so."""
        for entry in removed:
            self._entries[entry.position - 1] = entry
        return self.append(said)

    def sign_head(self) -> str:
        """Return nothing: this log has no witness."""
        return ""

    def close(self) -> None:
        """Let go; every later call raises LogBroken."""
        self._closed = True

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise LogBroken(Problem("log.closed", self.node, "the log has been closed"))
