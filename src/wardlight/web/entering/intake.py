"""The address entries are handed in at: by a tablet as JSON, by a plain browser as a form."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.web.entering.entries import check, ping, take
from wardlight.web.entering.entry_form import PLAIN_FORM, body_of, take_form


def routes() -> list[BaseRoute]:
    """Return the addresses of the intake."""
    return [
        Route("/entries", hand_in, methods=["POST"]),
        Route("/entries/check", check, methods=["POST"]),
        Route("/ping", ping),
    ]


async def hand_in(request: Request) -> Response:
    """Take one entry, whichever way it is sent."""
    if request.headers.get("content-type", "").startswith(PLAIN_FORM):
        return await take_form(request, await body_of(request))
    return await take(request)
