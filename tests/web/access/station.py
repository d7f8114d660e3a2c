"""A node people sign in at, and the station one of them stands at: a browser with its cookies."""

from __future__ import annotations

import asyncio
import json

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from tests.web.kept_copy import KeptCopy
from tests.web.screens import HANDLES, SITES, shipped_press, shipped_tables
from tests.web.ward_of_28 import NOW, SITE

from wardlight.record.entry import Draft, Entry
from wardlight.record.events.access import Role, StaffDisabled, StaffStated
from wardlight.record.instants import Clock, Instant
from wardlight.web.access.credentials import Cost, Credentials
from wardlight.web.access.door import Door
from wardlight.web.access.machines import digest_of
from wardlight.web.app import create_app
from wardlight.web.entering.writing import NotKeptError

PASSPHRASE = "four quiet words at night"  # noqa: S105 -- of nobody
PIN = "482915"
BADGE = "04A22B19"
LIGHT = Cost(passes=1, memory_kib=8, lanes=1)  # hundreds of people are hired here, none is real


async def _metadata(_: Request) -> JSONResponse:
    return JSONResponse({"resourceType": "CapabilityStatement"})


class Hands:
    """A clock the test sets."""

    def __init__(self, at: Instant = NOW) -> None:
        self.at = at

    def __call__(self) -> Instant:
        return self.at

    def go_on(self, ms: int) -> None:
        """Let time pass."""
        self.at = Instant(self.at + ms)


class MemoryVault:
    """Keeps credentials for as long as the test runs."""

    def __init__(self) -> None:
        self.body = b""

    def load(self) -> bytes:
        return self.body

    def save(self, body: bytes) -> None:
        self.body = body


class Engine:
    """A program that may read."""

    name = "interface engine"
    digest = digest_of("token of the engine")


class SiteRules:
    """What the site of the tests decides of its doors."""

    idle_minutes = 5
    session_hours = 12
    programs_here = True
    programs = (Engine(),)


class Station:
    """One browser: it keeps its cookies from one request to the next."""

    def __init__(self, house: House, address: str = "10.4.0.17") -> None:
        self.house = house
        self.cookies = httpx.Cookies()
        self.address = address

    def get(self, path: str, accept: str = "text/html", **headers: str) -> httpx.Response:
        """Open an address by hand."""
        return self._ask("GET", path, None, {"accept": accept, **headers})

    def post(self, path: str, **data: str) -> httpx.Response:
        """Send a form."""
        return self._ask("POST", path, data, {"accept": "text/html"})

    def send(self, path: str, body: object, host: str = "localhost:8080") -> httpx.Response:
        """Send JSON, as a script of a page does."""
        headers = {"host": host, "content-type": "application/json", "accept": "*/*"}
        return self._ask("POST", path, json.dumps(body).encode(), headers)

    def sign_in(self, account: str, how: str = "passphrase") -> httpx.Response:
        """Sign in by passphrase, or by badge."""
        if how == "badge":
            return self.post("/sign-in", badge=BADGE, pin=PIN)
        return self.post("/sign-in", account=account, passphrase=PASSPHRASE)

    def let_in(self, account: str) -> Station:
        """Open a session for somebody without their proving anything: quick, for other tests."""
        opening = self.house.door.open_session(account, "0" * 12, "test")
        self.cookies.set("wardlight-session", asyncio.run(opening), domain="127.0.0.1")
        return self

    def _ask(
        self, method: str, path: str, data: dict[str, str] | bytes | None, headers: dict[str, str]
    ) -> httpx.Response:
        return asyncio.run(self.asked(method, path, data, headers))

    async def asked(
        self, method: str, path: str, data: dict[str, str] | bytes | None, headers: dict[str, str]
    ) -> httpx.Response:
        """Ask once, on the loop that is running."""
        transport = httpx.ASGITransport(self.house.app, client=(self.address, 40_000))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8080", cookies=self.cookies
        ) as client:
            form = data if isinstance(data, dict) else None
            body = data if isinstance(data, bytes) else None
            answer = await client.request(method, path, headers=headers, data=form, content=body)
            self.cookies = client.cookies
        return answer


class House:
    """A node with its door: its log is a kept copy, its clock is set by hand."""

    def __init__(self, copy: KeptCopy, *, vault: MemoryVault | None = None) -> None:
        self.copy = copy
        self.clock = Hands()
        self.log_is_full = False
        self.vault = vault or MemoryVault()
        self._open(self.clock)

    def _open(self, clock: Clock) -> None:
        self.door = Door(
            staff=lambda: self.copy.views.staff,
            credentials=Credentials(self.vault, b"pepper of the tests", LIGHT),
            key=b"session key of the tests",
            clock=clock,
            write=self._write,
            site=SITE.code,
            rules=SiteRules(),
        )
        self.app = create_app(
            views=self.copy.views,
            sites=SITES,
            clock=clock,
            handles=HANDLES,
            access=self.door,
            write=self._write,
            seal_at=self.copy.seal_at,
            tables=shipped_tables(),
            press=shipped_press,
            routes=[Route("/fhir/metadata", _metadata)],
        )

    async def _write(self, draft: Draft) -> Entry:
        if self.log_is_full:
            raise NotKeptError("The log cannot take anything just now.")
        return await self.copy.write(draft)

    def restart(self) -> None:
        """Stop the node and start it again: what is not in the log or the vault is gone."""
        self.copy.views = self.copy.reopened()
        self._open(self.clock)

    def hire(
        self, account: str, role: Role = Role.NURSE, *units: str, passphrase: str = PASSPHRASE
    ) -> None:
        """Let somebody work here, with a passphrase."""
        said = StaffStated(account=account, name=f"{account} Sample", role=role, units=units)
        asyncio.run(self.door.state(said, "test"))
        if passphrase:
            self.door.credentials.set_passphrase(account, passphrase)

    def end(self, account: str) -> None:
        """End somebody's access, but leave their credentials: the door alone has to hold."""
        asyncio.run(self.door.say(StaffDisabled(account=account), "test"))

    def station(self, address: str = "10.4.0.17") -> Station:
        """Return a browser that never was here."""
        return Station(self, address)
