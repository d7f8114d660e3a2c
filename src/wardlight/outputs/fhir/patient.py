"""Who the patient is: FHIR Patient (hl7.org/fhir/R4/patient.html)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wardlight.outputs.fhir.subject import Subject
from wardlight.record.events.charting import Contact
from wardlight.record.identity import Identifier, Person
from wardlight.record.reading import Stamp
from wardlight.wire.fhir.types import (
    Element,
    absent,
    clean,
    date_time,
    displays,
    extension,
    filled,
    human_name,
    identifier,
    numbers,
    words,
)

_GENDERS = {"F": "female", "M": "male", "O": "other", "A": "other", "U": "unknown", "N": "unknown"}


def patient(
    person: Person,
    subject: Subject,
    *,
    stamp: Stamp | None = None,
    replaces: Iterable[str] = (),
    contacts: Sequence[Contact] = (),
) -> Element:
    """Return a patient; a name or birth date nobody stated is said to be unknown.

    `replaces` are the handles of records that were joined with this one.
    """
    birth = person.birth.iso() if person.birth else ""
    return filled(
        {
            "resourceType": "Patient",
            "id": subject.handle,
            "meta": subject.meta(stamp),
            "extension": _extensions(person),
            "identifier": _identifiers(person, subject),
            "active": True,
            "name": _names(person) or [absent()],
            "telecom": [{"system": "phone", "value": number} for number in _phones(person.phones)],
            "gender": _GENDERS.get(person.sex.strip().upper()[:1]),
            "birthDate": birth,
            "_birthDate": None if birth else absent(),
            "deceasedDateTime": date_time(person.died, subject.zone),
            "address": [words(person.address)] if clean(person.address) else [],
            "contact": [_contact(contact) for contact in contacts if clean(contact.name)],
            "communication": _languages(person.language),
            "link": [
                {"other": {"reference": f"Patient/{handle}"}, "type": "replaces"}
                for handle in replaces
            ],
        }
    )


def joined(subject: Subject, number: str, survivor: str) -> Element:
    """Return a record that was joined with another: not active, and where to look instead."""
    return filled(
        {
            "resourceType": "Patient",
            "id": subject.handle,
            "meta": subject.meta(None),
            "identifier": numbers([number], subject.systems),
            "active": False,
            "link": [{"other": {"reference": f"Patient/{survivor}"}, "type": "replaced-by"}],
        }
    )


def _identifiers(person: Person, subject: Subject) -> list[Element]:
    stated = [one for one in person.identifiers if clean(one.value)]
    known = {one.key() for one in stated}
    if person.key not in known:
        authority, _, value = person.key.rpartition("|")
        stated.insert(0, Identifier(value, authority))
    if clean(person.account):
        authority, _, value = person.account.rpartition("|")
        stated.append(Identifier(value, authority, "AN"))
    return [identifier(one, subject.systems) for one in stated if clean(one.value)]


def _names(person: Person) -> list[Element]:
    names = [human_name(name) for name in (person.name, *person.other_names)]
    return [name for name in names if name]


def _phones(phones: Iterable[str]) -> list[str]:
    return [number for phone in phones if (number := clean(phone))]


def _contact(contact: Contact) -> Element:
    relation = words(contact.relation or contact.role)
    return filled(
        {
            "relationship": [relation] if relation else [],
            "name": words(contact.name),
            "telecom": [{"system": "phone", "value": phone} for phone in _phones(contact.phones)],
        }
    )


def _languages(language: str) -> list[Element]:
    spoken = words(language)
    return [{"language": spoken}] if spoken else []


def _extensions(person: Person) -> list[Element]:
    found: list[Element] = []
    if person.unconfirmed:
        found.append({"url": "urn:wardlight:extension:identity-unconfirmed", "valueBoolean": True})
    mother = displays([person.mother.rpartition("|")[2]])
    if mother:
        found += extension("mother-identifier", mother[0]["display"])
    return found
