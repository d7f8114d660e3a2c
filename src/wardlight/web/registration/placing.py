"""Where a patient lies, who they turn out to be, and how they leave; allergies that were asked."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.registration import Leaving
from wardlight.record.instants import PartialDate, local
from wardlight.views.patients.similar import LookedFor, look_alikes
from wardlight.views.words import name_words, number_of
from wardlight.web.banner import Opened, banner_of, open_patient, site_of
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.registration.register import MONTHS
from wardlight.web.times import Times
from wardlight.wire.entered.registration import DOWNTIME_AUTHORITY

ALIKE_MAX = 8


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/patient/{handle}/place", place)]


async def place(request: Request) -> Response:
    """Show the forms to place, name and discharge a patient, and to print their band."""
    opened = await open_patient(request)

    async def make(desk: Desk, t: Times) -> Content:
        home = site_of(desk, opened)
        return {
            "tab": "place",
            "banner": banner_of(desk, opened, t),
            "handle": desk.handles.of(opened.patient),
            "home": home,
            "family": opened.person.name.family or "Patient",
            "stay": opened.stay,
            "units": [one.unit for one in desk.views.census.units(home)],
            "leavings": tuple(Leaving),
            "months": tuple(enumerate(MONTHS, 1)),
            "unconfirmed": opened.person.unconfirmed,
            "by_number": opened.patient.startswith(DOWNTIME_AUTHORITY),
            "alike": _alike(desk, opened, t),
        }

    site = site_of(desk_of(request), opened)
    return await shown(request, Screen(template="place.html", make=make, site=site))


def _alike(desk: Desk, opened: Opened, t: Times) -> list[dict[str, str]]:
    """Return who this patient may be, each with why; nobody is chosen."""
    person = opened.person
    looked = LookedFor(
        family=person.name.family if person.name.kind != "S" else "",
        given=person.name.given,
        birth=person.birth.iso() if person.birth else "",
        sex=person.sex,
    )
    if not opened.patient.startswith(DOWNTIME_AUTHORITY) or looked == LookedFor(sex=person.sex):
        return []
    day = local(t.now, t.zone).date()
    today = PartialDate(day.year, day.month, day.day)
    rows = []
    for one in look_alikes(desk.views, looked, today):
        other = desk.views.people.person(one.patient)
        if other is None or one.patient == opened.patient:
            continue
        label, number = number_of(one.patient, other)
        rows.append(
            {
                "handle": desk.handles.of(one.patient),
                "name": name_words(other.name),
                "born": str(t.born(other)),
                "number": f"{label} {number}",
                "why": ", ".join(one.candidate.reasons),
            }
        )
    return rows[:ALIKE_MAX]
