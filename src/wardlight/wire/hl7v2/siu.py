"""Who is coming and when: SIU to appointments (HL7 v2.5.1 §10.3 triggers, §10.6 segments)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from wardlight.record.codes import AppointmentState, Coded, Location
from wardlight.record.events.schedule import AppointmentChanged
from wardlight.record.identity import PatientKey
from wardlight.record.instants import MINUTE, Instant, Moment
from wardlight.wire.hl7v2 import types
from wardlight.wire.hl7v2.message import Message, Segment
from wardlight.wire.hl7v2.received import Received
from wardlight.wire.hl7v2.visit import doctor, location_of
from wardlight.wire.theatres import UNNAMED_OPERATION, is_operation

_BY_TRIGGER = {
    "S15": AppointmentState.CANCELLED,
    "S16": AppointmentState.CANCELLED,
    "S17": AppointmentState.DELETED,
    "S23": AppointmentState.BLOCKED,
    "S24": AppointmentState.DELETED,
    "S26": AppointmentState.NO_SHOW,
}
_UNLESS_STATED = {"S12": AppointmentState.BOOKED, "S13": AppointmentState.BOOKED}
_KNOWN_TRIGGERS = frozenset(f"S{number}" for number in (*range(12, 25), 26))

_BY_STATUS = {
    **dict.fromkeys(("pending", "booked", "started", "overbook"), AppointmentState.BOOKED),
    **dict.fromkeys(("complete", "completed"), AppointmentState.COMPLETED),
    **dict.fromkeys(("cancelled", "canceled", "dc"), AppointmentState.CANCELLED),
    **dict.fromkeys(("noshow", "no show"), AppointmentState.NO_SHOW),
    "deleted": AppointmentState.DELETED,
    "blocked": AppointmentState.BLOCKED,
}
"""Table 0278; a place on the waiting list is no appointment yet and changes nothing."""

_MINUTES = {"": 1.0, "M": 1.0, "H": 60.0, "S": 1 / 60, "D": 1440.0}
_MINUTES_MAX = 60 * 24 * 31

_Field = tuple[str, int]
_START_FIELDS: tuple[_Field, ...] = (("AIS", 4), ("AIL", 6), ("AIP", 6), ("AIG", 8), ("TQ1", 7))
_LENGTH_FIELDS: tuple[_Field, ...] = (("SCH", 9), ("AIS", 7), ("AIL", 9), ("AIP", 9), ("AIG", 11))
"""Each with its units in the field after it."""


def trigger_known(trigger: str) -> bool:
    """Say whether this is a trigger of the schedule that is read (S12 to S24, S26)."""
    return trigger in _KNOWN_TRIGGERS


def appointments(
    got: Received, trigger: str, patients: Sequence[PatientKey], at: Instant
) -> list[AppointmentChanged]:
    """Return a change for each patient of the message's appointment.

    None for an appointment without any number, time and patient to tell it by.
    """
    found = []
    if "SCH" in got.message.names:
        stated = _appointment(got, trigger, at)
        for patient in patients or (None,):
            number = stated.number
            if not number and patient and stated.starts:
                number = f"{patient}|{stated.starts.at}"
            if number:
                found.append(replace(stated, number=number, patient=patient))
    return found


def _appointment(got: Received, trigger: str, at: Instant) -> AppointmentChanged:
    """Return the appointment that the message states, for nobody yet."""
    message = got.message
    sch = message.segment("SCH")
    timing = types.tq(sch.field(11), sch.encoding)
    starts = _starts(got) or got.moment(timing.start)
    places = (location_of(ail.field(3), ail.encoding) for ail in _wanted(message, "AIL"))
    place = next((one for one in places if one), Location())
    service = next((_coded(ais, 3) for ais in _wanted(message, "AIS")), Coded())
    return AppointmentChanged(
        number=_number(sch, got.source.default_authority()),
        patient=None,
        at=at,
        state=_state(trigger, sch),
        starts=starts,
        minutes=_minutes(message) or _minutes_until(got, timing, starts),
        reason=_coded(sch, 7, 6),
        kind=_coded(sch, 8),
        service=service,
        place=place,
        staff=_staff(message),
        series=_series(sch),
        notes=tuple(note for nte in message.segments("NTE") if (note := nte.prose(3))),
        procedure=_procedure(message, trigger, place, service),
    )


def _procedure(message: Message, trigger: str, place: Location, service: Coded) -> str:
    """Return what is operated; "" for a visit, and where a change names nothing anew."""
    sch = message.segment("SCH")
    kind = _coded(sch, 8)
    rooms = [_coded(ail, 4) for ail in _wanted(message, "AIL")]
    room_types = [name for room in rooms for name in (room.code, room.words())]
    if not is_operation((kind.code, kind.words()), room_types, place):
        return ""
    named = service.words() or _coded(sch, 7, 6).words()
    return named or (UNNAMED_OPERATION if trigger in _UNLESS_STATED else "")


def _number(sch: Segment, authority: str) -> str:
    """Return `authority|value` of the filler's number (SCH-2), else the placer's (SCH-1)."""
    for n in (2, 1):
        values = sch.repetitions(n)
        number = types.ei(values[0], sch.encoding) if values else None
        if number and number.id:
            return f"{number.namespace or number.universal or authority}|{number.id}"
    return ""


def _series(sch: Segment) -> str:
    """Return what visits of one course share: the group, the parent appointment or the order.

    SCH-4 placer group, SCH-24 and SCH-23 parents, SCH-27 and SCH-26 orders (HL7 v2.5.1 §10.6.2).
    """
    for n in (4, 24, 23, 27, 26):
        values = sch.repetitions(n)
        number = types.ei(values[0], sch.encoding) if values else None
        if number and number.id:
            return number.id
    return ""


def _state(trigger: str, sch: Segment) -> AppointmentState | None:
    """Return the state by the trigger where that settles it, else by SCH-25."""
    if trigger in _BY_TRIGGER:
        return _BY_TRIGGER[trigger]
    return _BY_STATUS.get(sch.text(25).casefold(), _UNLESS_STATED.get(trigger))


def _wanted(message: Message, name: str) -> list[Segment]:
    """Return the resources that are not taken away by their action code D (table 0206)."""
    if name not in message.names:
        return []
    return [one for one in message.segments(name) if one.text(2).upper() != "D"]


def _starts(got: Received) -> Moment | None:
    for name, n in _START_FIELDS:
        segments = got.message.segments(name) if name == "TQ1" else _wanted(got.message, name)
        for segment in segments:
            found = got.moment(segment.text(n))
            if found is not None:
                return found
    return None


def _minutes(message: Message) -> int:
    """Return how long the appointment is, in minutes; 0 when not stated."""
    for name, n in _LENGTH_FIELDS:
        for segment in _wanted(message, name) if name != "SCH" else [message.segment(name)]:
            amount, unit = segment.text(n), segment.text(n + 1)[:1].upper()
            if amount.isascii() and amount.isdigit() and unit in _MINUTES:
                minutes = round(int(amount[:9]) * _MINUTES[unit])
                if 0 < minutes <= _MINUTES_MAX:
                    return minutes
    return 0


def _minutes_until(got: Received, timing: types.TQ, starts: Moment | None) -> int:
    """Return the minutes to the end that SCH-11.5 states."""
    ends = got.moment(timing.end)
    if starts is None or ends is None or not 0 < ends.at - starts.at <= _MINUTES_MAX * MINUTE:
        return 0
    return (ends.at - starts.at) // MINUTE


def _coded(segment: Segment, *fields: int) -> Coded:
    """Return the first of these coded fields that says something."""
    for n in fields:
        read = types.cwe(segment.field(n), segment.encoding)
        if read.code or read.words:
            return Coded(read.code, read.words if read.words != read.code else "", read.system)
    return Coded()


def _staff(message: Message) -> tuple[str, ...]:
    """Return the people of AIP-3, else the resources of AIG-3."""
    people = _distinct(doctor(aip.field(3), aip.encoding) for aip in _wanted(message, "AIP"))
    return people or _distinct(_coded(aig, 3).words() for aig in _wanted(message, "AIG"))


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
