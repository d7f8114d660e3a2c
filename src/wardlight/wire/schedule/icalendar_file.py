"""A clinic's calendar (RFC 5545): each VEVENT an appointment.

The patient's number stands in X-WARDLIGHT-PATIENT or as `MRN: 12345` in the description, further
columns of the CSV in X-WARDLIGHT-<COLUMN>. A series is nobody's appointment: it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from icalendar import Calendar

from wardlight.record.events.schedule import AppointmentChanged
from wardlight.record.identity import Person
from wardlight.record.instants import MINUTE
from wardlight.wire.schedule.rows import ROWS_MAX, Found, Origin, Row, Trouble, appointment_of

OURS = "X-WARDLIGHT-"
_MRN = re.compile(r"\bMRN[:\s#]+([A-Za-z0-9-]{1,40})")


def read_icalendar(text: str, origin: Origin) -> Found:
    """Return what a calendar says; an event that cannot be used is named by its place."""
    if text.count("BEGIN:VEVENT") > ROWS_MAX:
        return Found("iCalendar", unreadable=f"a file holds at most {ROWS_MAX:,} appointments")
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return Found("iCalendar", unreadable="this is not a calendar of RFC 5545")
    persons: dict[str, Person] = {}
    appointments: list[AppointmentChanged] = []
    refused: list[tuple[int, str]] = []
    for place, event in enumerate(_events(calendars), 1):
        try:
            person, change = appointment_of(_row(event), origin)
        except Trouble as trouble:
            refused.append((place, str(trouble)))
            continue
        appointments.append(change)
        if person is not None:
            persons[person.key] = person
    return Found("iCalendar", tuple(persons.values()), tuple(appointments), refused=tuple(refused))


def _events(calendars: list[Any]) -> Iterator[Any]:
    for calendar in calendars:
        yield from calendar.walk("VEVENT")


def _row(event: Any) -> Row:
    """Return an event by the names of the columns. Raises Trouble."""
    if "RRULE" in event or "RDATE" in event:
        raise Trouble("a series is no appointment of one patient")
    description = str(event.get("DESCRIPTION", ""))
    mrn = _MRN.search(description)
    row = {
        "appointment": str(event.get("UID", "")),
        "starts": _time(event, "DTSTART"),
        "minutes": _minutes(event),
        "service": str(event.get("CATEGORIES", "") and _categories(event)),
        "reason": str(event.get("SUMMARY", "")),
        "place": str(event.get("LOCATION", "")),
        "status": str(event.get("STATUS", "")),
        "patient": mrn[1] if mrn else "",
        "notes": "" if mrn else description.replace(";", ","),
    }
    ours = {
        str(name)[len(OURS) :].casefold().replace("-", "_"): str(value)
        for name, value in event.items()
        if str(name).upper().startswith(OURS)
    }
    return row | ours


def _categories(event: Any) -> str:
    found = event.get("CATEGORIES")
    first = found[0] if isinstance(found, list) else found
    return ", ".join(str(one) for one in getattr(first, "cats", [first]))


def _time(event: Any, name: str) -> str:
    """Return a time as a row has it; a whole day has no time an appointment could have."""
    value = _value(event, name)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        raise Trouble("it is for a whole day: there is no time")
    return ""


def _value(event: Any, name: str) -> Any:
    found = event.get(name)
    try:
        return found.dt if found is not None else None
    except (AttributeError, ValueError):
        return None


def _minutes(event: Any) -> str:
    starts, ends, lasts = (_value(event, name) for name in ("DTSTART", "DTEND", "DURATION"))
    both = isinstance(starts, datetime) and isinstance(ends, datetime)
    if lasts is None and both and (starts.tzinfo is None) == (ends.tzinfo is None):
        lasts = ends - starts
    minutes = int(lasts.total_seconds() * 1_000 // MINUTE) if lasts is not None else 0
    return str(minutes) if minutes > 0 else ""
