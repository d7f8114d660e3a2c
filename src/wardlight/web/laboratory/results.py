"""Results of the last 72 hours: critical first, flags in words, withdrawn values never shown."""

from __future__ import annotations

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.codes import ResultState
from wardlight.record.instants import Moment
from wardlight.views.facts import ObservationFact, ReportFact
from wardlight.views.laboratory.reports import HIDDEN, report_time
from wardlight.views.laboratory.results import AnalyteRow, results
from wardlight.views.words import coded, flag_words
from wardlight.web.banner import banner_of, open_patient, site_of
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times, heard

EARLIER_SHOWN_MAX = 4
_WORTH_SAYING = frozenset(ResultState) - {ResultState.FINAL}


class Value(Struct, frozen=True, kw_only=True):
    """One value as it may be read: with its state, its flags in words, and what it corrected."""

    text: str
    unit: str
    flags: str
    state: str  # "" when final
    was: str
    hidden: bool
    at: Moment | None
    notes: tuple[str, ...]


class Analyte(Struct, frozen=True, kw_only=True):
    """One line of the table."""

    test: str
    critical: bool
    value: Value
    range: str
    earlier: tuple[Value, ...]
    source: str
    after_off: bool


class Report(Struct, frozen=True, kw_only=True):
    """One report in full."""

    title: str
    section: str
    state: str
    at: Moment
    specimen: str
    lines: tuple[tuple[str, Value, str], ...]  # test, value, range
    notes: tuple[str, ...]
    source: str
    after_off: bool


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/patient/{handle}/results", results_page)]


async def results_page(request: Request) -> Response:
    """Show what was found, what was withdrawn, and what has been ordered and not found yet."""
    opened = await open_patient(request)

    async def make(desk: Desk, t: Times) -> Content:
        found = results(opened.chart, now=t.now)
        return {
            "tab": "results",
            "banner": banner_of(desk, opened, t),
            "found": found,
            "analytes": [_analyte(row, t) for row in found.analytes],
            "reports": [_report(report, t) for report in found.reports],
            "documents": opened.chart.documents,
            "as_of": heard(desk.views, [found.as_of], t.now),
        }

    site = site_of(desk_of(request), opened)
    return await shown(request, Screen(template="results.html", make=make, site=site))


def _analyte(row: AnalyteRow, t: Times) -> Analyte:
    return Analyte(
        test=coded(row.test, "Test not named"),
        critical=row.critical,
        value=value_of(row.newest, row.at),
        range=row.newest.observation.range,
        earlier=tuple(value_of(one) for one in row.earlier[:EARLIER_SHOWN_MAX]),
        source=row.newest.stamp.source,
        after_off=t.after_off(row.at.at if row.at else row.newest.stamp.occurred),
    )


def value_of(line: ObservationFact, at: Moment | None = None) -> Value:
    """Return a value as it may be shown; withdrawn and wrong-patient values have none."""
    said = line.observation
    hidden = said.state in HIDDEN
    return Value(
        text=_hidden_words(said.state) if hidden else said.value or "No value stated",
        unit="" if hidden else said.unit,
        flags="" if hidden else flag_words(said.flags),
        state=said.state if said.state in _WORTH_SAYING and not hidden else "",
        was="" if hidden else line.was,
        hidden=hidden,
        at=at or said.at,
        notes=said.notes,
    )


def _hidden_words(state: ResultState) -> str:
    if state is ResultState.WRONG_PATIENT:
        return "Withdrawn: belonged to another patient"
    return "Withdrawn by the laboratory: value not shown"


def _report(report: ReportFact, t: Times) -> Report:
    at = report_time(report)
    hidden = report.state in HIDDEN
    return Report(
        title=coded(report.test, "Test not named"),
        section=report.section,
        state=_hidden_words(report.state) if hidden else report.state,
        at=at,
        specimen=report.specimen,
        lines=tuple(
            (coded(one.observation.test, ""), value_of(one), one.observation.range)
            for one in report.observations
        ),
        notes=() if hidden else report.notes,
        source=report.stamp.source,
        after_off=t.after_off(at.at),
    )
