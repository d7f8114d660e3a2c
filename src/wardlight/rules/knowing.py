"""What is known of a patient when a dose or an order is judged."""

from __future__ import annotations

from datetime import date

from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant, PartialDate, local
from wardlight.rules.asking import Ground
from wardlight.rules.medicines.dosing import Known
from wardlight.views.bedside.mar import Mar, mar
from wardlight.views.facts import Chart, OrderFact
from wardlight.views.services.downtimes import blind


def known_of(ground: Ground, patient: PatientKey, order: OrderFact | None = None) -> Known | None:
    """Return what a warning is worked out from; None where a node has no drug tables."""
    chart = ground.views.chart(patient)
    record = record_of(ground, chart)
    return known_with(ground, chart, record, order)


def known_with(
    ground: Ground, chart: Chart, record: Mar, order: OrderFact | None = None
) -> Known | None:
    """Return the same for a chart whose MAR is at hand."""
    if ground.tables is None:
        return None
    person = ground.views.people.person(chart.patient)
    return Known(
        chart=chart,
        tables=ground.tables.drugs,
        now=ground.now,
        zone=ground.zone,
        age_days=age_days(person.birth if person else None, ground.now, ground.zone),
        row=next((row for row in record.rows if row.order is order), None),
        blind=record.blind,
    )


def record_of(ground: Ground, chart: Chart) -> Mar:
    """Return a patient's MAR as a rule looks at it."""
    return mar(
        chart,
        now=ground.now,
        zone=ground.zone,
        blind=blind(
            ground.views.downtimes.at(ground.site), ground.views.links.site_as_of(ground.site)
        ),
        charts_here=ground.views.charts_here(ground.site),
    )


def age_days(birth: PartialDate | None, now: Instant, zone: str) -> int | None:
    """Return the age in days; the youngest it can be where day or month are not known."""
    if birth is None:
        return None
    today = local(now, zone).date()
    try:
        born = date(birth.year, birth.month or 12, birth.day or 28)
    except ValueError:
        return None
    return max((today - born).days, 0)
