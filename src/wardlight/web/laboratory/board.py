"""The laboratory's board: critical and not acknowledged, to tell, overdue, missing, to receive.

Oldest first on every list. A specimen may stand on several.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.laboratory import SpecimenUnmatched
from wardlight.record.instants import HOUR
from wardlight.views.bedside.findings import escalations
from wardlight.views.laboratory.imaging import examinations
from wardlight.views.laboratory.laboratory import PENDING, Trace, traces
from wardlight.views.laboratory.laboratory_board import LaboratoryTargets, board, unacknowledged_of
from wardlight.views.laboratory.loops import Step
from wardlight.web.laboratory.doors import assert_runs_tests, assert_sees_unit
from wardlight.web.laboratory.lines import (
    FindingLine,
    escalation_line,
    imaging_url,
    specimen_line,
    specimen_url,
    telling_line,
)
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times
from wardlight.web.wards.ward import unit_of

TARGETS = LaboratoryTargets()
SHOWN_MAX = 200  # of one list; the count above it is always the whole
KEPT_MS = 48 * HOUR  # how long a finished specimen may still have something to do


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [
        Route("/laboratory/{site}", laboratory),
        Route("/laboratory/{site}/unit/{unit:path}", of_unit),
    ]


async def laboratory(request: Request) -> Response:
    """Show what one site's laboratory has to do."""
    assert_runs_tests(request)
    site = desk_of(request).site(request.path_params["site"])

    async def make(desk: Desk, t: Times) -> Content:
        return _content(desk, site.code, t)

    return await shown(request, Screen(template="laboratory_board.html", make=make, site=site.code))


def _content(desk: Desk, site: str, t: Times) -> Content:
    loops = desk.views.loops
    found = [one for one in traces(loops) if one.site == site and _matters(one, t)]
    seen = board(
        found,
        t.now,
        desk.views.whereabouts,
        targets=TARGETS,
        unmatched=tuple(one for one in loops.unmatched() if one.site == site),
    )
    lists = ("to_receive", "pending", "overdue", "missing", "again")
    return {
        "counts": {name: len(getattr(seen, name)) for name in (*lists, "to_tell", "unmatched")},
        "critical": len(seen.unacknowledged),
        **{
            name: [specimen_line(desk, row, t) for row in getattr(seen, name)[:SHOWN_MAX]]
            for name in lists
        },
        "to_tell": [telling_line(desk, one, t) for one in seen.to_tell[:SHOWN_MAX]],
        "escalations": escalated(desk, site, t),
        "waiting": [telling_line(desk, one, t) for one in seen.unacknowledged[:SHOWN_MAX]],
        "unmatched": [_unmatched(one, t) for one in seen.unmatched[:SHOWN_MAX]],
    }


def _matters(trace: Trace, t: Times) -> bool:
    """Return whether a specimen can be on a list: not finished, or finished not long ago."""
    if trace.state in PENDING or trace.unacknowledged():
        return True
    return t.now - trace.started < KEPT_MS


def escalated(desk: Desk, site: str, t: Times) -> list[FindingLine]:
    """Return the critical results of laboratory and imaging that go to the next person now."""
    loops = desk.views.loops
    values = [one for trace in traces(loops) if trace.site == site for one in trace.findings]
    readings = [one for exam in examinations(loops) if exam.site == site for one in exam.findings]
    lines = [
        escalation_line(desk, one, t, href=specimen_url(site, one.finding.request))
        for one in escalations(values, t.now, TARGETS.escalation)
    ]
    lines += [
        escalation_line(desk, one, t, href=imaging_url(site, one.finding.request))
        for one in escalations(readings, t.now, TARGETS.escalation)
    ]
    return lines


def _unmatched(step: Step, t: Times) -> dict[str, str]:
    said = step.said
    assert isinstance(said, SpecimenUnmatched), "kept on this list alone"
    return {
        "entry": step.id,
        "accession": said.accession or "none",
        "label": ", ".join(said.label.read()) or "nothing was read",
        "text": said.text,
        "because": said.because,
        "instrument": said.instrument,
        "at": t.at(step.occurred),
        "by": step.by,
    }


async def of_unit(request: Request) -> Response:
    """Show the results a ward still has to acknowledge: of those who lie there now."""
    site = desk_of(request).site(request.path_params["site"])
    unit = unit_of(request)
    assert_sees_unit(request, site.code, unit)

    async def make(desk: Desk, t: Times) -> Content:
        found = unacknowledged_of(
            traces(desk.views.loops), site.code, unit, desk.views.whereabouts, targets=TARGETS
        )
        return {
            "unit": unit,
            "all": len(found),
            "waiting": [telling_line(desk, one, t) for one in found[:SHOWN_MAX]],
        }

    return await shown(request, Screen(template="laboratory_unit.html", make=make, site=site.code))
