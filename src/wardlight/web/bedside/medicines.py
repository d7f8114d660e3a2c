"""The medication chart: 24 hours back, 24 hours forward, with the line of now between them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.codes import DoseState, OrderState
from wardlight.record.instants import HOUR, Instant, local
from wardlight.rules.medicines.medicines import STEPS
from wardlight.views.bedside.dose_times import TimesFrom
from wardlight.views.bedside.mar import CellState, Mar, MarCell, MarRow
from wardlight.views.bedside.medication_words import MedicationWords, drug_words, medication_words
from wardlight.views.facts import DoseFact
from wardlight.web.banner import Opened, banner_of, open_patient, site_of
from wardlight.web.bedside.amends import amended, doses_amended
from wardlight.web.bedside.giving import (
    NOT_GIVEN_REASONS,
    STATES,
    bands_of,
    charted_here,
    give_key,
    givings,
)
from wardlight.web.entering.entries import ground_of
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times, heard
from wardlight.web.wards.board import mar_of

COLUMN_HOURS = 4
SECTIONS = (
    ("scheduled", "Scheduled"),
    ("infusion", "Infusions"),
    ("one time", "One time"),
    ("as needed", "As needed"),
)
# How each state is drawn: the name of a shape, so that none is told apart by colour alone.
SHAPES = {
    CellState.GIVEN: "given",
    CellState.PARTLY: "partly",
    CellState.REFUSED: "refused",
    CellState.NOT_GIVEN: "not-given",
    CellState.UNKNOWN: "unknown",
    CellState.DUE: "due",
    CellState.OVERDUE: "overdue",
    CellState.LATE_QUESTION: "late",
}


class Column(Struct, frozen=True, kw_only=True):
    """Some hours of the chart. The column of now is cut in two at the line."""

    starts: Instant
    ends: Instant
    head: str
    day: str  # the date, where a new day begins
    past: bool
    first_future: bool  # the line of now stands before it
    blind: bool  # doses given here may not be known


class Sign(Struct, frozen=True, kw_only=True):
    """One mark in the chart: a dose charted or a time due."""

    shape: str
    day: str  # said where the chart is a list
    clock: str
    words: str
    dose: str
    by: str


class Drug(Struct, frozen=True, kw_only=True):
    """One running order."""

    words: MedicationWords | None  # None: only the name is known, see the original
    name: str
    state: str  # "held", "state not known", "end time has passed"; "" while it simply runs
    indication: str
    instructions: str
    components: tuple[str, ...]
    prescriber: str
    last: DoseFact | None
    last_words: str
    next_due: Instant | None
    schedule_known: bool
    derived_times: bool
    schedule: str
    cells: tuple[tuple[Sign, ...], ...]  # one per column
    as_received: str
    give: str  # where on the page its doses are charted


class Part(Struct, frozen=True):
    """One section of the chart."""

    title: str
    drugs: tuple[Drug, ...]


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/patient/{handle}/medicines", medicines)]


async def medicines(request: Request) -> Response:
    """Show what runs, what was given and when the next dose is due."""
    opened = await open_patient(request)

    async def make(desk: Desk, t: Times) -> Content:
        chart = opened.chart
        record = mar_of(desk, chart, site_of(desk, opened), t)
        columns = columns_of(record, t)
        return {
            "tab": "medicines",
            "banner": banner_of(desk, opened, t),
            "record": record,
            "columns": columns,
            "parts": _parts(record, columns, t),
            "unmatched": [_unmatched(dose, t) for dose in record.unmatched],
            "ended": [
                order
                for order in chart.orders
                if order.detail is not None
                and order.state in (OrderState.STOPPED, OrderState.COMPLETED, OrderState.REPLACED)
            ],
            "as_of": heard(desk.views, [chart.orders_as_of, chart.doses_as_of], t.now),
            **_forms(desk, opened, record, t),
        }

    site = site_of(desk_of(request), opened)
    return await shown(request, Screen(template="medicines.html", make=make, site=site))


def _forms(desk: Desk, opened: Opened, record: Mar, t: Times) -> Content:
    """Return what is needed to chart doses under the chart."""
    return {
        "handle": desk.handles.of(opened.patient),
        "home": site_of(desk, opened),
        "bands": bands_of(desk, opened),
        "givings": givings(ground_of(desk, site_of(desk, opened)), opened, record, t),
        "charted": charted_here(opened.chart.doses, t),
        "backs": amended(opened.chart.taken_back, doses_amended, t),
        "states": STATES,
        "steps": STEPS,
        "not_given": NOT_GIVEN_REASONS,
    }


def columns_of(record: Mar, t: Times) -> list[Column]:
    """Return blocks of four clock hours from 24 h back to 24 h forward, cut at now."""
    edges = _edges(record, t)
    columns: list[Column] = []
    for starts, ends in pairwise(edges):
        when = local(starts, t.zone)
        new_day = not columns or local(columns[-1].starts, t.zone).date() != when.date()
        blind = record.blind is not None and starts < record.blind[1] and ends > record.blind[0]
        columns.append(
            Column(
                starts=starts,
                ends=ends,
                head=f"{when.hour:02d}:{when.minute:02d}",
                day=t.full(starts).split(" ")[0][:6] if new_day else "",
                past=ends <= t.now,
                first_future=starts == t.now,
                blind=blind,
            )
        )
    return columns


def _edges(record: Mar, t: Times) -> list[Instant]:
    """Return where columns begin and end; whole hours of the wall clock, and now."""
    edges = {record.starts, t.now, record.ends}
    at = Instant(record.starts - record.starts % HOUR + HOUR)
    while at < record.ends:
        if local(at, t.zone).hour % COLUMN_HOURS == 0 and local(at, t.zone).minute == 0:
            edges.add(at)
        at = Instant(at + HOUR)
    return sorted(edges)


def _parts(record: Mar, columns: list[Column], t: Times) -> list[Part]:
    parts: list[Part] = []
    for section, title in SECTIONS:
        drugs = tuple(
            _drug(row, columns, t, give_key(at))
            for at, row in enumerate(record.rows)
            if row.section == section
        )
        if drugs:
            parts.append(Part(title, drugs))
    return parts


def _drug(row: MarRow, columns: list[Column], t: Times, give: str) -> Drug:
    order, detail = row.order, row.order.detail
    words = (
        medication_words(detail, as_received=order.as_received, timing=order.timing)
        if detail
        else None
    )
    return Drug(
        words=words,
        name=words.drug if words and words.drug else drug_words(order.words()),
        state=_state_words(row),
        indication=detail.indication if detail else "",
        instructions=detail.instructions if detail else "",
        components=detail.components if detail else (),
        prescriber=order.prescriber,
        last=row.last_given,
        last_words=_last_words(row.last_given),
        next_due=row.next_due,
        schedule_known=row.schedule_known,
        derived_times=row.times_from is TimesFrom.SITE_TABLE,
        schedule=order.timing.pattern or order.timing.text,
        cells=tuple(tuple(_signs(row.cells, column, columns, t)) for column in columns),
        as_received=words.as_received if words else order.as_received,
        give=give,
    )


def _state_words(row: MarRow) -> str:
    words = []
    if row.order.state is OrderState.HELD:
        words.append("HELD")
    if row.order.state is OrderState.UNKNOWN or row.order.control_unknown:
        words.append("STATE NOT KNOWN: look at the original order")
    if row.ended_by_time:
        words.append("END TIME HAS PASSED")
    return " · ".join(words)


def _last_words(dose: DoseFact | None) -> str:
    if dose is None:
        return ""
    said = " ".join(part for part in (dose.amount, dose.unit) if part)
    by = f", {dose.by}" if dose.by else ""
    part = ", partly given" if dose.state is DoseState.PARTLY else ""
    return f"{said or 'dose not stated'}{part}{by}"


def _signs(
    cells: tuple[MarCell, ...], column: Column, columns: list[Column], t: Times
) -> Iterator[Sign]:
    last = column is columns[-1]
    for cell in cells:
        if column.starts <= cell.at < column.ends or (last and cell.at == column.ends):
            yield _sign(cell, t)


def _sign(cell: MarCell, t: Times) -> Sign:
    dose = cell.dose
    amount = " ".join(part for part in (dose.amount, dose.unit) if part) if dose else ""
    reason = f": {dose.reason}" if dose and dose.reason else ""
    day, clock = t.full(cell.at).split(" ")
    return Sign(
        shape=SHAPES[cell.state],
        day=day,
        clock=clock,
        words=f"{cell.state}{reason}",
        dose=amount,
        by=dose.by if dose else "",
    )


def _unmatched(dose: DoseFact, t: Times) -> str:
    drug = drug_words(dose.drug.words()) or "drug not named"
    said = " ".join(part for part in (dose.amount, dose.unit) if part) or "dose not stated"
    return f"{t.moment(dose.at)} · {drug} · {said} · {dose.state}"
