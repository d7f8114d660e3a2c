"""The signed head of this node's log, for peers and for whoever keeps watch over it.

A C2SP checkpoint (tlog-checkpoint, signed-note). It says how many entries there are and the root
over them: nothing of any patient.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route


def head_routes(head: Callable[[], str]) -> list[BaseRoute]:
    """Return the address of the newest head; `head` signs how far the log has come."""

    async def newest(_: Request) -> PlainTextResponse:
        return PlainTextResponse(head())

    return [Route("/log/checkpoint", newest)]
