"""A network that publishes, over a small region whose staff speak."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
from starlette.applications import Starlette
from tests.rules.services.public_region import PublicRegion
from tests.rules.services.region import SITES
from tests.web.screens import shipped_press

from wardlight.record import catalogue
from wardlight.record.entry import Draft, Entry
from wardlight.record.sources import Site
from wardlight.run.outside import Outside
from wardlight.run.settings import Outside as Told
from wardlight.run.settings import Settings
from wardlight.views.services.downtimes import declaration
from wardlight.web.app import create_app
from wardlight.web.handles import Handles

HOMES = {code: Site(code=code, name=name) for code, name in SITES.items()}


class Published(PublicRegion):
    """A region with everything it publishes."""

    def __init__(self, folder: Path, *, page: str = "page", schemas: str = "") -> None:
        super().__init__()
        told = Told(
            network="Lakeside Health",
            sender="wardlight@lakeside.example",
            area="Sample County",
            page=page,
            schemas=schemas,
        )
        settings = Settings(sites=tuple(HOMES.values()), outside=told)
        self.folder = folder
        self.outside = Outside(lambda: self.views, settings, HOMES, lambda: self.now, folder)

    def look(self) -> tuple[str, ...]:
        """Let the node renew what it publishes; return what screens say."""
        self.outside.look()
        return self.outside.said

    def begin_drill(self) -> None:
        """Declare a drill at every site."""
        for site in HOMES:
            self.keep(
                Draft(
                    site=site,
                    source=catalogue.STAFF,
                    author="test",
                    subject="",
                    kind=catalogue.DOWNTIME_DECLARED,
                    version=1,
                    occurred=self.now,
                    recorded=self.now,
                    body=declaration(self.now, drill=True),
                )
            )

    def app(self) -> Starlette:
        """Return the screens with what is published beside them."""
        return create_app(
            views=self.views,
            sites=HOMES,
            clock=lambda: self.now,
            handles=Handles(b"a key of the tests, 32 bytes...."),
            write=self._write,
            seal_at=lambda _: "0" * 16,
            tables=self.tables,
            press=shipped_press,
            outside=self.outside.rows,
            network=self.outside.network,
            routes=self.outside.routes(lambda: self.outside.said),
        )

    def get(self, path: str) -> httpx.Response:
        """Read an address as a program of this machine."""
        return asyncio.run(self._ask(path))

    async def _ask(self, path: str) -> httpx.Response:
        transport = httpx.ASGITransport(self.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path)

    async def _write(self, draft: Draft) -> Entry:
        self.keep(draft)
        return self.log[-1]
