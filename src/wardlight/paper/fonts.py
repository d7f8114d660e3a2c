"""Which characters a font can draw, read from its own table of characters.

A missing glyph prints as an empty box or as nothing at all; on a wristband or a MAR that is a
wrong name. So what is to be printed is compared with the fonts first (OpenType 1.9 `cmap`,
formats 4 and 12).
"""

from __future__ import annotations

from collections.abc import Iterable
from struct import unpack_from

_UNSEEN = frozenset("\n\r\t\u00a0\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f")
_FORMAT_SEGMENTS, _FORMAT_GROUPS = 4, 12


class Coverage:
    """What a set of fonts can draw together."""

    def __init__(self, fonts: Iterable[bytes]) -> None:
        """`fonts` are the bytes of TrueType or OpenType files."""
        self._ranges = sorted({span for font in fonts for span in _spans(font)})
        self._known: dict[str, bool] = dict.fromkeys(_UNSEEN, True)
        self._drawn: set[str] = set(_UNSEEN)

    def missing(self, text: str) -> tuple[str, ...]:
        """Return the characters no font can draw, as U+0E01, each once."""
        if self._drawn.issuperset(text):
            return ()  # a pack has a million letters, nearly all of them met before
        bad = dict.fromkeys(char for char in text if not self.draws(char))
        return tuple(f"U+{ord(char):04X}" for char in bad)

    def draws(self, char: str) -> bool:
        """Return whether a character can be drawn, or needs no ink."""
        known = self._known.get(char)
        if known is None:
            code = ord(char)
            known = any(first <= code <= last for first, last in self._ranges)
            self._known[char] = known
            if known:
                self._drawn.add(char)
        return known

    def substituted(self, text: str) -> str:
        """Return text in which what cannot be drawn is written as its number."""
        if self._drawn.issuperset(text) or all(map(self.draws, text)):
            return text
        return "".join(char if self.draws(char) else f"[U+{ord(char):04X}]" for char in text)


def _spans(font: bytes) -> set[tuple[int, int]]:
    """Return ranges of code points that have a glyph; empty for what is not a font."""
    start = _table(font, b"cmap")
    if start is None:
        return set()
    (count,) = unpack_from(">H", font, start + 2)
    spans: set[tuple[int, int]] = set()
    for number in range(count):
        (offset,) = unpack_from(">I", font, start + 8 + 8 * number)
        at = start + offset
        (form,) = unpack_from(">H", font, at)
        if form == _FORMAT_GROUPS:
            spans |= _groups(font, at)
        elif form == _FORMAT_SEGMENTS:
            spans |= _segments(font, at)
    return spans


def _table(font: bytes, tag: bytes) -> int | None:
    if font[:4] not in (b"\0\1\0\0", b"OTTO", b"true"):
        return None
    (tables,) = unpack_from(">H", font, 4)
    for number in range(tables):
        at = 12 + 16 * number
        if font[at : at + 4] == tag:
            (offset,) = unpack_from(">I", font, at + 8)
            return int(offset)
    return None


def _groups(font: bytes, at: int) -> set[tuple[int, int]]:
    (count,) = unpack_from(">I", font, at + 12)
    starts = (at + 16 + 12 * number for number in range(count))
    return {unpack_from(">II", font, start) for start in starts}


def _segments(font: bytes, at: int) -> set[tuple[int, int]]:
    (double,) = unpack_from(">H", font, at + 6)
    count = double // 2
    lasts = unpack_from(f">{count}H", font, at + 14)
    firsts = unpack_from(f">{count}H", font, at + 16 + double)
    deltas = unpack_from(f">{count}H", font, at + 16 + 2 * double)
    offsets_at = at + 16 + 3 * double
    offsets = unpack_from(f">{count}H", font, offsets_at)
    spans: set[tuple[int, int]] = set()
    for number, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        if offsets[number] == 0:
            holes = {(-deltas[number]) & 0xFFFF}
        else:
            base = offsets_at + 2 * number + offsets[number]
            glyphs = unpack_from(f">{last - first + 1}H", font, base)
            holes = {first + place for place, glyph in enumerate(glyphs) if glyph == 0}
        spans |= _without(first, last, holes)
    return spans


def _without(first: int, last: int, holes: set[int]) -> set[tuple[int, int]]:
    """Return [first, last] in pieces that leave out the holes; 0xFFFF is never a character."""
    spans: set[tuple[int, int]] = set()
    begins = first
    for hole in sorted(holes | {0xFFFF, last + 1}):
        if first <= hole <= last + 1 and begins < hole:
            spans.add((begins, hole - 1))
            begins = hole + 1
        elif begins == hole:
            begins = hole + 1
    return spans
