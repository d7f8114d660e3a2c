"""People who may be registered twice: proposed with the evidence, joined by two people, undone."""

from __future__ import annotations

import asyncio

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.identity import PatientKey, Person
from wardlight.record.instants import PartialDate, local
from wardlight.views.patients.similar import LookedFor, look_alikes
from wardlight.views.words import name_words, number_of
from wardlight.web.access.sight import Sight, sight_of
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times

PAIRS_MAX = 50
AT_ONCE = 5  # looked for before other requests get their turn


class One(Struct, frozen=True):
    """One of the two."""

    name: str
    born: str
    number: str
    href: str
    handle: str


class Pair(Struct, frozen=True):
    """Two records that may be one person, and why."""

    new: One
    known: One
    why: str


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/duplicates/{site}", duplicates)]


async def duplicates(request: Request) -> Response:
    """Show who may be registered twice at a site, and which charts were joined."""
    site = desk_of(request).site(request.path_params["site"])
    sight = sight_of(request)

    async def make(desk: Desk, t: Times) -> Content:
        joined = [
            (one, _one(desk, one.same_as, t))
            for one in desk.views.entries.joined(site.code)
            if sight.patient(desk, one.same_as)
        ]
        pairs = await _pairs(desk, site.code, t, sight)
        return {"home": site.code, "pairs": pairs, "joined": joined}

    return await shown(request, Screen(template="duplicates.html", make=make, site=site.code))


async def _pairs(desk: Desk, site: str, t: Times, sight: Sight) -> list[Pair]:
    """Return the pairs, each once, whose newer one is theirs who look.

    Nobody is merged by being listed.
    """
    day = local(t.now, t.zone).date()
    today = PartialDate(day.year, day.month, day.day)
    pairs: dict[frozenset[PatientKey], Pair] = {}
    for number, visit in enumerate(desk.views.ed_log.visits(site)):
        patient = desk.views.people.resolve(visit.patient)
        person = desk.views.people.person(patient)
        if person is None or person.name.kind == "S" or not sight.patient(desk, patient):
            continue
        for other in look_alikes(desk.views, _looked(person), today):
            both = frozenset((patient, other.patient))
            if len(both) > 1 and both not in pairs and len(pairs) < PAIRS_MAX:
                why = ", ".join(other.candidate.reasons)
                pairs[both] = Pair(_one(desk, patient, t), _one(desk, other.patient, t), why)
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
    return list(pairs.values())


def _looked(person: Person) -> LookedFor:
    return LookedFor(
        family=person.name.family,
        given=person.name.given,
        birth=person.birth.iso() if person.birth else "",
        sex=person.sex,
    )


def _one(desk: Desk, patient: PatientKey, t: Times) -> One:
    person = desk.views.people.person(patient)
    assert person is not None, "listed"
    label, number = number_of(patient, person)
    return One(
        name_words(person.name),
        str(t.born(person)),
        f"{label} {number}",
        desk.patient_url(patient),
        desk.handles.of(patient),
    )
