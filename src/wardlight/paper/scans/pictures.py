"""A file of a scanner as pages of grey, 150 dots to the inch. Runs in a process of its own.

What comes from a scanner, a stick or an upload is hostile until proven otherwise: only PDF, JPEG,
TIFF and PNG are looked at, by their first bytes, and nothing larger than a page can be.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image

from wardlight.paper.scans.pdf_picture import DPI, PIXELS_MAX, picture_of

FILE_BYTES_MAX = 100 * 1024 * 1024
PAGES_MAX = 500
SIDE_MAX = 3_400  # pixels of a page as it is looked at: A3 at 200 dpi
PAGE_INCHES_MAX = 30.0
JPEG_QUALITY = 80
_PDF, _FORMATS = b"%PDF-", ("JPEG", "TIFF", "PNG")
_WHOLE_PIXELS = 2_100  # of the longer side; more than that is made smaller


class BadPictureError(Exception):
    """The file is no scan that can be read; the words say why, without anything of its content."""


def pages_of(body: bytes) -> Iterator[NDArray[np.uint8]]:
    """Give the pages of a file; raises BadPictureError."""
    if len(body) > FILE_BYTES_MAX:
        raise BadPictureError("The file is too large. Scan fewer pages at once.")
    yield from _pdf(body) if body.lstrip()[:5] == _PDF else _picture(body)


def _pdf(body: bytes) -> Iterator[NDArray[np.uint8]]:
    try:
        document = pypdfium2.PdfDocument(body)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        raise BadPictureError("This PDF cannot be opened: damaged, or with a password.") from error
    if count > PAGES_MAX:
        raise BadPictureError(f"A file has at most {PAGES_MAX} pages.")
    for number in range(count):
        try:
            page = document[number]
            width, height = page.get_size()
            if not 0 < max(width, height) <= PAGE_INCHES_MAX * 72:
                raise BadPictureError(f"Page {number + 1} is larger than paper.")
            picture = picture_of(page) or page.render(scale=DPI / 72, grayscale=True).to_pil()
        except pypdfium2.PdfiumError as error:
            raise BadPictureError(f"Page {number + 1} of this PDF cannot be drawn.") from error
        yield _gray(picture)
        page.close()


def _picture(body: bytes) -> Iterator[NDArray[np.uint8]]:
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = Image.open(io.BytesIO(body), formats=_FORMATS)
            count = getattr(image, "n_frames", 1)
            if count > PAGES_MAX:
                raise BadPictureError(f"A file has at most {PAGES_MAX} pages.")
            for number in range(count):
                image.seek(number)
                yield _gray(image)
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise BadPictureError("This is no PDF, JPEG, TIFF or PNG that can be read.") from error
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise BadPictureError("This picture is larger than paper.") from error


def _gray(image: Image.Image) -> NDArray[np.uint8]:
    """Return a picture in grey, no larger than a page has to be."""
    if image.format == "JPEG":
        image.draft("L", (_WHOLE_PIXELS // 2, _WHOLE_PIXELS // 2))
    gray = image.convert("L")
    longer = max(gray.size)
    if longer > _WHOLE_PIXELS:
        gray = gray.reduce(max(round(longer / (_WHOLE_PIXELS - 300)), 1))
    if max(gray.size) > SIDE_MAX:
        raise BadPictureError("This picture is longer than paper.")
    return np.array(gray)


def as_jpeg(gray: NDArray[np.uint8]) -> bytes:
    """Return a page as it is kept and shown."""
    body = io.BytesIO()
    Image.fromarray(gray).save(body, "JPEG", quality=JPEG_QUALITY)
    return body.getvalue()
