"""HICS 254, 255 and 259 of a site: on the screen and as PDF, from the same rows."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.transfers.hics import FORMS, Asked, HicsSheet, hics_page
from wardlight.web.access.sight import Sight, sight_of
from wardlight.web.page import NOT_FOUND, Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times
from wardlight.web.transfers.lines import hospital_words
from wardlight.web.transfers.whereabouts import period_start


def routes() -> list[BaseRoute]:
    """Return the addresses of these screens."""
    return [Route("/hics/{form}/{site}.pdf", as_pdf), Route("/hics/{form}/{site}", form)]


async def form(request: Request) -> Response:
    """Show a form as it is filled now."""
    number, site = _asked(request)
    sight = sight_of(request)

    async def make(desk: Desk, t: Times) -> Content:
        return {
            "sheet": sheet_of(desk, number, site, t, sight),
            "pdf": f"/hics/{number}/{site}.pdf",
            "forms": [(one, f"/hics/{one}/{site}", one == number) for one in FORMS],
        }

    return await shown(request, Screen(template="hics.html", make=make, site=site))


async def as_pdf(request: Request) -> Response:
    """Hand out a form as PDF."""
    number, site = _asked(request)
    desk = desk_of(request)
    off = desk.views.downtimes.at(site).off_since
    t = Times(now=desk.clock(), zone=desk.zone(site), off_since=off)
    sheet = sheet_of(desk, number, site, t, sight_of(request))
    name = f'inline; filename="hics-{number}-{site}.pdf"'
    body = hics_page(sheet, desk.press()).body
    return Response(body, media_type="application/pdf", headers={"content-disposition": name})


def _asked(request: Request) -> tuple[str, str]:
    number = request.path_params["form"]
    if number not in FORMS:
        raise HTTPException(NOT_FOUND, "This node fills HICS 254, 255 and 259 by itself.")
    return number, desk_of(request).site(request.path_params["site"]).code


def sheet_of(desk: Desk, number: str, site: str, t: Times, sight: Sight) -> HicsSheet:
    """Return a form with the rows of patients this person may see."""
    return FORMS[number](
        Asked(
            views=desk.views,
            site=desk.sites[site],
            since=period_start(t, t.now),
            now=t.now,
            sees=lambda patient: sight.patient(desk, patient),
            name_of=lambda hospital: hospital_words(desk, hospital),
        )
    )
