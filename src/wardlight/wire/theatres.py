"""Which appointments of a feed are operations: no standard has a field for that.

An appointment is a theatre case when its type (SCH-8, FHIR appointmentType) or the type of its
place (AIL-4) says so, or when its room is called an operating room. A pre-operative visit is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from wardlight.record.codes import Location

UNNAMED_OPERATION = "Operation, not named"
_TYPES = frozenset(
    ("surgery", "surgical", "surgical case", "surgical procedure", "operation", "or", "or case")
)
_ROOM_TYPES = frozenset(
    ("or", "o.r.", "operating room", "operating theatre", "operating theater", "theatre", "theater")
)
_ROOM = re.compile(
    r"(?:m?or|theat(?:re|er)|operating (?:room|theat(?:re|er)))"
    r"(?:[\s_#-]*\d{1,3}[a-z]?|[\s_#-]+[a-z])?",
    re.IGNORECASE,
)


def is_operation(kinds: Iterable[str], room_types: Iterable[str], place: Location) -> bool:
    """Return whether an appointment is a theatre case, by its type, its room's type, its room.

    Types are given by code and by words: senders fill the one or the other.
    """
    named = (place.unit, place.room, place.words())
    return (
        any(one.strip().casefold() in _TYPES for one in kinds)
        or any(one.strip().casefold() in _ROOM_TYPES for one in room_types)
        or any(_ROOM.fullmatch(one.strip()) for one in named)
    )
