"""A site's own PDF within our frame: each page as large as the space between the codes allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

import pypdfium2
from msgspec import Struct

from wardlight.paper.forms.form_layout import BODY_END, BODY_TOP, LEFT, TOP, WIDTH

POINT = 72 / 25.4  # points of a millimetre
INSET = 0.5  # mm, within the outline


class Document(Struct, frozen=True):
    """A protocol or an order set of a site, as it was approved."""

    body: bytes
    pages: int


def one_after_the_other(bodies: Sequence[bytes]) -> bytes:
    """Return several PDFs as one, in their order; a single one is left as it is."""
    if len(bodies) == 1:
        return bodies[0]
    joined = pypdfium2.PdfDocument(bodies[0])
    for body in bodies[1:]:
        joined.import_pages(pypdfium2.PdfDocument(body))
    out = BytesIO()
    joined.save(out)
    return out.getvalue()


def framed(pages: bytes, wanted: Iterator[tuple[Document, int] | None]) -> bytes:
    """Return printed pages with documents drawn into them; `wanted` says which, page by page."""
    target = pypdfium2.PdfDocument(pages)
    opened: dict[int, pypdfium2.PdfDocument] = {}
    for page, asked in zip(target, wanted, strict=True):
        if asked is None:
            continue
        document, number = asked
        source = opened.setdefault(id(document), pypdfium2.PdfDocument(document.body))
        _draw(target, page, source, number)
    out = BytesIO()
    target.save(out)
    return out.getvalue()


def _draw(
    target: pypdfium2.PdfDocument,
    page: pypdfium2.PdfPage,
    source: pypdfium2.PdfDocument,
    number: int,
) -> None:
    width, height = source[number].get_size()
    room_w, room_h = (WIDTH - 2 * INSET) * POINT, (BODY_END - BODY_TOP - 2 * INSET) * POINT
    by = min(room_w / width, room_h / height)
    left = LEFT * POINT + INSET * POINT + (room_w - width * by) / 2
    top = page.get_height() - (TOP + BODY_TOP + INSET) * POINT - (room_h - height * by) / 2
    drawn = source.page_as_xobject(number, target).as_pageobject()
    drawn.set_matrix(pypdfium2.PdfMatrix().scale(by, by).translate(left, top - height * by))
    page.insert_obj(drawn)
    page.gen_content()
