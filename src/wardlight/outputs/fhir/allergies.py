"""Allergies: FHIR AllergyIntolerance (hl7.org/fhir/R4/allergyintolerance.html).

"No known allergies" (SNOMED CT 716186003) stands only where somebody asserted it. Where nothing
was recorded there is no resource at all, and the summary says that the section is unavailable.
"""

from __future__ import annotations

from wardlight.outputs.fhir.subject import Row, Subject, ids, ms
from wardlight.record.codes import AllergyState
from wardlight.record.events.charting import Allergy
from wardlight.record.reading import Stamp
from wardlight.views.facts import AllergyFact, AllergyList
from wardlight.wire.fhir.systems import SNOMED
from wardlight.wire.fhir.types import (
    Element,
    absent,
    clean,
    concept,
    date_time,
    displays,
    filled,
    hl7_concept,
    instant,
    required,
    words,
)

NO_KNOWN_ALLERGY = "716186003"
_CATEGORIES = {
    **dict.fromkeys(("DA", "DRUG", "MEDICATION"), "medication"),
    **dict.fromkeys(("FA", "FOOD"), "food"),
    **dict.fromkeys(("EA", "LA", "AA", "PA", "ENVIRONMENT", "ENVIRONMENTAL"), "environment"),
}
_SEVERITIES = {"SV": "severe", "MO": "moderate", "MI": "mild"}
_VERIFICATION = {  # HL7 table 0438
    "C": "confirmed",
    "I": "confirmed",
    "U": "unconfirmed",
    "P": "unconfirmed",
    "S": "unconfirmed",
    "D": "unconfirmed",
    "E": "entered-in-error",
}


def allergies(listed: AllergyList, subject: Subject) -> list[Row]:
    """Return what is known, what has ended, and an assertion of none while it stands alone."""
    facts = (*listed.known, *listed.ended)
    found = ids(
        subject, (("allergy", fact.stamp.source, fact.allergy.agent.key()) for fact in facts)
    )
    rows = [
        Row(ms(fact.allergy.onset, fact.stamp), _allergy(fact, subject, name))
        for fact, name in zip(facts, found, strict=True)
    ]
    if listed.state is AllergyState.NONE_KNOWN and listed.none_known is not None:
        rows.append(Row(listed.none_known.occurred, _none_known(listed.none_known, subject)))
    return rows


def _allergy(fact: AllergyFact, subject: Subject, name: str) -> Element:
    allergy = fact.allergy
    verification = _VERIFICATION.get(allergy.status.strip().upper(), "")
    category = _CATEGORIES.get(allergy.category.strip().upper())
    clinical = "inactive" if fact.ended or allergy.status.strip().upper() == "I" else "active"
    return filled(
        {
            **_head(subject, fact.stamp, name),
            "clinicalStatus": _clinical(clinical) if verification != "entered-in-error" else None,
            "verificationStatus": _verification(verification) if verification else None,
            "category": [category] if category else [],
            "code": required(allergy.agent),
            "patient": subject.reference(),
            "onsetDateTime": date_time(allergy.onset, subject.zone),
            **_said(fact.stamp, subject),
            "reaction": _reactions(allergy),
        }
    )


def _none_known(stamp: Stamp, subject: Subject) -> Element:
    return filled(
        {
            **_head(subject, stamp, ids(subject, [("no known allergy",)])[0]),
            "clinicalStatus": _clinical("active"),
            "verificationStatus": _verification("confirmed"),
            "code": concept(SNOMED, NO_KNOWN_ALLERGY, "No known allergy", "No known allergies"),
            "patient": subject.reference(),
            **_said(stamp, subject),
        }
    )


def _head(subject: Subject, stamp: Stamp, name: str) -> Element:
    return {"resourceType": "AllergyIntolerance", "id": name, "meta": subject.meta(stamp)}


def _said(stamp: Stamp, subject: Subject) -> Element:
    """Return when the statement that counts was made, and by whom."""
    asserter = displays([stamp.author])
    return filled(
        {
            "recordedDate": instant(stamp.occurred, subject.zone),
            "asserter": asserter[0] if asserter else None,
        }
    )


def _clinical(code: str) -> Element:
    return hl7_concept("allergyintolerance-clinical", code, code.capitalize())


def _verification(code: str) -> Element:
    display = {"entered-in-error": "Entered in Error"}.get(code, code.capitalize())
    return hl7_concept("allergyintolerance-verification", code, display)


def _reactions(allergy: Allergy) -> list[Element]:
    severity = _SEVERITIES.get(allergy.severity.strip().upper())
    shown = [words(reaction) for reaction in allergy.reactions if clean(reaction)]
    if not shown and severity is None:
        return []
    return [filled({"manifestation": shown or [absent()], "severity": severity})]
