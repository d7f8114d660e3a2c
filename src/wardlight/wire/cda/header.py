"""The head of a transfer summary: document, patient, author, custodian, receiver, encounter."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from wardlight.record.identity import Identifier, PersonName
from wardlight.wire.cda.parts import LOINC, add, born, identified, stamp, template, time

if TYPE_CHECKING:
    from wardlight.wire.cda.transfer_summary import TransferSummary

REALM_HEADER = "2.16.840.1.113883.10.20.22.1.1"
TRANSFER_SUMMARY = "2.16.840.1.113883.10.20.22.1.13"
VERSION = "2015-08-01"
_GENDERS = {"F": ("F", "Female"), "M": ("M", "Male"), "O": ("UN", "Undifferentiated")}


def header(document: Element, said: TransferSummary) -> None:
    """Write everything that stands before the sections, in the order of the schema."""
    add(document, "realmCode", code="US")
    add(document, "typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040")
    for root in (REALM_HEADER, TRANSFER_SUMMARY):
        template(document, root, VERSION)
    add(document, "id", root=said.id)
    add(document, "code", code="18761-7", codeSystem=LOINC, displayName="Transfer summary note")
    add(document, "title", "Transfer summary")
    add(document, "effectiveTime", value=stamp(said.made, said.zone))
    secret = "R" if said.protected else "N"
    add(document, "confidentialityCode", code=secret, codeSystem="2.16.840.1.113883.5.25")
    add(document, "languageCode", code="en-US")
    _patient(document, said)
    _author(document, said)
    _custodian(document, said)
    if said.to:
        _receiver(document, said)
    if said.callback:
        _callback(document, said)
    _encounter(document, said)


def _patient(document: Element, said: TransferSummary) -> None:
    person = said.person
    role = add(add(document, "recordTarget"), "patientRole")
    numbers = person.identifiers or (
        Identifier(person.key.rpartition("|")[2], person.key.partition("|")[0]),
    )
    for one in numbers:
        _number(role, one)
    _address(role, person.address)
    for phone in person.phones:
        add(role, "telecom", value=f"tel:{''.join(phone.split())}")
    if not person.phones:
        add(role, "telecom", nullFlavor="UNK")
    patient = add(role, "patient")
    _name(patient, person.name)
    code, words = _GENDERS.get(person.sex.strip().upper()[:1], ("", ""))
    if code:
        system = "2.16.840.1.113883.5.1"
        add(patient, "administrativeGenderCode", code=code, codeSystem=system, displayName=words)
    else:
        add(patient, "administrativeGenderCode", nullFlavor="UNK")
    born(patient, person.birth)
    for name in ("raceCode", "ethnicGroupCode"):  # demanded by the US realm; not asked here
        add(patient, name, nullFlavor="NI")


def _number(role: Element, one: Identifier) -> None:
    """Add a number. Its authority has no OID here, so that a UUID of its name stands for it."""
    identified(role, "authority", one.authority)
    held = role[-1]
    held.set("extension", "".join(one.value.split()))
    if one.authority:
        held.set("assigningAuthorityName", one.authority)


def _name(parent: Element, name: PersonName) -> None:
    if not (name.family or name.given):
        add(parent, "name", nullFlavor="UNK")
        return
    held = add(parent, "name")
    for part, text in (
        ("prefix", name.prefix),
        ("given", name.given),
        ("given", name.middle),
        ("family", name.family),
        ("suffix", name.suffix),
    ):
        if text.strip():
            add(held, part, text)


def _address(parent: Element, line: str = "") -> None:
    if line.strip():
        add(add(parent, "addr"), "streetAddressLine", line)
    else:
        add(parent, "addr", nullFlavor="UNK")


def _author(document: Element, said: TransferSummary) -> None:
    author = add(document, "author")
    add(author, "time", value=stamp(said.made, said.zone))
    who = add(author, "assignedAuthor")
    add(who, "id", nullFlavor="NI")
    _address(who)
    add(who, "telecom", nullFlavor="UNK")
    device = add(who, "assignedAuthoringDevice")
    add(device, "manufacturerModelName", "Wardlight")
    add(device, "softwareName", "Wardlight, the kept copy of the hospital's record")
    add(add(who, "representedOrganization"), "name", said.site)


def _custodian(document: Element, said: TransferSummary) -> None:
    kept = add(add(document, "custodian"), "assignedCustodian")
    hospital = add(kept, "representedCustodianOrganization")
    identified(hospital, "hospital", said.site)
    add(hospital, "name", said.site)
    add(hospital, "telecom", nullFlavor="UNK")
    _address(hospital)


def _receiver(document: Element, said: TransferSummary) -> None:
    to = add(add(document, "informationRecipient"), "intendedRecipient")
    if said.receiver:
        add(add(add(to, "informationRecipient"), "name"), "family", said.receiver)
    add(add(to, "receivedOrganization"), "name", said.to)


def _callback(document: Element, said: TransferSummary) -> None:
    """Add whom to ring: a participant of type CALLBCK, whose entity is ASSIGNED."""
    asked = add(document, "participant", typeCode="CALLBCK")
    add(asked, "time", value=stamp(said.made, said.zone))
    entity = add(asked, "associatedEntity", classCode="ASSIGNED")
    add(entity, "id", nullFlavor="NI")
    add(entity, "telecom", value=f"tel:{''.join(said.callback.split())}")
    add(add(entity, "scopingOrganization"), "name", said.site)


def _encounter(document: Element, said: TransferSummary) -> None:
    stay = add(add(document, "componentOf"), "encompassingEncounter")
    identified(stay, "visit", said.site, said.visit or said.id)
    during = add(stay, "effectiveTime")
    time(during, "low", said.admitted, said.zone)
    if said.left is not None:
        time(during, "high", said.left, said.zone)
