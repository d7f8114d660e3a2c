"""A block of downtime numbers set aside for one station: from then on nobody else's."""

from __future__ import annotations

from msgspec import DecodeError, Struct, ValidationError, json

from wardlight.record.downtime_number import BLOCKS, SITES
from wardlight.record.problems import Problem

KIND = "numbers.reserved"
VERSION = 1


class NumbersReserved(Struct, frozen=True, kw_only=True, gc=False):
    """Body of `numbers.reserved`, version 1: 64 numbers, given out or lost, never given again."""

    site: str
    site_index: int
    block: int
    station: str = ""
    drill: bool = False

    def packed(self) -> bytes:
        """Return the event as the log keeps it."""
        return json.encode(self)


def unpacked(body: bytes) -> NumbersReserved | Problem:
    """Return a reservation of the log, or why it cannot be one."""
    try:
        said = json.decode(body, type=NumbersReserved)
    except (DecodeError, ValidationError):
        return Problem("numbers.unreadable", KIND, "The reservation cannot be read.")
    if not (0 <= said.site_index < SITES and 0 <= said.block < BLOCKS):
        return Problem("numbers.range", KIND, "The reservation names no block there is.")
    return said
