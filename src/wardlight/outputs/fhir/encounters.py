"""Stays: FHIR Encounter (hl7.org/fhir/R4/encounter.html)."""

from __future__ import annotations

from collections.abc import Iterable

from wardlight.outputs.fhir.locations import Places
from wardlight.outputs.fhir.subject import Row, Subject, ids, ms
from wardlight.record.codes import Location, StayClass
from wardlight.views.rows import Stay, StayState
from wardlight.wire.fhir.systems import EXTENSION, TERMINOLOGY
from wardlight.wire.fhir.types import (
    Element,
    coding,
    date_time,
    displays,
    extension,
    filled,
    numbers,
    period,
    words,
)

_STATUS = {
    StayState.EXPECTED: "planned",
    StayState.PRESENT: "in-progress",
    StayState.ON_LEAVE: "onleave",
    StayState.LEFT: "finished",
    StayState.CANCELLED: "cancelled",
    StayState.DELETED: "entered-in-error",
}
_CLASSES = {
    StayClass.INPATIENT: ("IMP", "inpatient encounter"),
    StayClass.OBSERVATION: ("OBSENC", "observation encounter"),
    StayClass.EMERGENCY: ("EMER", "emergency"),
    StayClass.OUTPATIENT: ("AMB", "ambulatory"),
    StayClass.PREADMIT: ("PRENC", "pre-admission"),
    StayClass.NEWBORN: ("IMP", "inpatient encounter"),
}
_ATTENDING = coding(f"{TERMINOLOGY}v3-ParticipationType", "ATND", "attender")


def encounters(stays: Iterable[Stay], subject: Subject, places: Places) -> list[Row]:
    """Return a patient's stays. One whose admission was never seen says so in an extension."""
    held = tuple(stays)
    found = ids(subject, (("stay", stay.visit) for stay in held))
    return [
        Row(ms(stay.admitted, stay.stamp), _encounter(stay, subject, places, name))
        for stay, name in zip(held, found, strict=True)
    ]


def _encounter(stay: Stay, subject: Subject, places: Places, name: str) -> Element:
    return filled(
        {
            "resourceType": "Encounter",
            "id": name,
            "meta": subject.meta(stay.stamp),
            "extension": _extensions(stay, subject),
            "identifier": numbers([stay.visit], subject.systems),
            "status": _STATUS[stay.state],
            "class": _class(stay.stay_class),
            "serviceType": words(stay.service),
            "subject": subject.reference(),
            "participant": [
                {"type": [{"coding": [_ATTENDING]}], "individual": who}
                for who in displays([stay.attending])
            ],
            "period": period(stay.admitted, stay.discharged, subject.zone),
            "reasonCode": [reason] if (reason := words(stay.reason)) else [],
            "hospitalization": filled({"dischargeDisposition": words(stay.disposition)}),
            "location": _locations(stay, places),
        }
    )


def _class(kind: StayClass) -> Element:
    if kind not in _CLASSES:
        return coding(f"{TERMINOLOGY}v3-NullFlavor", "UNK", "unknown")
    return coding(f"{TERMINOLOGY}v3-ActCode", *_CLASSES[kind])


def _locations(stay: Stay, places: Places) -> list[Element]:
    here = "active" if stay.state in (StayState.PRESENT, StayState.ON_LEAVE) else "completed"
    if stay.state is StayState.EXPECTED:
        here = "planned"
    wanted: list[tuple[Location | None, str]] = [
        (stay.location, here),
        (stay.temporary, "active"),
        (stay.planned, "planned"),
        (stay.prior, "completed"),
    ]
    return [
        {"location": place, "status": status}
        for location, status in wanted
        if location is not None and (place := places.reference(stay.site, location))
    ]


def _extensions(stay: Stay, subject: Subject) -> list[Element]:
    found = extension("site", stay.site)
    if stay.provisional:
        found.append({"url": f"{EXTENSION}admission-not-seen", "valueBoolean": True})
    if stay.admitted is not None and stay.admitted_derived:
        found.append({"url": f"{EXTENSION}admission-time-derived", "valueBoolean": True})
    for name, moment in (
        ("expected-discharge", stay.expected_discharge),
        ("expected-return", stay.expected_return),
    ):
        found += extension(name, date_time(moment, subject.zone), "valueDateTime")
    for note in stay.notes:
        found += extension("note", note)
    return found
