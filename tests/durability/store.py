"""The log under test, and what must hold of it after any fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw
import msgspec
from tests.contracts.log_contract import draft
from tests.durability.sizes import SOAK

from wardlight.log.chain import BEGINNING, Head, verify
from wardlight.log.contract import LogError, stream
from wardlight.log.sqlite import SqliteLog, open_log

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from wardlight.record.entry import Draft, Entry

NODE = "gen-1"
# The log names most damage; of a row that reads as NULL it says the other two.
DAMAGED = (LogError, TypeError, AssertionError)
ENCRYPTED = {"encrypted": bytes(range(32))}
# The product always encrypts: the long form spends its hours on that alone.
KEYS: dict[str, bytes | None] = {**ENCRYPTED} if SOAK else {"plain": None, **ENCRYPTED}


class Promised(msgspec.Struct, frozen=True):
    """An entry that append returned."""

    position: int
    chain: bytes


def opened(folder: Path, *, key: bytes | None, vfs: str | None = None) -> SqliteLog:
    return open_log(folder, NODE, key=key, vfs=vfs)


def some_drafts(dice: Random, *, most: int = 8, bytes_max: int = 4_000) -> list[Draft]:
    """Return a batch as feeds make them: a few messages of different lengths."""
    return [draft(dice.randbytes(dice.randint(0, bytes_max))) for _ in range(dice.randint(1, most))]


def promised(entries: list[Entry]) -> list[Promised]:
    return [Promised(entry.position, entry.chain) for entry in entries]


def closed(log: SqliteLog) -> None:
    """Close a log on a disk made in Python: there SQLite also raises what it passes over."""
    try:
        log.close()
    except apsw.Error:
        log.close()


def broken_promise(log: SqliteLog, promises: list[Promised], after: Head = BEGINNING) -> str:
    """Return which promise the log breaks, in words; an empty text when it keeps them all.

    `promises` are those behind `after`; the chain is verified from there to the head.
    """
    entries = list(stream(log, after.position))
    fault = verify(entries, after)
    if fault is not None:
        return f"position {fault.position} {fault.because}"
    last = Head(entries[-1].position, entries[-1].chain) if entries else after
    if last != log.head():
        return "the head is not the last entry"
    chains = {entry.position: entry.chain for entry in entries}
    lost = [said.position for said in promises if chains.get(said.position) != said.chain]
    return f"{len(lost)} promised entries lost, the first at {lost[0]}" if lost else ""


def broken_after_reopening(folder: Path, promises: list[Promised], *, key: bytes | None) -> str:
    """Open the log as a restarted node would, and return which promise is broken, if any."""
    try:
        log = opened(folder, key=key)
    except DAMAGED as refused:
        return f"does not open: {refused}"
    try:
        return broken_promise(log, promises)
    except DAMAGED as damaged:
        return f"cannot be read: {damaged}"
    finally:
        log.close()
