"""Wristbands and labels as ZPL II, the language of label printers (Zebra Programming Guide).

Text is UTF-8 (`^CI28`) and every character that could be a command is sent as its number (`^FH`).
Lines are broken here and not by the printer, which would print a line too many over the last one.
The printer's own font draws Latin letters only; other names are printed from the PDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from wardlight.paper.labels.labels import LABELS_MAX, PATIENT_LABELS
from wardlight.paper.labels.symbols import linear, matrix
from wardlight.paper.labels.wearer import CannotPrintError, Specimen, Wearer, facts, specimen_facts

DPI = (203, 300)
BAND_WIDTH, BAND_LENGTH = 25.0, 279.0  # mm
LABEL_WIDTH, LABEL_HEIGHT = 57.0, 32.0
_MM_AN_INCH = 25.4
_PAD = 2.0
_SAFE = re.compile(r"[A-Za-z0-9 ,.()/:'-]")
_CODE = re.compile(r"^[A-Za-z0-9 ./-]+$")
_GS1 = re.compile(r"^\((8018)\)(\d{18})\((8019)\)(\d{1,10})$")
_DRAWN = (range(0x20, 0x7F), range(0xA0, 0x180))  # Latin, as every such printer has it
_SCALES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.45)
_LEADING = 1.12
_MODULE_MM, _BAR_MM_MIN, _BAR_HEIGHT = 0.6, 0.25, 7.0
_QUIET = 20  # modules of Code 128, both sides together
_NARROW, _WIDE = frozenset("iljtfI.,:;'() "), frozenset("WMmw@%")

Line = tuple[str, float]
"""Words and the height of their letters in mm."""


class _Stock(Struct, frozen=True):
    """What is printed on, in its own resolution. `turned`: words run along the feed."""

    dpi: int
    width: float
    length: float
    turned: bool = False

    def dots(self, millimetres: float) -> int:
        return round(millimetres * self.dpi / _MM_AN_INCH)

    def at(self, along: float, down: float, high: float) -> str:
        """Return the place of a field: `along` the words, `down` from the first line."""
        if not self.turned:
            return f"^FO{self.dots(along)},{self.dots(down)}"
        return f"^FO{self.dots(self.width - down - high)},{self.dots(along)}"

    def way(self) -> str:
        return "R" if self.turned else "N"


def band_zpl(wearer: Wearer, *, dpi: int = 203) -> str:
    """Return a wristband of 25 x 279 mm; raises CannotPrintError."""
    said = _drawable(facts(wearer))
    stock = _Stock(dpi, BAND_WIDTH, BAND_LENGTH, turned=True)
    born = f"Born {said['born']}   Sex {said['sex']}   {said['number_label']} {said['number']}"
    last = [*said["alerts"], said["allergies"]]
    lines = [(said["name"], 6.0), (born, 4.2), (said["relation"], 3.6), ("   ".join(last), 3.6)]
    begins, ends = 26.0, 193.0
    fields = [
        _matrix(stock, wearer.code, 6.0, 5.0),
        *_stacked(stock, lines, begins, ends - begins, BAND_WIDTH - 2 * _PAD),
        _matrix(stock, wearer.code, 199.0, 5.0),
    ]
    return _job(stock, fields, 1)


def label_zpl(what: Wearer | Specimen, *, dpi: int = 203, count: int = PATIENT_LABELS) -> str:
    """Return labels of 57 x 32 mm; raises CannotPrintError."""
    assert 0 < count <= LABELS_MAX, "a printing has 1 to 300 labels"
    stock = _Stock(dpi, LABEL_WIDTH, LABEL_HEIGHT)
    fields = _specimen(stock, what) if isinstance(what, Specimen) else _patient(stock, what)
    return _job(stock, fields, count)


def _patient(stock: _Stock, wearer: Wearer) -> list[str]:
    said = _drawable(facts(wearer))
    lines = [
        (said["name"], 3.6),
        (f"Born {said['born']}  Sex {said['sex']}", 2.6),
        (said["number"], 3.2),
        (said["relation"], 2.6),
        ("  ".join(said["alerts"]), 2.6),
        (said["allergies"], 2.5),
    ]
    begins = 16.5
    text = _stacked(stock, lines, begins, LABEL_WIDTH - begins - _PAD, LABEL_HEIGHT - 2 * _PAD)
    return [_matrix(stock, wearer.code, _PAD, _PAD), *text]


def _specimen(stock: _Stock, specimen: Specimen) -> list[str]:
    said = _drawable(specimen_facts(specimen))
    urgent = "STAT  " if said["urgent"] else ""
    lines = [
        (said["name"], 3.4),
        (f"Born {said['born']}  Sex {said['sex']}  {said['number']}", 2.7),
        (f"{urgent}{said['what']}  {said['collected']}", 2.5),
        ("  ".join(said["alerts"]), 2.5),
    ]
    bars = 20.0
    text = _stacked(stock, lines, _PAD, LABEL_WIDTH - 2 * _PAD, bars - _PAD - 0.5)
    below = _field(stock, specimen.accession, _PAD + 14, bars + _BAR_HEIGHT + 0.6, 3.0)
    return [*text, _bars(stock, specimen.accession, bars), below]


def _job(stock: _Stock, fields: Sequence[str], count: int) -> str:
    assert stock.dpi in DPI, "printers have 203 or 300 dots to the inch"
    size = f"^PW{stock.dots(stock.width)}^LL{stock.dots(stock.length)}^LH0,0"
    return "\n".join(["^XA", "^CI28", size, *fields, f"^PQ{count}", "^XZ", ""])


def _stacked(
    stock: _Stock, lines: Sequence[Line], begins: float, wide: float, high: float
) -> list[str]:
    """Return the lines one under the other, as large as there is room for; nothing is cut."""
    for scale in _SCALES:
        broken = [
            (part, size * scale)
            for words, size in lines
            for part in _broken(words, wide / (size * scale))
        ]
        if sum(size for _, size in broken) * _LEADING <= high:
            return list(_placed(stock, broken, begins))
    raise CannotPrintError("The words do not fit on it: write by hand.")


def _placed(stock: _Stock, lines: Sequence[Line], begins: float) -> Iterator[str]:
    down = _PAD
    for words, size in lines:
        yield _field(stock, words, begins, down, size)
        down += size * _LEADING


def _broken(words: str, wide: float) -> list[str]:
    """Return words in lines of a width counted in letter heights; one too long is broken too."""
    lines, line = [], ""
    for word in words.split():
        joined = f"{line} {word}" if line else word
        if _width(joined) <= wide:
            line = joined
            continue
        lines += [line] if line else []
        *whole, line = _pieces(word, wide)
        lines += whole
    return [*lines, line] if line else lines


def _pieces(word: str, wide: float) -> list[str]:
    pieces = [""]
    for char in word:
        if _width(pieces[-1] + char) > wide:
            pieces.append("")
        pieces[-1] += char
    return pieces


def _width(text: str) -> float:
    """Return at most how wide text is in heights of its letters: rather too much."""
    return sum(map(_char_width, text))


def _char_width(char: str) -> float:
    if char in _NARROW:
        return 0.35
    if char in _WIDE:
        return 0.92
    return 0.7 if char.isupper() else 0.58


def _field(stock: _Stock, words: str, along: float, down: float, size: float) -> str:
    dots = stock.dots(size)
    place = stock.at(along, down, size)
    return f"{place}^A0{stock.way()},{dots},{dots}^FH_^FD{_escaped(words)}^FS"


def _escaped(words: str) -> str:
    """Return words in which whatever is not a plain letter or sign is its UTF-8 in hex."""
    return "".join(
        char if _SAFE.fullmatch(char) else "".join(f"_{byte:02X}" for byte in char.encode())
        for char in words
    )


def _matrix(stock: _Stock, code: str, along: float, down: float) -> str:
    """Return a DataMatrix; `_1` is the FNC1 of GS1."""
    gs1 = _GS1.match(code)
    data = f"_1{gs1[1]}{gs1[2]}_1{gs1[3]}{gs1[4]}" if gs1 else _checked(code)
    module = stock.dots(_MODULE_MM)
    side = matrix(code).width * module * _MM_AN_INCH / stock.dpi
    return f"{stock.at(along, down, side)}^BX{stock.way()},{module},200,,,,_,1^FD{data}^FS"


def _bars(stock: _Stock, accession: str, down: float) -> str:
    modules = linear(_checked(accession)).width + _QUIET
    bar = max(stock.dots(stock.width) // modules, stock.dots(_BAR_MM_MIN))
    along = (stock.width - (modules - _QUIET) * bar * _MM_AN_INCH / stock.dpi) / 2
    height = stock.dots(_BAR_HEIGHT)
    place = stock.at(along, down, _BAR_HEIGHT)
    return f"^BY{bar}{place}^BCN,{height},N,N,N,A^FD{accession}^FS"


def _checked(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise CannotPrintError("This number cannot be a barcode on a label printer: use the PDF.")
    return code


def _drawable(said: dict[str, Any]) -> dict[str, Any]:
    """Return the words; raises CannotPrintError for letters the printer's font may not have."""
    for where, words in said.items():
        for text in words if isinstance(words, list) else [words]:
            strange = [char for char in str(text) if not any(ord(char) in one for one in _DRAWN)]
            if strange:
                raise CannotPrintError(
                    f"The {where} holds U+{ord(strange[0]):04X}, which the label printer may not "
                    "have: print it from the PDF."
                )
    return said
