"""One patient at a glance: the last known, and what every source said and when."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.identity import Identifier
from wardlight.record.instants import Instant
from wardlight.record.reading import Stamp
from wardlight.views.facts import Chart
from wardlight.views.laboratory.results import results
from wardlight.views.rows import Appointment, Stay
from wardlight.views.words import number_groups, number_label
from wardlight.web.banner import Agent, Opened, agent_of, banner_of, open_patient, site_of
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times, heard
from wardlight.web.wards.board import mar_of, stay_marks

CHANGES_SHOWN_MAX = 20


class NumberLine(Struct, frozen=True):
    """One identifier of the patient, in groups that can be read aloud."""

    label: str
    groups: tuple[str, ...]
    authority: str


class Said(Struct, frozen=True):
    """One statement in the list of what changed."""

    stamp: Stamp
    words: str


class AllergyLine(Struct, frozen=True):
    """One allergy in the details: as it is shown in the strip, and where it comes from."""

    agent: Agent
    stamp: Stamp
    ended: bool


class AsOf(Struct, frozen=True, kw_only=True):
    """How far each block of the page is known."""

    stay: Instant | None
    demographics: Instant | None
    problems: Instant | None
    orders: Instant | None
    results: Instant | None
    alerts: Instant | None


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/patient/{handle}", summary)]


async def summary(request: Request) -> Response:
    """Show identity, allergies, where and why, problems, contacts, code status, what is next."""
    opened = await open_patient(request)

    async def make(desk: Desk, t: Times) -> Content:
        return _content(desk, opened, t)

    site = site_of(desk_of(request), opened)
    return await shown(request, Screen(template="patient.html", make=make, site=site))


def _content(desk: Desk, opened: Opened, t: Times) -> Content:
    chart, stay = opened.chart, opened.stay
    found = results(chart, now=t.now)
    coming = desk.views.schedule.of(opened.patient)
    return {
        "tab": "summary",
        "banner": banner_of(desk, opened, t),
        "person": opened.person,
        "numbers": [_number_line(one) for one in opened.person.identifiers],
        "chart": chart,
        "allergies": _allergy_lines(chart),
        "stay": stay,
        "stay_marks": stay_marks(stay, opened.person, t) if stay else [],
        "stays": desk.views.census.stays(opened.patient),
        "appointments": coming,
        "mar": mar_of(desk, chart, site_of(desk, opened), t),
        "criticals": [row for row in found.analytes if row.critical],
        "pending": found.pending,
        "changes": _changes(opened, t) if t.off_since is not None else None,
        "as_of": _as_of(desk, opened, t, coming),
    }


def _number_line(one: Identifier) -> NumberLine:
    return NumberLine(number_label(one), tuple(number_groups(one.value)), one.authority)


def _allergy_lines(chart: Chart) -> list[AllergyLine]:
    facts = (*chart.allergies.known, *chart.allergies.ended)
    return [AllergyLine(agent_of(fact), fact.stamp, fact.ended) for fact in facts]


def _as_of(desk: Desk, opened: Opened, t: Times, coming: tuple[Appointment, ...]) -> AsOf:
    chart, stay = opened.chart, opened.stay
    stay_stamp = stay.stamp if stay else None
    any_said = stay_stamp or (coming[0].stamp if coming else None)
    problems = [fact.stamp for fact in chart.problems]
    return AsOf(
        stay=heard(desk.views, [stay_stamp], t.now),
        demographics=any_said.occurred if any_said else None,
        problems=max((stamp.occurred for stamp in problems), default=None),
        orders=heard(desk.views, [chart.orders_as_of, chart.doses_as_of], t.now),
        results=heard(desk.views, [chart.results_as_of], t.now),
        alerts=max((fact.stamp.occurred for fact in chart.alerts), default=None),
    )


def _changes(opened: Opened, t: Times) -> list[Said]:
    """Return what was said after the EHR went off, newest first; feeds that still speak count."""
    said = [one for one in _statements(opened) if t.after_off(one.stamp.occurred)]
    said.sort(key=lambda one: -one.stamp.occurred)
    return said[:CHANGES_SHOWN_MAX]


def _statements(opened: Opened) -> Iterator[Said]:
    chart = opened.chart
    for report in chart.reports:
        yield Said(report.stamp, f"Result: {report.test.words() or 'test not named'}")
    for order in chart.orders:
        yield Said(order.stamp, f"Order: {order.words()}, {order.state}")
    for dose in chart.doses:
        yield Said(dose.stamp, f"Dose: {dose.drug.words() or 'drug not named'}, {dose.state}")
    for allergy in (*chart.allergies.known, *chart.allergies.ended):
        yield Said(allergy.stamp, f"Allergy: {allergy.allergy.agent.words()}")
    if isinstance(opened.stay, Stay):
        yield Said(opened.stay.stamp, f"Stay: {opened.stay.state}, {opened.stay.location.words()}")
