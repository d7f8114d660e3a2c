"""Who left in the last 72 hours, and who is expected: found without knowing a name."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.instants import HOUR, Instant
from wardlight.views.rows import Stay
from wardlight.views.words import number_groups, number_of
from wardlight.web.access.sight import sight_of
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times, heard
from wardlight.web.transfers.lines import inbound_lines
from wardlight.web.wards.board import MASKED, Mark, listed_name, stay_marks

LEFT_WITHIN_MS = 72 * HOUR


class Listed(Struct, frozen=True, kw_only=True):
    """One stay on a list."""

    row: str
    href: str
    name: str
    born: str
    number_label: str
    number: tuple[str, ...]
    place: str
    marks: tuple[Mark, ...]
    stay: Stay


def routes() -> list[BaseRoute]:
    """Return the addresses of these screens."""
    return [Route("/left/{site}", left), Route("/expected/{site}", expected)]


async def left(request: Request) -> Response:
    """Show who left in the last 72 hours, newest first."""

    def stays(desk: Desk, site: str, t: Times) -> tuple[Stay, ...]:
        return desk.views.census.left_since(Instant(t.now - LEFT_WITHIN_MS), site)

    return await _list(request, "left.html", stays)


async def expected(request: Request) -> Response:
    """Show who is expected, and who comes by transfer from another site of ours."""

    def stays(desk: Desk, site: str, _: Times) -> tuple[Stay, ...]:
        return desk.views.census.expected(site)

    return await _list(request, "expected.html", stays)


async def _list(
    request: Request, template: str, stays_of: Callable[[Desk, str, Times], tuple[Stay, ...]]
) -> Response:
    site = desk_of(request).site(request.path_params["site"])
    sight = sight_of(request)

    async def make(desk: Desk, t: Times) -> Content:
        stays = [stay for stay in stays_of(desk, site.code, t) if sight.stay(stay)]
        return {
            "stays": [listed(desk, stay, t) for stay in stays],
            "inbound": inbound_lines(desk, site.code, t) if sight.site(site.code) else [],
            "home": site.code,
            "as_of": heard(desk.views, [stay.stamp for stay in stays], t.now),
        }

    return await shown(request, Screen(template=template, make=make, site=site.code))


def listed(desk: Desk, stay: Stay, t: Times) -> Listed:
    """Return the line of a stay without looking into the chart."""
    people = desk.views.people
    patient = people.resolve(stay.patient)
    person = people.person(patient)
    masked = person is not None and person.protected
    label, number = number_of(patient, person)
    return Listed(
        row=f"{desk.handles.of(patient)}.{stay.stamp.position}",
        href=desk.patient_url(patient),
        name=MASKED if masked else listed_name(person),
        born="withheld" if masked else t.born(person),
        number_label=label,
        number=() if masked else tuple(number_groups(number)),
        place=stay.location.words() or "Not known",
        marks=tuple(stay_marks(stay, person, t)),
        stay=stay,
    )
