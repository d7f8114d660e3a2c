"""How many beds a hospital has and uses, as a MeasureReport of SANER (HL7 SANER 1.0.1).

Measure CDCPatientImpactAndHospitalCapacity, groups Beds and Ventilators. Only what was counted is
reported: a number nobody counted is absent with a reason, never nought. It holds no patient.
"""

from __future__ import annotations

from collections.abc import Iterable

from wardlight.record.instants import Instant, iso
from wardlight.wire.fhir.systems import ABSENT, quoted
from wardlight.wire.fhir.types import Element
from wardlight.wire.outside import ToldBeds, ToldBoard, ToldHospital

SANER = "http://hl7.org/fhir/uv/saner"
PROFILE = f"{SANER}/StructureDefinition/PublicHealthMeasureReport"
MEASURE = f"{SANER}/Measure/CDCPatientImpactAndHospitalCapacity"
FACILITY = "urn:wardlight:facility"
_GROUPS = f"{SANER}/CodeSystem/MeasureGroupSystem"
_VALUES = f"{SANER}/CodeSystem/MeasuredValues"
_POPULATIONS = "http://terminology.hl7.org/CodeSystem/measure-population"
_NOT_INPATIENT = frozenset({"ed", "or"})
_WARD, _ICU = "ward", "icu"


def measure_reports(board: ToldBoard) -> tuple[Element, ...]:
    """Return a report of each hospital of ours whose beds were counted."""
    return tuple(_report(one, board) for one in board.hospitals if one.ours and one.beds)


def report_id(hospital: str, at: Instant) -> str:
    """Return the id of a report: the hospital and the time of its newest count."""
    return f"beds-{quoted(hospital).replace('%', '-').replace('_', '-').replace('~', '-')}-{at}"


def _report(one: ToldHospital, board: ToldBoard) -> Element:
    counted = [beds.counted for beds in one.beds]
    newest, oldest = max(counted), min(counted)
    name = report_id(one.code, newest)
    return {
        "resourceType": "MeasureReport",
        "id": name,
        "meta": {"profile": [PROFILE]},
        "identifier": [{"system": f"{FACILITY}:report", "value": name}],
        "status": "complete",
        "type": "summary",
        "measure": MEASURE,
        "subject": {
            "identifier": {"system": FACILITY, "value": one.code},
            "display": one.known_as(),
        },
        "date": iso(newest, board.zone),
        "reporter": {"display": board.network},
        "period": {"start": iso(oldest, board.zone), "end": iso(newest, board.zone)},
        "group": [_beds_group(one.beds), _ventilators_group()],
    }


def _beds_group(beds: tuple[ToldBeds, ...]) -> Element:
    """Return the counts of beds; the whole house only where its general wards were counted."""
    kinds = {one.kind.casefold() for one in beds}
    whole = beds if _WARD in kinds else ()
    inpatient = tuple(one for one in whole if one.kind.casefold() not in _NOT_INPATIENT)
    icu = tuple(one for one in beds if one.kind.casefold() == _ICU)
    return _group(
        "Beds",
        (
            _population("numTotBeds", _all_of(whole), first=True),
            _population("numbeds", _all_of(inpatient)),
            _population("numBedsOcc", _used_of(inpatient)),
            _population("numICUBeds", _all_of(icu)),
            _population("numICUBedsOcc", _used_of(icu)),
        ),
    )


def _ventilators_group() -> Element:
    unknown = _population("numVent", None, first=True), _population("numVentUse", None)
    return _group("Ventilators", unknown)


def _group(code: str, populations: Iterable[Element]) -> Element:
    return {"code": {"coding": [{"system": _GROUPS, "code": code}]}, "population": [*populations]}


def _population(code: str, count: int | None, *, first: bool = False) -> Element:
    role = "initial-population" if first else "measure-population"
    said: Element = {
        "code": {
            "coding": [
                {"system": _VALUES, "code": code},
                {"system": _POPULATIONS, "code": role},
            ]
        }
    }
    if count is None:
        return said | {"_count": {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}}
    return said | {"count": count}


def _all_of(beds: Iterable[ToldBeds]) -> int | None:
    counts = [one.baseline for one in beds]
    known = [one for one in counts if one is not None]
    return sum(known) if counts and len(known) == len(counts) else None


def _used_of(beds: Iterable[ToldBeds]) -> int | None:
    counts = [(one.baseline, one.available) for one in beds]
    known = [all_ - free for all_, free in counts if all_ is not None]
    return max(sum(known), 0) if counts and len(known) == len(counts) else None
