"""One specimen, examination or unit of blood: every step so far, and the forms for the next."""

from __future__ import annotations

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.laboratory import EscalationStep, Loss, ResultEntered
from wardlight.record.events.transfusion import Match
from wardlight.rules.laboratory.laboratory_results import HOW
from wardlight.rules.laboratory.test_menu import on_menu
from wardlight.views.bedside.findings import Finding
from wardlight.views.laboratory.imaging import Examination, examined
from wardlight.views.laboratory.laboratory import Trace, traced
from wardlight.views.laboratory.loops import Step
from wardlight.views.laboratory.transfusion import BloodCase, blood_case
from wardlight.web.banner import banner_of, open_key
from wardlight.web.laboratory.lines import (
    blood_url,
    finding_line,
    imaging_url,
    specimen_url,
    step_lines,
)
from wardlight.web.page import NOT_FOUND, Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times

SPARE_LINES = 3  # empty lines under those of the tests that were asked for
LINES_MAX = 40
REJECT_REASONS = (
    "mislabelled",
    "haemolysed",
    "clotted",
    "insufficient",
    "wrong tube",
    "leaking",
    "too old",
)
FLAGS = (
    ("L", "Low"),
    ("H", "High"),
    ("LL", "Critical low"),
    ("HH", "Critical high"),
    ("A", "Abnormal"),
    ("AA", "Critical"),
)

Loop = Trace | Examination | BloodCase


def routes() -> list[BaseRoute]:
    """Return the addresses of these screens."""
    return [
        Route("/laboratory/{site}/specimen/{request}", specimen),
        Route("/imaging/{site}/{request}", examination),
        Route("/blood/{site}/{request}", blood),
    ]


async def specimen(request: Request) -> Response:
    """Show one specimen and what may be done with it next."""
    return await _page(request, traced, "laboratory_specimen.html", _specimen)


async def examination(request: Request) -> Response:
    """Show one examination and what may be done next."""
    return await _page(request, examined, "laboratory_imaging.html", _examination)


async def blood(request: Request) -> Response:
    """Show one request for blood, its units, and what may be done next."""
    return await _page(request, blood_case, "laboratory_blood.html", _blood)


async def _page(
    request: Request,
    fold: Callable[[tuple[Step, ...]], Loop | None],
    template: str,
    content: Callable[[Desk, Loop, Times], Content],
) -> Response:
    desk = desk_of(request)
    site = desk.site(request.path_params["site"])
    number = request.path_params["request"]
    found = desk.views.loops.read(number, fold)
    if found is None or found.site != site.code:
        raise HTTPException(NOT_FOUND, "No request of this site has this address.")
    opened = open_key(request, found.patient)

    async def make(desk: Desk, t: Times) -> Content:
        return {
            "tab": "laboratory",
            "banner": banner_of(desk, opened, t),
            "handle": desk.handles.of(opened.patient),
            "place": site.code,
            "family": opened.person.name.family or "Patient",
            "request": number,
            "steps": step_lines(desk.views.loops.steps(number), t),
            "how": HOW,
            "escalation_steps": tuple(map(str, EscalationStep)),
            **content(desk, found, t),
        }

    return await shown(request, Screen(template=template, make=make, site=site.code))


def _specimen(desk: Desk, trace: Loop, t: Times) -> Content:
    assert isinstance(trace, Trace), "read as one"
    href = specimen_url(trace.site, trace.request)
    return {
        "here": href,
        "trace": trace,
        "tests": ", ".join(one.words() for one in trace.tests) or "as on the paper requisition",
        "open_tests": [one.words() for one in trace.open_tests],
        "started": t.at(trace.started),
        "found": [_result(desk, one, trace, t) for one in trace.findings],
        "lines": _lines(trace),
        "losses": tuple(map(str, Loss)),
        "reject_reasons": REJECT_REASONS,
        "flags": FLAGS,
        "unmatched": desk.views.loops.unmatched(),
    }


def _result(desk: Desk, finding: Finding, trace: Trace, t: Times) -> dict[str, object]:
    said = finding.step.said
    href = specimen_url(trace.site, trace.request)
    return {
        "line": finding_line(desk, finding, t, href=href, callback=trace.callback()),
        "values": said.lines if isinstance(said, ResultEntered) else (),
    }


def _lines(trace: Trace) -> list[tuple[str, str]]:
    """Return the lines of the form: each test still out with its usual unit, then empty ones."""
    wanted = [
        (one.words(), found.unit if (found := on_menu(one.text)) else "")
        for one in trace.open_tests
    ]
    return [*wanted[:LINES_MAX], *(("", ""),) * SPARE_LINES]


def _examination(desk: Desk, found: Loop, t: Times) -> Content:
    assert isinstance(found, Examination), "read as one"
    href = imaging_url(found.site, found.request)
    return {
        "here": href,
        "exam": found,
        "found": [finding_line(desk, one, t, href=href) for one in found.findings],
    }


def _blood(_: Desk, case: Loop, __: Times) -> Content:
    assert isinstance(case, BloodCase), "read as one"
    return {
        "here": blood_url(case.site, case.request),
        "case": case,
        "matches": tuple(map(str, Match)),
    }
