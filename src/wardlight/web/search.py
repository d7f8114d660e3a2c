"""Find a patient by name, birth date, number or bed: in the house, just gone, or coming.

What was searched for is sent in the body of a form, never in an address.
"""

from __future__ import annotations

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.identity import PatientKey
from wardlight.record.instants import PartialDate, local
from wardlight.views.rows import Appointment, Stay
from wardlight.views.words import number_groups, number_of, sex_words
from wardlight.web.board import MASKED, listed_name
from wardlight.web.forms import fields_of
from wardlight.web.page import Content, Desk, Screen, answered, shown
from wardlight.web.times import Times

SHOWN_MAX = 50
TEXT_MAX = 100  # characters


class Found(Struct, frozen=True, kw_only=True):
    """One person found, with why they are known here."""

    href: str
    name: str
    born: str
    sex: str
    number_label: str
    number: tuple[str, ...]
    stay: Stay | None
    next_appointment: Appointment | None


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/search", form), Route("/search", search, methods=["POST"])]


async def form(request: Request) -> Response:
    """Show the empty form."""

    async def make(_: Desk, __: Times) -> Content:
        return {"asked": "", "found": None, "at_most": SHOWN_MAX}

    return await shown(request, Screen(template="search.html", make=make))


async def search(request: Request) -> Response:
    """Show who was found."""
    asked = (await fields_of(request)).get("q", "").strip()[:TEXT_MAX]

    async def make(desk: Desk, t: Times) -> Content:
        found = [_found(desk, patient, t) for patient in _who(desk, asked, t)] if asked else None
        return {"asked": asked, "found": found, "at_most": SHOWN_MAX}

    return await answered(request, Screen(template="search.html", make=make))


def _who(desk: Desk, asked: str, t: Times) -> list[PatientKey]:
    """Return the patients of a bed first, then those a name, birth date or number means."""
    people = desk.views.people
    today = local(t.now, t.zone).date()
    in_bed = [people.resolve(stay.patient) for stay in desk.views.census.find_bed(asked)]
    named = people.search(asked, PartialDate(today.year, today.month, today.day))
    return list(dict.fromkeys([*in_bed, *named]))[:SHOWN_MAX]


def _found(desk: Desk, patient: PatientKey, t: Times) -> Found:
    views = desk.views
    person = views.people.person(patient)
    masked = person is not None and person.protected
    label, number = number_of(patient, person)
    return Found(
        href=desk.patient_url(patient),
        name=MASKED if masked else listed_name(person),
        born="withheld" if masked else t.born(person),
        sex="" if masked or person is None else sex_words(person.sex),
        number_label=label,
        number=() if masked else tuple(number_groups(number)),
        stay=views.census.stay(patient),
        next_appointment=_next(views.schedule.of(patient), t),
    )


def _next(appointments: tuple[Appointment, ...], t: Times) -> Appointment | None:
    coming = [one for one in appointments if one.starts and one.starts.at >= t.now]
    return min(coming, key=lambda one: one.starts.at if one.starts else 0, default=None)
