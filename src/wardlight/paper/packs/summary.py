"""W2, the patient summary: who, why here, what must not be done, what is known and pending."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wardlight.paper import lengths
from wardlight.paper.head import NOT_RECORDED, allergies_in_full, at, badge, moment
from wardlight.paper.packs.census import alerts, code_status
from wardlight.paper.packs.sheets import PatientSheets, UnitPack
from wardlight.record.codes import AppointmentState, ResultState
from wardlight.views.ages import Block
from wardlight.views.facts import ObservationFact, ReportFact
from wardlight.views.laboratory.results import AnalyteRow
from wardlight.views.words import flag_words

FORM = "W2A"
EARLIER_MAX = 3  # earlier values of an analyte beside the newest
_STATES_SAID = {
    ResultState.PRELIMINARY: "preliminary",
    ResultState.PENDING: "pending",
    ResultState.CORRECTED: "CORRECTED",
    ResultState.AMENDED: "AMENDED",
    ResultState.WITHDRAWN: "WITHDRAWN",
    ResultState.WRONG_PATIENT: "WITHDRAWN: WRONG PATIENT",
    ResultState.NOT_STATED: "status not stated",
    ResultState.FINAL: "",
}


def summary(sheets: PatientSheets, pack: UnitPack) -> dict[str, Any]:
    """Return the blocks of the summary, each with its own age."""
    chart, stay, person = sheets.chart, sheets.stay, sheets.person
    height = chart.height
    return {
        "stay": [
            ["Admitted", moment(stay.admitted, pack) + (" (derived)" * stay.admitted_derived)],
            ["Attending", stay.attending or NOT_RECORDED],
            ["Service", stay.service or NOT_RECORDED],
            ["Reason", stay.reason or NOT_RECORDED],
            ["Class", stay.stay_class.value],
            ["Visit", stay.visit.rpartition("|")[2] or NOT_RECORDED],
            ["Expected discharge", moment(stay.expected_discharge, pack)],
        ],
        "person": [
            ["Language", person.language or NOT_RECORDED],
            ["Phone", ", ".join(person.phones) or NOT_RECORDED],
            ["Address", person.address or NOT_RECORDED],
            ["Height", f"{height.value} {height.unit}" if height else NOT_RECORDED],
            ["Diet", "; ".join(fact.text for fact in chart.diet) or NOT_RECORDED],
        ],
        "notes": list(stay.notes),
        "code_status": code_status(sheets),
        "alerts": alerts(sheets),
        "allergies": allergies_in_full(chart.allergies),
        "allergies_age": badge(Block.ALLERGIES, chart.allergies.as_of, pack),
        "problems": [
            fact.problem.words() + (f" (since {moment(fact.since, pack)})" if fact.since else "")
            for fact in chart.problems
            if not fact.ended
        ],
        "contacts": [
            {
                "name": fact.contact.name,
                "rest": f"{fact.contact.relation}, {phones(fact.contact.phones)}".lstrip(", "),
            }
            for fact in chart.contacts
        ],
        "results_age": badge(Block.RESULTS, chart.results_as_of, pack),
        "analytes": [_analyte(row, pack) for row in sheets.results.analytes],
        "withdrawn": sheets.results.withdrawn,
        "reports": [_report(report, pack) for report in sheets.results.reports if _is_text(report)],
        "pending": [
            {"what": order.words(), "ordered": moment(order.ordered, pack)}
            for order in sheets.results.pending
        ],
        "appointments": [
            {
                "when": moment(one.starts, pack),
                "what": one.reason.words() or one.kind.words() or one.service.words() or "visit",
                "state": "" if one.state is AppointmentState.BOOKED else one.state.value,
            }
            for one in sheets.appointments
        ],
    }


def phones(numbers: Sequence[str]) -> str:
    """Return the numbers to ring, or that none is on record."""
    return ", ".join(numbers) or "no phone recorded"


def _analyte(row: AnalyteRow, pack: UnitPack) -> dict[str, Any]:
    newest = row.newest.observation
    said = {
        "test": newest.test.words() or "test not named",
        "value": _value(row.newest),
        "flags": flag_words(newest.flags),
        "critical": row.critical,
        "range": newest.range,
        "when": moment(row.at, pack) if row.at else moment(newest.at, pack),
        "state": _state(row.newest),
        "earlier": [f"{_value(one)} ({_when(one, pack)})" for one in row.earlier[:EARLIER_MAX]],
        "notes": list(newest.notes),
    }
    return said | {"short": lengths.in_one_line(said)}


def _value(fact: ObservationFact) -> str:
    line = fact.observation
    if line.state in (ResultState.WITHDRAWN, ResultState.WRONG_PATIENT):
        return "value withdrawn"
    return " ".join(part for part in (line.value, line.unit) if part) or "no value"


def _state(fact: ObservationFact) -> str:
    words = _STATES_SAID[fact.observation.state]
    return f"{words} (was {fact.was})" if fact.was else words


def _when(fact: ObservationFact, pack: UnitPack) -> str:
    line = fact.observation
    return moment(line.at, pack) if line.at else at(fact.stamp.occurred, pack)


def _is_text(report: ReportFact) -> bool:
    """Return whether a report is to be read as text rather than as a list of values."""
    return any(line.observation.kind in ("TX", "FT", "ED", "RP") for line in report.observations)


def _report(report: ReportFact, pack: UnitPack) -> dict[str, Any]:
    when, state = moment(report.collected or report.reported, pack), _STATES_SAID[report.state]
    return {
        "title": report.test.words() or "report",
        "about": f"{when} · {state}" if state else when,
        "lines": _lines(report.observations),
    }


def _lines(facts: Sequence[ObservationFact]) -> list[str]:
    return [_value(fact) for fact in facts]
