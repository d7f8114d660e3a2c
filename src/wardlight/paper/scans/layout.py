"""Where things stand on a sheet, in millimetres from the outer corner of code A (top left).

The codes stand at fixed places on every sheet: 16 mm wide, 12 mm from the sides of the paper and
10 mm from its top and bottom (templates/page.typ).
"""

from __future__ import annotations

from msgspec import Struct

CODE_MM = 16.0
PAPER_MM = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
_SIDE_MM, _OUTER_MM = 12.0, 10.0


class BoxAt(Struct, frozen=True):
    """One tick box of a form: its name, and the outer edge of its printed outline."""

    name: str
    x: float
    y: float
    side: float = 4.5


def frame_mm(paper: str) -> tuple[float, float]:
    """Return the width and height between the outer edges of the codes."""
    width, height = PAPER_MM[paper]
    return width - 2 * _SIDE_MM, height - 2 * _OUTER_MM


def code_corners(corner: str, paper: str) -> list[tuple[float, float]]:
    """Return the outline of one corner's code, as a reader gives it."""
    width, height = frame_mm(paper)
    left = 0.0 if corner in "AC" else width - CODE_MM
    top = 0.0 if corner in "AB" else height - CODE_MM
    right, bottom = left + CODE_MM, top + CODE_MM
    return [(left, top), (right, top), (right, bottom), (left, bottom)]
