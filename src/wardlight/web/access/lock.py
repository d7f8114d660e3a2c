"""Locking a screen: whoever was signed in there signs in anew, and nobody reads on."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.web.access.gate import SESSION_COOKIE
from wardlight.web.access.sign_in import door_of


def routes() -> list[BaseRoute]:
    """Return the address a screen locks by."""
    return [Route("/lock", lock, methods=["POST"])]


async def lock(request: Request) -> Response:
    """End the session at this station; what waits there to be sent still says who made it."""
    await door_of(request).close_session(request.cookies.get(SESSION_COOKIE, ""))
    answer = Response(status_code=204)
    answer.delete_cookie(SESSION_COOKIE)
    return answer
