"""FHIR R4 resources of a public corpus, said again as HL7 v2 by the simulator's writer.

Nothing is added, and what a message can carry is carried as it was: amounts digit by digit,
times with their fraction and zone. Resources are plain mappings with numbers kept as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from wardlight.sim.hl7_words import Speech
from wardlight.wire.hl7v2.writer import Field, Repetition

Resource: TypeAlias = Mapping[str, Any]
Segment: TypeAlias = tuple[str, dict[int, Field]]

NO_KNOWN_ALLERGY = "716186003"  # SNOMED CT
UNKNOWN_AMOUNT = "999"  # HL7 v2.5.1 §4.14.7.6
SYSTEMS = {
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RXNORM",
    "http://snomed.info/sct": "SCT",
    "http://loinc.org": "LN",
    "http://hl7.org/fhir/sid/icd-10-cm": "I10C",
}
_CLASSES = {"IMP": "I", "EMER": "E", "AMB": "O"}
_SEXES = {"female": "F", "male": "M", "other": "O", "unknown": "U"}
_SEVERITIES = {"severe": "SV", "moderate": "MO", "mild": "MI"}
_KINDS = {"medication": "DA", "food": "FA", "environment": "EA"}
_SURE = {"confirmed": "C", "unconfirmed": "U"}  # table 0438
_ORDER_STATES = {"active": "IP", "completed": "CM", "stopped": "DC"}  # table 0038
_A_DAY = {"1": "QD", "2": "BID", "3": "TID", "4": "QID", "6": "Q4H", "24": "Q1H"}
_EVERY_HOURS = re.compile(r"\bQ\d{1,2}H")
_LABELS = ("Bed ", "Ward ")


class Places:
    """The beds and wards of a corpus, as PV1-3 names them."""

    def __init__(self, locations: Sequence[Resource], site: str) -> None:
        self._by_id = {one["id"]: one for one in locations}
        self._site = site

    def of(self, encounter: Resource) -> tuple[str, str, str, str]:
        """Return unit, room, bed and facility of where a stay is, or was last."""
        found = [self._by_id.get(_id(row["location"])) for row in encounter.get("location", ())]
        for place in filter(None, found):
            if first(place, "physicalType", "coding", "code") == "bd":
                ward = self._by_id[_id(place["partOf"])]
                return _name(ward), "", _name(place), self._site
        return (_name(found[0]) if found and found[0] else ""), "", "", self._site


def first(resource: Resource | None, *path: str) -> str:
    """Return the text at a path, of the first of each list; "" where there is none."""
    value: Any = resource or {}
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
        if isinstance(value, list):
            value = value[0] if value else None
    return "" if value is None else str(value)


def when(text: str, zone: str) -> str:
    """Return a FHIR date or time as HL7 writes it, no more and no less exact."""
    if len(text) <= len("2026-01-31"):
        return text.replace("-", "")
    at = datetime.fromisoformat(text).astimezone(ZoneInfo(zone))
    fraction = f".{at.microsecond // 1000:03d}" if at.microsecond else ""
    return f"{at:%Y%m%d%H%M%S}{fraction}{at:%z}"


def coded(concept: Resource | None) -> tuple[str, str, str]:
    """Return code, words and system of a CodeableConcept."""
    system = first(concept, "coding", "system")
    words = first(concept, "text") or first(concept, "coding", "display")
    return first(concept, "coding", "code"), words, SYSTEMS.get(system, "")


def pid(patient: Resource, speech: Speech) -> Segment:
    """Return PID."""
    phones: list[Repetition] = [one["value"] for one in patient.get("telecom", ())]
    fields: dict[int, Field] = {
        1: "1",
        3: [(first(patient, "identifier", "value"), "", "", speech.site, "MR")],
        5: (first(patient, "name", "family"), first(patient, "name", "given"), *[""] * 4, "L"),
        7: when(first(patient, "birthDate"), speech.zone),
        8: _SEXES.get(first(patient, "gender"), ""),
        13: phones,
        15: first(patient, "communication", "language", "coding", "display"),
    }
    died = first(patient, "deceasedDateTime")
    if died:
        fields |= {29: when(died, speech.zone), 30: "Y"}
    return "PID", fields


def pv1(encounter: Resource, places: Places, speech: Speech) -> Segment:
    """Return PV1: the stay as it is."""
    doctor = _leading(encounter.get("participant")).get("individual")
    return "PV1", {
        1: "1",
        2: _CLASSES.get(first(encounter, "class", "code"), ""),
        3: places.of(encounter),
        7: _person(doctor),
        19: (encounter["id"], "", "", speech.site, "VN"),
        36: first(encounter, "hospitalization", "dischargeDisposition", "coding", "code"),
        44: when(first(encounter, "period", "start"), speech.zone),
        45: when(first(encounter, "period", "end"), speech.zone),
    }


def stay(
    speech: Speech, trigger: str, patient: Resource, encounter: Resource, places: Places
) -> bytes:
    """Return ADT^A01, A04 or A03 of an Encounter."""
    reason = first(encounter, "reasonCode", "text")
    rows: list[Segment] = [
        _event(speech, trigger),
        pid(patient, speech),
        pv1(encounter, places, speech),
        ("PV2", {3: ("", reason)}),
    ]
    return speech.write(("ADT", trigger), rows)


def person(speech: Speech, patient: Resource) -> bytes:
    """Return ADT^A28: somebody is known here."""
    return speech.write(("ADT", "A28"), [_event(speech, "A28"), pid(patient, speech)])


def allergy(speech: Speech, patient: Resource, said: Resource) -> bytes:
    """Return ADT^A60 with one IAM.

    "No known allergy" is an assertion whatever its clinical status: this corpus marks each one
    resolved. An allergen that is resolved is told as ended.
    """
    code = coded(said.get("code"))
    resolved = first(said, "clinicalStatus", "coding", "code") != "active"
    ended = resolved and code[0] != NO_KNOWN_ALLERGY
    fields: dict[int, Field] = {
        1: "1",
        2: _KINDS.get(first(said, "category"), ""),
        3: code,
        4: _SEVERITIES.get(first(said, "reaction", "severity"), ""),
        5: first(said, "reaction", "manifestation", "text"),
        6: "D" if ended else "A",
        7: (said["id"], speech.site),
        13: when(first(said, "recordedDate"), speech.zone),
        17: _SURE.get(first(said, "verificationStatus", "coding", "code"), ""),
    }
    rows = [_event(speech, "A60"), pid(patient, speech), ("IAM", fields)]
    return speech.write(("ADT", "A60"), rows)


def medicine(speech: Speech, patient: Resource, visit: Segment, order: Resource) -> bytes:
    """Return RDE^O11 of a MedicationRequest, with where it stands now (ORC-5)."""
    placed = when(first(order, "authoredOn"), speech.zone)
    dosage = _leading(order.get("dosageInstruction"))
    common: dict[int, Field] = {
        1: "NW",
        2: (first(order, "identifier", "value"), speech.site),
        3: (order["id"], "RX"),
        5: _ORDER_STATES.get(first(order, "status"), ""),
        9: placed,
        12: _person(order.get("requester")),
        29: "I" if first(order, "category", "coding", "code") == "inpatient" else "O",
    }
    drug: dict[int, Field] = {
        2: coded(order.get("medicationCodeableConcept")),
        3: first(dosage, "doseAndRate", "doseQuantity", "value"),
        5: first(dosage, "doseAndRate", "doseQuantity", "unit"),
        7: ("", first(dosage, "patientInstruction")),
        23: first(dosage, "doseAndRate", "rateQuantity", "value"),
        24: first(dosage, "doseAndRate", "rateQuantity", "unit"),
    }
    needed = first(dosage, "asNeededBoolean") == "True"
    timing: dict[int, Field] = {
        1: "1",
        3: "PRN" if needed else _pattern(dosage),
        7: placed,
        9: "PRN" if needed else "R",
        11: first(dosage, "text"),
    }
    rows = [pid(patient, speech), visit, ("ORC", common), ("RXE", drug), ("TQ1", timing)]
    return speech.write(("RDE", "O11"), [*rows, _route(dosage)])


def dose(speech: Speech, patient: Resource, visit: Segment, given: Resource) -> bytes:
    """Return RAS^O17 of a MedicationAdministration; one without an order says so by its ORC."""
    order = first(given, "request", "reference").rpartition("/")[2]
    dosage = given.get("dosage", {})
    amount = first(dosage, "dose", "value")
    at = when(first(given, "effectiveDateTime"), speech.zone)
    fields: dict[int, Field] = {
        1: "0",
        2: "1",
        3: at,
        4: at,
        5: coded(given.get("medicationCodeableConcept")),
        6: amount or UNKNOWN_AMOUNT,
        7: first(dosage, "dose", "unit"),
        9: "" if amount else ("", first(dosage, "text")),
        10: _person(_leading(given.get("performer")).get("actor")),
        20: "CP" if first(given, "status") == "completed" else "NA",
        21: "A",
    }
    common: dict[int, Field] = {1: "RE", 3: (order, "RX") if order else ""}
    rows = [pid(patient, speech), visit, ("ORC", common), ("RXA", fields), _route(dosage)]
    return speech.write(("RAS", "O17"), rows)


def observed(
    speech: Speech, patient: Resource, visit: Segment, together: Sequence[Resource]
) -> bytes:
    """Return ORU^R01 of what was measured at one time and of one category."""
    at = when(first(together[0], "effectiveDateTime"), speech.zone)
    category = first(together[0], "category", "coding", "display") or "Observations"
    report: dict[int, Field] = {1: "1", 3: (together[0]["id"], "LAB"), 4: ("", category), 7: at}
    rows = [pid(patient, speech), visit, ("OBR", report | {22: at, 25: "F"})]
    lines = [line for one in together for line in _lines(one)]
    rows += [("OBX", {1: str(n), **fields}) for n, fields in enumerate(lines, 1)]
    return speech.write(("ORU", "R01"), rows)


def is_measured(said: Resource) -> bool:
    """Say whether an Observation holds a number, itself or in a component."""
    return any("valueQuantity" in part for part in (said, *said.get("component", ())))


def _lines(said: Resource) -> list[dict[int, Field]]:
    parts = [said, *said.get("component", ())]
    return [
        {
            2: "NM",
            3: coded(part.get("code")),
            5: first(part, "valueQuantity", "value"),
            6: first(part, "valueQuantity", "unit"),
            7: _range(part),
            8: first(part, "interpretation", "coding", "code").replace("N", ""),
            11: "F",
        }
        for part in parts
        if "valueQuantity" in part
    ]


def _range(part: Resource) -> str:
    low, high = (first(part, "referenceRange", end, "value") for end in ("low", "high"))
    return f"{low}-{high}" if low or high else ""


def _leading(rows: Sequence[Resource] | None) -> Resource:
    return rows[0] if rows else {}


def _event(speech: Speech, trigger: str) -> Segment:
    return "EVN", {1: trigger, 2: speech.exact(speech.at)}


def _route(dosage: Resource) -> Segment:
    return "RXR", {1: coded(dosage.get("route"))}


def _pattern(dosage: Resource) -> str:
    """Return how often, by table 0335; what the text says before a mere count a day."""
    text = first(dosage, "text").upper()
    said = _EVERY_HOURS.search(text)
    if said or "CONTINUOUS" in text:
        return said[0] if said else "C"
    count = first(dosage, "timing", "repeat", "frequency")
    period = first(dosage, "timing", "repeat", "period")
    unit = first(dosage, "timing", "repeat", "periodUnit")
    if unit == "d" and period == "1":
        return _A_DAY.get(count, "")
    return f"Q{period}W" if unit == "wk" and count == "1" else ""


def _person(reference: Resource | None) -> tuple[str, str, str]:
    given, _, family = first(reference, "display").rpartition(" ")
    return _id(reference or {}), family, given


def _id(reference: Resource) -> str:
    return first(reference, "reference").rpartition("/")[2]


def _name(place: Resource) -> str:
    name = first(place, "name")
    for label in _LABELS:
        name = name.removeprefix(label)
    return name
