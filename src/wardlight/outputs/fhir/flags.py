"""Code status, isolation, falls …: FHIR Flag (hl7.org/fhir/R4/flag.html).

Conflicting ones are all given. Where nothing was recorded there is no flag: "not recorded" is
never written as a status.
"""

from __future__ import annotations

from wardlight.outputs.fhir.subject import Row, Subject, ids
from wardlight.record.reading import Stamp
from wardlight.views.facts import AlertFact, Chart
from wardlight.wire.fhir.types import Element, absent, filled, instant, words

CONTRADICTED = "no known allergies was also asserted: the listed allergies stand, ask the patient"


def flags(chart: Chart, subject: Subject) -> list[Row]:
    """Return the alerts that stand, and one where statements on allergies conflict."""
    alerts = list(chart.alerts)
    listed = chart.allergies
    if listed.contradicted and listed.none_known is not None:
        alerts.append(AlertFact("allergies", CONTRADICTED, listed.none_known))
    found = ids(subject, (("alert", fact.stamp.source, fact.alert, fact.text) for fact in alerts))
    return [
        Row(fact.stamp.occurred, _flag(fact.alert, fact.text, fact.stamp, subject, name))
        for fact, name in zip(alerts, found, strict=True)
    ]


def _flag(alert: str, text: str, stamp: Stamp, subject: Subject, name: str) -> Element:
    category = words(alert)
    return filled(
        {
            "resourceType": "Flag",
            "id": name,
            "meta": subject.meta(stamp),
            "status": "active",
            "category": [category] if category else [],
            "code": words(text or alert) or absent(),
            "subject": subject.reference(),
            "period": {"start": instant(stamp.occurred, subject.zone)},
        }
    )
