"""What a node publishes, kept up to date while it runs: documents, the public page, figures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.routing import BaseRoute

from wardlight.outputs.outside.documents import ATOM, CAP_ALERT, HAVE, Documents, Publisher
from wardlight.outputs.outside.metrics import metrics
from wardlight.outputs.outside.routes import outside_routes
from wardlight.outputs.outside.schemas import Schemas
from wardlight.outputs.outside.status_page import StatusPage, write_page
from wardlight.record.instants import Clock, clinical_time
from wardlight.record.sources import Site
from wardlight.run.clock import system_clock
from wardlight.run.commands.say import EXIT_FAILED, EXIT_NOT_FOUND, document, fail, line
from wardlight.run.faults import sentence
from wardlight.run.node_views import node_views
from wardlight.run.settings import Settings
from wardlight.views.fold import Views
from wardlight.web.care import CareRow
from wardlight.wire.edxl.cap import Sender, in_one_word

LOOK_SECONDS = 2.0  # from a word on a service to the page on disk
DETAILS_EVERY = 15  # looks between two checks of all documents


class Outside:
    """Everything published of one node."""

    def __init__(
        self,
        views: Callable[[], Views],
        settings: Settings,
        sites: Mapping[str, Site],
        clock: Clock,
        folder: Path,
    ) -> None:
        """Take the real `views`; paths of the settings are inside `folder`, or absolute."""
        told = settings.outside
        self.network = told.network or settings.first_site().name
        self._views, self._sites, self._clock = views, sites, clock
        self._zone = settings.first_site().zone
        by = Sender(
            sender=in_one_word(told.sender or f"wardlight.{settings.node or _codes(sites)}"),
            network=self.network,
            zone=self._zone,
            restriction=told.restriction,
            area=told.area or self.network,
        )
        publisher = Publisher(by=by, base=told.address.rstrip("/"))
        schemas = Schemas(folder / told.schemas if told.schemas else None)
        self.documents = Documents(views, sites, clock, publisher, schemas)
        page = folder / told.page if told.page else None
        self.page = StatusPage(views, sites, clock, self.network, page)
        self.said: tuple[str, ...] = ()  # what every screen has to say

    async def keep_up(self) -> None:
        """Write the page at every change, and see what is wrong before somebody outside does."""
        looks = 0
        while True:
            try:
                self.look(documents=looks % DETAILS_EVERY == 0)
            except Exception as error:  # noqa: BLE001 -- one bad turn must not end all later ones
                self.said = (f"What is told outside was not renewed: {sentence(error)}",)
            looks += 1
            await asyncio.sleep(LOOK_SECONDS)

    def look(self, *, documents: bool = True) -> None:
        """Renew what is published, once."""
        self.page.renew()
        if documents:
            self.documents.look()
        self.said = (*self.documents.troubles(), *self.page.troubles())

    def routes(self, notices: Callable[[], tuple[str, ...]]) -> list[BaseRoute]:
        """Return the addresses of what is published."""

        def figures() -> str:
            count = len(notices())
            return metrics(self._views(), self._sites, self._clock(), notices=count)

        return outside_routes(self.documents, self.page, figures)

    def rows(self) -> tuple[CareRow, ...]:
        """Return where everything went, for the screen."""
        page = self.page
        where = f"written to {page.folder}" if page.folder else "served at /status/ only"
        at = page.written
        when = f", {clinical_time(at, self._zone)}" if at is not None else ""
        checked = self.documents.checked_by()
        made = self.documents.have()
        have = f"checked by {checked}" if made else "nothing was said of any hospital yet"
        sent = f"{len(self.documents.alerts())} messages so far"
        wrong = self.documents.trouble_of(HAVE)
        wrong_alerts = self.documents.trouble_of(ATOM, CAP_ALERT)
        return (
            CareRow(what="Public page", good=not page.trouble, said=page.trouble or where + when),
            CareRow(what="/edxl/have.xml", good=not wrong, said=wrong or have),
            CareRow(what="/cap/alerts.atom", good=not wrong_alerts, said=wrong_alerts or sent),
        )


def _codes(sites: Mapping[str, Site]) -> str:
    return next(iter(sites), "node")


def run_status_page(data: Path, *, out: Path, as_json: bool) -> None:
    """Write the public page of a node's folder into `out`, whether the node runs or not."""
    with node_views(data) as (views, settings):
        clock = system_clock
        sites = {site.code: site for site in settings.sites}
        made = Outside(lambda: views, settings, sites, clock, data)
        notices = made.page.notices()
        if not notices:
            fail("nothing is approved for the public yet (screen /public)", EXIT_NOT_FOUND)
        try:
            first = write_page(out, notices, clock())
        except OSError as error:
            fail(f"{out}: {error.strerror}", EXIT_FAILED)
    files = sorted(str(path) for path in out.iterdir() if path.is_file())
    if as_json:
        document("wardlight.status-page.1", {"index": str(first), "files": files})
        return
    line(f"{first}: copy the whole folder {out} to any web host")
