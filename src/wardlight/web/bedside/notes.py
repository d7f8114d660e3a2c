"""Notes: nursing, progress, SBAR and I-PASS, newest first; documents known before stand apart."""

from __future__ import annotations

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.observations import NoteKind
from wardlight.record.instants import Instant
from wardlight.rules.observations import PARTS
from wardlight.views.facts import DocumentFact
from wardlight.web.banner import banner_of, open_patient, site_of
from wardlight.web.giving import taken_back
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times

SHOWN_MAX = 100


class Note(Struct, frozen=True, kw_only=True):
    """One note or document."""

    title: str
    at: Instant
    by: str
    text: str
    entry: str
    since_off: bool


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/patient/{handle}/notes", notes)]


async def notes(request: Request) -> Response:
    """Show what was written of the patient, and the forms to write more."""
    opened = await open_patient(request)

    async def make(desk: Desk, t: Times) -> Content:
        chart = opened.chart
        return {
            "tab": "notes",
            "banner": banner_of(desk, opened, t),
            "handle": desk.handles.of(opened.patient),
            "home": site_of(desk, opened),
            "family": opened.person.name.family or "Patient",
            "notes": [_note(one, t) for one in chart.documents[:SHOWN_MAX]],
            "kinds": [(str(kind), PARTS[kind]) for kind in NoteKind],
            "backs": taken_back(chart.taken_back, t),
        }

    site = site_of(desk_of(request), opened)
    return await shown(request, Screen(template="notes.html", make=make, site=site))


def _note(one: DocumentFact, t: Times) -> Note:
    at = one.written.at if one.written else one.stamp.occurred
    return Note(
        title=one.title or "Document without a title",
        at=at,
        by=one.author or one.stamp.said_by(),
        text=one.text,
        entry=one.stamp.entry,
        since_off=t.after_off(at),
    )
