"""Notes: nursing, progress, SBAR and I-PASS, newest first; documents known before stand apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.entered import Entered, unpacked
from wardlight.record.events.observations import NoteKind, NoteWritten
from wardlight.record.instants import MINUTE, Instant
from wardlight.rules.bedside.observations import PARTS
from wardlight.views.facts import DocumentFact
from wardlight.web.banner import banner_of, open_patient, site_of
from wardlight.web.bedside.amends import amended, notes_amended
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times

SHOWN_MAX = 100
LATE_MS = 15 * MINUTE  # written down that much later is said beside the time


class Note(Struct, frozen=True, kw_only=True):
    """One note or document."""

    title: str
    at: Instant
    by: str
    late: str  # when it was written down, where that was much later
    text: str  # of a document; "" for a note in parts
    parts: tuple[tuple[str, str], ...]  # heading and text
    entry: str
    typed: tuple[tuple[str, str], ...]  # every heading of its kind with what stands under it
    since_off: bool


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/patient/{handle}/notes", notes)]


async def notes(request: Request) -> Response:
    """Show what was written of the patient, and the forms to write more."""
    opened = await open_patient(request)

    async def make(desk: Desk, t: Times) -> Content:
        chart = opened.chart
        found = _notes(desk, chart.documents[:SHOWN_MAX], t)
        return {
            "tab": "notes",
            "banner": banner_of(desk, opened, t),
            "handle": desk.handles.of(opened.patient),
            "home": site_of(desk, opened),
            "family": opened.person.name.family or "Patient",
            "since": [one for one in found if one.since_off],
            "before": [one for one in found if not one.since_off],
            "left_out": max(len(chart.documents) - SHOWN_MAX, 0),
            "kinds": [(str(kind), PARTS[kind]) for kind in NoteKind],
            "backs": amended(chart.taken_back, notes_amended, t),
        }

    site = site_of(desk_of(request), opened)
    return await shown(request, Screen(template="notes.html", make=make, site=site))


def _notes(desk: Desk, documents: Sequence[DocumentFact], t: Times) -> list[Note]:
    mine = [one.stamp.position for one in documents if one.stamp.entry]
    entries = desk.views.charts.fetch(sorted(mine)) if mine else []
    entered = {entry.position: unpacked(entry.body) for entry in entries}
    found = [_note(one, entered.get(one.stamp.position), t) for one in documents]
    return sorted(found, key=lambda one: -one.at)


def _note(one: DocumentFact, entered: Entered | None, t: Times) -> Note:
    at, stamp = one.written.at if one.written else one.stamp.occurred, one.stamp
    said = entered.said if entered else None
    written = said if isinstance(said, NoteWritten) else None
    late = bool(stamp.entry) and stamp.recorded - at > LATE_MS
    author = stamp.said_by() if stamp.paper or not one.author else one.author
    behalf = entered.on_behalf_of if entered else ""
    return Note(
        title=one.title or "Document without a title",
        at=at,
        by=f"{author} for {behalf}" if behalf else author,
        late=t.at(stamp.recorded) if late else "",
        text="" if written else one.text or "No text was sent.",
        parts=written.parts if written else (),
        entry=stamp.entry,
        typed=tuple(_typed(written)) if written else (),
        since_off=bool(stamp.entry) or t.after_off(at),
    )


def _typed(said: NoteWritten) -> Iterable[tuple[str, str]]:
    """Give every heading a kind of note has, with what stands under it."""
    texts = dict(said.parts)
    for heading in PARTS[said.kind]:
        yield heading, texts.get(heading, "")
