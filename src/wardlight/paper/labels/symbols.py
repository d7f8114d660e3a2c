"""Barcodes as outlines: DataMatrix for wristbands and labels, Code 128 for what laboratories scan.

Sizes from screens.md §6.2: DataMatrix modules of 0.5 mm or more, Code 128 with bars of 0.33 mm,
on a label no narrower than 0.25 mm.
"""

from __future__ import annotations

import re
from functools import lru_cache

import zxingcpp
from msgspec import Struct

LINEAR_MAX = 12  # characters of Code 128 that a label of 57 mm has room for
LINEAR_HEIGHT = 50  # units of the outline
_PATH = re.compile(r'<path d="([^"]+)"')
_SIZE = re.compile(r'<svg width="(\d+)" height="(\d+)"')


class Symbol(Struct, frozen=True):
    """One barcode without its quiet zone; lengths in modules."""

    width: int
    height: int
    path: str  # of an SVG


@lru_cache(maxsize=1024)
def matrix(text: str) -> Symbol:
    """Return a square DataMatrix; text that begins with `(8018)` is GS1 DataMatrix."""
    gs1 = text.startswith("(")
    made = zxingcpp.create_barcode(
        text, zxingcpp.BarcodeFormat.DataMatrix, gs1=gs1, force_square=True
    )
    return _outline(made.to_svg(add_quiet_zones=False))


@lru_cache(maxsize=1024)
def linear(text: str) -> Symbol:
    """Return Code 128 of an accession number."""
    assert len(text) <= LINEAR_MAX, "a label has room for twelve characters"
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    return _outline(made.to_svg(add_quiet_zones=False))


def _outline(svg: str) -> Symbol:
    size, path = _SIZE.search(svg), _PATH.search(svg)
    assert size is not None, "a symbol has a size"
    assert path is not None, "a symbol has an outline"
    return Symbol(int(size[1]), int(size[2]), path[1])
