"""Accession numbers of the laboratory while its system is off: `LB-K7QX-4M2P`.

Built and checked like downtime numbers, from blocks of 64 reserved for a site and a station, but
with a check of their own: a patient's number never passes for a specimen's. In a drill `LD-…`.
"""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.downtime_number import (
    DRILL,
    REAL,
    DowntimeNumber,
    numbers_of_block,
    read_downtime_number,
)
from wardlight.record.field_32 import ALPHABET
from wardlight.record.field_32 import BETWEEN as _BETWEEN
from wardlight.record.field_32 import PLAIN as _PLAIN
from wardlight.record.problems import Problem

LABORATORY, LABORATORY_DRILL = "LB", "LD"
_CHECK = 13  # added in GF(32) to the check character: with 0 and 21 taken, no kind fits another
_CHARACTERS = 8
_WHERE = "accession number"


class AccessionNumber(Struct, frozen=True, order=True, gc=False):
    """One number; its place in the blocks is a downtime number's."""

    place: DowntimeNumber

    def text(self) -> str:
        """Return the number as it is written on a tube, `LB-K7QX-4M2P`."""
        characters = self.place.code().partition("-")[2]
        characters = characters[:-1] + _other_check(characters[-1])
        return f"{_PREFIXES[self.place.drill]}-{characters[:4]}-{characters[4:]}"


_PREFIXES = {False: LABORATORY, True: LABORATORY_DRILL}


def accessions_of_block(
    site_index: int, block: int, *, drill: bool = False
) -> tuple[AccessionNumber, ...]:
    """Return the 64 numbers of a block in the order they are given out."""
    return tuple(map(AccessionNumber, numbers_of_block(site_index, block, drill=drill)))


def looks_like_ours(text: str) -> bool:
    """Return whether somebody means a number of ours rather than one of the EHR's laboratory."""
    return _squeezed(text)[:2] in (LABORATORY, LABORATORY_DRILL)


def read_accession(text: str) -> AccessionNumber | Problem:
    """Return the number somebody typed or scanned, or what is wrong with it."""
    squeezed = _squeezed(text)
    prefix, characters = squeezed[:2], squeezed[2:].translate(_PLAIN)
    if prefix not in (LABORATORY, LABORATORY_DRILL):
        return _wrong("number.prefix", "An accession number begins with LB (in a drill with LD).")
    if len(characters) != _CHARACTERS:
        because = (
            f"An accession number has 8 characters after {prefix}; here are {len(characters)}."
        )
        return _wrong("number.length", because)
    if any(char not in ALPHABET for char in characters):
        return _wrong(
            "number.character", "A character is never in an accession number: read it again."
        )
    as_patient = DRILL if prefix == LABORATORY_DRILL else REAL
    place = read_downtime_number(as_patient + characters[:-1] + _other_check(characters[-1]))
    if isinstance(place, Problem):
        because = "The check character does not fit: one character is wrong, or two are exchanged."
        return _wrong("number.check", f"{because} Read the number again.")
    return AccessionNumber(place)


def _other_check(character: str) -> str:
    """Return the check character of the other kind of number."""
    return ALPHABET[ALPHABET.index(character) ^ _CHECK]


def _squeezed(text: str) -> str:
    return "".join(char for char in text.upper() if char not in _BETWEEN).strip()


def _wrong(code: str, because: str) -> Problem:
    return Problem(code, _WHERE, because)
