"""From paper, to be entered: pages with rows that nobody has entered or closed, unit by unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.instants import Instant
from wardlight.record.sheet_serial import serial_in
from wardlight.views.paperwork.scans import ScannedPage
from wardlight.views.words import name_words
from wardlight.web.access.sight import Sight, assert_sees_site, sight_of
from wardlight.web.page import Content, Desk, Screen, answered, desk_of
from wardlight.web.paperwork.form_rows import form_name, rows_of_page
from wardlight.web.paperwork.scans import sees
from wardlight.web.times import Times

SHOWN_MAX = 200


class Waiting(Struct, frozen=True):
    """One page with rows that wait for somebody to enter or close them."""

    page: ScannedPage
    form: str
    rows: int  # that wait
    of: int
    unit: str  # where the patient is now, else where the sheet was issued to


class Line(Struct, frozen=True, kw_only=True):
    """One such page as the list shows it."""

    href: str
    image: str
    at: Instant  # when it came in
    unit: str
    name: str
    form: str
    page: int
    serial: str
    rows: int
    of: int
    compare: bool  # its boxes were not compared with the picture yet


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/scans/{site}/to-enter", to_enter)]


async def to_enter(request: Request) -> Response:
    """List what came in on paper and is not in the record yet, oldest first."""
    site = desk_of(request).site(request.path_params["site"])
    assert_sees_site(request, site.code)
    sight = sight_of(request)
    unit = request.query_params.get("unit")

    async def make(desk: Desk, _: Times) -> Content:
        every = list(waiting(desk, site.code, sight))
        mine = [one for one in every if unit in (None, one.unit)]
        return {
            "units": sorted(Counter(one.unit for one in every).items()),
            "unit": unit,
            "rows": [_line(desk, one) for one in mine[:SHOWN_MAX]],
            "count": len(mine),
            "all": len(every),
        }

    return await answered(request, Screen(template="to_enter.html", make=make, site=site.code))


def waiting(desk: Desk, site: str, sight: Sight) -> Iterator[Waiting]:
    """Give the pages of a site somebody may see that have open rows, oldest first."""
    known: dict[tuple[str, int], set[str]] = {}
    forms = desk.forms().forms
    register = desk.views.paperwork
    for page in desk.views.scans.filed(site):
        form = form_name(desk.views, page)
        if (form, page.page) not in known:
            every = rows_of_page(forms, desk.views, page)
            known[form, page.page] = {one.row for one in every if one.page == page.page}
        rows = known[form, page.page]
        left = len(rows - register.rows(page.serial, page.page).keys()) if rows else 0
        if rows and left and sees(desk, sight, page):
            yield Waiting(page, form, left, len(rows), _unit(desk, page))


def _line(desk: Desk, one: Waiting) -> Line:
    page = one.page
    patient = desk.views.people.resolve(page.patient)
    person = desk.views.people.person(patient)
    serial = serial_in(page.serial)
    return Line(
        href=f"{desk.patient_url(patient)}/scans/{page.said.image}/enter",
        image=page.said.image,
        at=page.at,
        unit=one.unit,
        name=name_words(person.name) if person else "",
        form=desk.forms().title(one.form),
        page=page.page,
        serial=serial.text() if serial else "",
        rows=one.rows,
        of=one.of,
        compare=page.proposes(),
    )


def _unit(desk: Desk, page: ScannedPage) -> str:
    stay = desk.views.whereabouts(page.patient)
    if stay is not None and stay.location.unit:
        return stay.location.unit
    serial = serial_in(page.serial)
    sheet = desk.views.paperwork.sheet(serial) if serial else None
    return sheet.job.unit if sheet else ""
