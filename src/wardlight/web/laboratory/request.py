"""A patient's own page of the loops: what is out, what came back, and the forms to ask."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.imaging import Answer, Side
from wardlight.record.events.laboratory import Priority
from wardlight.rules.laboratory.test_menu import GROUPS, MENU
from wardlight.views.laboratory.imaging import examinations
from wardlight.views.laboratory.laboratory import traces
from wardlight.views.laboratory.laboratory_board import LaboratoryTargets, board
from wardlight.views.laboratory.transfusion import blood_cases
from wardlight.web.banner import Opened, banner_of, open_patient, site_of
from wardlight.web.laboratory.lines import (
    blood_line,
    finding_line,
    imaging_line,
    imaging_url,
    specimen_line,
    telling_line,
)
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times

PRODUCTS = ("red cells", "platelets", "plasma", "cryoprecipitate", "group and screen")


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/patient/{handle}/laboratory", page)]


async def page(request: Request) -> Response:
    """Show one patient's specimens, examinations and blood, and the forms to ask for them."""
    opened = await open_patient(request)
    site = site_of(desk_of(request), opened)

    async def make(desk: Desk, t: Times) -> Content:
        return {
            "tab": "laboratory",
            "banner": banner_of(desk, opened, t),
            "handle": desk.handles.of(opened.patient),
            "place": site,
            "family": opened.person.name.family or "Patient",
            "menu": MENU,
            "groups": GROUPS,
            "priorities": tuple(map(str, Priority)),
            "sides": tuple(map(str, Side)),
            "answers": tuple(map(str, Answer)),
            "products": PRODUCTS,
            **_loops(desk, opened, t),
        }

    return await shown(request, Screen(template="laboratory_patient.html", make=make, site=site))


def _loops(desk: Desk, opened: Opened, t: Times) -> Content:
    people, loops = desk.views.people, desk.views.loops
    mine = tuple(loops.requests_of(lambda key: people.resolve(key) == opened.patient))
    seen = board(traces(loops, mine), t.now, desk.views.whereabouts, targets=LaboratoryTargets())
    exams = examinations(loops, mine)
    found = [
        *(telling_line(desk, one, t) for one in seen.to_acknowledge),
        *(
            finding_line(desk, one, t, href=imaging_url(exam.site, exam.request))
            for exam in exams
            for one in exam.findings
            if one.acknowledged is None
        ),
    ]
    return {
        "waiting": found,
        "all_specimens": [specimen_line(desk, row, t) for row in reversed(seen.rows)],
        "examinations": [imaging_line(desk, one, t) for one in reversed(exams)],
        "blood": [blood_line(desk, one, t) for one in reversed(blood_cases(loops, mine))],
    }
