"""Dates in searches: each is a span as long as its precision (hl7.org/fhir/R4/search.html#date)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from wardlight.record.instants import DAY, MINUTE, SECOND, Instant, instant_of, zone_named
from wardlight.wire.fhir.types import Element

_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
_EVER = Instant(2**62)


class Span(Struct, frozen=True):
    """From `start` until before `end`, in ms."""

    start: Instant
    end: Instant


Comparison = Callable[[Span, Span], bool]

COMPARISONS: Mapping[str, Comparison] = {
    "eq": lambda value, asked: asked.start <= value.start and value.end <= asked.end,
    "ne": lambda value, asked: not (asked.start <= value.start and value.end <= asked.end),
    "gt": lambda value, asked: value.end > asked.end,
    "lt": lambda value, asked: value.start < asked.start,
    "ge": lambda value, asked: value.end > asked.end or asked.start <= value.start < asked.end,
    "le": lambda value, asked: value.start < asked.start or asked.start < value.end <= asked.end,
}


def span_of(text: str, zone: str) -> Span | None:
    """Return the span of a FHIR date; None when it is none. Without an offset it is local."""
    parts = _DATE.fullmatch(text)
    if parts is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = parts.groups()
    iso = f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}"
    try:
        start = datetime.fromisoformat(f"{iso}{offset or ''}")
        if start.tzinfo is None:
            start = start.replace(tzinfo=zone_named(zone))
        begins = instant_of(start)
    except (ValueError, OverflowError):
        return None
    if hour:
        within = round(float(fraction or 0) * SECOND)
        length = 1 if fraction else (SECOND if second else MINUTE)
        return Span(Instant(begins + within), Instant(begins + within + length))
    return Span(begins, _day_after(start, month=month, day=day))


def _day_after(start: datetime, *, month: str | None, day: str | None) -> Instant:
    """Return when the day, month or year that begins at `start` is over, by the local clock."""
    try:
        if day:
            return instant_of(start + timedelta(days=1))
        if month:
            following = start.month % 12 + 1
            return instant_of(start.replace(year=start.year + (following == 1), month=following))
        return instant_of(start.replace(year=start.year + 1))
    except (ValueError, OverflowError):  # the last day of the year 9999
        return Instant(instant_of(start) + DAY)


def value_span(value: str | Element, zone: str) -> Span | None:
    """Return the span of a date or of a period; a period without an end has not ended."""
    if isinstance(value, str):
        return span_of(value, zone)
    start = span_of(value.get("start", ""), zone)
    end = span_of(value.get("end", ""), zone)
    if start is None and end is None:
        return None
    return Span(start.start if start else Instant(-_EVER), end.end if end else _EVER)
