"""The hash chain: why a changed, cut or reordered entry of the log cannot go unnoticed.

Each entry is sealed by SHA-256 (FIPS 180-4) over the seal of the entry before it, its own
envelope and SHA-256 of its body. The body is hashed apart, so that old raw messages can be
removed one day while their hashes keep the chain verifiable. The form is frozen:

    "wardlight.entry.1" LF
    previous seal, 32 bytes (of the first entry: zeros)
    position, version, occurred, recorded: signed 64 bit, big endian
    lengths in bytes of node, site, source, author, subject, kind: unsigned 32 bit, big endian
    node, site, source, author, subject, kind: UTF-8
    SHA-256 of the body, 32 bytes
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from struct import Struct as Packing
from typing import TYPE_CHECKING

from msgspec import Struct

from wardlight.record.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wardlight.record.entry import Draft

_FORM = b"wardlight.entry.1\n"
_NUMBERS, _LENGTHS = Packing(">4q"), Packing(">6I")


class Head(Struct, frozen=True, gc=False):
    """How far a log has come: the last position and its seal."""

    position: int
    chain: bytes


class Fault(Struct, frozen=True, gc=False):
    """The first position at which a log is not what was once written, and why."""

    position: int
    because: str


BEGINNING = Head(0, bytes(32))


def seal(previous: bytes, said: Draft | Entry, *, node: str, position: int) -> bytes:
    """Return the seal of what was said, at its position, after the entry sealed `previous`.

    Raises UnicodeEncodeError for text with a lone surrogate, struct.error for a number
    outside 64 bit: such a draft cannot be stored.
    """
    assert len(previous) == 32, "a seal is a SHA-256"  # noqa: PLR2004 -- the size of SHA-256
    texts = _texts(node, said.site, said.source, said.author, said.subject, said.kind)
    numbers = _NUMBERS.pack(position, said.version, said.occurred, said.recorded)
    body = said.body_hash or sha256(said.body).digest()
    return sha256(b"".join((_FORM, previous, numbers, texts, body))).digest()


@lru_cache(maxsize=4096)
def _texts(*said: str) -> bytes:
    """Return the lengths of an envelope's texts and the texts; a feed's are always the same."""
    encoded = [text.encode() for text in said]
    return _LENGTHS.pack(*map(len, encoded)) + b"".join(encoded)


def sealed(drafts: Sequence[Draft], *, node: str, after: Head) -> list[Entry]:
    """Return the drafts as entries of `node`, in their places behind `after`."""
    entries = []
    chain = after.chain
    for position, draft in enumerate(drafts, after.position + 1):
        chain = seal(chain, draft, node=node, position=position)
        entry = Entry(
            node=node,
            position=position,
            site=draft.site,
            source=draft.source,
            author=draft.author,
            subject=draft.subject,
            kind=draft.kind,
            version=draft.version,
            occurred=draft.occurred,
            recorded=draft.recorded,
            body=draft.body,
            chain=chain,
            body_hash=draft.body_hash,
            meaning=draft.meaning,
        )
        entries.append(entry)
    return entries


def verify(entries: Iterable[Entry], previous: Head = BEGINNING) -> Fault | None:
    """Return the first fault in entries that should follow `previous`; None when there is none.

    It does not show that the log is complete: a log cut behind its last verified entry looks
    whole. Compare its head with one kept elsewhere.
    """
    position, chain = previous.position, previous.chain
    for entry in entries:
        position += 1
        if entry.position != position:
            return Fault(position, f"missing: position {entry.position} comes in its place")
        chain = seal(chain, entry, node=entry.node, position=position)
        if entry.body_hash and entry.body:
            return Fault(position, "changed: a body stands where one was removed")
        if entry.chain != chain:
            return Fault(position, "changed: the entry and the one before do not give its seal")
    return None
