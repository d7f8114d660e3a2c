"""The names of code systems and numbering authorities as FHIR writes them.

HL7 v2 names a code system by a short word (table 0396), FHIR by a URI. What has no agreed URI
keeps the sender's own word under `urn:wardlight:`, so that nothing looks more standard than it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
EXTENSION = "urn:wardlight:extension:"
AUTHORITY = "urn:wardlight:authority:"
CODES = "urn:wardlight:codes:"
FEED = "urn:wardlight:feed:"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"
_ICD_9_CM = "http://hl7.org/fhir/sid/icd-9-cm"
_ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"

_TABLE_0396: Mapping[str, str] = {
    **dict.fromkeys(("LN", "LOINC"), LOINC),
    **dict.fromkeys(("SCT", "SNM", "SNOMED", "SNOMEDCT", "SNOMED-CT"), SNOMED),
    **dict.fromkeys(("RXNORM", "RXN"), RXNORM),
    **dict.fromkeys(("I9", "I9C", "I9CDX", "ICD9", "ICD9CM", "ICD-9-CM"), _ICD_9_CM),
    **dict.fromkeys(("I10C", "I10CM", "ICD10CM", "ICD-10-CM"), _ICD_10_CM),
    **dict.fromkeys(("I10", "ICD10", "ICD-10"), "http://hl7.org/fhir/sid/icd-10"),
    "NDC": "http://hl7.org/fhir/sid/ndc",
    "CVX": "http://hl7.org/fhir/sid/cvx",
    "UCUM": UCUM,
    "ATC": "http://www.whocc.no/atc",
    "UNII": "http://fdasis.nlm.nih.gov",
    **dict.fromkeys(("C4", "CPT", "CPT4"), "http://www.ama-assn.org/go/cpt"),
    "MDC": "urn:iso:std:iso:11073:10101",
}
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@lru_cache(maxsize=1_024)
def quoted(text: str) -> str:
    """Return text as it may stand inside a URI (RFC 3986 §2.1)."""
    parts: list[str] = []
    for letter in text:
        octets = letter.encode("utf-8", "replace")
        parts.append(letter if letter in _PLAIN else "".join(f"%{octet:02X}" for octet in octets))
    return "".join(parts)


def code_system(name: str) -> str:
    """Return the URI of a code system as a sender named it; "" when it named none."""
    known = _TABLE_0396.get(name.upper())
    if known is not None:
        return known
    if name.startswith(("http://", "https://", "urn:")) and not name.split()[1:]:
        return name
    return f"{CODES}{quoted(name)}" if name else ""


def authority_system(authority: str, systems: Mapping[str, str]) -> str:
    """Return the URI of who gave out a number: as the site has set it, else our own name for it."""
    if not authority:
        return ""
    return systems.get(authority) or f"{AUTHORITY}{quoted(authority)}"
