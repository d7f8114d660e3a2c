"""The hand-off list of a ward: I-PASS for each patient, with what is due and what is still out.

I-PASS: Starmer et al. 2014, NEJMsa1405556. What nobody wrote is said to be missing.
"""

from __future__ import annotations

import asyncio

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.entered import unpacked
from wardlight.record.events.observations import NoteKind, NoteWritten
from wardlight.record.identity import PatientKey
from wardlight.rules.bedside.observations import PARTS
from wardlight.rules.knowing import age_days
from wardlight.views.bedside.early_warning import Scored, early_warnings
from wardlight.views.facts import Chart, DocumentFact
from wardlight.views.laboratory.laboratory import pending_tests, traces
from wardlight.views.laboratory.results import results
from wardlight.web.access.sight import assert_sees_unit
from wardlight.web.banner import weight_words
from wardlight.web.bedside.allergy_words import allergy_words
from wardlight.web.bedside.doors import assert_reads
from wardlight.web.bedside.order_lines import is_to_clarify, is_to_note
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times
from wardlight.web.wards.board import FactsShelf, Line, alike_of, line_of
from wardlight.web.wards.ward import CHARTS_AT_ONCE, census_as_of, unit_of

SEVERITY = PARTS[NoteKind.HAND_OFF][0]


class HandOff(Struct, frozen=True, kw_only=True):
    """One patient on the list."""

    bed: str
    line: Line
    weight: str
    allergies: str
    severity: str
    parts: tuple[tuple[str, str], ...]  # of the newest hand-off, without its severity
    written: str  # by whom and when; "" when nobody wrote one
    older: bool  # written before the EHR went off
    warning: str  # the newest whole score, with its time
    risk: str  # a word for how it is drawn; "" without a score
    newer: str  # a later set that could not be scored
    pending: tuple[str, ...]
    to_note: int
    to_clarify: int


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/handoff/{site}/{unit:path}", handoff)]


async def handoff(request: Request) -> Response:
    """Show one ward patient by patient, in the order of the beds."""
    site = desk_of(request).site(request.path_params["site"])
    unit = unit_of(request)
    assert_reads(request)
    assert_sees_unit(request, site.code, unit)
    facts: FactsShelf = request.app.state.facts

    async def make(desk: Desk, t: Times) -> Content:
        present = desk.views.census.present(site.code)
        return {
            "unit": unit,
            "patients": await _patients(desk, facts, site.code, unit, t),
            "as_of": census_as_of(desk, present, t),
            "kinds": [part for part in PARTS[NoteKind.HAND_OFF] if part != SEVERITY],
        }

    return await shown(request, Screen(template="handoff.html", make=make, site=site.code))


async def _patients(desk: Desk, shelf: FactsShelf, site: str, unit: str, t: Times) -> list[HandOff]:
    rows = desk.views.census.beds(site, unit)
    alike = alike_of(desk, [stay for row in rows for stay in row.stays])
    found: list[HandOff] = []
    for number, row in enumerate(rows):
        bed = "-".join(part for part in (row.location.room, row.location.bed) if part)
        for stay in row.stays:
            facts = shelf.of(desk, stay.patient, site, t)
            line = line_of(desk, stay, facts, t, alike=alike)
            found.append(_hand_off(desk, bed or "No bed", line, t))
        if number % CHARTS_AT_ONCE == 0:
            await asyncio.sleep(0)
    return found


def _said_by(note: DocumentFact | None) -> str:
    if note is None:
        return ""
    return note.stamp.said_by() if note.stamp.paper or not note.author else note.author


def _hand_off(desk: Desk, bed: str, line: Line, t: Times) -> HandOff:
    patient = desk.views.people.resolve(line.stay.patient)
    chart = desk.views.chart(patient)
    note = _newest(chart)
    parts = dict(_parts(desk, note)) if note else {}
    sets = _sets(desk, chart, t)
    scored = next((one for one in sets if one.score.total is not None), None)
    written = note.written.at if note and note.written else None
    return HandOff(
        bed=bed,
        line=line,
        weight=weight_words(chart, t),
        allergies=allergy_words(chart.allergies),
        severity=parts.pop(SEVERITY, ""),
        parts=tuple(parts.items()),
        written=f"{t.full(written)}, {_said_by(note)}" if note else "",
        older=written is not None and t.off_since is not None and not t.after_off(written),
        warning=_warning(scored, t),
        risk=str(scored.score.risk).replace(" ", "-") if scored else "",
        newer=_warning(sets[0], t) if sets and sets[0] is not scored else "",
        pending=_pending(desk, patient, chart, t),
        to_note=sum(map(is_to_note, chart.orders)),
        to_clarify=sum(map(is_to_clarify, chart.orders)),
    )


def _newest(chart: Chart) -> DocumentFact | None:
    """Return the newest hand-off, also one that was written before the EHR went off."""
    return next((one for one in chart.documents if one.title == NoteKind.HAND_OFF), None)


def _parts(desk: Desk, note: DocumentFact) -> list[tuple[str, str]]:
    """Return a hand-off under its headings; what a feed sent has none of ours."""
    if note.stamp.entry:
        for entry in desk.views.charts.fetch([note.stamp.position]):
            said = unpacked(entry.body).said
            if isinstance(said, NoteWritten):
                return list(said.parts)
    return [("", note.text)]


def _sets(desk: Desk, chart: Chart, t: Times) -> tuple[Scored, ...]:
    person = desk.views.people.person(chart.patient)
    days = age_days(person.birth if person else None, t.now, t.zone)
    return early_warnings(chart, age_years=None if days is None else int(days / 365.25))


def _warning(scored: Scored | None, t: Times) -> str:
    return f"{scored.score.words().rstrip('.')} at {t.at(scored.at)}" if scored else ""


def _pending(desk: Desk, patient: PatientKey, chart: Chart, t: Times) -> tuple[str, ...]:
    """Return the tests that are still out, whichever way they were asked for."""
    people, loops = desk.views.people, desk.views.loops
    mine = tuple(loops.requests_of(lambda key: people.resolve(key) == patient))
    ordered = (order.words() for order in results(chart, now=t.now).pending)
    return tuple(dict.fromkeys((*pending_tests(traces(loops, mine)), *ordered)))
