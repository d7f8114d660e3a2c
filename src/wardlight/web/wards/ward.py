"""The overview of sites and units, and the ward board: the home of a nurse."""

from __future__ import annotations

import asyncio
from collections import Counter

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.instants import Instant
from wardlight.record.sources import Site
from wardlight.views.laboratory.laboratory import traces
from wardlight.views.laboratory.laboratory_board import LaboratoryTargets, unacknowledged_of
from wardlight.views.rows import BedRow, Stay, UnitSummary
from wardlight.views.transfers.transfer_board import overdue
from wardlight.views.words import bed_words
from wardlight.web.access.glass import unit_read
from wardlight.web.access.sight import Sight, assert_sees_unit, sight_of
from wardlight.web.modes import Bar, bar_of
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.paperwork.issuing import issued
from wardlight.web.times import Times, heard
from wardlight.web.wards.board import FactsShelf, Line, alike_of, line_of

SHOWS = ("all", "due", "alerts")
CHARTS_AT_ONCE = 4  # folded before other requests get their turn


class SiteOverview(Struct, frozen=True):
    """One site on the overview."""

    site: Site
    bar: Bar
    units: tuple[UnitSummary, ...]
    others: int  # units of the site that are not theirs who look
    as_of: Instant | None
    overdue: int = 0  # transfers that should have arrived elsewhere


class Bed(Struct, frozen=True, kw_only=True):
    """One bed of the board: nobody, somebody, or a conflict."""

    words: str
    lines: tuple[Line, ...]
    conflict: bool
    status: str


class Tally(Struct, frozen=True, kw_only=True):
    """The numbers above the board."""

    patients: int
    provisional: int
    conflicts: int
    late: int
    overdue: int


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [
        Route("/", overview),
        Route("/ward/{site}/{unit:path}", ward_board),
        Route("/pack/{site}/{unit:path}", pack),
    ]


async def overview(request: Request) -> Response:
    """Show somebody's sites and units with how many patients, and as of when."""
    sight = sight_of(request)

    async def make(desk: Desk, t: Times) -> Content:
        sites = [site for site in desk.sites.values() if sight.site(site.code)]
        return {"overviews": [_overview(desk, site, t, sight) for site in sites]}

    return await shown(request, Screen(template="overview.html", make=make))


def _overview(desk: Desk, site: Site, t: Times, sight: Sight) -> SiteOverview:
    bar = bar_of(desk.views, desk.sites, site.code, t.now)
    stays = desk.views.census.present(site.code)
    every = desk.views.census.units(site.code)
    units = tuple(one for one in every if sight.unit(site.code, one.unit))
    as_of = census_as_of(desk, stays, t)
    late = overdue(desk.views, site.code, t.now)
    return SiteOverview(site, bar, units, len(every) - len(units), as_of, late)


def census_as_of(desk: Desk, stays: tuple[Stay, ...], t: Times) -> Instant | None:
    """Return up to when the census would have heard: the last word of the feed that fills it."""
    if not stays:
        return None
    source = Counter(stay.stamp.source for stay in stays).most_common(1)[0][0]
    return heard(desk.views, (stay.stamp for stay in stays if stay.stamp.source == source), t.now)


async def ward_board(request: Request) -> Response:
    """Show the beds of one unit in order, with who lies there and what is due."""
    site = desk_of(request).site(request.path_params["site"])
    unit = unit_of(request)
    assert_sees_unit(request, site.code, unit)
    asked = request.query_params.get("show", "all")
    show = asked if asked in SHOWS else "all"
    facts: FactsShelf = request.app.state.facts

    async def make(desk: Desk, t: Times) -> Content:
        return await _board(desk, facts, (site.code, unit, show), t)

    return await shown(request, Screen(template="ward.html", make=make, site=site.code))


def unit_of(request: Request) -> str:
    """Return the unit an address means."""
    return str(request.path_params["unit"] or request.query_params.get("unit", ""))


async def _board(desk: Desk, shelf: FactsShelf, asked: tuple[str, str, str], t: Times) -> Content:
    site, unit, show = asked
    rows = desk.views.census.beds(site, unit)
    stays = [stay for row in rows for stay in row.stays]
    alike = alike_of(desk, stays)
    beds: list[Bed] = []
    for number, row in enumerate(rows):
        lines = [
            line_of(desk, stay, shelf.of(desk, stay.patient, site, t), t, alike=alike)
            for stay in row.stays
        ]
        beds.append(_bed(row, lines))
        if number % CHARTS_AT_ONCE == 0:
            await asyncio.sleep(0)
    return {
        "unit": unit,
        "show": show,
        "beds": [bed for bed in beds if _kept(bed, show, t)],
        "tally": _tally(beds),
        "as_of": census_as_of(desk, desk.views.census.present(site), t),
        "unseen": unseen_results(desk, site, unit),
        "has_pack": desk.packs is not None and desk.packs.newest(site, unit) is not None,
    }


def unseen_results(desk: Desk, site: str, unit: str) -> tuple[int, int]:
    """Return how many results entered here the unit has not acknowledged, and critical ones."""
    found = unacknowledged_of(
        traces(desk.views.loops), site, unit, desk.views.whereabouts, targets=LaboratoryTargets()
    )
    return len(found), sum(one.finding.critical for one in found)


def _bed(row: BedRow, lines: list[Line]) -> Bed:
    place = row.location
    words = "-".join(part for part in (place.room, place.bed) if part) or "No bed"
    return Bed(
        words=words,
        lines=tuple(lines),
        conflict=row.conflict(),
        status=bed_words(row.status),
    )


def _kept(bed: Bed, show: str, t: Times) -> bool:
    if show == "due":
        return any(line.due_now(t.now) for line in bed.lines)
    if show == "alerts":
        return bed.conflict or any(line.attention() for line in bed.lines)
    return True


def _tally(beds: list[Bed]) -> Tally:
    lines = [line for bed in beds for line in bed.lines]
    return Tally(
        patients=len(lines),
        provisional=sum(line.stay.provisional for line in lines),
        conflicts=sum(bed.conflict for bed in beds),
        late=sum(len(line.facts.due.late) for line in lines),
        overdue=sum(line.facts.due.overdue for line in lines),
    )


async def pack(request: Request) -> Response:
    """Hand out the newest pack of a unit as it lies on disk, once; its sheets are then issued."""
    desk = desk_of(request)
    site = desk.site(request.path_params["site"])
    assert_sees_unit(request, site.code, unit_of(request))
    taken = await desk.packs.take(site.code, unit_of(request), desk.clock()) if desk.packs else None
    if taken is None:
        return Response("No pack of this unit has been made yet.", 404, media_type="text/plain")
    unit_read(request, site.code, unit_of(request))
    if taken.said is not None:
        await issued(request, site.code, taken.said, drill=taken.drill)
    return Response(taken.body, media_type="application/pdf")
