"""The case board on paper: every case of the days ahead with its decision and what is at hand."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.case_board import CASES_MAX, BoardCase, BoardItem, CaseBoard, case_board
from wardlight.record.instants import DAY, Instant
from wardlight.rules.access import May
from wardlight.views.clinics.cases import Case, CaseState
from wardlight.web.clinics.case_checks import at_hand
from wardlight.web.clinics.doors import site_for
from wardlight.web.clinics.lines import visit_line
from wardlight.web.modes import bar_of
from wardlight.web.page import Desk, desk_of, who_of, whole_minute
from wardlight.web.times import Times

DAYS = (1, 3, 7, 14)
DAYS_USUAL = 3
AHEAD_MS = 30 * DAY  # a case of the next month may have been moved into these days
BACK_MS = DAY // 2  # this morning's cases are still on a board printed at noon
SECRET = {"cache-control": "no-store"}


def routes() -> list[BaseRoute]:
    """Return the address of the printed board."""
    return [Route("/theatre/{site}/board.pdf", printed)]


async def printed(request: Request) -> Response:
    """Hand out the board of so many days as PDF."""
    site = site_for(request, May.TRIAGE, May.SCHEDULE)
    desk = desk_of(request)
    typed = request.query_params.get("days", "")
    days = next((one for one in DAYS if str(one) == typed), DAYS_USUAL)
    now = whole_minute(desk.clock())
    bar = bar_of(desk.views, desk.sites, site.code, now)
    t = Times(now=now, zone=desk.zone(site.code), off_since=bar.off_since)
    cases = _cases(desk, site.code, now, days)
    who = who_of(request)
    board = CaseBoard(
        site=site.name,
        printed=str(t.full(now)),
        by=who.name if who else "",
        days=days,
        mode=bar.word(),
        cases=tuple(_case(desk, one, t) for one in cases[:CASES_MAX]),
        left_out=max(len(cases) - CASES_MAX, 0),
    )
    body = case_board(board, desk.press(), paper=site.paper)
    return Response(body, media_type="application/pdf", headers=SECRET)


def _cases(desk: Desk, site: str, now: Instant, days: int) -> list[Case]:
    """Return the cases that take place in these days, or were to; by when they take place now."""
    begins, ends = Instant(now - BACK_MS), Instant(now + days * DAY)
    booked = desk.views.schedule.between(Instant(0), Instant(now + AHEAD_MS), site)
    every = (desk.views.cases.of(one) for one in booked if one.procedure)
    found = [
        one
        for one in every
        if one.state is not CaseState.OFF
        and any(begins <= at < ends for at in (one.starts(), one.takes_place()))
    ]
    return sorted(found, key=lambda one: (one.takes_place(), one.key))


def _case(desk: Desk, case: Case, t: Times) -> BoardCase:
    line, hand = visit_line(desk, case, t), at_hand(desk, case, t)
    decided = case.verdict is not None
    return BoardCase(
        when=line.when,
        room=line.clinic,
        name=line.name,
        born=str(line.born),
        number=" ".join(line.number),
        what=line.what,
        prep=line.prep,
        urgency=line.urgency,
        harm_by=line.harm_by,
        decision=line.decision if decided else "",
        decided=line.decided if decided else "",
        moved=line.moved,
        lacks=hand.lacks,
        items=tuple(
            BoardItem(item=one.item, state=one.state, said=one.said, source=one.source)
            for one in hand.items
        ),
    )
