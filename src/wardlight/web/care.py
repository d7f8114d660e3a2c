"""How a node looks after its own log: what the feeds screen says beside the feeds."""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.instants import Instant


class CareRow(Struct, frozen=True, kw_only=True):
    """One thing a node does for its log: whether it went well, in a sentence, and when."""

    what: str
    good: bool
    said: str
    at: Instant | None = None
