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
from wardlight.web.access.glass import is_opened
from wardlight.web.access.sight import sight_of
from wardlight.web.entering.forms import fields_of
from wardlight.web.page import Content, Desk, Screen, answered, shown
from wardlight.web.times import Times
from wardlight.web.wards.board import MASKED, listed_name

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


class Elsewhere(Struct, frozen=True):
    """Who fits too, on wards that are not theirs who ask: no name, and no word about them."""

    count: int = 0
    opens: tuple[str, ...] = ()  # charts whose whole number was typed: they open by breaking glass


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/search", form), Route("/search", search, methods=["POST"])]


async def form(request: Request) -> Response:
    """Show the empty form."""

    async def make(_: Desk, __: Times) -> Content:
        return {"asked": "", "found": None, "elsewhere": Elsewhere(), "more": False}

    return await shown(request, Screen(template="search.html", make=make))


async def search(request: Request) -> Response:
    """Show who was found."""
    asked = (await fields_of(request)).get("q", "").strip()[:TEXT_MAX]
    sight = sight_of(request)

    async def make(desk: Desk, t: Times) -> Content:
        fit = _who(desk, asked, t) if asked else []
        seen = [one for one in fit if sight.patient(desk, one) or is_opened(request, desk, one)]
        elsewhere = _elsewhere(desk, asked, [one for one in fit if one not in seen])
        found = [_found(desk, one, t) for one in seen[:SHOWN_MAX]] if asked else None
        return {
            "asked": asked,
            "found": found,
            "elsewhere": elsewhere,
            "more": len(fit) >= SHOWN_MAX,
        }

    return await answered(request, Screen(template="search.html", make=make))


def _who(desk: Desk, asked: str, t: Times) -> list[PatientKey]:
    """Return the patients of a bed first, then those a name, birth date or number means."""
    people = desk.views.people
    day = local(t.now, t.zone).date()
    today = PartialDate(day.year, day.month, day.day)
    in_bed = [people.resolve(stay.patient) for stay in desk.views.census.find_bed(asked)]
    named = people.search(asked, today)
    if not named and any(one.isdigit() for one in asked):  # typed in groups, as bands print it
        named = people.search(_plain(asked), today)
    return list(dict.fromkeys([*in_bed, *named]))


def _elsewhere(desk: Desk, asked: str, others: list[PatientKey]) -> Elsewhere:
    typed = _plain(asked)
    opens = tuple(desk.patient_url(one) for one in others if typed in _numbers(desk, one))
    return Elsewhere(len(others), opens)


def _numbers(desk: Desk, patient: PatientKey) -> set[str]:
    person = desk.views.people.person(patient)
    return {_plain(one.value) for one in person.identifiers} if person else set()


def _plain(number: str) -> str:
    return "".join(one for one in number.casefold() if one.isalnum())


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
