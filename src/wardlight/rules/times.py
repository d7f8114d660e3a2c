"""When it happened, as a person types it: a clock time and a day, in the site's own zone."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import StrEnum

from wardlight.record.instants import (
    DAY,
    HOUR,
    MINUTE,
    Instant,
    clinical_time,
    instant_of,
    local,
    zone_named,
)
from wardlight.rules.asking import Asked, Ground

AHEAD_MS_MAX = 2 * MINUTE  # a device clock may run this much ahead of the node's
BACK_DAYS_MAX = 35
PLANNED_DAYS_MAX = 35
PLANNED_BACK_MS = 12 * HOUR  # "first dose at 02:00", written down at 04:00, was this night
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


class TimeTrouble(StrEnum):
    """Why a time cannot be taken, in words that say what to do."""

    NO_CLOCK = "Write the time as four digits, 24-hour clock: 04:03 or 1630."
    NO_DAY = "Write the day as year-month-day, or choose it."
    AHEAD = "This time is still to come. For yesterday, change the date."
    NEVER_WAS = "The clock went forward that night: this time never was. Write a later one."
    LONG_AGO = "That is more than five weeks ago. Check the date."
    FAR_AHEAD = "That is more than five weeks ahead. Check the date."


def made_at(asked: Asked, ground: Ground) -> Instant:
    """Return when the entry was made on the node's time line.

    A tablet that was alone for days says when by its own clock, corrected by how far that was
    off when the two last met. It can never be later than now.
    """
    if asked.made is None:
        return ground.now
    return Instant(min(asked.made - (asked.skew or 0), ground.now))


def when(asked: Asked, ground: Ground, clock: str = "at", day: str = "on") -> Instant | TimeTrouble:
    """Return the instant of two fields; an empty clock means when the entry was made."""
    made = made_at(asked, ground)
    typed, on = asked.fields.one(clock), asked.fields.one(day)
    if not typed and not on:
        return made
    today = local(made, ground.zone).date()
    chosen = _day(on) if on else today
    if chosen is None:
        return TimeTrouble.NO_DAY
    found = _CLOCK.fullmatch(typed)
    if found is None:
        return TimeTrouble.NO_CLOCK
    return _checked(_at(chosen, int(found[1]), int(found[2]), made, ground.zone), made)


def planned(asked: Asked, ground: Ground, clock: str, day: str) -> Instant | TimeTrouble:
    """Return when something is to be done; without a day the clock time that is nearest to come.

    A time of the last twelve hours still means the one that has just been.
    """
    made = made_at(asked, ground)
    typed, on = asked.fields.one(clock), asked.fields.one(day)
    found = _CLOCK.fullmatch(typed)
    if found is None:
        return TimeTrouble.NO_CLOCK
    today = local(made, ground.zone).date()
    chosen = _day(on) if on else today
    if chosen is None:
        return TimeTrouble.NO_DAY
    at = _at(chosen, int(found[1]), int(found[2]), made, ground.zone)
    if not on and not isinstance(at, TimeTrouble) and at < made - PLANNED_BACK_MS:
        at = _at(today + timedelta(days=1), int(found[1]), int(found[2]), made, ground.zone)
    if isinstance(at, TimeTrouble):
        return at
    if at > made + PLANNED_DAYS_MAX * DAY:
        return TimeTrouble.FAR_AHEAD
    return TimeTrouble.LONG_AGO if at < made - BACK_DAYS_MAX * DAY else at


def _day(typed: str) -> date | None:
    found = _DAY.fullmatch(typed)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _at(day: date, hour: int, minute: int, made: Instant, zone: str) -> Instant | TimeTrouble:
    """Return the instant of a wall-clock time; of two, the later that has happened.

    On the night the clock goes back an hour comes twice; on the other one it does not come.
    """
    wall = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone_named(zone))
    first, second = (instant_of(wall.replace(fold=fold)) for fold in (0, 1))
    if local(first, zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        return TimeTrouble.NEVER_WAS
    return second if second <= made else first


def _checked(at: Instant | TimeTrouble, made: Instant) -> Instant | TimeTrouble:
    if isinstance(at, TimeTrouble):
        return at
    if at > made + AHEAD_MS_MAX:
        return TimeTrouble.AHEAD
    if at < made - BACK_DAYS_MAX * DAY:
        return TimeTrouble.LONG_AGO
    return min(at, made)


def time_words(at: Instant, ground: Ground) -> str:
    """Return a time as a ward writes it, with the date when it is not today."""
    return clinical_time(at, ground.zone, now=ground.now)
