"""Callers: what they ask, the approved answer beside it, and what stays open for somebody.

Nothing of a patient is shown until two things the caller said agree with the record.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.contact import Question
from wardlight.record.identity import PatientKey
from wardlight.rules.access import May
from wardlight.rules.asking import Fields
from wardlight.rules.clinics.contact_texts import LANGUAGES
from wardlight.rules.clinics.identity_check import checked
from wardlight.views.clinics.inbound import Caller
from wardlight.web.clinics.calls import answers, person_of
from wardlight.web.clinics.doors import site_for
from wardlight.web.clinics.lines import SPEAKERS
from wardlight.web.clinics.scripts import Scripts
from wardlight.web.entering.forms import fields_of
from wardlight.web.page import Content, Desk, Screen, answered, shown
from wardlight.web.times import Times

SHOWN_MAX = 60
CANDIDATES_MAX = 50
OPEN_FOR = ("nurse", "clinic", "pharmacy", "records", "billing", "privacy officer", "security")
NOT_FOUND = (
    "Nobody with a visit here agrees with both. Ask again, or write the call down without a visit."
)


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [
        Route("/inbound/{site}", inbound, methods=["GET"]),
        Route("/inbound/{site}", found, methods=["POST"]),
    ]


async def inbound(request: Request) -> Response:
    """Show the form for a call, the answers, and what is still open."""
    site = site_for(request, May.CONTACT)

    async def make(desk: Desk, t: Times) -> Content:
        return _content(desk, site.code, t)

    return await shown(request, Screen(template="inbound.html", make=make, site=site.code))


async def found(request: Request) -> Response:
    """Show a caller's own visits, when two things they said agree with the record."""
    site = site_for(request, May.CONTACT)
    typed = await fields_of(request)

    async def make(desk: Desk, t: Times) -> Content:
        patient = caller_of(desk, typed, site.code)
        person = person_of(desk, patient, site.code, t) if patient is not None else None
        content = _content(desk, site.code, t)
        return {**content, "typed": typed, "person": person, "because": "" if person else NOT_FOUND}

    return await answered(request, Screen(template="inbound.html", make=make, site=site.code))


def caller_of(desk: Desk, typed: dict[str, str], site: str) -> PatientKey | None:
    """Return the one patient with a visit here whom two identifiers fit; None for none or many."""
    people = desk.views.people
    fields = Fields(tuple(typed.items()))
    words = (fields.one("name") or fields.one("said_number")).strip()
    if not words:
        return None
    fits = []
    for key in people.search(f"{words} {fields.one('said_birth')}")[:CANDIDATES_MAX]:
        person = people.person(people.resolve(key))
        if person is None or not any(one.site == site for one in desk.views.schedule.of(key)):
            continue
        if checked(fields, person).holds():
            fits.append(people.resolve(key))
    one = set(fits)
    return one.pop() if len(one) == 1 else None


def _content(desk: Desk, site: str, t: Times) -> Content:
    callers = desk.views.inbound.callers(site)
    scams = desk.views.inbound.scams(site)
    return {
        "typed": {},
        "person": None,
        "because": "",
        "questions": tuple(map(str, Question)),
        "speakers": SPEAKERS,
        "languages": tuple(LANGUAGES.items()),
        "open_for": OPEN_FOR,
        "answers": answers(desk, site, t, "en"),
        "scam": Scripts(desk, site, t).scam("en"),
        "open": [_line(one, t) for one in reversed(callers) if one.is_open()][:SHOWN_MAX],
        "scams": [_line(one, t) for one in scams][:SHOWN_MAX],
        "scam_count": len(scams),
        "callers": [_line(one, t) for one in callers[:SHOWN_MAX]],
        "count": len(callers),
        "here": f"/inbound/{site}",
    }


def _line(one: Caller, t: Times) -> dict[str, Any]:
    said = one.row.said
    return {
        "id": one.row.id,
        "at": t.at(one.row.occurred),
        "by": one.row.by,
        "caller": said.caller,
        "question": str(said.question),
        "answer": said.answer or said.text,
        "open_for": said.open_for,
        "phone": said.phone,
        "scam": said.scam,
        "settled": one.settled.said.note if one.settled else "",
    }
