"""One patient's summary as a document: International Patient Summary 2.0.1 (HL7).

Three sections are always there: problems, allergies and medications. One with nothing in it says
"unavailable": silence of the feeds is never turned into "none".
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from wardlight.outputs.fhir.allergies import allergies
from wardlight.outputs.fhir.conditions import conditions
from wardlight.outputs.fhir.flags import flags
from wardlight.outputs.fhir.medicines import medication_requests
from wardlight.outputs.fhir.patient import patient
from wardlight.outputs.fhir.results import observations
from wardlight.outputs.fhir.subject import RESTRICTED, Row, Subject
from wardlight.record.identity import Person
from wardlight.record.instants import Instant
from wardlight.record.reading import Stamp
from wardlight.views.facts import Chart
from wardlight.wire.fhir.systems import LOINC
from wardlight.wire.fhir.types import (
    Element,
    clean,
    concept,
    escaped,
    filled,
    hl7_concept,
    instant,
    narrative,
)

RESULTS_MAX = 200
_AUTHOR: Element = {
    "resourceType": "Device",
    "id": "wardlight",
    "deviceName": [{"name": "Wardlight", "type": "user-friendly-name"}],
}
_RUNNING = frozenset({"active", "on-hold", "unknown"})
_STANDING = frozenset({"preliminary", "final", "amended", "corrected", "unknown"})


class Section(Struct, frozen=True, kw_only=True):
    """One section: what it holds, as of when, and what is said when it holds nothing."""

    title: str
    code: str  # LOINC
    display: str
    rows: Sequence[Row]
    empty: str = ""  # "" for a section that is left out when it is empty
    as_of: Stamp | None = None


def summary(person: Person, chart: Chart, subject: Subject, now: Instant) -> Element:
    """Return the summary as a document bundle whose references resolve inside it."""
    sections = [one for one in _sections(chart, subject) if one.rows or one.empty]
    contacts = [fact.contact for fact in chart.contacts]
    who = patient(person, subject, contacts=contacts)
    held = [who, _AUTHOR, *(row.resource for one in sections for row in one.rows)]
    names = {
        f"{one['resourceType']}/{one['id']}": _urn(subject, one["resourceType"], one["id"])
        for one in held
    }
    composition = _composition(sections, subject, now)
    first = _urn(subject, "Composition", composition["id"])
    entries = [(first, composition)]
    entries += [(names[f"{one['resourceType']}/{one['id']}"], one) for one in held]
    return {
        "resourceType": "Bundle",
        "meta": {"lastUpdated": instant(now, subject.zone)},
        "identifier": {"system": "urn:ietf:rfc:3986", "value": _urn(subject, "Bundle", str(now))},
        "type": "document",
        "timestamp": instant(now, subject.zone),
        "entry": [{"fullUrl": urn, "resource": _within(one, names)} for urn, one in entries],
    }


def _sections(chart: Chart, subject: Subject) -> list[Section]:
    medicines = medication_requests(chart.orders, subject)
    results = observations(chart.reports, chart.orders, subject)
    problems = conditions(chart.problems, subject)
    return [
        Section(
            title="Allergies and intolerances",
            code="48765-2",
            display="Allergies and adverse reactions Document",
            rows=[row for row in allergies(chart.allergies, subject) if _active(row)],
            empty="Allergies not recorded. This does not mean that there are none.",
            as_of=chart.allergies.as_of,
        ),
        Section(
            title="Medications",
            code="10160-0",
            display="History of Medication use Narrative",
            rows=[row for row in medicines if row.resource["status"] in _RUNNING],
            empty="No running medication order is known. This does not mean that there are none.",
            as_of=chart.orders_as_of,
        ),
        Section(
            title="Problems",
            code="11450-4",
            display="Problem list - Reported",
            rows=[row for row in problems if _active(row)],
            empty="Problems not recorded. This does not mean that there are none.",
        ),
        Section(
            title="Results",
            code="30954-2",
            display="Relevant diagnostic tests/laboratory data note",
            rows=[row for row in results if row.resource["status"] in _STANDING][:RESULTS_MAX],
            as_of=chart.results_as_of,
        ),
        Section(
            title="Alerts",
            code="104605-1",
            display="Alert",
            rows=flags(chart, subject),
        ),
    ]


def _active(row: Row) -> bool:
    clinical = row.resource.get("clinicalStatus", {}).get("coding", [{}])
    return bool(clinical[0].get("code") == "active")


def _composition(sections: Sequence[Section], subject: Subject, now: Instant) -> Element:
    return {
        "resourceType": "Composition",
        "id": f"{subject.handle}-summary",
        "status": "final",
        "type": concept(LOINC, "60591-5", "Patient summary Document"),
        "subject": subject.reference(),
        "date": instant(now, subject.zone),
        "author": [{"reference": "Device/wardlight"}],
        "title": "Patient summary from the kept copy",
        "confidentiality": RESTRICTED["code"] if subject.protected else "N",
        "section": [_section(one, subject) for one in sections],
    }


def _section(section: Section, subject: Subject) -> Element:
    lines = [_line(row.resource) for row in section.rows] or [section.empty]
    items = "".join(f"<li>{escaped(line)}</li>" for line in lines)
    as_of = f"<p>as of {instant(section.as_of.occurred, subject.zone)}</p>" if section.as_of else ""
    return filled(
        {
            "title": section.title,
            "code": concept(LOINC, section.code, section.display),
            "text": narrative(f"{as_of}<ul>{items}</ul>"),
            "entry": [
                {"reference": f"{row.resource['resourceType']}/{row.resource['id']}"}
                for row in section.rows
            ],
            "emptyReason": (
                None
                if section.rows
                else hl7_concept("list-empty-reason", "unavailable", "Unavailable")
            ),
        }
    )


def _line(resource: Element) -> str:
    """Return one resource in words, so that the section reads without its entries."""
    what = resource.get("code") or resource.get("medicationCodeableConcept") or {}
    reactions = [
        shown.get("text", "")
        for reaction in resource.get("reaction", [])
        for shown in reaction["manifestation"]
    ]
    dosage = [one.get("text", "") for one in resource.get("dosageInstruction", [])]
    parts = [
        what.get("text", "not stated"),
        ", ".join(text for text in reactions if text),
        *dosage,
        _value_words(resource),
        resource.get("effectiveDateTime", ""),
        resource["status"] if resource.get("status") in ("on-hold", "unknown") else "",
    ]
    return " — ".join(clean(part) for part in parts if part)


def _value_words(resource: Element) -> str:
    counted = resource.get("valueQuantity")
    if counted is None:
        return str(resource.get("valueString", ""))
    number = bytes(counted["value"]).decode("ascii")
    return f"{counted.get('comparator', '')}{number} {counted.get('unit', '')}".strip()


def _urn(subject: Subject, kind: str, name: str) -> str:
    mixed = hashlib.blake2b(f"{subject.handle}/{kind}/{name}".encode(), digest_size=16).digest()
    return f"urn:uuid:{UUID(bytes=mixed, version=5)}"


def _within(value: Any, names: Mapping[str, str]) -> Any:
    """Return an element with its references led into the bundle; those that lead out are gone."""
    if isinstance(value, list):
        inner = [_within(one, names) for one in value]
        return [one for one in inner if one not in ({}, None)]
    if not isinstance(value, dict):
        return value
    led: Element = {}
    for name, held in value.items():
        if name == "reference" and isinstance(held, str):
            led[name] = names.get(held)
        else:
            led[name] = _within(held, names)
    return filled(led)
