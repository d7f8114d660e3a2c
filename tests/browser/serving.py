"""The screens served on this machine for as long as a test module looks at them."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import mkdtemp

import uvicorn
from starlette.applications import Starlette
from tests.run.paperwork.handwritten import FORM, file_handwritten
from tests.run.paperwork.scan_desk import scans_of_a_night
from tests.web.kept_copy import KeptCopy
from tests.web.paperwork.print_room import print_centre
from tests.web.screens import HANDLES, SITES, patient, shipped_press, shipped_tables, whole_ward
from tests.web.ward_of_28 import NOW

from wardlight.log.keys import Keys
from wardlight.record.downtime_number import numbers_of_block
from wardlight.run.paperwork.form_library import FormShelf
from wardlight.run.paperwork.sheet_numbers import SheetNumbers
from wardlight.run.region import keep_tables, region_of
from wardlight.sim.region_places import FILES
from wardlight.web.app import create_app

SCREENS = {
    "wards": "/",
    "ward": "/ward/MMH/4E",
    "patient": patient(),
    "medicines": patient(path="/medicines"),
    "results": patient(path="/results"),
    "unknown patient": patient("0000000014"),
    "clinics": "/clinics/MMH",
    "left": "/left/MMH",
    "expected": "/expected/MMH",
    "feeds": "/feeds",
    "unread": "/unread",
    "search": "/search",
    "observations": patient(path="/observations"),
    "notes": patient(path="/notes"),
    "orders": patient(path="/orders"),
    "order queue": "/orders/MMH",
    "hand-off": "/handoff/MMH/4E",
    "register": "/register/MMH",
    "registered": "/registered/MMH",
    "place": patient(path="/place"),
    "ed log": "/ed/MMH",
    "services": "/services/MMH",
    "history of services": "/services/MMH/history",
    "neighbours": "/neighbours",
    "destinations": "/destinations",
    "map": "/map",
    "look-alikes": "/duplicates/MMH",
    "declare": "/declare",
    "to look at": "/look-at/MMH",
    "print": "/printers/MMH",
    "paper": "/paper/MMH",
    "sheets": "/paper/MMH/sheets?state=all",
    "sheets of a patient": patient(path="/paper"),
    "what the public reads": "/public",
    "scans": "/scans/MMH",
    "to enter": "/scans/MMH/to-enter",
    "scans of a patient": patient(path="/scans"),
    "my entries": "/my-entries",
    "nothing": "/nothing/here",
}


class Numbers:
    """Gives block after block of downtime numbers."""

    def __init__(self) -> None:
        self._block = 0

    async def reserve(self, site: str, station: str, *, drill: bool = False) -> list[str]:
        """Return the next block."""
        assert site
        assert isinstance(station, str)
        self._block += 1
        return [one.text() for one in numbers_of_block(7, self._block, drill=drill)]

    async def one(self, site: str, *, drill: bool = False) -> str:
        """Return one number of a block of its own."""
        return (await self.reserve(site, "", drill=drill))[0]


class Served:
    """A running server and what it shows."""

    def __init__(self, address: str, copy: KeptCopy) -> None:
        self.address = address
        self.copy = copy

    def url(self, screen: str) -> str:
        """Return the whole address of a screen."""
        return self.address + SCREENS[screen]

    def handwritten(self) -> str:
        """Return the whole address where a sheet that was filled in is entered, row by row."""
        pages = self.copy.views.scans.newest("MMH", 99)
        image = next(one.said.image for one in pages if one.said.form == FORM)
        return f"{self.address}{patient(path=f'/scans/{image}/enter')}"


@contextlib.contextmanager
def served() -> Iterator[Served]:
    """Serve the ward of 28 with its EHR off until the block ends."""
    copy = whole_ward()
    with ThreadPoolExecutor() as beside:  # where a browser is open its loop runs in this thread
        centre = beside.submit(print_centre, copy).result()
        room = beside.submit(scans_of_a_night, copy).result()
        beside.submit(file_handwritten, copy, room).result()
    folder = Path(mkdtemp())
    keep_tables(folder, FILES)
    app = create_app(
        views=copy.views,
        sites=SITES,
        clock=lambda: NOW,
        handles=HANDLES,
        write=copy.write,
        seal_at=copy.seal_at,
        tables=shipped_tables(),
        region=region_of(folder),
        press=shipped_press,
        numbers=Numbers(),
        print_centre=centre,
        serials=SheetNumbers(folder, Keys(bytes(32)), lambda: NOW),
        forms=FormShelf(folder),
        scan_room=room,
    )
    with listening(app) as address:
        yield Served(address, copy)


@contextlib.contextmanager
def listening(app: Starlette) -> Iterator[str]:
    """Give the address of an application that is served until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=5)
