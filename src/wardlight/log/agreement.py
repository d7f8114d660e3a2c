"""Do the database and its second witness tell of the same log? If not, someone has to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardlight.log.tree import root_at
from wardlight.record.problems import Problem

if TYPE_CHECKING:
    from wardlight.log.contract import LogReader
    from wardlight.log.heads import Witness


def disagreement(log: LogReader, seen: Witness) -> Problem | None:
    """Return in what the log contradicts its newest witnesses; None when they agree.

    A log ahead of its witness is no contradiction: the witness is not synced with each commit.
    """
    last = log.head().position
    if seen.size() > last:
        because = (
            f"the log ends at entry {last:,}, but entry {seen.size():,} was acknowledged: "
            f"{seen.size() - last:,} are gone"
        )
        return Problem("log.tail-lost", log.node, because)
    if seen.tail and seen.tail.position:
        [entry] = log.fetch([seen.tail.position])
        if entry.chain != seen.tail.chain:
            because = f"entry {entry.position:,} is not the one that was acknowledged"
            return Problem("log.forked", log.node, because)
    for head in seen.heads:
        if root_at(head.size, log.subtree) != head.root:
            because = f"the first {head.size:,} entries are not those that were signed"
            return Problem("log.forked", log.node, because)
    return None
