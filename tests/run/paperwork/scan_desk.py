"""A room of scans over the ward of 28, with sheets in the register and a reader of its own."""

from __future__ import annotations

import asyncio
import io
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import zxingcpp
from PIL import Image
from tests.paper.scans.scanned import BOXES, SCANS, SEAL, SERIAL, Gray, codes_of, sheet
from tests.web.kept_copy import KeptCopy
from tests.web.screens import NUMBER, SITES, Screens, screens, whole_ward
from tests.web.ward_of_28 import NOW, key_of

from wardlight.record.events.paperwork import Origin, SheetRun, SheetsIssued
from wardlight.record.identity import PatientKey
from wardlight.rules.asking import Author
from wardlight.rules.paperwork.paperwork import issue_draft
from wardlight.run.paperwork.printed_past import PrintedPast
from wardlight.run.paperwork.reserved import ReservedSheets
from wardlight.run.paperwork.scan_answers import Layouts
from wardlight.run.paperwork.scan_files import ScanFiles
from wardlight.run.paperwork.scan_reader import ScanReader
from wardlight.run.paperwork.scan_room import Parts, ScanRoom
from wardlight.run.settings import Scans

CLERK = Author(account="sample", name="Clerk B. Sample")
BLANK = SERIAL.after(1)
TICKED = frozenset({"b000", "b205", "b511"})


@cache
def page_of(serial_after: int = 0, *, ticked: frozenset[str] = TICKED) -> Gray:
    """Return a clean scan of a sheet."""
    return sheet(ticked, codes=codes_of(SERIAL.after(serial_after)))


def as_png(page: Gray) -> bytes:
    """Return one page as a scanner's file."""
    body = io.BytesIO()
    Image.fromarray(page).save(body, "PNG")
    return body.getvalue()


def as_tiff(*pages: Gray) -> bytes:
    """Return pages as one file of a scanner."""
    body = io.BytesIO()
    first, *rest = map(Image.fromarray, pages)
    first.save(body, "TIFF", save_all=True, append_images=rest)
    return body.getvalue()


class ScanDesk:
    """The room, what it is asked, and the screens over it."""

    def __init__(
        self, folder: Path, settings: Scans | None = None, copy: KeptCopy | None = None
    ) -> None:
        self.folder = folder
        self.copy: KeptCopy = copy or whole_ward()
        self.patient: PatientKey = key_of(NUMBER)
        self.issue(0, self.patient)
        self.issue(1, None)
        self.reserved = ReservedSheets(folder, b"k" * 32)
        self.past = PrintedPast(
            self.reserved, self.copy.views, clock=lambda: NOW, write=self.copy.write
        )
        self.room = self.opened(settings)
        self.screens: Screens = screens(self.copy, scan_room=self.room)

    def opened(self, settings: Scans | None = None) -> ScanRoom:
        files = ScanFiles(self.folder, b"k" * 32)
        files.open()
        parts = Parts(
            sites=SITES,
            views=self.copy.views,
            clock=lambda: NOW,
            write=self.copy.write,
            seal=SEAL,
            past=self.past,
            layouts=lambda _: Layouts("a4", {"W3A.01": BOXES}),
        )
        return ScanRoom(parts, files, settings or Scans(), self.folder)

    def issue(self, after: int, patient: PatientKey | None) -> None:
        """Put one more sheet of a page into the register."""
        run = SheetRun(
            form="W3A",
            first=SERIAL.after(after).code(),
            pages=(1,),
            patients=(patient,) if patient else (),
        )
        said = SheetsIssued(runs=(run,), unit="4E", origin=Origin.PAD)
        draft = issue_draft(said, CLERK, site="MMH", now=NOW)

        async def write() -> None:
            await self.copy.write(draft)

        asyncio.run(write())

    def scan(self, *files: bytes) -> None:
        """Take files in and read them to their ends."""

        async def work() -> None:
            reader = ScanReader()
            for body in files:
                found = await self.room.take("MMH", body, source="upload", by=CLERK)
                assert found is None, found
            while await self.room.read_next(reader):
                pass
            await reader.close()

        asyncio.run(work())

    def said(self) -> list[tuple[str, str]]:
        """Return what came of every page, newest first: whose it is, and why nobody's."""
        pages = self.copy.views.scans.newest("MMH", 100)
        return [(str(one.patient), one.said.because) for one in pages]


def scans_of_a_night(copy: KeptCopy) -> ScanRoom:
    """Return a room with pages filed, a page nobody could place, and boxes to be compared."""
    desk = ScanDesk(Path(mkdtemp(prefix="wardlight-scans-")), copy=copy)
    coffee = SCANS["coffee"](page_of())
    desk.scan(as_tiff(coffee, page_of(1)), b"%PDF-1.7 nothing")
    return desk.room


def with_label(gray: Gray, text: str, at: tuple[int, int] = (300, 300)) -> Gray:
    """Return a page with a patient's label stuck on it."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix)
    code = np.array(made.to_image(scale=3, add_quiet_zones=True))
    worn = gray.copy()
    high, wide = code.shape
    worn[at[0] - 20 : at[0] + high + 20, at[1] - 20 : at[1] + wide + 20] = 255
    worn[at[0] : at[0] + high, at[1] : at[1] + wide] = code
    return worn
