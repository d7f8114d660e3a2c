"""The envelope: what every record of the log says about itself, whatever it holds.

The log keeps what was said, not what we understood: a message from the EHR is kept as its own
bytes. Every entry names its site, its source, who said it, when it occurred and when this node
recorded it, and is chained by hash to the entry before it.
"""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.instants import Instant


class Draft(Struct, frozen=True, kw_only=True, gc=False):
    """What a feed or a person asks the log to keep; it has no place in the log yet."""

    site: str  # hospital or clinic code
    source: str  # the feed's name, or "staff"
    author: str  # who said it: sending application, or a person's account
    subject: str  # opaque key of what it is about ("" when nobody could tell)
    kind: str  # from catalogue, never a class path
    version: int
    occurred: Instant  # at the bedside
    recorded: Instant  # by this node
    body: bytes
    body_hash: bytes = b""  # SHA-256 of a raw body that retention has removed
    meaning: bytes = b""  # what was understood of it, kept in its place


class Entry(Struct, frozen=True, kw_only=True, gc=False):
    """One record of the log, durable and in its place."""

    node: str
    position: int  # 1, 2, 3 … without gaps
    site: str
    source: str
    author: str
    subject: str
    kind: str
    version: int
    occurred: Instant
    recorded: Instant
    body: bytes
    chain: bytes  # SHA-256 over the previous entry's chain, this envelope and SHA-256(body)
    body_hash: bytes = b""  # SHA-256 of a raw body that retention has removed
    meaning: bytes = b""  # what was understood of it, kept in its place

    def as_said(self) -> Draft:
        """Return what was asked to be kept, for another log that is to hold the same."""
        return Draft(**{name: getattr(self, name) for name in Draft.__struct_fields__})
