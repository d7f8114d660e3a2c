"""My entries: what this tablet holds. The page is empty; the tablet fills it, also with no server."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.web.page import Content, Desk, Screen, shown
from wardlight.web.times import Times


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/my-entries", my_entries)]


async def my_entries(request: Request) -> Response:
    """Show the frame of the screen; no entry is in it."""

    async def make(_: Desk, __: Times) -> Content:
        return {}

    return await shown(request, Screen(template="my_entries.html", make=make))
