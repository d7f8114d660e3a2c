"""The screens as one application: who answers which address, and how errors are said."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.forms.form_library import Library
from wardlight.paper.typeset import Press
from wardlight.plan.destinations.region import Region
from wardlight.record.instants import Clock
from wardlight.record.sources import Site
from wardlight.rules.site_tables import SiteTables
from wardlight.views.fold import Views
from wardlight.web import demo_page, feeds, unread
from wardlight.web.access import (
    cards,
    credentials_page,
    glass,
    install,
    lock,
    passkeys,
    people,
    sign_in,
    stations,
)
from wardlight.web.access.door import Door
from wardlight.web.access.gate import Gate
from wardlight.web.access.glass import GlassNeededError
from wardlight.web.access.install import Origin
from wardlight.web.access.stations import Stations
from wardlight.web.bedside import handoff, medicines, notes, observations, order_queue, orders
from wardlight.web.care import CareRow
from wardlight.web.clinics import (
    call_sheets,
    calls,
    case_board,
    day,
    inbound,
    numbers,
    reschedule,
    sending,
    texts,
    theatre_plan,
    triage,
)
from wardlight.web.clinics import (
    files as schedule_files,
)
from wardlight.web.demo import DemoControls
from wardlight.web.entering import intake, my_entries
from wardlight.web.entering.writing import NotKeptError, Write, refuse_to_write
from wardlight.web.handles import Handles
from wardlight.web.laboratory import board, files, results, services, single
from wardlight.web.laboratory import request as laboratory_request
from wardlight.web.page import (
    HERE,
    Content,
    Desk,
    Documents,
    Numbers,
    Packs,
    Screen,
    Serials,
    Shelf,
    answered,
    environment,
)
from wardlight.web.paperwork import bands, printing, proposing, scans, to_enter
from wardlight.web.paperwork import centre as paper_centre
from wardlight.web.paperwork import jobs as paper_jobs
from wardlight.web.paperwork import sheets as paper_sheets
from wardlight.web.paperwork.print_centre import PrintCentre
from wardlight.web.paperwork.scan_room import ScanRoom
from wardlight.web.region import destinations, region_map
from wardlight.web.registration import duplicates, ed_log, labels, placing, register
from wardlight.web.security import Guard
from wardlight.web.services import declare, ems, history, neighbours, public, received, state
from wardlight.web.times import Times
from wardlight.web.transfers import board as transfer_board
from wardlight.web.transfers import documents as transfer_documents
from wardlight.web.transfers import hics, whereabouts
from wardlight.web.transfers import plan as transfer_plan
from wardlight.web.transfers import single as transfer_single
from wardlight.web.wards import lists, look_at, patient, search, ward
from wardlight.web.wards.board import FactsShelf

SCREENS = (
    destinations,
    region_map,
    ward,
    patient,
    medicines,
    results,
    day,
    schedule_files,
    case_board,
    theatre_plan,
    triage,
    call_sheets,
    calls,
    inbound,
    numbers,
    reschedule,
    sending,
    texts,
    lists,
    feeds,
    unread,
    search,
    declare,
    look_at,
    my_entries,
    board,
    laboratory_request,
    single,
    services,
    files,
    observations,
    notes,
    orders,
    order_queue,
    handoff,
    register,
    placing,
    labels,
    ed_log,
    duplicates,
    public,
    state,
    history,
    neighbours,
    received,
    ems,
    printing,
    paper_centre,
    paper_jobs,
    paper_sheets,
    bands,
    to_enter,
    scans,
    proposing,
    transfer_board,
    transfer_documents,
    transfer_plan,  # before what is named by a request
    transfer_single,
    hics,
    whereabouts,
)
DOORS = (sign_in, passkeys, credentials_page, cards, glass, people, install, stations, lock)
FOREVER = "public, max-age=31536000, immutable"


def create_app(  # noqa: PLR0913 - a node hands over all its parts once
    *,
    views: Views,
    sites: Mapping[str, Site],
    clock: Clock,
    handles: Handles,
    demo: DemoControls | None = None,
    packs: Packs | None = None,
    notices: Callable[[], tuple[str, ...]] = tuple,
    care: Callable[[], tuple[CareRow, ...]] = tuple,
    outside: Callable[[], tuple[CareRow, ...]] = tuple,
    network: str = "",
    routes: Sequence[BaseRoute] = (),
    access: Door | None = None,
    origin: Origin | None = None,
    write: Write = refuse_to_write,
    seal_at: Callable[[int], str] = str,
    tables: SiteTables | None = None,
    region: Region | None = None,
    numbers: Numbers | None = None,
    press: Callable[[], Press] | None = None,
    print_centre: PrintCentre | None = None,
    serials: Serials | None = None,
    forms: Callable[[], Library] = Library,
    scan_room: ScanRoom | None = None,
    documents: Documents | None = None,
) -> Starlette:
    """Return the screens over these views; `routes` are answered beside them (the FHIR API)."""
    templates, version = environment()
    screens = _screens(demo, access)
    app = _empty_app([*screens, *_assets(), *intake.routes(), *routes], access, origin or Origin())
    app.state.desk = Desk(
        kept=views,
        sites=sites,
        clock=clock,
        handles=handles,
        templates=templates,
        asset_version=version,
        demo=demo,
        packs=packs,
        notices=notices,
        care=care,
        outside=outside,
        network=network,
        access=access,
        write=write,
        seal_at=seal_at,
        tables=tables,
        region=region,
        numbers=numbers,
        serials=serials,
        forms=forms,
        printing=print_centre,
        scans=scan_room,
        **({"press": press} if press else {}),
        documents=documents,
        screens=frozenset(one.path.split("/")[1] for one in screens if isinstance(one, Route)),
    )
    app.state.origin = origin or Origin()
    _remember(app)
    return app


def _empty_app(routes: Sequence[BaseRoute], access: Door | None, origin: Origin) -> Starlette:
    """Return an application that answers these addresses and says its errors in pages."""
    return Starlette(
        routes=routes,
        middleware=_guards(access, origin),
        exception_handlers={
            HTTPException: _refused,
            GlassNeededError: glass.ask_why,
            NotKeptError: _not_kept,
        },
    )


def _remember(app: Starlette) -> None:
    """Give an app what it keeps between two requests."""
    app.state.stations = Stations()
    app.state.writing, app.state.claimed = {}, set()
    app.state.theatre_plan = asyncio.Lock()
    app.state.lately = {}
    app.state.shelf = Shelf()
    app.state.facts = FactsShelf()


def _screens(demo: DemoControls | None, access: Door | None) -> list[BaseRoute]:
    """Return the addresses of every screen there is here."""
    screens = [route for screen in SCREENS for route in screen.routes()]
    if demo is not None:
        screens += demo_page.routes()
    if access is not None:
        screens += [route for screen in DOORS for route in screen.routes()]
    return screens


def _guards(access: Door | None, origin: Origin) -> list[Middleware]:
    guard = Middleware(Guard, names=origin.names)
    return [guard] if access is None else [guard, Middleware(Gate, door=access, said=_refused)]


def _assets() -> list[BaseRoute]:
    return [_asset(path) for path in sorted((HERE / "static").iterdir())]


def _asset(path: Path) -> Route:
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"

    async def asset(_: Request) -> Response:
        return Response(body, media_type=kind, headers={"cache-control": FOREVER})

    return Route(f"/static/{path.name}", asset)


async def _refused(request: Request, error: Exception) -> Response:
    """Say in a page what could not be shown, and where to go on."""
    assert isinstance(error, HTTPException), "registered for this class only"
    return await _said(request, error.status_code, error.detail)


async def _not_kept(request: Request, error: Exception) -> Response:
    """Say in a page that the log took nothing."""
    return await _said(request, 503, str(error))


async def _said(request: Request, status: int, words: str) -> Response:
    async def make(_: Desk, __: Times) -> Content:
        return {"status": status, "because": words}

    return await answered(request, Screen(template="error.html", make=make, status=status))
