"""Triage of visits: what the rules propose, what a clinician decides; and theatre cases."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.codes import AppointmentState
from wardlight.record.events.triage import Decision, UrgencyClass
from wardlight.record.instants import DAY, Instant
from wardlight.rules.access import May
from wardlight.rules.clinics.triage_rules import Proposal, proposed
from wardlight.views.clinics.cases import Case, CaseState
from wardlight.views.rows import Appointment
from wardlight.views.services.clinic_status import ClinicDay, ClinicDays, clinic_of
from wardlight.web.clinics.accepting import reference
from wardlight.web.clinics.case_checks import STATES, AtHand, at_hand
from wardlight.web.clinics.doors import site_for
from wardlight.web.clinics.lines import VisitLine, visit_line
from wardlight.web.page import Content, Desk, Screen, shown
from wardlight.web.times import Times

DAYS_AHEAD = 30
BACK_MS = DAY
PAGE = 40  # visits decided in one form: seven fields each, below what a form can hold
_OFF = frozenset({AppointmentState.CANCELLED, AppointmentState.NO_SHOW, AppointmentState.COMPLETED})
NO_PROPOSAL = Proposal()
BY_TIME = "time"  # a list as the day goes, not by class


def routes() -> list[BaseRoute]:
    """Return the addresses of these screens."""
    return [Route("/triage/{site}", triage), Route("/theatre/{site}", theatre)]


async def triage(request: Request) -> Response:
    """Show the clinics of a site, and the visits of one, or all that are affected."""
    return await _shown(request, "triage.html", cases_of=False)


async def theatre(request: Request) -> Response:
    """Show the case board: every procedure of the days ahead, go, postpone or transfer."""
    return await _shown(request, "theatre.html", cases_of=True)


async def _shown(request: Request, template: str, *, cases_of: bool) -> Response:
    site = site_for(request, May.TRIAGE, May.SCHEDULE)
    clinic = request.query_params.get("clinic", "")
    which = request.query_params.get("show", "")
    wanted = _page(request.query_params.get("page", ""))

    async def make(desk: Desk, t: Times) -> Content:
        begins, ends = Instant(t.now - BACK_MS), Instant(t.now + DAYS_AHEAD * DAY)
        visits = [
            one
            for one in (
                *desk.views.schedule.between(Instant(0), ends, site.code),
                *desk.views.schedule.untimed(site.code),
            )
            if bool(one.procedure) is cases_of and one.state not in _OFF
        ]
        days = ClinicDays(desk.views.service_status, t.now)
        every = [desk.views.cases.of(one) for one in visits]
        found = [one for one in every if one.starts() >= begins]
        # Who waits can be decided anew, however long ago the visit would have been.
        chosen = _chosen(
            every if which == "decided" else found,
            days,
            clinic=clinic,
            which=which,
            everything=cases_of,
        )
        ranked = _ranked(desk, chosen, days, t)
        if which == BY_TIME:
            ranked.sort(key=lambda row: (row[1].starts, row[1].key))
        pages = max((len(ranked) - 1) // PAGE + 1, 1)
        page = min(wanted, pages - 1)  # a list that got shorter since is never shown as empty
        lines = [line for _, line in ranked[page * PAGE :][:PAGE]]
        board = _Board(desk, site.code, every, t) if cases_of else None
        asked = request.query_params.get("case", "")
        return {
            **(board.content(lines, asked, (page, which)) if board else {}),
            "clinics": _clinics(found, days),
            "unmatched": days.unmatched(site.code, (one.appointment for one in every)),
            "clinic": clinic,
            "which": which,
            "page": page,
            "pages_count": pages,
            "count": len(ranked),
            "undecided": sum(_undecided(one, days) for one in found),
            "lines": lines,
            "classes": tuple(map(str, UrgencyClass)),
            "decisions": tuple(map(str, Decision)),
            "version": desk.tables.triage.version if desk.tables else "",
        }

    return await shown(request, Screen(template=template, make=make, site=site.code))


class _Board:
    """What the case board shows beside the decisions: what is known of each case, item by item."""

    def __init__(self, desk: Desk, site: str, cases: list[Case], t: Times) -> None:
        self.desk, self.t = desk, t
        self.cases = {one.key: one for one in cases}
        self.here = f"/theatre/{site}"

    def content(self, lines: list[VisitLine], asked: str, at: tuple[int, str]) -> Content:
        """Return what is at hand of the lines shown, and of the one case that is asked about."""
        chosen = next((one for key, one in self.cases.items() if reference(key) == asked), None)
        hands = {line.key: self._hand(line.key) for line in lines}
        goes = [self._hand(key) for key, one in self.cases.items() if self._goes(one)]
        return {
            "here": self.here,
            "at_hand": hands,
            "go_in_doubt": sum(bool(one.lacks) for one in goes),
            "states": STATES,
            "case": self._asked(chosen, at) if asked and chosen else None,
        }

    def _goes(self, case: Case) -> bool:
        goes = case.verdict is not None and case.verdict.line.decision is Decision.GO
        return goes and case.starts() >= self.t.now

    def _hand(self, key: str) -> AtHand:
        return at_hand(self.desk, self.cases[key], self.t)

    def _asked(self, case: Case, at: tuple[int, str]) -> dict[str, Any]:
        page, which = at
        back = f"{self.here}?{urlencode({'page': page, 'show': which})}"
        return {
            "line": visit_line(self.desk, case, self.t),
            "at_hand": self._hand(case.key),
            "back": back,
        }


def _page(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0  # noqa: PLR2004 -- pages of a list


def _undecided(case: Case, days: ClinicDays) -> bool:
    return case.state is CaseState.TO_DECIDE and days.affected(case.appointment)


def _chosen(
    found: list[Case], days: ClinicDays, *, clinic: str, which: str, everything: bool
) -> list[Case]:
    """Return the cases a list is about: those of a clinic, the decided ones, or the affected."""
    mine = [one for one in found if not clinic or clinic_of(one.appointment) == clinic]
    if which == "decided":
        return [one for one in mine if one.verdict is not None]
    if which == "all" or clinic or everything:
        return [one for one in mine if which == "all" or one.verdict is None or everything]
    return [one for one in mine if _undecided(one, days)]


def _ranked(
    desk: Desk, cases: list[Case], days: ClinicDays, t: Times
) -> list[tuple[Any, VisitLine]]:
    """Return the lines, the most urgent class first, then the earliest harm date and visit."""
    rows = []
    for case in cases:
        proposal = proposal_of(desk, case.appointment, days, t) if case.verdict is None else None
        line = visit_line(desk, case, t, proposal)
        shown_class = line.urgency or line.proposed or "A-"  # unsorted: a person looks first
        rows.append(((shown_class, line.harm_by or "9999", line.starts, line.key), line))
    return sorted(rows, key=lambda row: row[0])


def proposal_of(desk: Desk, visit: Appointment, days: ClinicDays, t: Times) -> Proposal:
    """Return what the rules propose for a visit as things stand."""
    if desk.tables is None:
        return NO_PROPOSAL
    off = [one.system for one in desk.views.downtimes.at(visit.site).systems]
    closed = days.of(visit).words() if days.affected(visit) else ""
    return proposed(visit, desk.tables.triage, off=off, closed=closed, zone=t.zone)


def _clinics(found: list[Case], days: ClinicDays) -> list[dict[str, Any]]:
    """Return each clinic with what was decided about it and how many visits wait."""
    visits: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    known: dict[str, ClinicDay] = {}
    for case in found:
        name = clinic_of(case.appointment)
        known[name] = days.of(case.appointment)
        visits[name] += 1
        waiting[name] += _undecided(case, days)
    return [
        {
            "name": name,
            "key": day.key,
            "state": str(day.state()),
            "words": day.words(),
            "visits": visits[name],
            "waiting": waiting[name],
        }
        for name, day in sorted(known.items(), key=lambda one: (-waiting[one[0]], one[0]))
    ]
