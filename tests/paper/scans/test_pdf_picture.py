import io
from typing import Any

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from tests.paper.scans.scanned import SCANS, SERIAL, codes_of, sheet

from wardlight.paper.scans.pdf_picture import DPI, picture_of
from wardlight.paper.scans.pictures import pages_of

PAGE = Image.fromarray(SCANS["noisy"](sheet(frozenset(), codes=codes_of(SERIAL), seed=3)))


def pdf(*pages: Image.Image, dpi: float = 150.0) -> bytes:
    body = io.BytesIO()
    first, *rest = pages
    first.save(body, "PDF", resolution=dpi, save_all=True, append_images=rest)
    return body.getvalue()


def jpeg(page: Image.Image) -> io.BytesIO:
    body = io.BytesIO()
    page.save(body, "JPEG")
    body.seek(0)
    return body


def drawn(body: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    page = pypdfium2.PdfDocument(body)[0]
    return np.array(page.render(scale=DPI / 72, grayscale=True).to_pil().convert("L"))


def coarse(gray: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> np.ndarray[Any, Any]:
    """Return the mean grey of each 5 mm, whatever the picture's own size."""
    small = Image.fromarray(gray).resize((42, 59), Image.Resampling.BOX)
    return np.array(small, dtype=int)


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_page_that_is_one_picture_is_opened_as_it_would_be_drawn(mode: str) -> None:
    body = pdf(PAGE.convert(mode))
    assert picture_of(pypdfium2.PdfDocument(body)[0]) is not None
    (opened,) = pages_of(body)
    assert np.abs(coarse(opened) - coarse(drawn(body))).max() < 8


def test_ink_that_is_stored_the_other_way_round_is_opened_as_it_would_be_drawn() -> None:
    body = pdf(PAGE).replace(b"/DeviceGray", b"/DeviceGray /Decode [1 0]")
    (opened,) = pages_of(body)
    assert drawn(body).mean() < 128
    assert np.abs(coarse(opened) - coarse(drawn(body))).max() < 8


def changed(name: str) -> bytes:
    """Return a page that is not plainly one picture as it lies."""
    if name == "turned":
        return pdf(PAGE).replace(b"/MediaBox", b"/Rotate 90 /MediaBox")
    if name == "two colours":
        return pdf(PAGE.convert("1"))
    if name == "few dots":
        return pdf(PAGE.reduce(2), dpi=75.0)
    if name == "indexed":
        return pdf(PAGE.convert("P"))
    document = pypdfium2.PdfDocument(pdf(PAGE))
    page = document[0]
    if name == "beside the page":
        page.set_mediabox(-100, 0, 500, 842)
    if name == "cut":
        page.set_cropbox(0, 400, 595, 842)
    if name == "two pictures":
        other = pypdfium2.PdfImage.new(document)
        other.load_jpeg(jpeg(PAGE), inline=True)
        page.insert_obj(other)
        page.gen_content()
    body = io.BytesIO()
    document.save(body)
    return body.getvalue()


CHANGED = (
    "turned",
    "two colours",
    "few dots",
    "indexed",
    "beside the page",
    "cut",
    "two pictures",
)


@pytest.mark.parametrize("name", CHANGED)
def test_whatever_is_not_plainly_one_picture_is_drawn(name: str) -> None:
    body = changed(name)
    assert picture_of(pypdfium2.PdfDocument(body)[0]) is None
    (opened,) = pages_of(body)
    assert np.array_equal(opened, drawn(body))
