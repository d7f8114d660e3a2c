"""What this interface can do: FHIR R4 CapabilityStatement."""

from __future__ import annotations

from wardlight import __version__
from wardlight.outputs.fhir.parameters import TYPES, Parameter, ParameterKind, parameters
from wardlight.record.instants import Instant, iso
from wardlight.wire.fhir.types import Element, filled

_ABOUT = (
    "Read-only view of what the feeds said. meta.source names the feed and the log position,"
    " meta.lastUpdated is when it was recorded here, the extension as-of when the source says it"
    " was so. No AllergyIntolerance means that nothing was recorded, never that there is no"
    " allergy: none known is SNOMED CT 716186003, and only where somebody asserted it."
    " Numbers of patients have the system urn:wardlight:authority:<authority> unless a site has"
    " set another. Resources of protected patients carry the security label R."
    " A bare number is looked for among the numbers patients are known by here, then among all."
    " status on AllergyIntolerance and Condition is clinical-status. Searches without a patient"
    " over charts give short pages; follow the next link until there is none."
)
_SUMMARY = "http://hl7.org/fhir/uv/ips/OperationDefinition/summary"


def capability(at: Instant, base: str) -> Element:
    """Return the statement, true from `at` on."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": iso(at),
        "kind": "instance",
        "software": {"name": "Wardlight", "version": __version__},
        "implementation": {"description": "A node's kept copy", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "documentation": _ABOUT,
                "resource": [_resource(kind) for kind in TYPES],
            }
        ],
    }


def _resource(kind: str) -> Element:
    operation = {"name": "summary", "definition": _SUMMARY}
    return filled(
        {
            "type": kind,
            "interaction": [{"code": "read"}, {"code": "search-type"}],
            "versioning": "no-version",
            "readHistory": False,
            "updateCreate": False,
            "searchParam": [
                _parameter(one) for one in parameters(kind).values() if ":" not in one.name
            ],
            "operation": [operation] if kind == "Patient" else [],
        }
    )


def _parameter(parameter: Parameter) -> Element:
    chained = parameter.kind is ParameterKind.PATIENT_NUMBER
    return {"name": parameter.name, "type": "token" if chained else parameter.kind.value}
