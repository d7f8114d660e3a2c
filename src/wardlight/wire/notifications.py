"""Messages for others to send: text messages and mass notification as CSV, new dates as iCalendar.

No service, no diagnosis and no date of birth is in a message: whoever holds the phone reads it.
A cell that a spreadsheet would take for a formula is made harmless (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event
from msgspec import Struct

from wardlight.record.instants import Instant
from wardlight.wire.spreadsheet import FORMULA

TEXT_COLUMNS = ("phone", "language", "text")
VENDOR_COLUMNS = ("external_id", "first_name", "last_name", "phone", "language", "message")


class Message(Struct, frozen=True, kw_only=True):
    """One message to one patient. `reference` says nothing of who it is."""

    reference: str
    given: str
    family: str
    phone: str
    language: str
    text: str


class NewDate(Struct, frozen=True, kw_only=True):
    """One new time as a patient's calendar takes it."""

    reference: str
    starts: Instant
    minutes: int
    where: str
    text: str


def safe_cell(text: str) -> str:
    """Return a cell no spreadsheet takes for a formula; phones keep their digits without a plus."""
    line = " ".join(text.split())
    return f"'{line}" if text.startswith(FORMULA) or line.startswith(FORMULA) else line


def phone_cell(number: str) -> str:
    """Return a phone number as digits alone: a leading plus would be a formula."""
    return "".join(one for one in number if one.isdigit())


def text_messages(messages: Iterable[Message]) -> bytes:
    """Return text messages as CSV (RFC 4180, UTF-8)."""
    rows = [(phone_cell(one.phone), one.language, safe_cell(one.text)) for one in messages]
    return _written(TEXT_COLUMNS, rows)


def vendor_messages(messages: Iterable[Message]) -> bytes:
    """Return the list a mass-notification vendor reads."""
    rows = [
        (
            safe_cell(one.reference),
            safe_cell(one.given),
            safe_cell(one.family),
            phone_cell(one.phone),
            one.language,
            safe_cell(one.text),
        )
        for one in messages
    ]
    return _written(VENDOR_COLUMNS, rows)


def _written(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def calendar(dates: Iterable[NewDate], made: Instant) -> bytes:
    """Return new times as iCalendar (RFC 5545); a reference that comes again replaces the event."""
    found = Calendar()
    found.add("prodid", "-//Wardlight//Contact//EN")
    found.add("version", "2.0")
    for one in dates:
        event = Event()
        event.add("uid", f"{one.reference}@wardlight")
        event.add("dtstamp", _time(made))
        event.add("dtstart", _time(one.starts))
        event.add("dtend", _time(one.starts) + timedelta(minutes=one.minutes or 30))
        event.add("summary", "Appointment")
        event.add("location", one.where)
        event.add("description", one.text)
        event.add("class", "PRIVATE")
        found.add_component(event)
    return bytes(found.to_ical())


def _time(at: Instant) -> datetime:
    return datetime.fromtimestamp(at // 1_000, UTC)
