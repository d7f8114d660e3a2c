"""Messages for others to send: text messages and mass notification as CSV, new dates as iCalendar.

No service, no diagnosis and no date of birth is in a message: whoever holds the phone reads it.
A cell that a spreadsheet would take for a formula is made harmless (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

from icalendar import Calendar, Event
from msgspec import Struct

from wardlight.record.instants import Instant
from wardlight.wire.spreadsheet import FORMULA

MAIL_COLUMNS = ("email", "language", "subject", "text")
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


class Mail(Struct, frozen=True, kw_only=True):
    """One e-mail to one patient: it names the hospital and a number to call, and no clinic."""

    reference: str
    address: str
    language: str
    subject: str
    text: str
    dates: tuple[NewDate, ...] = ()


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


def mail_rows(mails: Iterable[Mail]) -> bytes:
    """Return e-mails as CSV, as a mailing vendor reads them: one address, one subject, one text."""
    return _written(
        MAIL_COLUMNS,
        [(one.address, one.language, safe_cell(one.subject), safe_cell(one.text)) for one in mails],
    )


def mailbox(mails: Iterable[Mail], made: Instant) -> bytes:
    """Return e-mails as one mbox file (RFC 4155), new dates attached as iCalendar.

    Sender and message id are left to whatever relay sends them (`sendmail -t`): only a hospital
    knows in whose name its standby mail goes out.
    """
    when = _time(made)
    said = when.strftime("%a %b %d %H:%M:%S %Y")
    parts = (
        f"From wardlight {said}\n".encode("ascii") + _quoted(_mail(one, made)) + b"\n"
        for one in mails
    )
    return b"".join(parts)


def _mail(mail: Mail, made: Instant) -> bytes:
    message = EmailMessage(policy=SMTP.clone(linesep="\n"))
    message["To"] = mail.address
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = _time(made)
    message["Content-Language"] = mail.language
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer of a machine comes back
    message.set_content(mail.text + "\n")
    if mail.dates:
        message.add_attachment(
            calendar(mail.dates, made), maintype="text", subtype="calendar", filename="visit.ics"
        )
    return message.as_bytes()


def _quoted(message: bytes) -> bytes:
    """Return a message whose own lines are not taken for the beginning of another."""
    lines = message.split(b"\n")
    return b"\n".join(b">" + one if one.startswith(b"From ") else one for one in lines)


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
