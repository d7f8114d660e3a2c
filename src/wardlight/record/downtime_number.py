"""Downtime numbers: what a patient is known by who came while the EHR was off.

`DT-K7QX-4M2P`: seven characters and a check character of Crockford's base 32 (no I, L, O, U).
The seven hold 35 bits: 12 for the site, 17 for a block of numbers given to one station, 6 for the
place in the block. The bits are mixed, so that two numbers given one after the other share at
most one character. The check is a weighted sum over GF(32) with weights 2 to 8 and 1: as all are
different, every single wrong character and every two characters exchanged are caught. Drills
have numbers of their own, `DR-…`, whose check never fits a real one.
"""

from __future__ import annotations

from zlib import crc32

from msgspec import Struct

from wardlight.record.field_32 import ALPHABET, check, product
from wardlight.record.field_32 import BETWEEN as _BETWEEN
from wardlight.record.field_32 import PLAIN as _PLAIN
from wardlight.record.problems import Problem

REAL, DRILL = "DT", "DR"
SITE_BITS, BLOCK_BITS, SERIAL_BITS = 12, 17, 6
SITES, BLOCKS, BLOCK_SIZE = 1 << SITE_BITS, 1 << BLOCK_BITS, 1 << SERIAL_BITS

_BITS = SITE_BITS + BLOCK_BITS + SERIAL_BITS
_CHARACTERS, _DATA = 8, 7
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8)  # the check's own weight is 1
_DRILL_CHECK = 21  # added to the check of a drill's number
_FIELD_MIX = (1 << 35) | 0b101  # x^35 + x^2 + 1, irreducible
# Found by search: numbers of one block differ in at least 7 of their 8 characters.
_MIX = 0x44BCB6B23
_WHERE = "downtime number"


class DowntimeNumber(Struct, frozen=True, order=True, gc=False):
    """One number: whose, of which block, which of the block; and whether it is only for a drill."""

    site_index: int
    block: int
    serial: int
    drill: bool = False

    @staticmethod
    def of(site_index: int, block: int, serial: int, *, drill: bool = False) -> DowntimeNumber:
        """Return a number; its parts must be in range."""
        assert 0 <= site_index < SITES, "a site has an index of 12 bits"
        assert 0 <= block < BLOCKS, "a block has a number of 17 bits"
        assert 0 <= serial < BLOCK_SIZE, "a block has 64 numbers"
        return DowntimeNumber(site_index, block, serial, drill)

    def text(self) -> str:
        """Return the number as it is written, `DT-K7QX-4M2P`."""
        characters = self._characters()
        return f"{self._prefix()}-{characters[:4]}-{characters[4:]}"

    def code(self) -> str:
        """Return the number as a plain barcode holds it, `DT-K7QX4M2P` (screens.md §6.3)."""
        return f"{self._prefix()}-{self._characters()}"

    def _prefix(self) -> str:
        return DRILL if self.drill else REAL

    def _characters(self) -> str:
        joined = (self.site_index << BLOCK_BITS | self.block) << SERIAL_BITS | self.serial
        mixed = _mixed(joined, _MIX)
        values = [mixed >> 5 * place & 31 for place in reversed(range(_DATA))]
        return "".join(ALPHABET[value] for value in (*values, _check(values, drill=self.drill)))


def numbers_of_block(
    site_index: int, block: int, *, drill: bool = False
) -> tuple[DowntimeNumber, ...]:
    """Return the 64 numbers of a block in the order they are given out."""
    serials = range(BLOCK_SIZE)
    return tuple(DowntimeNumber.of(site_index, block, one, drill=drill) for one in serials)


def read_downtime_number(text: str) -> DowntimeNumber | Problem:
    """Return the number somebody typed or scanned, or what is wrong with it.

    Small letters, O for 0, I and L for 1, other or no dashes and a missing `DT` are all
    understood; the check character decides. A drill's number must be typed with its `DR`.
    """
    typed = "".join(char for char in text.upper() if char not in _BETWEEN).strip()
    prefix, characters = _parted(typed)
    if prefix not in (REAL, DRILL):
        return _wrong("number.prefix", "A downtime number begins with DT (in a drill with DR).")
    characters = characters.translate(_PLAIN)
    if len(characters) != _CHARACTERS:
        because = f"A downtime number has 8 characters after DT; here are {len(characters)}."
        return _wrong("number.length", because)
    strange = [place for place, char in enumerate(characters, 1) if char not in ALPHABET]
    if strange:
        because = f"Character {strange[0]} after DT is never in a downtime number: read it again."
        return _wrong("number.character", because)
    *values, check = map(ALPHABET.index, characters)
    if check != _check(values, drill=prefix == DRILL):
        because = "The check character does not fit: one character is wrong, or two are exchanged."
        return _wrong("number.check", f"{because} Read the number again.")
    return _parts(values, drill=prefix == DRILL)


def site_index_of(code: str) -> int:
    """Return the index of a site whose settings name none: a digest of its code.

    Two sites of a network may meet in one of 4,096, so a network sets the index of each.
    """
    return crc32(code.encode("utf-8")) % SITES


def _parted(typed: str) -> tuple[str, str]:
    """Return prefix and characters; eight characters alone are a real number's."""
    return (REAL, typed) if len(typed) == _CHARACTERS else (typed[:2], typed[2:])


def _parts(values: list[int], *, drill: bool) -> DowntimeNumber:
    mixed = 0
    for value in values:
        mixed = mixed << 5 | value
    joined = _mixed(mixed, _UNMIX)
    block = joined >> SERIAL_BITS
    return DowntimeNumber(block >> BLOCK_BITS, block % BLOCKS, joined % BLOCK_SIZE, drill)


def _check(values: list[int], *, drill: bool) -> int:
    return check(values, _WEIGHTS, _DRILL_CHECK if drill else 0)


def _mixed(bits: int, by: int) -> int:
    return product(bits, by, _FIELD_MIX)


def _inverse(element: int) -> int:
    """Return what undoes a multiplication: the element to the power 2^35 - 2."""
    inverse, power = 1, element
    for _ in range(_BITS - 1):
        power = _mixed(power, power)
        inverse = _mixed(inverse, power)
    return inverse


def _wrong(code: str, because: str) -> Problem:
    return Problem(code, _WHERE, because)


_UNMIX = _inverse(_MIX)
