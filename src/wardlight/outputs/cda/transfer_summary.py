"""A transfer and its patient's chart as a C-CDA transfer summary."""

from __future__ import annotations

from collections.abc import Iterator

from wardlight.record.codes import AllergyState, OrderState
from wardlight.record.identity import Person
from wardlight.record.instants import Instant, clinical_moment
from wardlight.views.bedside.medication_words import medication_words
from wardlight.views.facts import Chart, DoseFact, OrderFact, ReportFact
from wardlight.views.laboratory.reports import report_time
from wardlight.views.rows import Stay, StayState
from wardlight.views.transfers.transfers import Case
from wardlight.wire.cda.transfer_summary import (
    Found,
    Medicine,
    Problem,
    TransferSummary,
    document_id,
    transfer_summary,
)
from wardlight.wire.entered.observations import FLUIDS, VITALS

REPORTS_MAX = 60
SIGNS_MAX = 6  # sets of vital signs, newest first


class WrongChartError(Exception):
    """The chart handed in is another patient's than the person; nothing was made."""


def summary_of(  # noqa: PLR0913 -- the parts of one document
    one: Case,
    person: Person,
    chart: Chart,
    *,
    stay: Stay | None,
    pending: tuple[str, ...],
    names: tuple[str, str],
    zone: str,
    now: Instant,
) -> bytes:
    """Return the document; `names` are those of the sending and the receiving hospital.

    `pending` is what has no answer yet, in words.

    Raises WrongChartError when chart, stay and person are not of one patient.
    """
    if {chart.patient, stay.patient if stay else chart.patient} != {person.key}:
        raise WrongChartError("chart, stay and person are not of one patient")
    gone = stay is not None and stay.state is StayState.LEFT
    found = tuple(_reports(chart, signs=False))
    signs = tuple(_reports(chart, signs=True))
    return transfer_summary(
        TransferSummary(
            id=document_id(one.request, str(now), names[0]),
            made=now,
            zone=zone,
            person=person,
            protected=person.protected,
            site=names[0],
            to=names[1],
            receiver=one.accepted.said.by if one.accepted else "",
            callback=one.need.callback,
            admitted=stay.admitted if stay else None,
            left=stay.discharged if stay and gone else None,
            visit=stay.visit.rpartition("|")[2] if stay else "",
            reason=tuple(_reason(one)),
            plan=tuple(_plan(one, chart)),
            allergies=tuple(fact.allergy for fact in chart.allergies.known),
            none_known=chart.allergies.state is AllergyState.NONE_KNOWN,
            medicines=tuple(_medicine(order, chart, zone) for order in chart.medications()),
            problems=tuple(
                Problem(problem=fact.problem, since=fact.since)
                for fact in chart.problems
                if not fact.ended
            ),
            results=found[:REPORTS_MAX],
            results_left_out=max(len(found) - REPORTS_MAX, 0),
            signs=signs[:SIGNS_MAX],
            signs_left_out=max(len(signs) - SIGNS_MAX, 0),
            pending=pending,
        )
    )


def _reason(one: Case) -> Iterator[str]:
    yield f"{one.need.why}: {one.need.reason}"
    yield f"Needs {', '.join((f'{one.need.bed} bed', *one.need.needs))}; {one.need.urgency}"
    if one.need.diagnosis:
        yield f"Diagnosis: {one.need.diagnosis}"
    if one.certified:
        said = one.certified.said
        yield f"Certified by {said.physician}. Benefits: {said.benefits}. Risks: {said.risks}."


def _plan(one: Case, chart: Chart) -> Iterator[str]:
    status = [fact.text for fact in chart.code_status()]
    yield f"Code status: {'; '.join(status) or 'not recorded, treat per hospital rule'}"
    if one.need.isolation:
        yield f"Isolation: {one.need.isolation}"
    if one.need.equipment:
        yield f"Goes along: {one.need.equipment}"
    if one.doses and one.doses.said.also:
        yield f"Doses that no MAR has: {'; '.join(one.doses.said.also)}"
    if one.doses and one.doses.said.next_due:
        yield f"Due next: {one.doses.said.next_due}"
    if one.pending:
        own = one.pending.said
        yield f"Late results: {own.owner}, {own.phone}, rings {own.tells} {own.tells_phone}".strip()


def _medicine(order: OrderFact, chart: Chart, zone: str) -> Medicine:
    last = next((dose for dose in chart.doses if dose.order and dose.order == order.number), None)
    return Medicine(
        number=order.number,
        drug=order.what,
        line=_line(order),
        started=order.ordered,
        held=order.state is OrderState.HELD,
        last=_dose(last, zone) if last else "",
    )


def _line(order: OrderFact) -> str:
    if order.detail is None:
        return f"{order.words()}, see original order"
    words = medication_words(order.detail, as_received=order.as_received, timing=order.timing)
    return words.line() or order.words()


def _dose(dose: DoseFact, zone: str) -> str:
    amount = f"{dose.amount} {dose.unit}".strip() or "amount not recorded"
    return f"{amount} {dose.state} {clinical_moment(dose.at, zone)}"


def _reports(chart: Chart, *, signs: bool) -> Iterator[Found]:
    for report in chart.reports:
        if (report.section == VITALS) is signs and report.section != FLUIDS and report.observations:
            yield _found(report)


def _found(report: ReportFact) -> Found:
    return Found(
        number=report.number or str(report.stamp.position),
        test=report.test,
        at=report_time(report),
        lines=tuple(fact.observation for fact in report.observations),
    )
