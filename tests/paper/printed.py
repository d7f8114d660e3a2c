"""A ward pack printed, and read back as a nurse and a scanner would."""

from __future__ import annotations

import msgspec
import pypdfium2
import zxingcpp
from PIL.Image import Image
from tests.web.kept_copy import KeptCopy
from tests.web.ward_of_28 import EHR_OFF, NOW, SITE, ward

from wardlight.paper.packs.pack import ward_pack
from wardlight.paper.packs.sheets import UnitPack
from wardlight.paper.sheet_codes import PrintRun, Seal
from wardlight.paper.typeset import Press
from wardlight.record.sheet_serial import serial_of
from wardlight.run.paperwork.packs import unit_pack, unit_sheets
from wardlight.views.fold import Views

UNIT = "4E"
DPI = 150
SEAL = Seal(bytes(32))
FIRST = serial_of(0xABCDE, 1_000)
RUN = PrintRun(FIRST, SEAL)


class Printed:
    """The pages of a pack: their words, their codes, their pixels."""

    def __init__(self, body: bytes) -> None:
        self.document = pypdfium2.PdfDocument(body)
        self.texts = [
            " ".join(page.get_textpage().get_text_bounded().split()) for page in self.document
        ]

    def image(self, page: int) -> Image:
        """Return a page as a printer would put it on paper."""
        picture: Image = self.document[page].render(scale=DPI / 72).to_pil()
        return picture

    def codes(self, page: int) -> list[str]:
        """Return what a scanner reads on a page."""
        return [found.text for found in zxingcpp.read_barcodes(self.image(page))]

    def of(self, title: str) -> list[str]:
        """Return the texts of the pages of one form."""
        return [text for text in self.texts if text.startswith(title)]


def copy_in_downtime() -> Views:
    kept = KeptCopy(ward())
    kept.declare(EHR_OFF)
    return kept.views


def pack_of(views: Views, *, paper: str = "letter", head: str = "") -> UnitPack:
    site = msgspec.structs.replace(SITE, paper=paper)
    sheets = list(unit_sheets(views, site, UNIT, now=NOW))
    pack = unit_pack(views, site, UNIT, sheets, run=RUN, now=NOW)
    return msgspec.structs.replace(pack, head=head)


def printed(pack: UnitPack, press: Press) -> Printed:
    return Printed(ward_pack(pack, press, substitute=True).pdf.body)


def says(text: str, words: str) -> bool:
    """Return whether words stand in a text, wherever its lines were broken."""
    return "".join(words.split()) in "".join(text.split())
