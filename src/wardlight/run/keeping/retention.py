"""`wardlight retention`, and what a running node does each day by the same rule."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from wardlight.log.contract import Log, LogError, LogInUse, LogReader
from wardlight.log.retention import due, emptied, remove
from wardlight.record.entry import Entry
from wardlight.record.instants import DAY, Instant, clinical_time
from wardlight.record.reading import Meaning, ReadChart, ReadHeadline
from wardlight.run.clock import system_clock
from wardlight.run.commands.say import (
    EXIT_CONFLICT,
    EXIT_FAILED,
    EXIT_NOT_ALLOWED,
    document,
    fail,
    line,
    progress,
    progress_done,
)
from wardlight.run.keeping.kept_copy import senders_of
from wardlight.run.keeping.node_log import NodeLog, trusted
from wardlight.run.node_views import node_log_of
from wardlight.wire.reading import reader


def run_retention(data: Path, *, apply: bool, as_json: bool) -> None:
    """Say which raw messages are older than the setting; with `apply`, remove them."""
    where = node_log_of(data)
    before = cutoff(where, system_clock())
    if before is None:
        fail(held_because(where), EXIT_NOT_ALLOWED)
    try:
        removed = _removed(where, before) if apply else _would_go(where, before)
    except LogInUse as error:
        fail(f"{error.problem.because}; a running node does this by itself", EXIT_CONFLICT)
    except LogError as error:
        fail(f"{error.problem.where}: {error.problem.because}", EXIT_FAILED)
    progress_done()
    if as_json:
        document("wardlight.retention.1", {"before": before, "removed": removed, "applied": apply})
        return
    when = clinical_time(before, where.settings.first_site().zone)
    word = "were removed" if apply else "would be removed (--apply does it)"
    line(f"{removed:,} raw messages recorded before {when} {word}; their meaning and hashes stay")


def _removed(where: NodeLog, before: Instant) -> int:
    opened = trusted(where, system_clock())
    with contextlib.closing(opened.log or opened.reader):
        if opened.log is None:
            because = opened.alarm.because if opened.alarm else "the log can only be read"
            fail(f"{because}; nothing is removed (wardlight verify says more)", EXIT_FAILED)
        return apply_retention(where, opened.log, before, _tell)


def _would_go(where: NodeLog, before: Instant) -> int:
    with contextlib.closing(where.read()) as log:
        return count_due(where, log, before)


def cutoff(where: NodeLog, now: Instant) -> Instant | None:
    """Return before when raw messages go; None while they are kept."""
    wish = where.settings.retention
    if wish.legal_hold or not wish.raw_days:
        return None
    return Instant(now - wish.raw_days * DAY)


def held_because(where: NodeLog) -> str:
    """Return why nothing is removed."""
    if where.settings.retention.legal_hold:
        return "a legal hold is set ([retention] legal_hold): nothing is removed"
    return "raw messages are kept for ever ([retention] raw_days says for how long)"


def apply_retention(
    where: NodeLog, log: Log, before: Instant, told: Callable[[int], None] = lambda _: None
) -> int:
    """Remove the raw messages older than `before`, a segment at a time; return how many."""
    headline, chart = reader(senders_of(where.settings))
    removed = 0
    for entries in due(log, before):
        gone = emptied(entries, lambda entry: meaning_of(entry, headline, chart))
        if gone:
            remove(log, gone, system_clock())
            removed += len(gone)
            told(removed)
    return removed


def count_due(where: NodeLog, log: LogReader, before: Instant) -> int:
    """Return how many raw messages would be removed."""
    headline, chart = reader(senders_of(where.settings))
    return sum(
        len(emptied(entries, lambda entry: meaning_of(entry, headline, chart)))
        for entries in due(log, before)
    )


def _tell(removed: int) -> None:
    progress(f"removing raw messages: {removed:,}")


def meaning_of(entry: Entry, headline: ReadHeadline, chart: ReadChart) -> bytes | None:
    """Return what was understood of a message; None when it was not, and a person needs it."""
    read = headline(entry)
    return None if read.unread is not None else Meaning(read, chart(entry)).packed()
