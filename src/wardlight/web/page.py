"""What every page is made with: the views, the chrome around it, and the keeping of made pages."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import cache
from hashlib import blake2b, sha256
from pathlib import Path
from secrets import token_hex
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from wardlight.paper.forms.form_library import Library
from wardlight.paper.sheet_codes import PrintRun
from wardlight.paper.typeset import Press
from wardlight.plan.destinations.region import Region
from wardlight.record.identity import PatientKey
from wardlight.record.instants import MINUTE, Clock, Instant, age_words
from wardlight.record.sources import Site
from wardlight.rules.access import may_enter
from wardlight.rules.asking import Author
from wardlight.rules.site_tables import SiteTables
from wardlight.views import words
from wardlight.views.fold import Views
from wardlight.views.services.service_words import ending_words
from wardlight.views.transfers.transfers import Case
from wardlight.web.access.gate import opens
from wardlight.web.addresses import site_url, ward_url
from wardlight.web.care import CareRow
from wardlight.web.demo import DemoControls
from wardlight.web.entering.writing import Who, Write, refuse_to_write
from wardlight.web.handles import HANDLE_LENGTH, Handles
from wardlight.web.menu import ALWAYS, menus, shown_lines
from wardlight.web.modes import bar_of
from wardlight.web.paperwork.print_centre import PrintCentre
from wardlight.web.paperwork.scan_room import ScanRoom
from wardlight.web.paperwork.taken import Taken
from wardlight.web.times import Times

HERE = Path(__file__).parent
PAGES_KEPT_MAX = 256
LEARNT_AT_ONCE = 5_000  # handles indexed before others get their turn
NOW_HEADER = "wardlight-now"
GLASS_HEADER = "wardlight-glass"
NOT_FOUND = 404


class Packs(Protocol):
    """Where the ward packs on disk are."""

    def newest(self, site: str, unit: str) -> Path | None:
        """Return the file of a unit's newest pack; None while there is none."""

    async def take(self, site: str, unit: str, now: Instant) -> Taken | None:
        """Return a unit's pack for printing, with serials nobody else has; None without one."""


class Access(Protocol):
    """Who may enter here; see web/access."""

    def author_of(self, grant: str) -> Author | None:
        """Return whose grant this is; None for one this node never gave."""

    def left_since(self, account: str) -> bool:
        """Return whether somebody's access has ended, so that what they entered asks for a look."""

    @property
    def idle_minutes(self) -> int:
        """Return after how many minutes without a touch a screen locks; 0 for never."""


class Numbers(Protocol):
    """What gives downtime numbers to stations and to forms."""

    async def reserve(self, site: str, station: str, *, drill: bool = False) -> list[str]:
        """Return a block of numbers that now is this station's alone."""

    async def one(self, site: str, *, drill: bool = False) -> str:
        """Return one number for a form of a station that has none of its own."""


class Documents(Protocol):
    """What makes documents for other hospitals' systems; see outputs."""

    def fhir(self, patient: PatientKey) -> bytes:
        """Return a patient's summary as a FHIR IPS bundle."""

    def cda(self, one: Case, to: str) -> bytes:
        """Return the C-CDA transfer summary of a transfer to a hospital of this name."""


class Serials(Protocol):
    """What gives serials to sheets of paper."""

    def begin(self, site: str, count: int, *, drill: bool = False) -> PrintRun:
        """Return serials that no other print job will ever have; raises OSError."""


def _no_press() -> Press:
    raise HTTPException(404, "Nothing is printed here.")


def _no_seal(_: int) -> str:
    return ""


class Desk(Struct, frozen=True, kw_only=True):
    """What every screen is made from."""

    kept: Views
    sites: Mapping[str, Site]
    clock: Clock
    handles: Handles
    templates: Environment
    asset_version: str
    demo: DemoControls | None = None
    packs: Packs | None = None
    notices: Callable[[], tuple[str, ...]] = tuple
    care: Callable[[], tuple[CareRow, ...]] = tuple
    outside: Callable[[], tuple[CareRow, ...]] = tuple  # what is published, and where it went
    network: str = ""  # as the public knows it
    access: Access | None = None  # None: nobody signs in (tests of screens)
    write: Write = refuse_to_write
    seal_at: Callable[[int], str] = _no_seal
    tables: SiteTables | None = None
    region: Region | None = None  # None: the site has provided nothing
    numbers: Numbers | None = None  # None: no downtime numbers are given here
    press: Callable[[], Press] = _no_press
    serials: Serials | None = None  # None: no sheets are printed here
    forms: Callable[[], Library] = Library
    printing: PrintCentre | None = None  # None: nothing is printed from here
    scans: ScanRoom | None = None  # None: no scans are taken in here
    documents: Documents | None = None  # None: this node makes no FHIR or C-CDA documents
    screens: frozenset[str] = frozenset()  # first words of the addresses there are

    @property
    def views(self) -> Views:
        """Return what screens show: while a drill is on, with what the drill adds."""
        return self.kept.rehearsal or self.kept

    @property
    def writes(self) -> bool:
        """Return whether this node takes entries of staff; where not, forms are not drawn."""
        return self.write is not refuse_to_write

    def site(self, code: str) -> Site:
        """Return a site of this node; raises 404 for another."""
        if code not in self.sites:
            raise HTTPException(NOT_FOUND, "This site is not on this node.")
        return self.sites[code]

    def zone(self, site: str) -> str:
        """Return the zone pages of a site are in; over several sites the first one's."""
        home = self.sites.get(site) or next(iter(self.sites.values()), None)
        return home.zone if home else "UTC"

    def patient_url(self, patient: PatientKey) -> str:
        """Return the address of a patient's page; nothing of the patient is in it."""
        return f"/patient/{self.handles.of(patient)}"


Content = dict[str, Any]
Make = Callable[[Desk, Times], Awaitable[Content]]


class Screen(Struct, frozen=True, kw_only=True):
    """One page to be made: its template, the site whose mode the bar shows, its content."""

    template: str
    make: Make
    site: str = ""
    status: int = 200


class _Made(Struct, frozen=True):
    version: int
    now: Instant
    body: bytes
    etag: str


class Shelf:
    """Pages as they were made, for as long as neither the views nor the minute change.

    Fifty wards that open the same board in one second have it made once.
    """

    def __init__(self) -> None:
        self._made: OrderedDict[str, _Made] = OrderedDict()
        self._making: dict[tuple[str, int, int], asyncio.Future[_Made]] = {}

    async def page(
        self, key: str, version: int, now: Instant, make: Callable[[], Awaitable[bytes]]
    ) -> _Made:
        """Return the page of this version and minute, made now if it is not there."""
        made = self._made.get(key)
        if made is not None and (made.version, made.now) == (version, now):
            self._made.move_to_end(key)
            return made
        ticket = (key, version, now)
        if ticket not in self._making:
            self._making[ticket] = asyncio.ensure_future(self._make(ticket, make))
        return await asyncio.shield(self._making[ticket])

    async def _make(
        self, ticket: tuple[str, int, Instant], make: Callable[[], Awaitable[bytes]]
    ) -> _Made:
        key, version, now = ticket
        try:
            body = await make()
            made = _Made(version, now, body, f'"{blake2b(body, digest_size=12).hexdigest()}"')
        finally:
            del self._making[ticket]
        self._made[key] = made
        while len(self._made) > PAGES_KEPT_MAX:
            self._made.popitem(last=False)
        return made


def desk_of(request: Request) -> Desk:
    """Return the desk of the running app."""
    desk: Desk = request.app.state.desk
    return desk


def who_of(request: Request) -> Who | None:
    """Return who is signed in; None for nobody."""
    who: Who | None = getattr(request.state, "who", None)
    return who


async def shown(request: Request, screen: Screen) -> Response:
    """Return a page that is a view of the log; kept while nothing changes."""
    desk: Desk = desk_of(request)
    shelf: Shelf = request.app.state.shelf
    now = whole_minute(desk.clock())
    who = who_of(request)
    scope = who.scope() if who else ""
    key = "\0".join((request.url.path, request.url.query, scope, *desk.notices()))
    made = await shelf.page(key, desk.views.version, now, lambda: rendered(desk, screen, now, who))
    etag = f'{made.etag[:-1]}.{_personal(who, glass_of(request))}"' if who else made.etag
    headers = {"etag": etag, NOW_HEADER: str(desk.clock()), **_not_to_keep(request)}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return _html(for_person(made.body, who, glass_of(request)), screen.status, headers)


async def answered(request: Request, screen: Screen) -> Response:
    """Return a page that answers a form or an error; never kept."""
    desk = desk_of(request)
    body = await rendered(desk, screen, whole_minute(desk.clock()), who_of(request))
    mine = for_person(body, who_of(request), glass_of(request))
    headers = {NOW_HEADER: str(desk.clock()), **_not_to_keep(request)}
    return _html(mine, screen.status, headers)


async def rendered(desk: Desk, screen: Screen, now: Instant, who: Who | None) -> bytes:
    """Return the bytes of a page as of a minute, for everybody of one scope."""
    bar = bar_of(desk.views, desk.sites, screen.site, now)
    times = Times(now=now, zone=desk.zone(screen.site), off_since=bar.off_since)
    content = await screen.make(desk, times)
    home = home_of(desk, screen.site)

    def opened(word: str) -> bool:
        return word in desk.screens and (not who or opens(who.role, word))

    page = desk.templates.get_template(screen.template).render(
        content,
        desk=desk,
        t=times,
        bar=bar,
        site=desk.sites.get(screen.site),
        sites=desk.sites,
        enters=lambda kind: enters(desk, who, kind),
        opens=opened,
        home=home,
        always=shown_lines(ALWAYS, opened, home),
        ending=ending_words(desk.views.service_status.ending(home, now), times.zone),
        menus=menus(opened, home),
    )
    return page.encode("utf-8", "replace")


def home_of(desk: Desk, site: str) -> str:
    """Return the site whose lists the menus lead to: the page's own, or the only one there is."""
    if site in desk.sites:
        return site
    return next(iter(desk.sites)) if len(desk.sites) == 1 else ""


def enters(desk: Desk, who: Who | None, kind: str) -> bool:
    """Return whether forms of a kind are drawn: the node writes, and their role makes them."""
    if desk.access is None:
        return desk.writes
    return desk.writes and who is not None and may_enter(who.role, kind)


# A page is made once for everybody who may see it; whose header it carries is filled in for each.
# The marks are new with every start, so that no text of a message can hold one.
MARKS = tuple(f"{name}-{token_hex(8)}" for name in ("who", "grant", "station", "glass"))
WHO, GRANT, STATION, GLASS = MARKS


def _personal(who: Who, glass: str) -> str:
    """Return what tells one person's copy of a page from another's, as a header can hold it."""
    told = f"{who.account}|{who.name}|{who.grant}|{glass}"
    return blake2b(told.encode("utf-8", "replace"), digest_size=6).hexdigest()


def glass_of(request: Request) -> str:
    """Return what a page says that was opened by breaking the glass; "" for any other."""
    return str(getattr(request.state, "glass", ""))


def _not_to_keep(request: Request) -> dict[str, str]:
    """Return what tells a device to keep no copy: the glass closes again after four hours."""
    return {GLASS_HEADER: "1"} if glass_of(request) else {}


def for_person(body: bytes, who: Who | None, glass: str = "") -> bytes:
    """Return a page with the name, station and grant of the person it is shown to."""
    told = (who.name, who.grant, who.station) if who else ("", "", "")
    for mark, value in zip(MARKS, (*told, glass), strict=True):
        body = body.replace(mark.encode(), str(escape(value)).encode())
    return body


def whole_minute(at: Instant) -> Instant:
    """Return the minute a page is of."""
    return Instant(at - at % MINUTE)


async def patient_of(desk: Desk, handle: str) -> PatientKey:
    """Return whose handle this is, after merges; raises 404 when it is nobody's here."""
    people = desk.views.people
    found = desk.handles.recall(handle)
    more = found is None and len(handle) == HANDLE_LENGTH
    while more and found is None:
        more = desk.handles.learn(people.numbers(), LEARNT_AT_ONCE)
        found = desk.handles.recall(handle)
        await asyncio.sleep(0)
    if found is None or people.person(people.resolve(found)) is None:
        raise HTTPException(NOT_FOUND, "No patient of this node has this address.")
    return people.resolve(found)


@cache
def environment() -> tuple[Environment, str]:
    """Return the templates and the version of the assets they name: one set for a process.

    Several apps stand in one process (a demo's hospitals, the tests): none of it is an app's own.
    """
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    version = asset_version(sorted((HERE / "static").iterdir()))
    made.globals.update(
        assets=version,
        who=WHO,
        grant=GRANT,
        station=STATION,
        glass=GLASS,
        ward_url=ward_url,
        site_url=site_url,
        w=words,
        minutes=age_words,
    )
    return made, version


def asset_version(files: Collection[Path]) -> str:
    """Return what changes when a script or style changes, so that no browser keeps an old one."""
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def _html(body: bytes, status: int, headers: Mapping[str, str]) -> Response:
    return Response(body, status, dict(headers), media_type="text/html; charset=utf-8")
