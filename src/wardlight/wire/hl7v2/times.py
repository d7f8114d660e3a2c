"""HL7 times to instants, and dates of birth: no more exact than they were sent, never invented.

DTM and TS: HL7 v2.5.1 §2.A.22, §2.A.75: `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]`.
What is impossible, ambiguous or a stand-in for "unknown" gives no instant and says why.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from wardlight.record.instants import (
    DIGITS_DAY,
    DIGITS_HOUR,
    DIGITS_MINUTE,
    DIGITS_MONTH,
    DIGITS_SECOND,
    DIGITS_YEAR,
    Instant,
    Moment,
    PartialDate,
    instant_of,
    zone_named,
)


class Doubt(StrEnum):
    """Why a time is not, or not quite, what the field says."""

    IMPOSSIBLE = "impossible"  # 30 February, 25 o'clock, words
    STANDS_FOR_UNKNOWN = "stands-for-unknown"  # 0000, 1900, 19700101, 9999…
    AMBIGUOUS_DATE = "ambiguous-date"  # 03/04/2024: day or month first?
    ODD_FORM = "odd-form"  # read, but not in the standard's form
    AMBIGUOUS_HOUR = "ambiguous-hour"  # the hour that came twice when clocks went back
    NO_SUCH_HOUR = "no-such-hour"  # the hour that was skipped when clocks went forward


class TimeRead(Struct, frozen=True, gc=False):
    """A time field as read; `moment` is None when there is none to be had."""

    moment: Moment | None
    doubt: Doubt | None = None


class DateRead(Struct, frozen=True, gc=False):
    """A date field as read; `day` is None when there is none to be had."""

    day: PartialDate | None
    doubt: Doubt | None = None


class _Wall(Struct, frozen=True, gc=False):
    """What a clock on the sender's wall showed."""

    naive: datetime
    digits: int
    offset_min: int | None
    doubt: Doubt | None


NO_TIME = TimeRead(None)
NO_DATE = DateRead(None)
_LENGTH_MAX = 40
_DIGITS = (DIGITS_YEAR, DIGITS_MONTH, DIGITS_DAY, DIGITS_HOUR, DIGITS_MINUTE, DIGITS_SECOND)
_YEAR_FIRST, _YEAR_LAST = 1850, 2199
_UNKNOWN_DAYS = frozenset({"19000101", "19700101", "00010101", "18000101"})
_MONTHS, _HOURS, _MINUTES, _SECONDS = 12, 24, 60, 60
_OFFSET_HOURS_MAX = 15
_NOON = 12

_DTM = re.compile(r"(\d{4,14})(?:\.(\d{1,9}))?\s*(Z|[+-]\d{2}:?(?:\d{2})?)?", re.ASCII)
_ISO = re.compile(
    r"(\d{4})-(\d{2})(?:-(\d{2})(?:[T ]+(\d{2})(?::?(\d{2})(?::?(\d{2}))?)?)?)?"
    r"(?:[.,](\d{1,9}))?\s*(Z|[+-]\d{2}:?(?:\d{2})?)?",
    re.ASCII,
)
_SLASHES = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})"
    r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?",
    re.ASCII,
)


def moment(text: str, zone: str, received: Instant, *, header_offset: str = "") -> TimeRead:
    """Return the instant a DTM or TS value names.

    `zone` is the source's IANA zone, used when the value has no offset of its own.
    `header_offset` is the offset of MSH-7 (`offset_of`), given only for a source set to "MSH
    offset applies". In the hour that comes twice the one nearer to `received` is taken.
    """
    if not text:
        return NO_TIME
    earlier, later = _instants(text[:_LENGTH_MAX], zone, header_offset)
    if later is None or earlier.moment is None or later.moment is None:
        return earlier
    if abs(received - earlier.moment.at) <= abs(received - later.moment.at):
        return earlier
    return later


def offset_of(text: str) -> str:
    """Return the offset a time carries (`+0100`), "" when it has none."""
    wall = _wall(text[:_LENGTH_MAX])
    if wall is None or isinstance(wall, Doubt) or wall.offset_min is None:
        return ""
    sign = "-" if wall.offset_min < 0 else "+"
    return f"{sign}{abs(wall.offset_min) // 60:02d}{abs(wall.offset_min) % 60:02d}"


def birth_date(text: str, received: Instant) -> DateRead:
    """Return a date of birth as stated, whatever time or offset stands behind it.

    A year of two digits is taken as the last such year that is not after `received`.
    """
    if not text.strip():
        return NO_DATE
    wall = _wall(_with_century(text.strip()[:_LENGTH_MAX], received))
    if wall is None:
        return NO_DATE
    if isinstance(wall, Doubt):
        return DateRead(None, wall)
    on = wall.naive
    month = on.month if wall.digits >= DIGITS_MONTH else 0
    day = on.day if wall.digits >= DIGITS_DAY else 0
    return DateRead(PartialDate(on.year, month, day), wall.doubt)


def _with_century(text: str, received: Instant) -> str:
    """Return YYMMDD as CCYYMMDD; everything else as it is."""
    if len(text) != DIGITS_MONTH or not text.isdecimal() or not text.isascii():
        return text
    if _YEAR_FIRST <= int(text[:4]) <= _YEAR_LAST and 1 <= int(text[4:]) <= _MONTHS:
        return text
    this_year = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=received)).year
    year = this_year - (this_year - int(text[:2])) % 100
    return f"{year:04d}-{text[2:4]}-{text[4:]}"


@lru_cache(maxsize=16384)
def _instants(text: str, zone: str, header_offset: str) -> tuple[TimeRead, TimeRead | None]:
    """Return the reading of a time, and a second one where the local hour came twice."""
    wall = _wall(text)
    if wall is None:
        return NO_TIME, None
    if isinstance(wall, Doubt):
        return TimeRead(None, wall), None
    offset = wall.offset_min if wall.offset_min is not None else _minutes(header_offset)
    if offset is not None:
        fixed = wall.naive.replace(tzinfo=timezone(timedelta(minutes=offset)))
        return TimeRead(Moment(instant_of(fixed), wall.digits), wall.doubt), None
    return _in_zone(wall, zone)


def _in_zone(wall: _Wall, zone: str) -> tuple[TimeRead, TimeRead | None]:
    """Return the wall time as an instant of the zone; two of them in the hour that came twice."""
    first = wall.naive.replace(tzinfo=zone_named(zone))
    second = first.replace(fold=1)
    one, two = instant_of(first), instant_of(second)
    if one == two or wall.digits < DIGITS_HOUR:
        return TimeRead(Moment(one, wall.digits), wall.doubt), None
    if one > two:  # PEP 495: in the skipped hour fold=0 lies after fold=1
        return TimeRead(Moment(one, wall.digits), Doubt.NO_SUCH_HOUR), None
    twice = Doubt.AMBIGUOUS_HOUR
    return TimeRead(Moment(one, wall.digits), twice), TimeRead(Moment(two, wall.digits), twice)


@lru_cache(maxsize=8192)
def _wall(text: str) -> _Wall | Doubt | None:
    """Return what the text says on a clock and a calendar, a doubt, or None for nothing."""
    text = text.strip()
    if not text or text == '""':
        return None
    if found := _DTM.fullmatch(text):
        digits, fraction, offset = found.groups()
        return _from_digits(digits, fraction, offset, None)
    if found := _ISO.fullmatch(text):
        *parts, fraction, offset = found.groups()
        digits = "".join(part for part in parts if part)
        return _from_digits(digits, fraction, offset, Doubt.ODD_FORM)
    if found := _SLASHES.fullmatch(text):
        return _from_slashes(found)
    return Doubt.IMPOSSIBLE


def _from_digits(
    digits: str, fraction: str | None, offset: str | None, doubt: Doubt | None
) -> _Wall | Doubt:
    """Return a wall time from YYYYMMDDHHMMSS or as much of it as is there."""
    if _stands_for_unknown(digits):
        return Doubt.STANDS_FOR_UNKNOWN
    known = max(length for length in _DIGITS if length <= len(digits))
    if known != len(digits):
        doubt = Doubt.ODD_FORM
    minutes = _minutes(offset or "")
    if not _YEAR_FIRST <= int(digits[:4]) <= _YEAR_LAST or (offset and minutes is None):
        return Doubt.IMPOSSIBLE
    naive = _naive(digits[:known])
    if naive is None:
        return Doubt.IMPOSSIBLE
    if fraction and known == DIGITS_SECOND:
        naive += timedelta(microseconds=int(fraction[:6].ljust(6, "0")))
    return _Wall(naive, known, minutes, doubt)


def _stands_for_unknown(digits: str) -> bool:
    """Say whether senders write this for "not known": zeros, nines, the first day of an epoch."""
    if digits[:4] in {"0000", "9999"} or digits == "1900":
        return True
    return digits[:8] in _UNKNOWN_DAYS and not digits[8:].strip("0")


def _naive(digits: str) -> datetime | None:
    """Return the calendar time, or None where there is no such day or hour.

    24 o'clock is the start of the next day; a leap second is the second after.
    """
    year, month, day = int(digits[:4]), int(digits[4:6] or 1), int(digits[6:8] or 1)
    clock = digits[8:].ljust(6, "0")
    hour, minute, second = int(clock[:2]), int(clock[2:4]), int(clock[4:])
    if (
        hour > _HOURS
        or minute >= _MINUTES
        or second > _SECONDS
        or (hour == _HOURS and minute + second)
    ):
        return None
    try:
        start = datetime.combine(date(year, month, day), datetime.min.time())
    except ValueError:
        return None
    return start + timedelta(hours=hour, minutes=minute, seconds=second)


def _minutes(offset: str) -> int | None:
    """Return an offset in minutes east of Greenwich (-0000 is UTC), None when it is none."""
    if offset in {"Z", "-0000"}:
        return 0
    digits = offset[1:].replace(":", "").ljust(4, "0")
    if offset[:1] not in {"+", "-"} or len(digits) != len("HHMM") or not digits.isdecimal():
        return None
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > _OFFSET_HOURS_MAX or minutes >= _MINUTES:
        return None
    return (hours * _MINUTES + minutes) * (-1 if offset[0] == "-" else 1)


def _from_slashes(found: re.Match[str]) -> _Wall | Doubt:
    """Return a wall time from 23/11/2026 or 11/23/2026 3:15 PM, where only one can be meant."""
    first, _, second, year, hour, minute, seconds, half = found.groups()
    one, two = int(first), int(second)
    if one <= _MONTHS and two <= _MONTHS and one != two:
        return Doubt.AMBIGUOUS_DATE
    day, month = (one, two) if one > _MONTHS else (two, one)
    clock = ""
    if hour:
        hours = int(hour)
        if half:
            hours = hours % _NOON + (_NOON if half.lower() == "pm" else 0)
        clock = f"{hours:02d}{minute}{seconds or ''}"
    return _from_digits(f"{year}{month:02d}{day:02d}{clock}", None, None, Doubt.ODD_FORM)
