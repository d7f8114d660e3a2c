"""Problems and diagnoses: FHIR Condition (hl7.org/fhir/R4/condition.html)."""

from __future__ import annotations

from collections.abc import Sequence

from wardlight.outputs.fhir.subject import Row, Subject, ids, ms
from wardlight.views.facts import ProblemFact
from wardlight.wire.fhir.types import Element, date_time, displays, filled, hl7_concept, required

_CERTAINTY = {"W": ("provisional", "Provisional"), "F": ("confirmed", "Confirmed")}  # DG1-6
_ON_LIST = ("problem-list-item", "Problem List Item")
_AT_STAY = ("encounter-diagnosis", "Encounter Diagnosis")


def conditions(problems: Sequence[ProblemFact], subject: Subject) -> list[Row]:
    """Return problems and diagnoses, the ended ones too."""
    found = ids(
        subject,
        (("problem", fact.stamp.source, fact.kind, fact.problem.key()) for fact in problems),
    )
    return [
        Row(ms(fact.since, fact.stamp), _condition(fact, subject, name))
        for fact, name in zip(problems, found, strict=True)
    ]


def _condition(fact: ProblemFact, subject: Subject, name: str) -> Element:
    certainty = _CERTAINTY.get(fact.kind.strip().upper())
    asserter = displays([fact.stamp.author])
    return filled(
        {
            "resourceType": "Condition",
            "id": name,
            "meta": subject.meta(fact.stamp),
            "clinicalStatus": hl7_concept("condition-clinical", *_clinical(fact)),
            "verificationStatus": (
                hl7_concept("condition-ver-status", *certainty) if certainty else None
            ),
            "category": [hl7_concept("condition-category", *(_AT_STAY if fact.kind else _ON_LIST))],
            "code": required(fact.problem),
            "subject": subject.reference(),
            "onsetDateTime": date_time(fact.since, subject.zone),
            "abatementDateTime": date_time(fact.resolved, subject.zone),
            "asserter": asserter[0] if asserter else None,
        }
    )


def _clinical(fact: ProblemFact) -> tuple[str, str]:
    if fact.resolved is not None:
        return "resolved", "Resolved"
    return ("inactive", "Inactive") if fact.ended else ("active", "Active")
