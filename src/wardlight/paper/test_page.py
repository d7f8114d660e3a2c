"""A printer's test page: whether it prints edge to edge, in black, sharp enough for our codes."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from wardlight.paper.packs.sheets import Pdf
from wardlight.paper.sheet_codes import drawn
from wardlight.paper.typeset import Press, typeset_alone

CHECKS = (
    "All four corner marks and the frame are there: nothing is cut off.",
    "The letters of every size can be read, and the grey steps differ.",
    "The line is as long as it says: nothing was scaled. Print at 100 %, never “fit to page”.",
    "Scan the square code with any phone: it shows the number printed under it.",
)


class TestPage(Struct, frozen=True, kw_only=True):
    """What stands on a test page; nothing of any patient."""

    __test__ = False  # to pytest

    site: str
    printer: str
    number: str  # of the job, so that the page in the tray can be told from last week's
    printed: str  # when, in words
    by: str


def test_page(page: TestPage, press: Press, *, paper: str) -> Pdf:
    """Return the page."""
    size, path = drawn(f"WLT.{page.number.upper()}")
    content = {
        "paper": paper,
        "fonts": press.families,
        "code": {"size": size, "path": path},
        "number": f"WLT.{page.number.upper()}",
        "checks": CHECKS,
        "facts": [
            ("Hospital", page.site),
            ("Printer", page.printer),
            ("Printed", page.printed),
            ("By", page.by),
        ],
    }
    files = {"test_page.json": msgspec.json.encode(content)}
    return Pdf(typeset_alone("test_page.typ", files, press), 1)


test_page.__test__ = False  # type: ignore[attr-defined]  # pytest takes it for a test
