"""Who is coming and when: FHIR Appointment (hl7.org/fhir/R4/appointment.html)."""

from __future__ import annotations

from collections.abc import Iterable

from wardlight.outputs.fhir.subject import Row, Subject, ids, ms
from wardlight.record.codes import AppointmentState
from wardlight.record.instants import MINUTE, Instant
from wardlight.views.rows import Appointment
from wardlight.wire.fhir.types import (
    Element,
    absent,
    clean,
    codeable,
    comments,
    date_time,
    displays,
    exact_instant,
    extension,
    filled,
    instant,
    numbers,
)

_STATUS = {
    AppointmentState.BOOKED: "booked",
    AppointmentState.CANCELLED: "cancelled",
    AppointmentState.NO_SHOW: "noshow",
    AppointmentState.COMPLETED: "fulfilled",
    AppointmentState.DELETED: "entered-in-error",
}


def appointments(listed: Iterable[Appointment], subject: Subject) -> list[Row]:
    """Return appointments of one patient. Blocked time is nobody's appointment: it is left out."""
    held = [one for one in listed if one.state in _STATUS]
    found = ids(subject, (("appointment", one.number) for one in held))
    return [
        Row(ms(one.starts, one.stamp), _appointment(one, subject, name))
        for one, name in zip(held, found, strict=True)
    ]


def _appointment(one: Appointment, subject: Subject, name: str) -> Element:
    reason = codeable(one.reason)
    service = codeable(one.service)
    return filled(
        {
            "resourceType": "Appointment",
            "id": name,
            "meta": subject.meta(one.stamp),
            "extension": extension("site", clean(one.site)) + _stated(one, subject),
            "identifier": numbers([one.number], subject.systems),
            "status": _STATUS[one.state],
            "serviceType": [service] if service else [],
            "appointmentType": codeable(one.kind),
            "reasonCode": [reason] if reason else [],
            **_times(one, subject),
            "minutesDuration": one.minutes if one.minutes > 0 else None,
            "comment": "\n".join(note["text"] for note in comments(one.notes)),
            "participant": _participants(one, subject),
        }
    )


def _times(one: Appointment, subject: Subject) -> Element:
    """Return start and end: R4 (app-2, app-3) wants both, so an unknown one says so."""
    start = exact_instant(one.starts, subject.zone)
    if not start or one.starts is None:
        return {"_start": absent(), "_end": absent()}
    if one.minutes <= 0:
        return {"start": start, "_end": absent()}
    end = Instant(one.starts.at + one.minutes * MINUTE)
    return {"start": start, "end": instant(end, subject.zone)}


def _stated(one: Appointment, subject: Subject) -> list[Element]:
    """Return a start that is known less exactly than R4 can say it, as it was stated."""
    if exact_instant(one.starts, subject.zone):
        return []
    return extension("start-as-stated", date_time(one.starts, subject.zone), "valueDateTime")


def _participants(one: Appointment, subject: Subject) -> list[Element]:
    accepted = "declined" if one.state is AppointmentState.CANCELLED else "accepted"
    actors = [] if one.patient is None else [subject.reference()]
    actors += displays([one.place.words(), *one.staff])
    return [{"actor": actor, "status": accepted} for actor in actors or [{"display": "not stated"}]]
