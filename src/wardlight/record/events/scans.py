"""Pages back from paper: what was read on a scan, and what a person made of it (domain.md H1).

The picture itself lies sealed beside the log, named by its digest. A page is filed on its sheet's
patient or on nobody's; what its boxes say is a proposal until somebody confirms it.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Outcome(StrEnum):
    """What came of a page by itself."""

    FILED = "filed"
    UNMATCHED = "unmatched"


class BoxSaid(Struct, frozen=True, gc=False):
    """One box as it was read, and where it is in the picture: left, top, right, bottom."""

    name: str
    tick: str  # "ticked", "empty" or "unsure"
    place: tuple[int, int, int, int]


class PageScanned(Struct, frozen=True, kw_only=True, gc=False, tag="page.scanned"):
    """One page came back from paper."""

    image: str  # SHA-256 of the picture as it is kept
    file: str  # SHA-256 of the file it came in
    number: int  # page of that file
    outcome: Outcome
    because: str = ""  # why it is on no patient's sheet
    serial: str = ""  # eleven characters; "" where no code of this node was read
    form: str = ""
    page: int = 0
    corners: str = ""  # which corners' codes were read: "ABD"
    boxes: tuple[BoxSaid, ...] = ()
    labels: int = 0  # labels of patients that were read on it
    lies: tuple[float, ...] = ()  # millimetres to pixels, row by row; () without four corners
    source: str = ""  # "upload", or the name of the watched folder


class Decision(StrEnum):
    """What a person decided about a page."""

    FILE = "file"  # it is this patient's, or this sheet
    CHECK = "check"  # its boxes were compared with the picture
    SET_ASIDE = "set aside"  # nobody's sheet: a cover page, a test, rubbish


class PageSettled(Struct, frozen=True, kw_only=True, gc=False, tag="page.settled"):
    """A person settled a page."""

    image: str
    decision: Decision
    serial: str = ""  # of the sheet it was found to be
    page: int = 0
    ticked: tuple[str, ...] = ()  # of a checked page: the boxes that are ticked
    reason: str = ""


class Closed(StrEnum):
    """Why nothing more is entered from a row of a page."""

    NOTHING = "nothing written"
    ELSEWHERE = "in the record"  # entered at its own screen, or before the scan
    CANNOT = "cannot be entered"  # not readable, no time on it: the picture stays


class RowsClosed(Struct, frozen=True, kw_only=True, gc=False, tag="page.rows.closed"):
    """A person looked at rows of a page, and nothing more is to be entered from them."""

    image: str
    serial: str  # eleven characters
    page: int
    rows: tuple[str, ...]  # as a form's file has them: part and row, "1.3"
    of: int  # so many rows of the sheet, all its pages, become entries
    how: Closed
    reason: str = ""


ScanSaid = PageScanned | PageSettled | RowsClosed
