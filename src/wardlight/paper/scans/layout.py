"""Where boxes and codes stand on a sheet, as the reader of scans looks for them.

Millimetres from the outer corner of code A (top left), as `paper.form_layout` has them.
"""

from __future__ import annotations

from msgspec import Struct

from wardlight.paper.forms.form_layout import TICK, codes_of
from wardlight.paper.sheet_codes import CORNERS


class BoxAt(Struct, frozen=True):
    """One tick box of a form: its name, and the outer edge of its printed outline."""

    name: str
    x: float
    y: float
    side: float = TICK


def code_corners(corner: str, paper: str) -> list[tuple[float, float]]:
    """Return the outline of one corner's code, as a reader gives it."""
    left, top, side = codes_of(paper)[CORNERS.index(corner)]
    right, bottom = left + side, top + side
    return [(left, top), (right, top), (right, bottom), (left, bottom)]
