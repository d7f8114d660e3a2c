"""What was kept and not understood: a list a person works through, newest first."""

from __future__ import annotations

from typing import Any

from msgspec import convert, to_builtins

from wardlight.record.entry import Entry
from wardlight.record.problems import Problem
from wardlight.views.rows import UnreadRow

HELD_MAX = 20_000  # rows at hand; older ones are counted and are in the log


class Unread:
    """The unread list of a node."""

    def __init__(self) -> None:
        self._rows: list[UnreadRow] = []
        self._counts: dict[str, int] = {}

    @property
    def count(self) -> int:
        """How many entries were not understood, those no longer at hand included."""
        return sum(self._counts.values())

    def count_of(self, source: str) -> int:
        """Return how many of one feed."""
        return self._counts.get(source, 0)

    def add(self, entry: Entry, problem: Problem, what: str) -> None:
        """Put an entry on the list with its reason."""
        self._counts[entry.source] = self._counts.get(entry.source, 0) + 1
        row = UnreadRow(
            position=entry.position,
            source=entry.source,
            received=entry.recorded,
            code=problem.code,
            where=problem.where,
            because=problem.because,
            what=what,
        )
        self._rows.append(row)
        if len(self._rows) > HELD_MAX:
            del self._rows[: HELD_MAX // 10]

    def rows(self, limit: int = 200, before: int | None = None) -> tuple[UnreadRow, ...]:
        """Return the newest first; `before` is a position to page on from."""
        newest = (row for row in reversed(self._rows) if before is None or row.position < before)
        return tuple(row for row, _ in zip(newest, range(limit), strict=False))

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {"rows": to_builtins(self._rows), "counts": self._counts}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._rows = convert(kept["rows"], list[UnreadRow])
        self._counts = kept["counts"]
