"""What each resource type can be searched by (hl7.org/fhir/R4/search.html)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct


class ParameterKind(StrEnum):
    """How a value is written and compared."""

    TOKEN = "token"  # noqa: S105 - a code to search by, no secret
    DATE = "date"
    PATIENT = "reference"  # a patient, by handle
    PATIENT_NUMBER = "chained"  # a patient, by a number given to them


class Parameter(Struct, frozen=True):
    """One search parameter and the elements it looks at."""

    name: str
    kind: ParameterKind
    paths: tuple[str, ...] = ()


def _token(name: str, *paths: str) -> Parameter:
    return Parameter(name, ParameterKind.TOKEN, paths or (name,))


def _date(name: str, *paths: str) -> Parameter:
    return Parameter(name, ParameterKind.DATE, paths)


_ALL = (_token("_id", "id"), _date("_lastUpdated", "meta.lastUpdated"))
_NUMBERED = _token("identifier")
_OF_PATIENT = (
    *(Parameter(name, ParameterKind.PATIENT) for name in ("patient", "subject")),
    *(
        Parameter(f"{name}.identifier", ParameterKind.PATIENT_NUMBER)
        for name in ("patient", "patient:Patient", "subject", "subject:Patient")
    ),
)
_STATES = (
    _token("status", "clinicalStatus"),
    _token("clinical-status", "clinicalStatus"),
    _token("verification-status", "verificationStatus"),
)
_CODED = (_token("category"), _token("code"))
_MEDICINE = _token("code", "medicationCodeableConcept")

_PARAMETERS: Mapping[str, tuple[Parameter, ...]] = {
    "Patient": (Parameter("identifier", ParameterKind.PATIENT_NUMBER), _token("active")),
    "Encounter": (
        *_OF_PATIENT,
        _NUMBERED,
        _token("status"),
        _token("class"),
        _date("date", "period"),
    ),
    "Location": (_NUMBERED, _token("status"), _token("physical-type", "physicalType")),
    "AllergyIntolerance": (*_OF_PATIENT, *_STATES, *_CODED, _date("date", "recordedDate")),
    "MedicationRequest": (
        *_OF_PATIENT,
        _NUMBERED,
        _token("status"),
        _token("intent"),
        _token("category"),
        _MEDICINE,
        _date("date", "authoredOn"),
        _date("authoredon", "authoredOn"),
    ),
    "MedicationAdministration": (
        *_OF_PATIENT,
        _token("status"),
        _MEDICINE,
        _date("date", "effectiveDateTime"),
        _date("effective-time", "effectiveDateTime"),
    ),
    "Observation": (*_OF_PATIENT, _token("status"), *_CODED, _date("date", "effectiveDateTime")),
    "DiagnosticReport": (
        *_OF_PATIENT,
        _NUMBERED,
        _token("status"),
        *_CODED,
        _date("date", "effectiveDateTime"),
        _date("issued", "issued"),
    ),
    "Condition": (
        *_OF_PATIENT,
        *_STATES,
        *_CODED,
        _date("date", "onsetDateTime"),
        _date("onset-date", "onsetDateTime"),
    ),
    "Appointment": (
        *_OF_PATIENT,
        _NUMBERED,
        _token("status"),
        _date("date", "start", "extension.valueDateTime"),
    ),
    "ServiceRequest": (
        *_OF_PATIENT,
        _NUMBERED,
        _token("status"),
        _token("intent"),
        *_CODED,
        _date("date", "authoredOn"),
        _date("authored", "authoredOn"),
    ),
    "Flag": (*_OF_PATIENT, _token("status"), *_CODED, _date("date", "period")),
}

TYPES = tuple(_PARAMETERS)
"""The resource types that are served."""

CHARTED = frozenset(TYPES) - {"Patient", "Encounter", "Location", "Appointment"}
"""The types that a chart has to be opened for."""


def parameters(kind: str) -> dict[str, Parameter]:
    """Return what a type can be searched by, by name."""
    return {one.name: one for one in (*_ALL, *_PARAMETERS[kind])}
