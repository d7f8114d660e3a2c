"""One appointment or free time of a file, from text to facts; what cannot be read is said in words.

The names are those of the CSV columns (docs/clinics.md); the other formats are brought to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from wardlight.record.codes import AppointmentState, Coded, Location
from wardlight.record.events.schedule import AppointmentChanged, SlotOffered
from wardlight.record.identity import Identifier, PatientKey, Person, PersonName
from wardlight.record.instants import Instant, Moment, PartialDate, instant_of, zone_named
from wardlight.record.mail_address import mail_address

BYTES_MAX = 16 * 1024 * 1024
ROWS_MAX = 20_000
TEXT_MAX = 500  # of one cell
MINUTES_MAX = 24 * 60
HOLDS_MAX = 200
DIGITS_MINUTE = 12
DAY_LONG = len("2026-11-24")

Row = Mapping[str, str]
STATES = {
    "": AppointmentState.BOOKED,
    **{str(one): one for one in AppointmentState},
    "canceled": AppointmentState.CANCELLED,
    "proposed": AppointmentState.BOOKED,
    "pending": AppointmentState.BOOKED,
    "confirmed": AppointmentState.BOOKED,
    "tentative": AppointmentState.BOOKED,
    "arrived": AppointmentState.BOOKED,
    "fulfilled": AppointmentState.COMPLETED,
    "noshow": AppointmentState.NO_SHOW,
    "entered-in-error": AppointmentState.DELETED,
}


class Origin(Struct, frozen=True):
    """Whose file it is: site, its zone, the authority of its patient numbers, when it came."""

    site: str
    zone: str
    authority: str
    at: Instant


class Found(Struct, frozen=True):
    """What one file says, and which of its rows say nothing that can be used."""

    format: str  # CSV, iCalendar, FHIR
    persons: tuple[Person, ...] = ()
    appointments: tuple[AppointmentChanged, ...] = ()
    slots: tuple[SlotOffered, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()  # row, why
    unreadable: str = ""  # why nothing of the file can be read


class Trouble(Exception):  # noqa: N818 -- not an error of the program: words about a row
    """Why a row cannot be used."""


def appointment_of(row: Row, origin: Origin) -> tuple[Person | None, AppointmentChanged]:
    """Return one appointment and its patient. Raises Trouble."""
    number = text(row, "appointment")
    if not number:
        raise Trouble("the appointment has no number")
    person = _person(row, origin)
    state = STATES.get(text(row, "status").casefold())
    if state is None:
        raise Trouble(f"the status “{text(row, 'status')[:40]}” is not known")
    change = AppointmentChanged(
        number=number if "|" in number else f"{origin.authority}|{number}",
        patient=person.key if person else None,
        at=origin.at,
        state=state,
        starts=Moment(_instant(row, "starts", origin.zone), DIGITS_MINUTE),
        minutes=_number(row, "minutes", MINUTES_MAX),
        reason=Coded(text=text(row, "reason")),
        kind=Coded(text=text(row, "kind")),
        service=Coded(text=text(row, "service")),
        place=Location(unit=text(row, "place")),
        staff=_many(row, "staff"),
        notes=_many(row, "notes"),
        procedure=text(row, "procedure"),
        prep=text(row, "prep"),
        travel_minutes=_number(row, "travel_minutes", MINUTES_MAX),
        transport=text(row, "transport"),
        linked=_many(row, "linked"),
        series=text(row, "series"),
        needs=_many(row, "needs"),
        travel_to=_ways(row),
        harm_by=_day(row, "harm_by"),
        urgency=text(row, "urgency").upper()[:1],
    )
    return person, change


def slot_of(row: Row, origin: Origin) -> SlotOffered:
    """Return one free time. Raises Trouble."""
    if not text(row, "slot"):
        raise Trouble("the slot has no number")
    return SlotOffered(
        slot=text(row, "slot"),
        service=text(row, "service"),
        starts=_instant(row, "starts", origin.zone),
        minutes=_number(row, "minutes", MINUTES_MAX),
        where=text(row, "where") or text(row, "place"),
        partner=text(row, "partner"),
        holds=_number(row, "holds", HOLDS_MAX) or 1,
        staff=text(row, "staff"),
        closed=text(row, "closed").casefold() in ("yes", "true", "1", "x"),
        equipment=_many(row, "equipment"),
    )


def text(row: Row, name: str) -> str:
    """Return a cell on one line, cut where no clinic needs more; "" for none."""
    printable = "".join(one if one.isprintable() else " " for one in row.get(name, "")[:TEXT_MAX])
    return " ".join(printable.split())


def _person(row: Row, origin: Origin) -> Person | None:
    value = text(row, "patient")
    if not value:
        return None
    born = _day(row, "birth")
    phones = (text(row, "phone"), text(row, "phone2"))
    return Person(
        key=PatientKey(f"{origin.authority}|{value}"),
        identifiers=(Identifier(value=value, authority=origin.authority, kind="MR"),),
        name=PersonName(family=text(row, "family"), given=text(row, "given")),
        birth=PartialDate(*map(int, born.split("-"))) if born else None,
        sex=text(row, "sex").upper()[:1],
        address=text(row, "address"),
        phones=tuple(one for one in phones if one),
        emails=tuple(filter(None, (mail_address(text(row, "email")),))),
        language=text(row, "language"),
        protected=text(row, "protected").casefold() in ("yes", "true", "1", "x"),
    )


def _many(row: Row, name: str) -> tuple[str, ...]:
    return tuple(part for one in text(row, name).split(";") if (part := one.strip()))


def _ways(row: Row) -> tuple[tuple[str, int], ...]:
    """Return the minutes to partner sites: `North Clinic=45; South=90`. Raises Trouble."""
    found = []
    for one in _many(row, "travel_to"):
        site, _, minutes = one.rpartition("=")
        if not site.strip() or not is_number(minutes.strip(), MINUTES_MAX):
            raise Trouble("travel_to is no list such as North Clinic=45; South Clinic=90")
        found.append((site.strip(), int(minutes)))
    return tuple(found)


def is_number(typed: str, most: int) -> bool:
    """Return whether digits are a number from 0 to `most`, without zeros that would hide more."""
    digits = typed.isascii() and typed.isdigit() and len(typed) <= len(str(most))
    return digits and int(typed) <= most


def _number(row: Row, name: str, most: int) -> int:
    typed = text(row, name)
    if not typed:
        return 0
    if not is_number(typed, most):
        raise Trouble(f"{name} is no number from 0 to {most}")
    return int(typed)


def _day(row: Row, name: str) -> str:
    typed = text(row, name)
    if not typed:
        return ""
    try:
        return date.fromisoformat(typed[:10]).isoformat()
    except ValueError:
        raise Trouble(f"{name} is no date such as 2026-11-24") from None


def _instant(row: Row, name: str, zone: str) -> Instant:
    """Return a time of a row: local unless it says its offset."""
    typed = text(row, name)
    because = f"{name} is no time such as 2026-11-24 09:00"
    if len(typed) <= DAY_LONG:  # a day alone: midnight would be invented
        raise Trouble(because)
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        raise Trouble(because) from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone_named(zone))
    return instant_of(found)
