"""The four codes of a page: which form, which page, which sheet, which corner. No patient in them.

`WL2.<form and version>.<page>.<serial>.<seal>.<corner>`, 32 characters of QR's alphanumeric set for
a form like W3A: a symbol of 25 modules that at 16 mm survives a bad scanner (screens.md §6.2). The
seal is 35 bits of an HMAC under the node's own key: an altered, guessed or misread code is none of
ours, and never files a page. Drills have a prefix of their own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest, digest

import zxingcpp
from msgspec import Struct

from wardlight.record.field_32 import ALPHABET
from wardlight.record.sheet_serial import SheetSerial, serial_in

REAL, DRILL = "WL2", "WD2"
CORNERS = "ABCD"  # top left, top right, bottom left, bottom right
SEAL_CHARACTERS = 7  # of 5 bits: one guess in 34,359,738,368 fits
PAGES_MAX = 99
CODE_MAX = 38  # characters of a symbol of 25 modules with error correction M
_FORM = re.compile(r"[A-Z0-9]{2,8}")
_PATH = re.compile(r'<path d="([^"]+)"')
_SIZE = re.compile(r'<svg width="(\d+)"')


class PageCode(Struct, frozen=True, gc=False):
    """What one code says, once its seal was found to be ours."""

    form: str
    page: int
    serial: SheetSerial
    corner: str
    drill: bool = False


class Seal:
    """What seals the codes of a node, and knows them again."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def code(self, form: str, page: int, serial: SheetSerial, corner: str, *, drill: bool) -> str:
        """Return the text of one corner's code."""
        assert _FORM.fullmatch(form), "a form has a short code"
        assert 1 <= page <= PAGES_MAX, "a sheet has at most 99 pages"
        prefix = DRILL if drill else REAL
        text = f"{prefix}.{form}.{page:02d}.{serial.code()}"
        return f"{text}.{self._sealed(f'{text}.{corner}')}.{corner}"

    def read(self, text: str) -> PageCode | None:
        """Return what a code says; None for one that this node did not make, whatever it says."""
        parts = text.split(".")
        if not looks_like_ours(text):
            return None
        prefix, form, page, code, sealed, corner = parts
        serial = serial_in(code)
        if serial is None:
            return None
        right = self._sealed(f"{prefix}.{form}.{page}.{code}.{corner}")
        if not compare_digest(sealed.encode(), right.encode()):
            return None
        return PageCode(form, int(page), serial, corner, drill=prefix == DRILL)

    def _sealed(self, text: str) -> str:
        value = int.from_bytes(digest(self._key, text.encode("ascii"), sha256)[:5], "big")
        return "".join(ALPHABET[value >> 5 * at & 31] for at in range(SEAL_CHARACTERS))


_OURS = re.compile(
    rf"({REAL}|{DRILL})\.[A-Z0-9]{{2,8}}\.(0[1-9]|[1-9][0-9])"
    rf"\.[0-9A-Z]{{11}}\.[0-9A-Z]{{{SEAL_CHARACTERS}}}\.[{CORNERS}]"
)


def looks_like_ours(text: str) -> bool:
    """Return whether a text has the shape of a sheet's code; whose it is, the seal alone says.

    A code of this shape that does not open is of another node, or of nobody.
    """
    return _OURS.fullmatch(text) is not None


class PrintRun(Struct, frozen=True):
    """The serials of one print job, in the order of its sheets, and what seals their codes."""

    first: SheetSerial
    seal: Seal
    drill: bool = False

    def serial(self, place: int) -> SheetSerial:
        """Return the serial of a sheet of the job; the first one has place 0."""
        return self.first.after(place)

    def codes(self, form: str, page: int, place: int) -> tuple[str, ...]:
        """Return the four codes of one page, corner by corner."""
        serial = self.serial(place)
        return tuple(self.seal.code(form, page, serial, one, drill=self.drill) for one in CORNERS)


@lru_cache(maxsize=4096)
def drawn(text: str) -> tuple[int, str]:
    """Return the width in modules, quiet zone excluded, and the outline as an SVG path."""
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    svg = symbol.to_svg(add_quiet_zones=False)
    size, path = _SIZE.search(svg), _PATH.search(svg)
    assert size is not None, "a symbol has a size"
    assert path is not None, "a symbol has an outline"
    return int(size.group(1)), path.group(1)
