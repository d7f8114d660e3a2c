"""The code on every page: which form, which page, whose, of which pack. No patient data in it.

`WL1.<form and version>.<page>.<handle or BLANK>.<pack>.<check>`, in QR's alphanumeric set so
that a 16 mm symbol survives a bad scanner (screens.md §6.2).
"""

from __future__ import annotations

import re
from functools import lru_cache
from zlib import crc32

import zxingcpp

PREFIX = "WL1"
BLANK = "BLANK"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_PATH = re.compile(r'<path d="([^"]+)"')
_SIZE = re.compile(r'<svg width="(\d+)"')


def sheet_code(form: str, page: int, handle: str, pack: str) -> str:
    """Return the text of one page's code; `form` is code and version such as `W3A`."""
    text = f"{PREFIX}.{form}.{page:02d}.{handle.upper()}.{pack}"
    return f"{text}.{check_characters(text)}"


def check_characters(text: str) -> str:
    """Return two characters that a misread code would most likely not have."""
    value = crc32(text.encode("ascii")) & 1023
    return _ALPHABET[value >> 5] + _ALPHABET[value & 31]


def is_sheet_code(text: str) -> bool:
    """Return whether a text read from paper is one of our codes, unaltered."""
    body, _, check = text.rpartition(".")
    return body.startswith(f"{PREFIX}.") and check == check_characters(body)


@lru_cache(maxsize=4096)
def drawn(text: str) -> tuple[int, str]:
    """Return the width in modules, quiet zone included, and the outline as an SVG path."""
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    svg = symbol.to_svg(add_quiet_zones=False)
    size, path = _SIZE.search(svg), _PATH.search(svg)
    assert size is not None, "a symbol has a size"
    assert path is not None, "a symbol has an outline"
    return int(size.group(1)), path.group(1)
