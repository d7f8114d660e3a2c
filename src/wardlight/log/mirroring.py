"""A second log file on another device: it follows entry by entry, and repairs a damaged log.

Entries keep their seals: an entry is appended as it was said, and the seal it gets behind the
same chain must be the one it had. A mirror that is not the beginning of its log is never
written to, and one that contradicts the witness never repairs anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardlight.log.chain import BEGINNING, Head, verify
from wardlight.log.contract import APPEND_MAX, LogBroken
from wardlight.log.heads import Witness
from wardlight.log.retention import follow
from wardlight.log.verifying import Verified, verify_log
from wardlight.record import catalogue
from wardlight.record.problems import Problem

if TYPE_CHECKING:
    from wardlight.log.contract import Log, LogReader

SLICE = min(APPEND_MAX, 2_000)  # entries of one append: a mirror must not starve the log's disk


def copy_slice(source: LogReader, copy: Log) -> int:
    """Copy the next entries as they are; return how many there were.

    Raises LogBroken when what follows in `source` does not continue `copy`.
    """
    behind = copy.head()
    entries = source.read(behind.position, SLICE)
    fault = verify(entries, behind)
    if fault is not None:
        because = f"entry {fault.position:,} of the source is {fault.because}"
        raise LogBroken(Problem("log.mirror-forked", source.node, because))
    copied = copy.append([entry.as_said() for entry in entries])
    assert [one.chain for one in copied] == [one.chain for one in entries], "the same seals"
    for entry in entries:
        if entry.kind == catalogue.RETENTION_APPLIED:
            follow(source, copy, entry)
    return len(entries)


def copy_rest(source: LogReader, copy: Log) -> int:
    """Copy everything that `copy` does not have; return how many entries that was."""
    total = 0
    while copied := copy_slice(source, copy):
        total += copied
    return total


def assert_beginning(source: LogReader, copy: LogReader) -> None:
    """Raise LogBroken unless `copy` is the beginning of `source`, or all of it."""
    last, head = source.head().position, copy.head()
    if head.position > last:
        because = f"the mirror has {head.position:,} entries and the log {last:,}"
        raise LogBroken(Problem("log.mirror-ahead", source.node, because))
    at = BEGINNING
    if head.position:
        [entry] = source.fetch([head.position])
        at = Head(entry.position, entry.chain)
    if at.chain != head.chain:
        because = f"entry {head.position:,} of the mirror is not that of the log"
        raise LogBroken(Problem("log.mirror-forked", source.node, because))


def agreement(log: LogReader, seen: Witness) -> Verified:
    """Verify a log that may be shorter than what the witness remembers: as far as it goes."""
    last = log.head().position
    tail = seen.tail if seen.tail and seen.tail.position <= last else None
    heads = tuple(head for head in seen.heads if head.size <= last)
    return verify_log(log, Witness(tail, heads))
