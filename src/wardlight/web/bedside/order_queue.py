"""What waits for a pharmacist across the wards, and for a nurse on each: oldest first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from msgspec import Struct, structs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.charting import Check
from wardlight.record.events.entered import Entered
from wardlight.record.identity import PatientKey
from wardlight.record.instants import age_words
from wardlight.rules.access import May
from wardlight.rules.knowing import known_of
from wardlight.rules.medicines.dose_warnings import order_warnings
from wardlight.rules.medicines.dosing import Known, OrderAsked
from wardlight.views.facts import Chart, OrderFact
from wardlight.views.rows import Stay
from wardlight.web.access.door import SignedInPerson
from wardlight.web.access.sight import sight_of
from wardlight.web.banner import weight_words
from wardlight.web.bedside.allergy_words import allergy_words
from wardlight.web.bedside.doors import assert_reads, verifies
from wardlight.web.bedside.order_lines import (
    OrderLine,
    is_to_clarify,
    is_to_note,
    is_to_verify,
    order_line,
    ordered_at,
    written_of,
)
from wardlight.web.entering.entries import ground_of
from wardlight.web.page import Content, Desk, Screen, desk_of, shown, who_of
from wardlight.web.times import Times
from wardlight.web.wards.board import MASKED, listed_name

SHOWN_MAX = 100  # of one list; the count above it is always the whole
CHARTS_AT_ONCE = 8  # folded before other requests get their turn
VERIFY = ((str(Check.VERIFIED), "Verified"),)
CLARIFY = ((str(Check.CLARIFY), "Clarify"),)
NOTE = ((str(Check.NOTED), "Noted"),)


class Waiting(Struct, frozen=True, kw_only=True):
    """One order that waits, and whose it is."""

    key: str
    href: str
    handle: str
    name: str
    born: str
    place: str
    unit: str
    allergies: str
    weight: str
    age: str  # how long it waits
    line: OrderLine


class _Found(Struct, frozen=True):
    """One order of one patient who is here."""

    patient: PatientKey
    stay: Stay
    chart: Chart
    order: OrderFact


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/orders/{site}", queue)]


async def queue(request: Request) -> Response:
    """Show what waits to be verified, to be clarified and to be noted at one site."""
    desk = desk_of(request)
    site = desk.site(request.path_params["site"])
    assert_reads(request)
    sees, pharmacist = _sees(request, site.code), verifies(request)
    unit = request.query_params.get("unit", "")

    async def make(desk: Desk, t: Times) -> Content:
        found = [one for one in await _open(desk, site.code, sees) if not _other(one, unit)]
        lists = {
            "clarify": [one for one in found if is_to_clarify(one.order)],
            "verify": [
                one for one in found if is_to_verify(one.order) and not is_to_clarify(one.order)
            ],
            "note": [one for one in found if is_to_note(one.order)],
        }
        return {
            "unit": unit,
            "counts": {name: len(rows) for name, rows in lists.items()},
            "lists": {name: await _waiting(desk, name, rows, t) for name, rows in lists.items()},
            "units": sorted({one.stay.location.unit for one in found}),
            "verifies": pharmacist,
            "says": {"verify": VERIFY, "clarify": CLARIFY, "note": NOTE},
        }

    return await shown(request, Screen(template="order_queue.html", make=make, site=site.code))


def _sees(request: Request, site: str) -> Callable[[Stay], bool]:
    """Return whose orders somebody sees: a pharmacist a whole site's, others their wards'."""
    who, sight = who_of(request), sight_of(request)
    if isinstance(who, SignedInPerson) and who.may(May.VERIFY):
        return lambda _: sight.site(site)
    return sight.stay


def _other(one: _Found, unit: str) -> bool:
    return bool(unit) and one.stay.location.unit != unit


async def _open(desk: Desk, site: str, sees: Callable[[Stay], bool]) -> list[_Found]:
    """Return the orders that wait for anything, oldest first."""
    found: list[_Found] = []
    for number, stay in enumerate(one for one in desk.views.census.present(site) if sees(one)):
        patient = desk.views.people.resolve(stay.patient)
        chart = desk.views.chart(patient)
        found += [
            _Found(patient, stay, chart, order)
            for order in chart.orders
            if is_to_clarify(order) or is_to_verify(order) or is_to_note(order)
        ]
        if number % CHARTS_AT_ONCE == 0:
            await asyncio.sleep(0)
    return sorted(found, key=lambda one: (ordered_at(one.order), one.order.number))


async def _waiting(desk: Desk, list_: str, rows: list[_Found], t: Times) -> list[Waiting]:
    some = rows[:SHOWN_MAX]
    written = written_of(desk, (one.order for one in some))
    known: dict[PatientKey, Known | None] = {}
    waiting = []
    for number, one in enumerate(some):
        if one.patient not in known:
            known[one.patient] = known_of(ground_of(desk, one.stay.site), one.patient)
        entered = written.get(one.order.entry)
        line = order_line(one.order, entered, t)
        since = warned_since(one.order, entered, known[one.patient])
        line = structs.replace(line, warned=(*line.warned, *since))
        waiting.append(_row(desk, list_, one, line, t))
        if number % CHARTS_AT_ONCE == 0:
            await asyncio.sleep(0)
    return waiting


def warned_since(order: OrderFact, entered: Entered | None, known: Known | None) -> tuple[str, ...]:
    """Return what speaks against a medicine now and was not said when it was ordered.

    An allergy or a second order may have been written since then.
    """
    if known is None or order.detail is None:
        return ()
    said = {one.words for one in entered.warnings} if entered else set()
    asked = OrderAsked(detail=order.detail, timing=order.timing, replaces=order.number)
    found = (one.words for one in order_warnings(asked, known) if one.words not in said)
    return tuple(f"Since it was ordered: {words}" for words in found)


def _row(desk: Desk, list_: str, one: _Found, line: OrderLine, t: Times) -> Waiting:
    person = desk.views.people.person(one.patient)
    masked = person is not None and person.protected
    return Waiting(
        key=f"{list_}-{line.key}",
        href=desk.patient_url(one.patient),
        handle=desk.handles.of(one.patient),
        name=MASKED if masked else listed_name(person),
        born="withheld" if masked else t.born(person),
        place=one.stay.location.words() or "place not known",
        unit=one.stay.location.unit or "Unit not stated",
        allergies=allergy_words(one.chart.allergies),
        weight=weight_words(one.chart, t),
        age=age_words(t.now - line.ordered_at),
        line=line,
    )
