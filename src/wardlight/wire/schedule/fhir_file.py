"""A bundle of FHIR R4 Appointments with their Patients (hl7.org/fhir/R4/appointment.html)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import DecodeError, json

from wardlight.record.codes import Location
from wardlight.record.events.schedule import AppointmentChanged
from wardlight.record.identity import Person
from wardlight.wire.schedule.rows import ROWS_MAX, Found, Origin, Row, Trouble, appointment_of
from wardlight.wire.theatres import UNNAMED_OPERATION, is_operation

_WAITING = frozenset({"waitlist", "proposed"})  # no appointment yet


def read_fhir(body: bytes, origin: Origin) -> Found:
    """Return what a bundle says; an appointment that cannot be used is named by its place."""
    try:
        bundle = json.decode(body)
    except (DecodeError, RecursionError):
        return Found("FHIR", unreadable="this is no JSON")
    found = [one for one in _resources(bundle) if isinstance(one, dict)]
    booked = [one for one in found if one.get("resourceType") == "Appointment"]
    if len(booked) > ROWS_MAX:
        return Found("FHIR", unreadable=f"a file holds at most {ROWS_MAX:,} appointments")
    patients = {
        str(one.get("id", "")): one for one in found if one.get("resourceType") == "Patient"
    }
    persons: dict[str, Person] = {}
    appointments: list[AppointmentChanged] = []
    refused: list[tuple[int, str]] = []
    for place, one in enumerate(booked, 1):
        try:
            person, change = appointment_of(_row(one, patients), origin)
        except Trouble as trouble:
            refused.append((place, str(trouble)))
            continue
        except (TypeError, AttributeError, KeyError, IndexError, ValueError):
            refused.append((place, "it is not built like an Appointment of FHIR R4"))
            continue
        appointments.append(change)
        if person is not None:
            persons[person.key] = person
    return Found("FHIR", tuple(persons.values()), tuple(appointments), refused=tuple(refused))


def _resources(bundle: Any) -> Iterator[Any]:
    if not isinstance(bundle, dict):
        return
    if bundle.get("resourceType") != "Bundle":
        yield bundle
        return
    entries = bundle.get("entry")
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict):
            yield entry.get("resource")


def _row(one: dict[str, Any], patients: dict[str, Any]) -> Row:
    """Return an appointment by the names of the columns. Raises Trouble."""
    status = str(one.get("status", ""))
    if status in _WAITING:
        raise Trouble("it is on a waiting list: there is no appointment yet")
    identifier = one.get("identifier") or []
    actors = [part.get("actor") or {} for part in one.get("participant") or []]
    named = [str(actor.get("reference", "")) for actor in actors]
    whose = next((ref.rpartition("/")[2] for ref in named if "Patient/" in ref), "")
    others = [
        str(actor.get("display", ""))
        for actor in actors
        if "Patient/" not in str(actor.get("reference", ""))
    ]
    places = [
        str(actor.get("display", ""))
        for actor in actors
        if str(actor.get("reference", "")).startswith("Location/")
    ]
    kind, service = _words([one.get("appointmentType")]), _words(one.get("serviceType"))
    reason = _words(one.get("reasonCode")) or str(one.get("description", ""))
    place = places[0] if places else ""
    operated = is_operation((kind,), (), Location(unit=place))
    return {
        "appointment": str(identifier[0]["value"]) if identifier else str(one.get("id", "")),
        "starts": str(one.get("start", "")),
        "minutes": str(one.get("minutesDuration") or _minutes(one) or ""),
        "status": status,
        "service": service,
        "kind": kind,
        "reason": reason,
        "procedure": (service or reason or UNNAMED_OPERATION) if operated else "",
        "prep": str(one.get("patientInstruction", "")),
        "place": place,
        "staff": ";".join(one for one in others if one and one not in places),
        "notes": str(one.get("comment", "")).replace(";", ","),
        "series": next((str(ref.get("reference", "")) for ref in one.get("basedOn") or []), ""),
        **_patient(patients.get(whose), whose),
    }


def _words(concepts: Any) -> str:
    for concept in concepts or []:
        if concept:
            codings = concept.get("coding") or [{}]
            found = concept.get("text") or codings[0].get("display") or codings[0].get("code")
            if found:
                return str(found)
    return ""


def _minutes(one: dict[str, Any]) -> int:
    if not one.get("start") or not one.get("end"):
        return 0
    start, end = (datetime.fromisoformat(str(one[name])) for name in ("start", "end"))
    return max(int((end - start).total_seconds() // 60), 0)


def _patient(one: dict[str, Any] | None, whose: str) -> Row:
    if one is None:
        return {"patient": whose}
    name = (one.get("name") or [{}])[0]
    numbers = one.get("identifier") or [{"value": whose}]
    record = next((id_ for id_ in numbers if "MR" in str(id_.get("type", ""))), numbers[0])
    phones = [
        str(line.get("value", ""))
        for line in one.get("telecom") or []
        if line.get("system") in ("phone", "sms", None)
    ]
    emails = [
        str(line.get("value", ""))
        for line in one.get("telecom") or []
        if line.get("system") == "email" and line.get("use") not in ("work", "old")
    ]
    address = (one.get("address") or [{}])[0]
    spoken = (one.get("communication") or [{}])[0].get("language")
    return {
        "patient": str(record.get("value", whose)),
        "family": str(name.get("family", "")),
        "given": " ".join(map(str, name.get("given") or [])),
        "birth": str(one.get("birthDate", "")),
        "sex": str(one.get("gender", ""))[:1],
        "phone": phones[0] if phones else "",
        "phone2": phones[1] if len(phones) > 1 else "",
        "email": emails[0] if emails else "",
        "language": _words([spoken]),
        "address": str(address.get("text") or "")
        or " ".join(
            [
                *map(str, address.get("line") or []),
                str(address.get("city", "")),
                str(address.get("postalCode", "")),
            ]
        ),
    }
