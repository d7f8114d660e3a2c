"""The emergency department's log as it fills itself, and as the sheet HICS 254 asks for."""

from __future__ import annotations

import csv
import io

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.instants import Instant
from wardlight.views.patients.ed_log import Visit
from wardlight.views.words import name_words, sex_words
from wardlight.web.access.sight import Sight, sight_of
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times
from wardlight.wire.spreadsheet import inert

WAYS = (
    ("here", "here now"),
    ("A", "admitted"),
    ("D", "discharged"),
    ("T", "transferred"),
    ("M", "died"),
    ("LWBS", "left unseen"),
    ("AMA", "left against advice"),
)
HEAD = (
    *("No.", "Number", "Name", "Age", "Sex", "Arrived", "By", "Crew", "Diverted from", "Triage"),
    *("Complaint", "Place", "Roomed", "Provider", "Disposition", "To", "Left", "Registered by"),
)


class Row(Struct, frozen=True, kw_only=True):
    """One line of the log."""

    at: int
    visit: Visit
    name: str
    born: str
    sex: str
    href: str
    stay_ms: int


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/ed/{site}.csv", as_csv), Route("/ed/{site}", ed)]


async def ed(request: Request) -> Response:
    """Show who is in the department, longest first, and everybody who came."""
    site = desk_of(request).site(request.path_params["site"])
    everybody = request.query_params.get("show") == "all"
    sight = sight_of(request)

    async def make(desk: Desk, t: Times) -> Content:
        rows = rows_of(desk, site.code, t, sight)
        counts = desk.views.ed_log.counts(site.code)
        here = [row for row in rows if row.visit.is_open()]
        return {
            "home": site.code,
            "everybody": everybody,
            "rows": rows if everybody else here,
            "counts": [(words, counts[key]) for key, words in WAYS if counts[key]],
            "came": len(rows),
            "diverted": sum(bool(row.visit.diverted_from) for row in rows),
            "by_crew": sum(row.visit.arrived_by == "ambulance" for row in rows),
        }

    return await shown(request, Screen(template="ed_log.html", make=make, site=site.code))


def rows_of(desk: Desk, site: str, t: Times, sight: Sight) -> list[Row]:
    """Return every visit with who it is now, whatever they were called at the door.

    Of the department's own people every one; of others those whose patient is theirs now.
    """
    visits = enumerate(desk.views.ed_log.visits(site), 1)
    return [
        _row(desk, visit, at, t)
        for at, visit in visits
        if sight.unit(site, visit.place.unit) or sight.patient(desk, visit.patient)
    ]


def _row(desk: Desk, visit: Visit, at: int, t: Times) -> Row:
    patient = desk.views.people.resolve(visit.patient)
    person = desk.views.people.person(patient)
    ends = visit.left if visit.left is not None else t.now
    return Row(
        at=at,
        visit=visit,
        name=name_words(person.name) if person else visit.called or "Name not known",
        born=str(t.born(person)) if person and person.birth else visit.age and f"about {visit.age}",
        sex=sex_words(person.sex) if person else "",
        href=desk.patient_url(patient),
        stay_ms=max(ends - visit.arrived, 0),
    )


async def as_csv(request: Request) -> Response:
    """Hand the log out as a table, every visit with its times."""
    desk = desk_of(request)
    site = desk.site(request.path_params["site"])
    t = Times(now=desk.clock(), zone=desk.zone(site.code))
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(HEAD)
    for row in rows_of(desk, site.code, t, sight_of(request)):
        table.writerow([inert(cell) for cell in _cells(row, t)])
    headers = {"content-disposition": f'attachment; filename="ed-log-{site.code}.csv"'}
    return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _cells(row: Row, t: Times) -> list[str]:
    visit = row.visit

    def when(at: Instant | None) -> str:
        return str(t.full(at)) if at is not None else ""

    return [
        *(str(row.at), visit.number, row.name, row.born, row.sex, when(visit.arrived)),
        *(visit.arrived_by, visit.crew, visit.diverted_from, visit.triage, visit.reason),
        *(visit.place.words(), when(visit.roomed), visit.provider, visit.disposition),
        *(visit.to, when(visit.left), visit.by),
    ]
