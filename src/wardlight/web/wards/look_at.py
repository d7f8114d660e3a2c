"""Entries a person has to look at: sent twice with different values, or warned of without a reason.

Both are kept and both count until somebody takes one back; nothing here decides by itself.
"""

from __future__ import annotations

from msgspec import Struct, to_builtins
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.entry import Entry
from wardlight.record.events.entered import unpacked
from wardlight.views.entries import ToLookAt
from wardlight.views.words import name_words
from wardlight.web.access.sight import sight_of
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times

SHOWN_MAX = 100
_AROUND = frozenset({"type", "number"})


class Version(Struct, frozen=True, kw_only=True):
    """One of the versions an entry was sent in."""

    entry: str  # what taking it back names
    by: str
    at: str
    station: str
    lines: tuple[tuple[str, str], ...]
    warned: tuple[str, ...]


class Asked(Struct, frozen=True, kw_only=True):
    """One entry to look at."""

    row: ToLookAt
    name: str
    href: str
    handle: str
    what: str
    versions: tuple[Version, ...]


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/look-at/{site}", look_at)]


async def look_at(request: Request) -> Response:
    """Show what asks for a person at one site, newest first."""
    site = desk_of(request).site(request.path_params["site"])
    sight = sight_of(request)

    async def make(desk: Desk, t: Times) -> Content:
        found = desk.views.entries.to_look_at(site.code)
        rows = [one for one in found if sight.patient(desk, one.patient)]
        return {"rows": [_asked(desk, row, t) for row in rows[:SHOWN_MAX]], "all": len(rows)}

    return await shown(request, Screen(template="look_at.html", make=make, site=site.code))


def _asked(desk: Desk, row: ToLookAt, t: Times) -> Asked:
    made = desk.views.entries.made(row.id)
    entries = desk.views.charts.fetch([one.position for one in made])
    person = desk.views.people.person(row.patient)
    return Asked(
        row=row,
        name=name_words(person.name) if person else "No patient",
        href=desk.patient_url(row.patient) if person else "",
        handle=desk.handles.of(row.patient) if person else "",
        what=row.kind.replace(".", " "),
        versions=tuple(_version(entry, t) for entry in entries),
    )


def _version(entry: Entry, t: Times) -> Version:
    entered = unpacked(entry.body)
    said = to_builtins(entered.said)
    return Version(
        entry=entered.name(),
        by=entered.by,
        at=t.at(entry.occurred),
        station=entered.station,
        lines=tuple(_lines("", said)),
        warned=tuple(f"{one.words}: {one.reason or 'no reason given'}" for one in entered.warnings),
    )


def _lines(name: str, said: object) -> list[tuple[str, str]]:
    """Return what was said, field by field, leaving out what was left empty."""
    if isinstance(said, dict):
        pairs = [(key, value) for key, value in said.items() if key not in _AROUND]
        return [line for key, value in pairs for line in _lines(str(key), value)]
    if isinstance(said, list | tuple):
        return [line for value in said for line in _lines(name, value)]
    return [(name.replace("_", " "), str(said))] if said not in ("", None, 0, False) else []
