"""When a dose is due: from the order's own words, and only where they leave no doubt.

Times of day, and intervals of whole days, are the site's wall clock; a shorter interval counts
real hours. On the two nights when the clock changes, a time of day that does not exist is taken
as long after midnight as it would have been (02:30 becomes 03:30 summer time), and one that
comes twice counts the first time (RFC 5545 §3.3.5). Patterns: HL7 v2.5.1 table 0335 (TQ1-3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

from wardlight.record.events.charting import Timing
from wardlight.record.instants import (
    DAY,
    DIGITS_DAY,
    DIGITS_MINUTE,
    HOUR,
    MINUTE,
    Instant,
    Moment,
    instant_of,
    local,
    zone_named,
)

SITE_TIMES: Mapping[str, tuple[str, ...]] = {
    "QD": ("09:00",),
    "BID": ("09:00", "21:00"),
    "TID": ("09:00", "14:00", "21:00"),
    "QID": ("09:00", "13:00", "17:00", "21:00"),
    "QHS": ("21:00",),
    "QAM": ("09:00",),
    "QPM": ("21:00",),
}
"""Usual clock times by pattern, assumed: each site states its own. Meals (AC, PC) have none
until a site names its meal times."""

_SAME = {
    "DAILY": "QD",
    "TDS": "TID",
    "QDS": "QID",
    "HS": "QHS",
    "NIGHTLY": "QHS",
    "QOD": "Q2D",
    "Q1D": "QD",
    "NOW": "STAT",
    "CONTINUOUS": "C",
}
# What people write; only whole phrases that can mean nothing else.
_PHRASES = {
    "ONCE A DAY": "QD",
    "ONCE DAILY": "QD",
    "EVERY DAY": "QD",
    "TWICE A DAY": "BID",
    "TWICE DAILY": "BID",
    "THREE TIMES A DAY": "TID",
    "THREE TIMES DAILY": "TID",
    "FOUR TIMES A DAY": "QID",
    "FOUR TIMES DAILY": "QID",
    "AT NIGHT": "QHS",
    "AT BEDTIME": "QHS",
    "EVERY MORNING": "QAM",
    "EVERY EVENING": "QPM",
    "EVERY OTHER DAY": "Q2D",
    "AS NEEDED": "PRN",
}
_EVERY_SO_OFTEN = re.compile(r"EVERY ([1-9][0-9]{0,2}) (HOUR|MINUTE|DAY)S?")
_TIMES_A_DAY = {"QD": 1, "BID": 2, "TID": 3, "QID": 4, "QHS": 1, "QAM": 1, "QPM": 1}
_EVERY = re.compile(r"Q([1-9][0-9]{0,3})(H|M|D)")
_LONG_UNITS = re.compile(r"^(Q[0-9]+)(?:(H)(?:RS?|OURS?)|(M)INS?|(D)AYS?)$")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_UNIT_MS = {"H": HOUR, "M": MINUTE}
_REASON_MS = 200 * 366 * DAY  # either side of 1970
_TIMES_MAX = 1_000  # more than this in one window is not a list anybody could read


class TimesFrom(StrEnum):
    """Whose word the clock times are."""

    ORDER = "order"
    SITE_TABLE = "site table"  # derived: the order names a pattern, the site its usual times


class Repeats(StrEnum):
    """In what way an order repeats."""

    DAILY = "at times of day"
    INTERVAL = "every so many hours or minutes"
    ONCE = "once"
    CONTINUOUS = "continuous"
    AS_NEEDED = "as needed"


class DosePlan(Struct, frozen=True, kw_only=True, gc=False):
    """A pattern that is understood."""

    repeats: Repeats
    times_from: TimesFrom = TimesFrom.ORDER
    clock: tuple[str, ...] = ()  # HH:MM, in order, for DAILY
    every_days: int = 1
    every_ms: int = 0

    def gap_ms(self) -> int:
        """Return the shortest time between two doses; 0 when there is no second one."""
        if self.repeats is not Repeats.DAILY:
            return self.every_ms
        minutes = [int(time[:2]) * 60 + int(time[3:]) for time in self.clock]
        gaps = [later - sooner for sooner, later in pairwise(minutes)]
        return min([*gaps, minutes[0] + 24 * 60 * self.every_days - minutes[-1]]) * MINUTE


def pattern_of(timing: Timing) -> str:
    """Return the pattern in one spelling: `twice a day` is BID, `every 6 hours` is Q6H."""
    plain = re.sub(r"(?<=[A-Z])\.", "", timing.pattern.strip().upper())  # but Q1.5H keeps its dot
    spoken = " ".join(plain.split())
    every = _EVERY_SO_OFTEN.fullmatch(spoken)
    if every:
        return f"Q{every[1]}{every[2][0]}"
    plain = _PHRASES.get(spoken, plain)
    joined = re.sub(r"^Q\s*([0-9]+)\s*", r"Q\1", plain)
    short = _LONG_UNITS.sub(r"\1\2\3\4", joined)
    return _SAME.get(short, short)


def is_as_needed(timing: Timing) -> bool:
    """Return whether the dose is given when needed, whatever else the pattern says."""
    return timing.as_needed or timing.priority == "PRN" or "PRN" in pattern_of(timing)


def plan_of(timing: Timing, table: Mapping[str, tuple[str, ...]] = SITE_TIMES) -> DosePlan | None:
    """Return how an order repeats, or None when its pattern is not understood with certainty."""
    pattern = pattern_of(timing)
    if is_as_needed(timing):
        return DosePlan(repeats=Repeats.AS_NEEDED)
    if pattern == "C":
        return DosePlan(repeats=Repeats.CONTINUOUS)
    if pattern in ("ONCE", "STAT"):
        return DosePlan(repeats=Repeats.ONCE)
    if timing.times:
        return _by_own_times(pattern, timing.times)
    if pattern in table:
        return _daily(table[pattern], TimesFrom.SITE_TABLE)
    return _by_interval(pattern, table)


def _daily(times: tuple[str, ...], times_from: TimesFrom, every_days: int = 1) -> DosePlan | None:
    if not times or not all(_CLOCK.fullmatch(time) for time in times):
        return None
    return DosePlan(
        repeats=Repeats.DAILY,
        times_from=times_from,
        clock=tuple(sorted(set(times))),
        every_days=every_days,
    )


def _by_own_times(pattern: str, times: tuple[str, ...]) -> DosePlan | None:
    """Return the order's explicit times, unless its pattern speaks of another number of doses."""
    every = _EVERY.fullmatch(pattern)
    if every and every[2] == "D":
        return _daily(times, TimesFrom.ORDER, int(every[1]))
    expected = _TIMES_A_DAY.get(pattern)
    if every and not DAY % (int(every[1]) * _UNIT_MS[every[2]]):
        expected = DAY // (int(every[1]) * _UNIT_MS[every[2]])
    if pattern and expected != len(set(times)):
        return None
    return _daily(times, TimesFrom.ORDER)


def _by_interval(pattern: str, table: Mapping[str, tuple[str, ...]]) -> DosePlan | None:
    every = _EVERY.fullmatch(pattern)
    if every is None:
        return None
    if every[2] == "D":
        return _daily(table.get("QD", ()), TimesFrom.SITE_TABLE, int(every[1]))
    return DosePlan(repeats=Repeats.INTERVAL, every_ms=int(every[1]) * _UNIT_MS[every[2]])


class Course(Struct, frozen=True, kw_only=True, gc=False):
    """What times are counted from: start and end of the order, and the last dose given."""

    zone: str
    starts: Moment | None = None
    ends: Moment | None = None
    last_given: Moment | None = None

    def within_reason(self) -> Course:
        """Return the course without moments such as year 1 or 9999, which stand for "not set"."""
        return Course(
            zone=self.zone,
            starts=_within_reason(self.starts),
            ends=_within_reason(self.ends),
            last_given=_within_reason(self.last_given),
        )


def _within_reason(moment: Moment | None) -> Moment | None:
    return moment if moment is not None and abs(moment.at) < _REASON_MS else None


def due_times(
    plan: DosePlan, course: Course, *, since: Instant, until: Instant
) -> tuple[Instant, ...] | None:
    """Return the due instants with since <= due <= until, or None when nothing says from when.

    An interval counts from the last dose given, else from the start; a start of which only the
    day is known is not a time of day.
    """
    course = course.within_reason()
    first = max(since, course.starts.at) if course.starts else since
    last = min(until, ends_at(course))
    match plan.repeats:
        case Repeats.AS_NEEDED | Repeats.CONTINUOUS:
            return ()
        case Repeats.ONCE:
            return _once(course, since, until)
        case Repeats.INTERVAL:
            if plan.every_ms % DAY == 0:
                return _at_day_intervals(plan.every_ms // DAY, course, first, last)
            return _at_intervals(plan.every_ms, course, first, last)
        case Repeats.DAILY:
            return _at_clock_times(plan, course, first, last)


def next_due(plan: DosePlan, course: Course, *, after: Instant) -> Instant | None:
    """Return the first due instant later than `after`, however far ahead."""
    course = course.within_reason()
    counted = [moment.at for moment in (course.starts, course.last_given) if moment]
    span = (
        plan.every_ms + (plan.every_days + 1) * DAY if plan.every_ms % DAY == 0 else plan.every_ms
    )
    until = Instant(max([after, *counted]) + span)
    found = due_times(plan, course, since=Instant(after + 1), until=until)
    return found[0] if found else None


def ends_at(course: Course) -> Instant:
    """Return the last instant of the order; a stated day lasts to its midnight."""
    ends = _within_reason(course.ends)
    if ends is None:
        return Instant(2**62)
    if ends.digits > DIGITS_DAY:
        return ends.at
    day = local(ends.at, course.zone).date()
    return Instant(_wall(day + timedelta(days=1), "00:00", course.zone) - 1)


def _once(course: Course, since: Instant, until: Instant) -> tuple[Instant, ...] | None:
    if course.last_given is not None:
        return ()
    if course.starts is None or course.starts.digits < DIGITS_MINUTE:
        return None
    return (course.starts.at,) if since <= course.starts.at <= until else ()


def _at_intervals(
    every_ms: int, course: Course, first: Instant, last: Instant
) -> tuple[Instant, ...] | None:
    anchor, begins_with = course.last_given, 1
    if anchor is None or anchor.digits < DIGITS_MINUTE:
        anchor, begins_with = course.starts, 0
    if anchor is None or anchor.digits < DIGITS_MINUTE:
        return None
    step = max(begins_with, -((anchor.at - first) // every_ms))
    if (last - anchor.at) // every_ms - step >= _TIMES_MAX:
        return None
    due = range(anchor.at + step * every_ms, last + 1, every_ms)
    return tuple(Instant(at) for at in due)


def _at_day_intervals(
    days: int, course: Course, first: Instant, last: Instant
) -> tuple[Instant, ...] | None:
    """Return times at the wall-clock time of the last dose, else of the start, each n-th day."""
    anchor = course.last_given or course.starts
    if anchor is None or anchor.digits < DIGITS_MINUTE:
        return None
    when = local(anchor.at, course.zone)
    clock = f"{when.hour:02d}:{when.minute:02d}"
    plan = DosePlan(repeats=Repeats.DAILY, clock=(clock,), every_days=days)
    after = Instant(max(first, anchor.at + 1)) if course.last_given else first
    return _at_clock_times(plan, course, after, last)


def _at_clock_times(
    plan: DosePlan, course: Course, first: Instant, last: Instant
) -> tuple[Instant, ...] | None:
    if first > last:
        return ()
    if (last - first) // DAY * len(plan.clock) > _TIMES_MAX:
        return None
    days = _days(first, last, course.zone)
    if plan.every_days > 1:
        counted_from = course.last_given or course.starts
        if counted_from is None or counted_from.digits < DIGITS_DAY:
            return None
        day_one = local(counted_from.at, course.zone).date()
        skipped = 0 if course.last_given is None else 1
        spans = ((day, (day - day_one).days) for day in days)
        days = (day for day, n in spans if n % plan.every_days == 0 and n >= skipped)
    found = (_wall(day, time, course.zone) for day in days for time in plan.clock)
    return tuple(sorted({at for at in found if first <= at <= last}))


def _days(first: Instant, last: Instant, zone: str) -> Iterator[date]:
    day, final = local(first, zone).date(), local(last, zone).date()
    day -= timedelta(days=1)  # a time in a gap may fall on the next day
    while day <= final:
        yield day
        day += timedelta(days=1)


def _wall(day: date, time: str, zone: str) -> Instant:
    at = datetime(
        day.year, day.month, day.day, int(time[:2]), int(time[3:]), tzinfo=zone_named(zone)
    )
    return instant_of(at.astimezone(UTC))
