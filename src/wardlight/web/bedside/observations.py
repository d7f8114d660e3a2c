"""Vital signs with their early-warning score, and fluids in and out, by shift and day.

What was known before the EHR went off stands apart from what was measured since.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.identity import PatientKey
from wardlight.record.instants import HOUR, MINUTE, Instant
from wardlight.record.reading import Stamp
from wardlight.rules.bedside.observations import CHOICES, SIGNS
from wardlight.rules.knowing import age_days
from wardlight.views.bedside.early_warning import PARTS, EarlyWarning, Scored, early_warnings
from wardlight.views.bedside.fluid_balance import fluid_balance
from wardlight.views.facts import Chart, ObservationFact, ReportFact
from wardlight.views.laboratory.reports import report_time
from wardlight.web.banner import banner_of, open_patient, site_of
from wardlight.web.bedside.amends import amended, observations_amended
from wardlight.web.bedside.fluids import ROUTES, fluids, volume_lines
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times, heard
from wardlight.wire.entered.observations import SIGNS as CODED

SHOWN_BACK_MS = 72 * HOUR
COLUMNS_MAX = 12
NOT_A_ROW = frozenset({"on oxygen", "spo2 scale"})
LATE_MS = 15 * MINUTE  # charted that much later is said beside the time


class Column(Struct, frozen=True, kw_only=True):
    """One set of observations."""

    at: Instant
    by: str
    late: str  # when it was charted, where that was much later
    entry: str  # "" for one a feed sent
    score: EarlyWarning | None
    values: tuple[str, ...]  # one per row of the grid
    points: tuple[int | None, ...]
    note: str
    since_off: bool
    readings: dict[str, str]  # by sign, for a form that corrects it


class Row(Struct, frozen=True):
    """One sign of the grid."""

    sign: str
    words: str
    unit: str


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/patient/{handle}/observations", observations)]


async def observations(request: Request) -> Response:
    """Show the grid of signs, the score of each set, fluids, and the forms to chart both."""
    opened = await open_patient(request)

    async def make(desk: Desk, t: Times) -> Content:
        chart = opened.chart
        years = _years(desk, opened.patient, t)
        columns = _columns(chart.reports, early_warnings(chart, age_years=years), t)
        balance = fluid_balance(chart, now=t.now, zone=t.zone)
        return {
            "tab": "observations",
            "banner": banner_of(desk, opened, t),
            "handle": desk.handles.of(opened.patient),
            "home": site_of(desk, opened),
            "family": opened.person.name.family or "Patient",
            "rows": _rows(columns),
            "columns": columns,
            "by_day": [fluids(one, t) for one in balance.days[:3]],
            "by_shift": [fluids(one, t) for one in balance.shifts[:4]],
            "signs": SIGNS,
            "choices": CHOICES,
            "fluid_routes": ROUTES,
            "volumes": volume_lines(chart.reports, t),
            "backs": amended(chart.taken_back, observations_amended, t),
            "as_of": heard(desk.views, _of_feeds(chart), t.now),
        }

    site = site_of(desk_of(request), opened)
    return await shown(request, Screen(template="observations.html", make=make, site=site))


def _of_feeds(chart: Chart) -> list[Stamp]:
    """Return what feeds said: what is charted here makes nothing of theirs any newer."""
    return [report.stamp for report in chart.reports if not report.stamp.entry]


def _years(desk: Desk, patient: PatientKey, t: Times) -> int | None:
    person = desk.views.people.person(patient)
    days = age_days(person.birth if person else None, t.now, t.zone)
    return None if days is None else int(days / 365.25)


def _columns(reports: Sequence[ReportFact], scored: Sequence[Scored], t: Times) -> list[Column]:
    scores = {(one.at, one.stamp.position): one.score for one in scored}
    recent = [
        _column(one, scores.get((report_time(one).at, one.stamp.position)), t)
        for one in reports
        if _signs(one) and t.now - report_time(one).at < SHOWN_BACK_MS
    ]
    return sorted(recent, key=lambda one: (not one.since_off, -one.at))[:COLUMNS_MAX]


def _signs(report: ReportFact) -> dict[str, ObservationFact]:
    """Return the signs a report holds, by their short names."""
    by_code = {coded.code: sign for sign, coded in CODED.items() if coded.code}
    by_words = {coded.text.casefold(): sign for sign, coded in CODED.items()}
    found: dict[str, ObservationFact] = {}
    for fact in report.observations:
        test = fact.observation.test
        sign = by_code.get(test.code) or by_words.get(test.words().casefold())
        if sign and fact.observation.value:
            found[sign] = fact
    return found


def _column(report: ReportFact, score: EarlyWarning | None, t: Times) -> Column:
    signs = _signs(report)
    at, stamp = report_time(report).at, report.stamp
    late = bool(stamp.entry) and stamp.recorded - at > LATE_MS
    return Column(
        at=at,
        by=stamp.said_by(),
        late=t.at(stamp.recorded) if late else "",
        entry=stamp.entry,
        score=score,
        values=tuple(_value(signs.get(sign)) for sign in CODED if sign not in NOT_A_ROW),
        points=tuple(_points(score, sign) for sign in CODED if sign not in NOT_A_ROW),
        note=" ".join(report.notes),
        since_off=bool(stamp.entry) or t.after_off(at),
        readings={sign: fact.observation.value for sign, fact in signs.items()},
    )


def _value(fact: ObservationFact | None) -> str:
    return fact.observation.value if fact else ""


def _points(score: EarlyWarning | None, sign: str) -> int | None:
    if score is None or sign not in PARTS:
        return None
    return score.parts.get(sign)


def _rows(columns: Sequence[Column]) -> list[tuple[int, Row]]:
    """Return the rows that hold anything, with their place in each column."""
    signs = [sign for sign in CODED if sign not in NOT_A_ROW]
    return [
        (at, Row(sign, CODED[sign].text, SIGNS[sign].unit if sign in SIGNS else ""))
        for at, sign in enumerate(signs)
        if any(column.values[at] for column in columns)
    ]
