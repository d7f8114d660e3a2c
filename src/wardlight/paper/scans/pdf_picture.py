"""A page of a PDF that is one picture and nothing else, as scanners write it: opened, not drawn.

Drawing such a page takes four times as long. Whatever is not plainly that is drawn as before: other
objects, a mask, another colour space, a turned page, a picture that does not fill the page.
"""

from __future__ import annotations

from itertools import islice

from PIL import Image
from pypdfium2 import PdfImage, PdfPage, raw

DPI = 150
PIXELS_MAX = 80_000_000  # A4 at 900 dpi
POINTS_AN_INCH = 72
_OFF_MAX = 0.01  # of the page's side: how far the picture's edges may be from the page's
_COLOURS = (raw.FPDF_COLORSPACE_DEVICEGRAY, raw.FPDF_COLORSPACE_DEVICERGB)


def picture_of(page: PdfPage) -> Image.Image | None:
    """Return the one picture a page is made of, upright and whole; None if it has to be drawn.

    Raises PdfiumError for a picture that cannot be opened.
    """
    objects = list(islice(page.get_objects(max_depth=1), 2))
    if len(objects) != 1 or not isinstance(objects[0], PdfImage):
        return None
    turned = page.get_rotation() or raw.FPDFPage_GetAnnotCount(page)
    picture = objects[0]
    if turned or not _fills(picture, page) or not _plain(picture):
        return None
    opened: Image.Image = picture.get_bitmap().to_pil()
    return opened


def _fills(picture: PdfImage, page: PdfPage) -> bool:
    """Return whether a picture covers its page, not turned, with dots enough for our codes."""
    left, bottom, right, top = page.get_bbox()
    wide, high = right - left, top - bottom
    a, b, c, d, e, f = picture.get_matrix().get()
    off = max(abs(a - wide), abs(d - high), abs(b), abs(c), abs(e - left), abs(f - bottom))
    across, down = picture.get_px_size()
    dots = min(across / wide, down / high) * POINTS_AN_INCH
    even = abs(across * high - down * wide) <= _OFF_MAX * across * high
    return bool(even and off <= _OFF_MAX * min(wide, high) and dots >= DPI * (1 - _OFF_MAX))


def _plain(picture: PdfImage) -> bool:
    """Return whether a picture is a JPEG in grey or in red, green and blue, without a mask."""
    across, down = picture.get_px_size()
    return (
        picture.get_filters() == ["DCTDecode"]
        and across * down <= PIXELS_MAX
        and not raw.FPDFPageObj_HasTransparency(picture)
        and picture.get_metadata().colorspace in _COLOURS
    )
