"""Sheets by state and unit, and one sheet with all that was said of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.forms.form_file import Whose
from wardlight.record.problems import Problem
from wardlight.record.sheet_serial import serial_on_paper
from wardlight.views.paperwork.sheets import BACK, IssuedSheet, SheetState
from wardlight.web.access.sight import sight_of
from wardlight.web.addresses import site_url
from wardlight.web.entering.forms import fields_of
from wardlight.web.page import Content, Desk, Screen, answered, desk_of, shown
from wardlight.web.paperwork.centre import centre_screen
from wardlight.web.paperwork.lines import line_of
from wardlight.web.times import Times

SHOWN_MAX = 300
SEE_OTHER = 303
STATES = {
    "out": (SheetState.OUT,),
    "back": BACK,
    "missing": (SheetState.MISSING,),
    "destroyed": (SheetState.DESTROYED,),
    "all": tuple(SheetState),
}


def routes() -> list[BaseRoute]:
    """Return the addresses of these screens."""
    return [
        Route("/paper/{site}/sheets", sheets),
        Route("/paper/{site}/find", find, methods=["POST"]),
        Route("/paper/{site}/sheet/{serial}", sheet),
    ]


async def sheets(request: Request) -> Response:
    """List the sheets of a site or unit in one state, those printed last first."""
    site = desk_of(request).site(request.path_params["site"])
    sight = sight_of(request)
    asked = request.query_params.get("state", "out")
    state = asked if asked in STATES else "out"
    unit = request.query_params.get("unit")

    async def make(desk: Desk, t: Times) -> Content:
        found = (
            one
            for one in _found(desk, site.code, unit, state)
            if sight.unit(site.code, one.job.unit)
        )
        rows = [line_of(desk, one, t, sight) for one in islice(found, SHOWN_MAX)]
        return {
            "rows": rows,
            "more": len(rows) == SHOWN_MAX,
            "state": state,
            "states": tuple(STATES),
            "unit": unit,
            "tally": desk.views.paperwork.tally(site.code, unit),
        }

    return await shown(request, Screen(template="paper_sheets.html", make=make, site=site.code))


def _found(desk: Desk, site: str, unit: str | None, state: str) -> Iterable[IssuedSheet]:
    register = desk.views.paperwork
    if state == "missing":  # a short list among tens of thousands of sheets
        return (one for one in register.missing(site) if unit in (None, one.job.unit))
    return register.sheets(site, unit=unit, states=STATES[state])


async def find(request: Request) -> Response:
    """Open a sheet by its serial, typed or scanned."""
    site = desk_of(request).site(request.path_params["site"])
    serial = serial_on_paper((await fields_of(request)).get("serial", ""))
    if isinstance(serial, Problem):
        screen = centre_screen(request, serial.because, first="No sheet was found.")
        return await answered(request, screen)
    return RedirectResponse(f"{site_url('paper', site.code)}/sheet/{serial.text()}", SEE_OTHER)


async def sheet(request: Request) -> Response:
    """Show one sheet, what was said of it, and what can be said now."""
    desk = desk_of(request)
    site = desk.site(request.path_params["site"])
    serial = serial_on_paper(request.path_params["serial"])
    if isinstance(serial, Problem):
        raise HTTPException(404, serial.because)
    found = desk.views.paperwork.sheet(serial)
    sight = sight_of(request)
    if found is None or not sight.unit(found.job.site, found.job.unit):
        words = "This sheet is not in the register of your wards: hand it to the scanning desk."
        raise HTTPException(404, words)

    async def make(desk: Desk, t: Times) -> Content:
        now = desk.views.paperwork.sheet(serial) or found
        return {
            "one": line_of(desk, now, t, sight),
            "sheet": now,
            "marks": list(reversed(now.marks)),
            "reprints": _reprints(desk, now),
            "prints": desk.serials is not None,
        }

    return await shown(request, Screen(template="paper_sheet.html", make=make, site=site.code))


def _reprints(desk: Desk, found: IssuedSheet) -> bool:
    """Return whether it is printed anew here: not sheets of a pack, nor of the list of calls."""
    form = desk.forms().newest_of(found.form)
    return form is not None and form.whose is not Whose.CALL
