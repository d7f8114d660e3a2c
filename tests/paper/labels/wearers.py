"""Invented patients for bands and labels, and what is read off them."""

from __future__ import annotations

import pypdfium2
import zxingcpp
from PIL.Image import Image

from wardlight.paper.labels.wearer import Specimen, Wearer, numbered
from wardlight.paper.packs.sheets import Pdf
from wardlight.record.codes import AllergyState
from wardlight.record.downtime_number import DowntimeNumber
from wardlight.record.identity import PersonName
from wardlight.record.instants import PartialDate

NUMBER = DowntimeNumber.of(3, 286, 61)  # DT-00Q1-1C79
PREFIX = "9521234"
SIOBHAN = Wearer(
    **numbered(NUMBER),
    name=PersonName("O'Brien-Sample", "Siobhán", "", "Ms"),
    birth=PartialDate(1958, 3, 9),
    sex="F",
    name_alert=True,
    allergies=AllergyState.KNOWN,
)
UNKNOWN = Wearer(
    **numbered(NUMBER, prefix=PREFIX, instance=2),
    called="Unknown male, about 40",
    age="about 40",
    sex="M",
    unconfirmed=True,
)
LONGEST = Wearer(
    **numbered(DowntimeNumber.of(3, 286, 61, drill=True)),
    name=PersonName("W" * 60, "M" * 58),
    birth=PartialDate(1958, 3, 9),
    sex="F",
    relation="Twin 2 of DT-00Q1-1C79",
    unconfirmed=True,
    name_alert=True,
    allergies=AllergyState.KNOWN,
)
BLOOD = Specimen(
    wearer=SIOBHAN,
    accession="RV-00123-4",
    what="CBC, EDTA",
    collected="22-Nov-2026 03:12 RN A. Mensah",
    urgent=True,
)


def named(family: str) -> Wearer:
    return Wearer(**numbered(NUMBER), name=PersonName(family, "Test"))


def texts(pdf: Pdf) -> list[str]:
    pages = pypdfium2.PdfDocument(pdf.body)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pages]


def millimetres(pdf: Pdf) -> tuple[int, int]:
    page = pypdfium2.PdfDocument(pdf.body)[0]
    return round(page.get_width() / 72 * 25.4), round(page.get_height() / 72 * 25.4)


def scanned(pdf: Pdf, *, page: int = 0, dpi: int = 203) -> list[str]:
    """Return what a scanner reads on a page as a label printer puts it on paper."""
    image: Image = pypdfium2.PdfDocument(pdf.body)[page].render(scale=dpi / 72).to_pil()
    return [found.text for found in zxingcpp.read_barcodes(image)]


def outside(pdf: Pdf, width: float, height: float) -> int:
    """Return how many letters of the first page stand outside a box from its corner, in mm."""
    page = pypdfium2.PdfDocument(pdf.body)[0]
    text, high = page.get_textpage(), page.get_height()
    boxes = [text.get_charbox(number) for number in range(text.count_chars())]
    unit = 72 / 25.4
    return sum(
        right > width * unit or left < 0 or bottom < high - height * unit or top > high
        for left, bottom, right, top in boxes
    )
