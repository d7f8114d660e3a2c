"""The path every message takes: frame, durable append, acknowledgement, views. In that order.

Nothing is acknowledged before the log has it on disk. Everything that arrives while the disk
is busy, or in the same turn of the event loop, is written with one sync (group commit), so a
burst costs few syncs and a lone message waits for exactly one.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections.abc import Callable, Sequence
from typing import Protocol

from wardlight.log.contract import Log, LogBroken, LogFull
from wardlight.record.entry import Draft, Entry
from wardlight.record.problems import Problem

BATCH_ENTRIES_MAX = 2_000  # one sync carries at most this many
FOLD_AFTER_SECONDS = 0.001
SIGN_AFTER_SECONDS = 0.02  # a signature takes 0.1 ms: not between a sender and its next message
UNFOLDED_MAX = 512  # entries on disk that no view knows yet
BATCH_BYTES_MAX = 64 * 1024 * 1024  # … and about this much

Kept = Callable[[Entry | None], None]
"""Called once per draft: with the entry when it is on disk, with None when it could not be kept."""


class Views(Protocol):
    """What the intake asks of the views: take this entry into account."""

    def apply(self, entry: Entry) -> object:
        """Fold one entry."""


class Intake:
    """The one writer of a node's log."""

    def __init__(
        self,
        log: Log,
        views: Views,
        *,
        loop: AbstractEventLoop,
        broken: Callable[[Problem], None],
    ) -> None:
        """`broken` is called when a sync failed: the process has to end, nothing is retried."""
        self._log = log
        self._views = views
        self._loop = loop
        self._broken = broken
        self._waiting: list[tuple[Draft, Kept]] = []
        self._due = False
        self._unfolded: list[Entry] = []
        self._fold_due = False
        self._sign_due = False
        self.full: Problem | None = None  # why the log cannot take more just now

    def submit(self, draft: Draft, kept: Kept) -> None:
        """Have `draft` written with the next sync; `kept` hears of it before any view does."""
        self._waiting.append((draft, kept))
        if not self._due:
            self._due = True
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        """Write all that waits, acknowledge it, then fold it; the rest follows in the next turn."""
        batch, self._waiting = _batch(self._waiting)
        self._due = bool(self._waiting)
        if self._due:
            self._loop.call_soon(self.flush)
        entries = self._append([draft for draft, _ in batch]) if batch else ()
        if entries is None:
            for _, kept in batch:
                kept(None)
            return
        for (_, kept), entry in zip(batch, entries, strict=True):
            kept(entry)
        self._unfolded.extend(entries)
        if entries and not self._sign_due:
            self._sign_due = True
            self._loop.call_later(SIGN_AFTER_SECONDS, self.sign)
        if len(self._unfolded) >= UNFOLDED_MAX:
            self.fold()
        elif not self._fold_due:
            self._fold_due = True
            self._loop.call_later(FOLD_AFTER_SECONDS, self.fold)

    def fold(self) -> None:
        """Bring the views up to the log.

        A moment after the acknowledgement, not right behind it: the sender's next message is
        on its way by then and would have to wait.
        """
        self._fold_due = False
        entries, self._unfolded = self._unfolded, []
        for entry in entries:
            self._views.apply(entry)

    def sign(self) -> None:
        """Sign how far the log has come. What was acknowledged is marked already, unsigned."""
        self._sign_due = False
        self._log.sign_head()

    def _append(self, drafts: Sequence[Draft]) -> Sequence[Entry] | None:
        try:
            entries = self._log.append(drafts)
        except LogFull as full:
            self.full = full.problem
            return None
        except LogBroken as broken:
            self._broken(broken.problem)
            return None
        self.full = None
        return entries


def _batch(
    waiting: list[tuple[Draft, Kept]],
) -> tuple[list[tuple[Draft, Kept]], list[tuple[Draft, Kept]]]:
    size = 0
    for number, (draft, _) in enumerate(waiting):
        size += len(draft.body)
        if number == BATCH_ENTRIES_MAX or (size > BATCH_BYTES_MAX and number):
            return waiting[:number], waiting[number:]
    return waiting, []
