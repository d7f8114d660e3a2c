"""The hospitals of a region as contacts: where they are, and what they are known to do.

A capability is yes, no, not known, or contradictory. Only yes is ever taken for yes.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.places import Position
from wardlight.record.services import Service


class Knowledge(StrEnum):
    """What is known of one service of one hospital."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "not known"
    CONTRADICTORY = "contradictory"


class Hospital(Struct, frozen=True, kw_only=True):
    """One hospital of the region. In neither `can` nor `cannot`: nobody has said."""

    code: str
    name: str
    at: Position
    can: frozenset[Service] = frozenset()
    cannot: frozenset[Service] = frozenset()
    phone: str = ""
    radio: str = ""
    ed_spaces: int | None = None  # treatment spaces of the ED; None: not known
    closed: str = ""  # when and how it closed for good, in the words of the table; "" for open
    doubts: tuple[str, ...] = ()  # what in its row contradicts itself
    source: str = ""

    def knows(self, service: Service) -> Knowledge:
        """Return what is known of a service; said to be and not to be there is contradictory."""
        if service in self.can:
            return Knowledge.CONTRADICTORY if service in self.cannot else Knowledge.YES
        return Knowledge.NO if service in self.cannot else Knowledge.UNKNOWN
