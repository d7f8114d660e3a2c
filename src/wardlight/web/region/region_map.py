"""The map of the region: status by shape and word, arrows for redirected ambulances, and a table.

The dispatcher works from the table; the map has the same hospitals in the same order, as numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.plan.destinations.hospital_facts import NOTHING
from wardlight.record.hospitals import Hospital
from wardlight.record.places import Position, km_between
from wardlight.views.services.destinations import FLOW_MS
from wardlight.views.services.service_words import WALK_INS
from wardlight.web.page import Content, Desk, Screen, shown
from wardlight.web.region.drawing import Spot, picture
from wardlight.web.region.lines import EdLine, ed_line, load_words
from wardlight.web.region.state import RegionNow, region_now
from wardlight.web.times import Times

SHOWN_MAX = 60  # hospitals; the rest is counted, and stands in the destination list


class MapLine(Struct, frozen=True, kw_only=True):
    """One hospital of the table."""

    number: int
    code: str
    name: str
    phone: str
    own: bool
    ed: EdLine
    load: str
    load_age: str
    inbound: int
    sent_away: int
    sent_here: int


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/map", page)]


async def page(request: Request) -> Response:
    """Show the map; it can be printed as it is."""

    async def make(desk: Desk, _: Times) -> Content:
        return _content(desk)

    return await shown(request, Screen(template="region_map.html", make=make))


def _content(desk: Desk) -> Content:
    here = region_now(desk, desk.clock())
    flows = desk.views.destinations.flows(here.state.now)
    chosen = _chosen(here)
    lines = [_line(at, one, here, flows) for at, one in enumerate(chosen, 1)]
    spots = [Spot(at, one.code, one.name, one.at) for at, one in enumerate(chosen, 1)]
    names = {one.code: one.name for one in here.index.hospitals}
    return {
        "map": picture(spots, flows, here.region.outline),
        "lines": lines,
        "css": {one.code: one.ed for one in lines},
        "flows": [
            (names.get(a, a), names.get(b, b), count) for (a, b), count in sorted(flows.items())
        ],
        "flow_minutes": FLOW_MS // 60_000,
        "others": len(here.index) - len(chosen),
        "notices": here.notices(),
        "walk_ins": WALK_INS,
    }


def _chosen(here: RegionNow) -> list[Hospital]:
    """Return who is drawn: own sites, then whoever something is known of, then the nearest."""
    hospitals = here.index.hospitals
    own = [one for one in hospitals if (board := here.boards.get(one.code)) and board.own]
    middle = _middle(own or list(hospitals))

    def order(one: Hospital) -> tuple[int, float, str]:
        board = here.boards.get(one.code)
        told = 0 if board is not None and board.own else 1 if board is not None else 2
        return told, km_between(middle, one.at) if told > 1 else 0.0, one.name.casefold()

    if not hospitals:
        return []
    return sorted(hospitals, key=order)[:SHOWN_MAX]


def _middle(hospitals: list[Hospital]) -> Position:
    count = max(1, len(hospitals))
    return Position(
        sum(one.at.latitude for one in hospitals) / count,
        sum(one.at.longitude for one in hospitals) / count,
    )


def _line(
    number: int, one: Hospital, here: RegionNow, flows: Mapping[tuple[str, str], int]
) -> MapLine:
    facts, board = here.state.facts.get(one.code), here.boards.get(one.code)
    load, age = load_words((facts or NOTHING).count, here.state.now)
    return MapLine(
        number=number,
        code=one.code,
        name=one.name,
        phone=one.phone or (board.phone if board else ""),
        own=board is not None and board.own,
        ed=ed_line(facts, here.state.now),
        load=load,
        load_age=age,
        inbound=here.state.inbound.get(one.code, 0),
        sent_away=sum(count for (a, _), count in flows.items() if a == one.code),
        sent_here=sum(count for (_, b), count in flows.items() if b == one.code),
    )
