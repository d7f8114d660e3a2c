"""Call sheets as they go round: printed, ticked with a pen, scanned, and read by the node."""

from __future__ import annotations

import asyncio
import io
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from tests.rules.clinics.clinic_day import AGENTS, ClinicDay
from tests.web.clinics.clinic_screens import ClinicScreens
from tests.web.screens import SITES

from wardlight.log.keys import Keys
from wardlight.paper.forms.form_layout import LEFT, TOP
from wardlight.paper.forms.form_library import Library
from wardlight.paper.scans.forms import boxes_of
from wardlight.run.paperwork.form_library import load_forms
from wardlight.run.paperwork.printed_past import PrintedPast
from wardlight.run.paperwork.reserved import ReservedSheets
from wardlight.run.paperwork.scan_answers import Layouts
from wardlight.run.paperwork.scan_files import ScanFiles
from wardlight.run.paperwork.scan_reader import ScanReader
from wardlight.run.paperwork.scan_room import Parts, ScanRoom
from wardlight.run.paperwork.sheet_numbers import SheetNumbers
from wardlight.run.settings import Scans
from wardlight.web.clinics.sheet_ticks import tick_boxes

Gray = NDArray[np.uint8]
DPI = 150
PAPER = SITES["MMH"].paper


@cache
def library() -> Library:
    """Return the forms as they are shipped."""
    return load_forms(Path("no folder of a site"))


class CallSheetRoom(ClinicScreens):
    """A clinic whose agents ring from paper, with a scanner beside them."""

    def __init__(self, folder: Path, visits: int = 21, day: ClinicDay | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.serials = SheetNumbers(folder, Keys(b"s" * 32), lambda: self.day.now)
        self.folder = folder
        super().__init__(visits, day)

    def rooms(self) -> dict[str, Any]:
        self.room = self._room()
        return {"serials": self.serials, "forms": library, "scan_room": self.room}

    def _room(self) -> ScanRoom:
        files = ScanFiles(self.folder, b"k" * 32)
        files.open()
        reserved = ReservedSheets(self.folder, b"k" * 32)
        past = PrintedPast(reserved, self.day.views, clock=lambda: self.day.now, write=self.write)
        parts = Parts(
            sites=SITES,
            views=self.day.views,
            clock=lambda: self.day.now,
            write=self.write,
            seal=self.serials.seal,
            past=past,
            layouts=lambda paper: Layouts(paper, boxes_of(library().forms.values(), paper)),
        )
        return ScanRoom(parts, files, Scans(), self.folder)

    def print(self, count: int) -> bytes:
        """Print the sheets of the next patients."""
        answer = self.site.post("/calls/MMH/sheets", {"sheets": str(count)})
        assert answer.status_code == 200, answer.text
        return answer.content

    def serial(self, number: int = 0) -> str:
        """Return the code of a sheet, in the order they were given out."""
        return self.day.views.contacts.sheets("MMH")[number].serial.code()

    def scan(self, *pages: Gray) -> None:
        """Let the scanner take pages in, and have them read."""

        async def work() -> None:
            reader = ScanReader()
            found = await self.room.take("MMH", as_tiff(*pages), source="upload", by=AGENTS[0])
            assert found is None, found
            while await self.room.read_next(reader):
                pass
            await reader.close()

        asyncio.run(work())


def drawn(body: bytes) -> list[Gray]:
    """Return the pages of a PDF as a scanner sees them."""
    document = pypdfium2.PdfDocument(body)
    pages = [
        document[at].render(scale=DPI / 72, grayscale=True).to_numpy()
        for at in range(len(document))
    ]
    return [np.array(one if one.ndim == 2 else one[..., 0]) for one in pages]


def ticked(page: Gray, *names: str) -> Gray:
    """Return a page on which these boxes were crossed with a pen."""
    boxes = tick_boxes(library().forms["CALA"], PAPER)
    image = Image.fromarray(page.copy())
    pen = ImageDraw.Draw(image)
    px = DPI / 25.4
    for name in names:
        box = boxes[name]
        left, top = (box.x + LEFT) * px + 4, (box.y + TOP) * px + 4
        right, bottom = left + box.w * px - 8, top + box.h * px - 8
        pen.line((left, top, right, bottom), fill=20, width=3)
        pen.line((left, bottom, right, top), fill=20, width=3)
    return np.array(image)


def chosen(page: str) -> list[tuple[str, str]]:
    """Return what the form of a page would send as it stands: hidden, checked and selected."""
    form = page[page.index('data-kind="contact.attempted"') :].partition("</form>")[0]
    hidden = re.findall(r'type="hidden" name="(sheet|plan_of|plan|text)" value="([^"]*)"', form)
    checked = re.findall(r'name="(\w+)" value="([^"]*)" checked', form)
    phone = re.findall(r"<option selected>([^<]*)</option>", form)
    return [*hidden, *checked, *(("phone", one) for one in phone)]


def as_tiff(*pages: Gray) -> bytes:
    """Return pages as one file of a scanner."""
    body = io.BytesIO()
    first, *rest = map(Image.fromarray, pages)
    first.save(body, "TIFF", save_all=True, append_images=rest)
    return body.getvalue()
