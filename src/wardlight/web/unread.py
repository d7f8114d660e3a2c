"""What was kept and not understood: a person looks at each, with its reason beside it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.web.page import Content, Desk, Screen, shown
from wardlight.web.times import Times

SHOWN_MAX = 200
POSITION_DIGITS_MAX = 18  # fits 64 bits


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/unread", unread)]


async def unread(request: Request) -> Response:
    """Show the newest first; `before` pages on to older ones."""
    before = _position(request.query_params.get("before", ""))

    async def make(desk: Desk, _: Times) -> Content:
        rows = desk.views.unread.rows(limit=SHOWN_MAX, before=before)
        older = rows[-1].position if len(rows) == SHOWN_MAX else None
        return {"rows": rows, "count": desk.views.unread.count, "older": older, "before": before}

    return await shown(request, Screen(template="unread.html", make=make))


def _position(text: str) -> int | None:
    known = text.isascii() and text.isdigit() and len(text) <= POSITION_DIGITS_MAX
    return int(text) if known else None
