"""Time on the ward: an instant, how exactly it is known, how it is written, how old it is.

Stored in UTC as whole milliseconds; shown in the facility's own zone, always with the date
where the date could be in doubt (NHS CUI "Time display" and "Date display": DD-Mmm-YYYY,
24-hour HH:mm). No function here reads a clock: "now" is always an argument.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NewType
from zoneinfo import ZoneInfo

from msgspec import Struct

Instant = NewType("Instant", int)
"""Milliseconds since 1970-01-01T00:00Z."""

Clock = Callable[[], Instant]
"""Tells the time; made in `run`, handed to whoever needs it."""

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

DIGITS_YEAR, DIGITS_MONTH, DIGITS_DAY, DIGITS_HOUR, DIGITS_MINUTE, DIGITS_SECOND = (
    4,
    6,
    8,
    10,
    12,
    14,
)


class Moment(Struct, frozen=True, gc=False):
    """An instant and how exactly it was stated.

    `digits` counts the digits of YYYYMMDDHHMMSS that were given (HL7 v2.5.1 §2.A.22 DTM):
    a result "of 2024" has 4 and is never shown as midnight of the first of January.
    """

    at: Instant
    digits: int = DIGITS_SECOND


class PartialDate(Struct, frozen=True, gc=False):
    """A calendar date as stated, such as a birth date: year, perhaps month, perhaps day."""

    year: int
    month: int = 0
    day: int = 0

    def iso(self) -> str:
        """Return YYYY, YYYY-MM or YYYY-MM-DD."""
        parts = [f"{self.year:04d}"]
        if self.month:
            parts.append(f"{self.month:02d}")
            if self.day:
                parts.append(f"{self.day:02d}")
        return "-".join(parts)


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """Return the IANA zone; raises ZoneInfoNotFoundError when the name is unknown."""
    return ZoneInfo(name)


def instant_of(moment: datetime) -> Instant:
    """Return the instant of an aware datetime."""
    assert moment.tzinfo is not None, "a time without a zone has no instant"
    return Instant(round((moment - _EPOCH) / timedelta(milliseconds=1)))


def local(at: Instant, zone: str) -> datetime:
    """Return the wall-clock time of `at` in the facility's zone."""
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(zone_named(zone))


def iso(at: Instant, zone: str = "UTC") -> str:
    """Return ISO 8601 with offset and whole seconds, for machines."""
    return local(at, zone).isoformat(timespec="seconds")


def clinical_date(day: PartialDate) -> str:
    """Return DD-Mmm-YYYY (NHS CUI D+Ta-0006…0018), or as much of it as is known."""
    if not day.month:
        return f"{day.year:04d}"
    if not day.day:
        return f"{_MONTHS[day.month - 1]}-{day.year:04d}"
    return f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year:04d}"


def clinical_time(at: Instant, zone: str, *, now: Instant | None = None) -> str:
    """Return `22-Nov-2026 02:31`, or `02:31` alone when `now` is the same local day."""
    when = local(at, zone)
    clock = f"{when.hour:02d}:{when.minute:02d}"
    if now is not None and local(now, zone).date() == when.date():
        return clock
    return f"{when.day:02d}-{_MONTHS[when.month - 1]}-{when.year:04d} {clock}"


def clinical_moment(moment: Moment, zone: str, *, now: Instant | None = None) -> str:
    """Return the moment no more exactly than it was stated."""
    when = local(moment.at, zone)
    if moment.digits >= DIGITS_MINUTE:
        return clinical_time(moment.at, zone, now=now)
    if moment.digits >= DIGITS_HOUR:
        return f"{when.day:02d}-{_MONTHS[when.month - 1]}-{when.year:04d} {when.hour:02d}h"
    day = when.day if moment.digits >= DIGITS_DAY else 0
    month = when.month if moment.digits >= DIGITS_MONTH else 0
    return clinical_date(PartialDate(when.year, month, day))


def age_words(span_ms: int) -> str:
    """Return how old something is, as on an age badge: `12 min`, `1 h 12 min`, `3 d 4 h`."""
    if span_ms < MINUTE:
        return "under 1 min"
    if span_ms < HOUR:
        return f"{span_ms // MINUTE} min"
    if span_ms < DAY:
        return _two_units(span_ms, (HOUR, "h"), (MINUTE, "min"))
    return _two_units(span_ms, (DAY, "d"), (HOUR, "h"))


def _two_units(span_ms: int, large: tuple[int, str], small: tuple[int, str]) -> str:
    whole, rest = divmod(span_ms, large[0])
    part = rest // small[0]
    return f"{whole} {large[1]} {part} {small[1]}" if part else f"{whole} {large[1]}"
