"""Who has been told: the numbers of a site at any minute, and whom nobody can reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.triage import UrgencyClass
from wardlight.record.instants import DAY, Instant, age_words
from wardlight.rules.access import May
from wardlight.rules.clinics.contact_texts import LANGUAGES
from wardlight.views.clinics.cases import OPEN, TOLD, Case, CaseState
from wardlight.views.clinics.contact_numbers import ClinicNumbers, Numbers, numbers
from wardlight.views.rows import Appointment
from wardlight.views.services.clinic_status import ClinicDays
from wardlight.web.access.sight import sight_of
from wardlight.web.clinics.burn_down import plot
from wardlight.web.clinics.doors import does, site_for
from wardlight.web.clinics.lines import visit_line
from wardlight.web.page import Content, Desk, Screen, shown
from wardlight.web.times import Times

BACK_MS = 2 * DAY
DAYS_AHEAD = 31
LIST_MAX = 60
NAMES = (May.CONTACT, May.SCHEDULE, May.TRIAGE)
WORKS_HERE = (*NAMES, May.DECLARE, May.CHART)


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/contact-numbers/{site}", page)]


async def page(request: Request) -> Response:
    """Show the numbers of a site to its people; names only to those whose work the visits are.

    Who decides about visits and who rings all day see the names of the site, a clinic's nurse those
    of her own clinics, a ward the counts alone.
    """
    site = site_for(request, *WORKS_HERE)
    rings = does(request, May.CONTACT) and not does(request, May.READ_CHARTS)
    whole = rings or does(request, May.SCHEDULE, May.TRIAGE)
    named, sight = does(request, *NAMES), sight_of(request)

    def sees(desk: Desk, one: Appointment) -> bool:
        return whole or (named and sight.visit(desk, one))

    async def make(desk: Desk, t: Times) -> Content:
        cases = cases_of(desk, site.code, t.now)
        found = numbers(cases, t.now)
        return {
            "total": _row(found.total, t),
            "clinics": [_row(one, t) for one in found.clinics],
            "states": [(str(one), found.total.states[one], one in OPEN) for one in CaseState],
            "classes": tuple(map(str, UrgencyClass)),
            "plot": plot(found.curve, t.zone),
            "forecast": _forecast(found, t),
            "lists": [
                _named(desk, title, held, t, lambda one: sees(desk, one))
                for title, held in _lists(cases, t)
            ],
            "clashes": len(desk.views.triage.clashes(site.code)),
            "languages": tuple(LANGUAGES.items()),
            "works_here": does(request, *NAMES, May.DECLARE),
        }

    return await shown(request, Screen(template="contact_numbers.html", make=make, site=site.code))


def cases_of(desk: Desk, site: str, now: Instant) -> tuple[Case, ...]:
    """Return every affected case of a site: decided about, or of a clinic that is shut."""
    days = ClinicDays(desk.views.service_status, now)
    span = (Instant(now - BACK_MS), Instant(now + DAYS_AHEAD * DAY))
    return desk.views.cases.all(site, span, days.affected)


def _row(one: ClinicNumbers, t: Times) -> dict[str, Any]:
    states = one.states
    return {
        "name": one.name,
        "all": sum(states.values()),
        "open": one.open(),
        "told": one.told(),
        "reached": states[CaseState.GOING] + states[CaseState.CANCELLED],
        "rescheduled": states[CaseState.RESCHEDULED],
        "transferred": states[CaseState.TRANSFERRED],
        "waiting": states[CaseState.WAITING],
        "undecided": states[CaseState.TO_DECIDE],
        "classes": [one.open_by_class[urgency] for urgency in UrgencyClass],
        "oldest": age_words(max(t.now - one.oldest, 0)) if one.oldest is not None else "",
    }


NOBODY_AFFECTED = "No clinic was said to be shut and nothing was decided about a visit yet."


def _forecast(found: Numbers, t: Times) -> str:
    coming = found.forecast
    if not sum(found.total.states.values()):
        return NOBODY_AFFECTED
    if not found.total.open():
        return "Everybody knows."
    if coming.done is None:
        return "Nobody was told in the last 4 hours: at that pace it never ends."
    return (
        f"{coming.told_lately} told in the last 4 hours, {coming.per_hour:.1f} an hour: "
        f"everybody knows about {t.at(coming.done)}, if it goes on like that."
    )


def _lists(cases: tuple[Case, ...], t: Times) -> tuple[tuple[str, list[Case]], ...]:
    """Return the patients somebody has to look at now, list by list."""
    soon = Instant(t.now + 2 * DAY)
    today = t.iso_day()

    def late(case: Case) -> bool:
        return case.state in OPEN and case.starts() < t.now

    def harm(case: Case) -> bool:
        verdict = case.verdict
        waits = case.state not in TOLD or case.state is CaseState.WAITING
        passed = verdict is not None and bool(verdict.line.harm_by)
        return passed and waits and verdict is not None and verdict.line.harm_by < today

    return (
        ("The harm date has passed", [one for one in cases if harm(one)]),
        ("The visit's time has passed and nobody told them", [one for one in cases if late(one)]),
        (
            "Nobody has decided, and the visit is within 48 hours",
            [one for one in cases if one.state is CaseState.TO_DECIDE and one.starts() < soon],
        ),
        ("With the nurse", [one for one in cases if one.state is CaseState.NURSE]),
        ("No number that works", [one for one in cases if one.state is CaseState.NO_NUMBER]),
    )


def _named(
    desk: Desk, title: str, held: list[Case], t: Times, sees: Callable[[Appointment], bool]
) -> dict[str, Any]:
    """Return one list: how many, and who of them somebody may see."""
    seen = [one for one in held if sees(one.appointment)]
    return {
        "title": title,
        "count": len(held),
        "lines": [visit_line(desk, one, t) for one in seen[:LIST_MAX]],
        "unnamed": len(held) - len(seen),
        "left_out": max(len(seen) - LIST_MAX, 0),
    }
