"""The ward PCs and tablets: whether each would keep working with the server away, and why not.

A device tells by itself, every five minutes, what `static/station.js` found out about it. Only
the newest word of each is kept, in memory; what a station is called is in the log.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import DecodeError, Meta, Struct, ValidationError, json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.access import StationNamed
from wardlight.record.instants import MINUTE, Instant
from wardlight.rules.access import May
from wardlight.web.access.credentials_page import signed_in
from wardlight.web.access.door import Door, SignedInPerson
from wardlight.web.access.gate import SEE_OTHER, STATION_COOKIE
from wardlight.web.access.sign_in import door_of
from wardlight.web.entering.forms import fields_of
from wardlight.web.page import Content, Desk, Screen, answered, desk_of
from wardlight.web.times import Times

STATIONS_MAX = 2_000
REPORT_BYTES_MAX = 2_048
SILENT_MINUTES = 30
NAME_MAX = 40
STATION = re.compile(r"[0-9a-f]{12}")
Word = Literal["READY", "READY WHILE OPEN", "READ ONLY"]
MEANS: Mapping[Word, str] = {
    "READY": "Pages open and entries are kept here when the server is away.",
    "READY WHILE OPEN": "Entries are kept here when the server is away. Do not close this tab.",
    "READ ONLY": "Nothing can be kept here: when the server is away, chart on paper.",
}
# What is missing, and what to do; the device names them by these words (static/station.js).
REASONS: Mapping[str, tuple[str, str]] = {
    "keeps-nothing": (
        "This browser keeps nothing on the device.",
        "Leave private browsing and allow storage, or use another browser.",
    ),
    "insecure": (
        "This page did not come over a connection the browser trusts.",
        "Set the device up by the install sheet and open the address on it.",
    ),
    "no-worker": (
        "Pages are not kept for when the server is away.",
        "Install this node's certificate by the install sheet, then open Wardlight anew.",
    ),
    "home-screen": (
        "Safari forgets what it keeps after 7 days without a visit.",
        "Share, Add to Home Screen, and always start Wardlight from there.",
    ),
    "clock": (
        "The clock of this device is more than 2 minutes off.",
        "Have it set; until then check every time you write.",
    ),
    "room": (
        "Less than 50 MB of room is left for what is kept here.",
        "Remove what else the device holds, or use another one.",
    ),
}


class Report(Struct, frozen=True, kw_only=True):
    """What a device found out about itself; nothing about a patient."""

    word: Word
    because: Annotated[tuple[Annotated[str, Meta(max_length=20)], ...], Meta(max_length=10)] = ()
    browser: Annotated[str, Meta(max_length=300)] = ""
    skew: int | None = None
    waiting: Annotated[int, Meta(ge=0)] = 0
    needs: Annotated[int, Meta(ge=0)] = 0
    opened_away: Annotated[int, Meta(ge=0)] = 0  # screens opened without sign-in, server away


_DECODER = json.Decoder(Report)


class Heard(Struct, frozen=True):
    """The newest report of a station, and when it came."""

    report: Report
    at: Instant


class Stations:
    """What each station said last; a stranger's report never pushes out a named station's."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, Heard] = OrderedDict()

    def hear(self, station: str, heard: Heard, *, named: frozenset[str]) -> None:
        """Keep what a station says of itself."""
        self._last[station] = heard
        self._last.move_to_end(station)
        if len(self._last) > STATIONS_MAX:
            oldest = next((one for one in self._last if one not in named), next(iter(self._last)))
            del self._last[oldest]

    def last(self, station: str) -> Heard | None:
        """Return the newest word of a station; None when it said nothing since this start."""
        return self._last.get(station)

    def heard(self) -> tuple[str, ...]:
        """Return every station that said something since this start."""
        return tuple(self._last)


class Row(Struct, frozen=True, kw_only=True):
    """One station as the list shows it."""

    station: str
    called: str
    named: StationNamed | None
    heard: Heard | None
    silent: bool
    browser: str


def routes() -> list[BaseRoute]:
    """Return the addresses of these screens."""
    return [
        Route("/station", this_one),
        Route("/station/report", report, methods=["POST"]),
        Route("/stations", every_one),
        Route("/stations/{station}", name, methods=["POST"]),
    ]


async def this_one(request: Request) -> Response:
    """Show what this device is called and whether it is ready; its script fills in the word."""
    door, station = door_of(request), request.state.station
    who = getattr(request.state, "who", None)
    names = isinstance(who, SignedInPerson) and who.may(May.ADMINISTER)

    async def make(_: Desk, __: Times) -> Content:
        named = door.staff().station(station)
        called = door.station_name(station)
        told = {"means": MEANS, "reasons": REASONS, "may_name": names}
        return {"this": station, "called": called, "named": named, **told}

    return await answered(request, Screen(template="station.html", make=make))


async def report(request: Request) -> Response:
    """Keep what a device says of itself; one that has no cookie of ours yet is not counted."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > REPORT_BYTES_MAX:
            raise HTTPException(413, "That is more than a report can hold.")
    try:
        said = _DECODER.decode(body)
    except (DecodeError, ValidationError) as error:
        raise HTTPException(422, "This is no report of a station.") from error
    door = door_of(request)
    station = door.station_of(request.cookies.get(STATION_COOKIE, ""))
    if station:
        known = frozenset(one.station for one in door.staff().stations())
        stations: Stations = request.app.state.stations
        stations.hear(station, Heard(said, desk_of(request).clock()), named=known)
    return Response(status_code=204)


async def every_one(request: Request) -> Response:
    """Show every station: its place, its word, and since when nothing was heard of it."""
    stations: Stations = request.app.state.stations
    door = door_of(request)

    async def make(desk: Desk, _: Times) -> Content:
        rows = rows_of(door, stations, desk.clock())
        return {"rows": rows, "reasons": REASONS, "silent_minutes": SILENT_MINUTES}

    return await answered(request, Screen(template="stations.html", make=make))


def rows_of(door: Door, stations: Stations, now: Instant) -> tuple[Row, ...]:
    """Return every station: those that are not ready and those that are silent first."""
    named = {one.station: one for one in door.staff().stations()}
    rows = [
        _row(door, station, named.get(station), stations.last(station), now)
        for station in dict.fromkeys((*named, *stations.heard()))
    ]
    return tuple(sorted(rows, key=lambda row: (_is_well(row), row.named is None, row.called)))


def _row(
    door: Door, station: str, named: StationNamed | None, heard: Heard | None, now: Instant
) -> Row:
    return Row(
        station=station,
        called=door.station_name(station),
        named=named,
        heard=heard,
        silent=heard is None or now - heard.at > SILENT_MINUTES * MINUTE,
        browser=browser_words(heard.report.browser) if heard else "",
    )


def _is_well(row: Row) -> bool:
    return not row.silent and row.heard is not None and row.heard.report.word == "READY"


async def name(request: Request) -> Response:
    """Say what a station is called and where it stands."""
    door, who = door_of(request), signed_in(request)
    if not who.may(May.ADMINISTER):
        raise HTTPException(403, "Only an administrator names a station.")
    station, fields = request.path_params["station"], await fields_of(request)
    called = " ".join(fields.get("name", "").split())
    if not STATION.fullmatch(station) or not called or len(called) > NAME_MAX:
        raise HTTPException(422, f"A name of at most {NAME_MAX} letters is needed.")
    site, unit = (fields.get(one, "").strip()[:NAME_MAX] for one in ("site", "unit"))
    if site and site not in desk_of(request).sites:
        raise HTTPException(422, f"{site} is not a site of this node.")
    said = StationNamed(station=station, name=called, site=site, unit=unit)
    await door.say(said, who.account)
    return RedirectResponse("/stations", SEE_OTHER)


_BROWSERS = ("Edg/", "Firefox/", "Chrome/", "Version/")
_CALLED = {"Edg/": "Edge", "Firefox/": "Firefox", "Chrome/": "Chrome", "Version/": "Safari"}
_DEVICES = ("iPad", "iPhone", "Android", "CrOS", "Windows", "Mac OS", "Linux")


def browser_words(agent: str) -> str:
    """Return `Chrome 140, Windows` for what a browser says of itself."""
    found = next((mark for mark in _BROWSERS if mark in agent), "")
    number = agent.partition(found)[2].partition(".")[0] if found else ""
    device = next((one for one in _DEVICES if one in agent), "")
    called = f"{_CALLED[found]} {number}" if number.isdigit() else ""
    return ", ".join(filter(None, (called, device)))
