"""Every feed and its health: an empty screen and a dead feed must never look the same."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.web.page import Content, Desk, Screen, shown
from wardlight.web.times import Times


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/feeds", feeds)]


async def feeds(request: Request) -> Response:
    """Show when each feed was last heard, against its own rhythm, and what is wrong with it."""

    async def make(desk: Desk, t: Times) -> Content:
        return {"rows": desk.views.links.rows(t.now), "care": desk.care()}

    return await shown(request, Screen(template="feeds.html", make=make))
