"""The history of a hospital's services: a strip for each, every stretch, hours per category."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.instants import HOUR, Instant, iso
from wardlight.record.services import DivertCategory, ServiceKey, ServiceState
from wardlight.views.services import service_words as say
from wardlight.views.services.service_rows import Stretch
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.services.lines import CSS, name_of, names
from wardlight.web.times import Times, When
from wardlight.wire.spreadsheet import inert

WIDE, TALL = 1000, 26  # of a strip, in its own units
HEAD = (
    *("Service", "State", "Category", "From", "To", "Hours", "By itself", "Reason"),
    *("Authorised by", "Said by", "Still so"),
)
HEIGHTS = {  # the higher the less it takes: read on grey paper as well
    ServiceState.OPEN: 6,
    ServiceState.LIMITED: 12,
    ServiceState.DIVERT: 19,
    ServiceState.CLOSED: 25,
    ServiceState.NO_REPORT: 25,
}
SHOWN_MAX = 500  # stretches in the table; the hours above it are always of all


class Bar(Struct, frozen=True, kw_only=True):
    """One stretch as it is drawn."""

    x: str
    y: int
    wide: str
    tall: int
    css: str
    title: str


class Strip(Struct, frozen=True, kw_only=True):
    """The time line of one service."""

    name: str
    bars: tuple[Bar, ...]
    begins: When


class Sum(Struct, frozen=True, kw_only=True):
    """How long a service stood in one state and category."""

    name: str
    state: str
    category: str
    hours: str


class Row(Struct, frozen=True, kw_only=True):
    """One stretch of the table."""

    bar: Stretch
    name: str
    state: str
    begins: When
    ends: str
    hours: str
    why: str


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [
        Route("/services/{site}/history.csv", as_csv),
        Route("/services/{site}/history", of_site),
        Route("/neighbours/{code}", of_neighbour),
    ]


async def of_site(request: Request) -> Response:
    """Show the history of a site of ours."""
    site = desk_of(request).site(request.path_params["site"])
    return await _history(request, site.code, site.code)


async def of_neighbour(request: Request) -> Response:
    """Show the history of a hospital outside the network."""
    desk, code = desk_of(request), request.path_params["code"]
    now = desk.clock()
    if all(one.code != code for one in desk.views.service_status.facilities(now, names(desk))):
        raise HTTPException(404, "This hospital is not known here.")
    return await _history(request, code, next(iter(desk.sites), ""))


async def as_csv(request: Request) -> Response:
    """Hand out every stretch as a table, for the report to the EMS agency."""
    desk = desk_of(request)
    site = desk.site(request.path_params["site"])
    zone, now = desk.zone(site.code), desk.clock()
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(HEAD)
    for bar in desk.views.service_status.history(site.code, now):
        cells = (
            *(say.service_words(bar.key), str(bar.state), _category(bar.category)),
            *(iso(bar.begins, zone), iso(bar.ends, zone), f"{bar.length() / HOUR:.2f}"),
            *(bar.expired_notice, bar.reason, bar.authorised_by, bar.by),
            "yes" if bar.ends >= now else "",  # "To" is then when the table was made
        )
        table.writerow([inert(cell) for cell in cells])
    headers = {"content-disposition": f'attachment; filename="services-{site.code}.csv"'}
    return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


async def _history(request: Request, code: str, site: str) -> Response:
    async def make(desk: Desk, t: Times) -> Content:
        bars = desk.views.service_status.history(code, t.now)
        begins = min((bar.begins for bar in bars), default=t.now)
        return {
            "code": code,
            "name": name_of(desk, code),
            "own": code in desk.sites,
            "begins": t.full(begins) if bars else "",
            "strips": strips(bars, begins, t),
            "sums": sums(desk, code, t),
            "rows": [_row(bar, t) for bar in sorted(bars, key=_newest_first)[:SHOWN_MAX]],
            "more": max(len(bars) - SHOWN_MAX, 0),
            "size": (WIDE, TALL),
            "key": tuple((CSS[one], say.state_words(one), say.GLYPHS[one]) for one in ServiceState),
        }

    return await shown(request, Screen(template="services_history.html", make=make, site=site))


def strips(bars: Sequence[Stretch], begins: Instant, t: Times) -> list[Strip]:
    """Return a strip for each service, all on one time line that ends now."""
    keys: dict[ServiceKey, list[Stretch]] = {}
    for bar in bars:
        keys.setdefault(bar.key, []).append(bar)
    whole = max(t.now - begins, 1)
    return [
        Strip(
            name=say.service_words(key),
            begins=t.full(begins),
            bars=tuple(
                Bar(
                    x=f"{(one.begins - begins) * WIDE / whole:.1f}",
                    y=TALL - HEIGHTS[one.state] - 1,
                    tall=HEIGHTS[one.state],
                    wide=f"{max(one.length() * WIDE / whole, 1):.1f}",
                    css=CSS[one.state],
                    title=f"{say.state_words(one.state)}, {t.full(one.begins)} to "
                    f"{t.full(one.ends)}",
                )
                for one in mine
            ),
        )
        for key, mine in keys.items()
    ]


def sums(desk: Desk, code: str, t: Times) -> list[Sum]:
    """Return the hours of every service by state and category; they add up to its whole time."""
    return [
        Sum(
            name=say.service_words(key),
            state=say.state_words(state),
            category=_category(category),
            hours=hours_words(length),
        )
        for key, found in desk.views.service_status.hours(code, t.now).items()
        for (state, category), length in found.items()
    ]


def hours_words(length: int) -> str:
    """Return hours with one decimal; a time too short for that in words."""
    return f"{length / HOUR:.1f} h" if length >= HOUR // 10 else "under 0.1 h"


def _category(category: DivertCategory | None) -> str:
    return str(category) if category else ""


def _row(bar: Stretch, t: Times) -> Row:
    why = [_category(bar.category), bar.reason]
    return Row(
        bar=bar,
        name=say.service_words(bar.key),
        state=say.state_words(bar.state),
        begins=t.full(bar.begins),
        ends="now" if bar.ends >= t.now else str(t.full(bar.ends)),
        hours=hours_words(bar.length()),
        why=", ".join(one for one in why if one),
    )


def _newest_first(bar: Stretch) -> tuple[int, ServiceKey]:
    return (-bar.begins, bar.key)
