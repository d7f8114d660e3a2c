"""The lists of imaging and of the blood bank."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.instants import HOUR
from wardlight.views.laboratory.imaging import Examination, ImagingState, examinations
from wardlight.views.laboratory.transfusion import (
    BloodCase,
    UnitState,
    blood_cases,
    emergency_units,
)
from wardlight.web.laboratory.doors import assert_runs_tests
from wardlight.web.laboratory.lines import blood_line, imaging_line
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times

SHOWN_MAX = 200
KEPT_MS = 72 * HOUR  # how long what is finished stays on the list
_OPEN = frozenset({ImagingState.REQUESTED, ImagingState.PERFORMED, ImagingState.PRELIMINARY})
_OUT = frozenset({UnitState.ISSUED, UnitState.RUNNING})


def routes() -> list[BaseRoute]:
    """Return the addresses of these screens."""
    return [Route("/imaging/{site}", imaging), Route("/blood/{site}", blood)]


async def imaging(request: Request) -> Response:
    """Show the examinations of a site that are not finished, oldest first, then the others."""
    assert_runs_tests(request)
    site = desk_of(request).site(request.path_params["site"])

    async def make(desk: Desk, t: Times) -> Content:
        mine = [one for one in examinations(desk.views.loops) if one.site == site.code]
        waiting = [one for one in mine if one.state in _OPEN]
        done = [one for one in reversed(mine) if one.state not in _OPEN and _recent(one, t)]
        return {
            "all": len(waiting),
            "waiting": [imaging_line(desk, one, t) for one in waiting[:SHOWN_MAX]],
            "done": [imaging_line(desk, one, t) for one in done[:SHOWN_MAX]],
        }

    return await shown(
        request, Screen(template="laboratory_imagings.html", make=make, site=site.code)
    )


async def blood(request: Request) -> Response:
    """Show the requests for blood of a site, and how much went out without a crossmatch."""
    assert_runs_tests(request)
    site = desk_of(request).site(request.path_params["site"])

    async def make(desk: Desk, t: Times) -> Content:
        mine = [one for one in blood_cases(desk.views.loops) if one.site == site.code]
        negative, positive = emergency_units(mine)
        kept = [one for one in mine if _recent(one, t) or _is_out(one)]
        return {
            "all": len(kept),
            "cases": [blood_line(desk, one, t) for one in kept[:SHOWN_MAX]],
            "o_negative": negative,
            "o_positive": positive,
        }

    return await shown(
        request, Screen(template="laboratory_bloods.html", make=make, site=site.code)
    )


def _recent(one: Examination | BloodCase, t: Times) -> bool:
    return t.now - one.started < KEPT_MS


def _is_out(case: BloodCase) -> bool:
    return any(unit.state in _OUT for unit in case.units)
