"""The page of the demo: a big button, the speed of its day, and what to look at."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.web.demo import DemoControls
from wardlight.web.entering.forms import fields_of
from wardlight.web.page import Content, Desk, Screen, answered, desk_of
from wardlight.web.times import Times

SPEEDS = (
    (0.0, "Paused"),
    (1.0, "Real time"),
    (10.0, "10 times"),
    (60.0, "60 times"),
    (600.0, "600 times"),
)
SEE_OTHER = 303


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen; they exist only in a demo."""
    return [
        Route("/demo", demo),
        Route("/demo/speed", speed, methods=["POST"]),
        Route("/demo/away", away, methods=["POST"]),
        Route("/demo/back", back, methods=["POST"]),
        Route("/demo/close", close, methods=["POST"]),
    ]


async def demo(request: Request) -> Response:
    """Show where the simulated network stands and what a visitor can do to it."""
    controls = _controls(request)

    async def make(_: Desk, __: Times) -> Content:
        return {"state": controls.state(), "speeds": SPEEDS}

    return await answered(request, Screen(template="demo.html", make=make))


async def speed(request: Request) -> Response:
    """Let the simulated day pass at another speed."""
    asked = (await fields_of(request)).get("speed", "")
    known = {f"{value:g}": value for value, _ in SPEEDS}
    if asked not in known:
        raise HTTPException(400, "This speed is not one of those on the page.")
    _controls(request).set_speed(known[asked])
    return _back_to_demo()


async def away(request: Request) -> Response:
    """Take the EHR away, from one site or from all."""
    _controls(request).take_ehr_away(await _site(request))
    return _back_to_demo()


async def back(request: Request) -> Response:
    """Give the EHR back, to one site or to all."""
    _controls(request).give_ehr_back(await _site(request))
    return _back_to_demo()


async def close(request: Request) -> Response:
    """Close two emergency departments."""
    _controls(request).close_two_eds()
    return _back_to_demo()


async def _site(request: Request) -> str | None:
    code = (await fields_of(request)).get("site", "")
    return desk_of(request).site(code).code if code else None


def _controls(request: Request) -> DemoControls:
    controls = desk_of(request).demo
    if controls is None:
        raise HTTPException(404, "This node is not a demo.")
    return controls


def _back_to_demo() -> Response:
    return RedirectResponse("/demo", SEE_OTHER)
