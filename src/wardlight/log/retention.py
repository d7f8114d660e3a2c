"""Raw messages are not kept for ever: what they meant stays, and the proof that they were there.

A body is removed with the others of its segment, 256 entries that are all older than the
setting. Its SHA-256 stays, so that chain, tree and signed heads verify as before; what was
understood of it stays too, so that every view can still be built from the log. An entry of the
log says what was removed, and holds a digest over the meanings that took its place.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from wardlight.log.sqlite_tree import BLOCK
from wardlight.record import catalogue
from wardlight.record.entry import Draft, Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from wardlight.log.contract import Log, LogReader
    from wardlight.record.instants import Instant

    Understand = Callable[[Entry], bytes | None]
    """Gives the packed meaning of an entry; None for one whose bytes a person still needs."""

_RAW = frozenset({catalogue.HL7V2_MESSAGE})


class Removal(Struct, frozen=True):
    """What an entry of the log says was removed: from which to which, how many, and the proof."""

    first: int
    last: int
    removed: int
    meanings: str  # SHA-256 over position and meaning of each, in hexadecimal

    @staticmethod
    def of(entry: Entry) -> Removal:
        """Return what an entry of the kind `retention.applied` says."""
        said = json.loads(entry.body)
        return Removal(said["first"], said["last"], said["removed"], said["meanings"])


def due(log: LogReader, before: Instant, after: int = 0) -> Iterator[list[Entry]]:
    """Give the whole segments behind position `after` that are older than `before`.

    One too big to be read at once (READ_BYTES_MAX) comes in parts.
    """
    whole = log.head().position // BLOCK * BLOCK
    at = after // BLOCK * BLOCK
    while at < whole and (entries := log.read(at, BLOCK - at % BLOCK)):
        if any(entry.recorded >= before for entry in entries):
            return
        yield entries
        at = entries[-1].position


def emptied(entries: Iterable[Entry], understand: Understand) -> list[Entry]:
    """Return the raw messages of a segment as they are to be: hash and meaning, and no body."""
    found = []
    for entry in entries:
        meaning = understand(entry) if entry.kind in _RAW and entry.body else None
        if meaning is not None:
            body_hash = sha256(entry.body).digest()
            found.append(replace(entry, body=b"", body_hash=body_hash, meaning=meaning))
    return found


def remove(log: Log, gone: Sequence[Entry], now: Instant) -> Entry:
    """Remove the bodies of these entries of one segment; return the entry that says so."""
    said = {
        "first": gone[0].position,
        "last": gone[-1].position,
        "removed": len(gone),
        "meanings": digest_of(gone),
    }
    draft = Draft(
        site=gone[-1].site,
        source="log",
        author="retention",
        subject="",
        kind=catalogue.RETENTION_APPLIED,
        version=catalogue.VERSIONS[catalogue.RETENTION_APPLIED],
        occurred=now,
        recorded=now,
        body=json.dumps(said).encode(),
    )
    return log.remove_bodies(gone, [draft])[0]


def digest_of(gone: Iterable[Entry]) -> str:
    """Return the digest over the meanings that stand in the place of bodies."""
    return _digest((entry.position, sha256(entry.meaning).digest()) for entry in gone)


def _digest(meanings: Iterable[tuple[int, bytes]]) -> str:
    parts = (position.to_bytes(8, "big") + meaning for position, meaning in meanings)
    return sha256(b"".join(parts)).hexdigest()


def follow(source: LogReader, copy: Log, entry: Entry) -> None:
    """Remove in a copy what an entry of the source says was removed there."""
    removal = Removal.of(entry)
    at = removal.first - 1
    while at < removal.last and (kept := source.read(at, removal.last - at)):
        bare = [one for one in kept if one.body_hash]
        if bare:
            copy.remove_bodies(bare, [])
        at = kept[-1].position


class Attested:
    """Compares what stands in the place of bodies with what the log itself says of it."""

    def __init__(self) -> None:
        self._bare: dict[int, bytes] = {}  # position → SHA-256 of the meaning

    def see(self, entry: Entry) -> str:
        """Take one entry into account, in order; return what is wrong with it, "" for nothing."""
        if entry.body_hash:
            self._bare[entry.position] = sha256(entry.meaning).digest()
        if entry.kind != catalogue.RETENTION_APPLIED:
            return ""
        removal = Removal.of(entry)
        stretch = range(removal.first, removal.last + 1)
        gone = [(one, self._bare.pop(one)) for one in stretch if one in self._bare]
        if len(gone) == removal.removed and _digest(gone) == removal.meanings:
            return ""
        return f"what stands for the messages {removal.first:,} to {removal.last:,} was changed"

    def unattested(self) -> int | None:
        """Return the first position whose body was removed though the log does not say so."""
        return min(self._bare, default=None)
