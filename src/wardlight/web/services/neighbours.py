"""Hospitals outside the network: what was heard of them, and keeping them as contacts."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.web.access.sight import sight_of
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.services.lines import hospital_line, names, reached
from wardlight.web.services.state import choices, contact_of, county_rules
from wardlight.web.times import Times


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/neighbours", page)]


async def page(request: Request) -> Response:
    """Show every neighbour with what was last heard, the longest silent first."""
    sites, sight = desk_of(request).sites, sight_of(request)
    site = next((code for code in sites if sight.site(code)), next(iter(sites), ""))
    chosen = request.query_params.get("of", "")

    async def make(desk: Desk, t: Times) -> Content:
        status = desk.views.service_status
        known = reached(desk, status.facilities(t.now, names(desk)))
        boards = [one for one in known if not one.own]
        boards.sort(key=lambda one: (one.last_heard or 0, one.name))
        kept = {one.code for one in status.neighbours()}
        return {
            "at_site": site,
            "hospitals": [hospital_line(one, at, t) for at, one in enumerate(boards, 1)],
            "codes": [(one.code, one.name) for one in boards if one.code in kept],
            "contact": contact_of(desk, chosen if chosen in kept else "", ""),
            "county": county_rules(desk, site),
            **choices(),
        }

    return await shown(request, Screen(template="neighbours.html", make=make, site=site))
