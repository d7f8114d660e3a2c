"""My entries: what this tablet holds. An empty page that the tablet fills, also with no server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.web.page import HERE, Content, Desk, Screen, shown
from wardlight.web.times import Times

# Looked for anew each time: a worker that was mended reaches every tablet with its next page.
WORKER_HEADERS = {"service-worker-allowed": "/", "cache-control": "no-cache"}


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen, and of the worker that keeps pages on the tablet."""
    return [Route("/my-entries", my_entries), Route("/sw.js", _worker())]


async def my_entries(request: Request) -> Response:
    """Show the frame of the screen; no entry is in it."""

    async def make(_: Desk, __: Times) -> Content:
        return {}

    return await shown(request, Screen(template="my_entries.html", make=make))


def _worker() -> Callable[[Request], Awaitable[Response]]:
    body = (HERE / "static" / "sw.js").read_bytes()

    async def worker(_: Request) -> Response:
        return Response(body, media_type="text/javascript", headers=WORKER_HEADERS)

    return worker
