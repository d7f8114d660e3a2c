"""Serials of sheets of paper: `K7QX-4M2P-3N9C`, one for each sheet that was ever printed.

Eleven characters and a check character of Crockford's base 32. The first four are the lane: which
node printed it for which site, as a digest that tells nothing. The other seven count within the
lane and never go back. A serial says nothing of the patient; the register knows.
"""

from __future__ import annotations

from hashlib import blake2b

from msgspec import Struct

from wardlight.record.field_32 import ALPHABET, BETWEEN, PLAIN, check
from wardlight.record.problems import Problem

LANE_BITS, NUMBER_BITS = 20, 35
LANES, NUMBERS = 1 << LANE_BITS, 1 << NUMBER_BITS
_LENGTH, _CHECKED = 11, 12
_GROUP = 4
_CODE_PARTS, _CODE_SERIAL = 6, 3  # of `WL2.W3A.01.<serial>.<seal>.A`
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)  # the check's own weight is 1
_ADDED = 27  # no patient's or specimen's number has this one
_WHERE = "sheet serial"


class SheetSerial(Struct, frozen=True, order=True, gc=False):
    """One sheet: in which lane it was printed, and its number in it."""

    lane: int
    number: int

    def code(self) -> str:
        """Return the eleven characters a code on paper holds."""
        joined = self.lane << NUMBER_BITS | self.number
        return "".join(ALPHABET[joined >> 5 * at & 31] for at in reversed(range(_LENGTH)))

    def text(self) -> str:
        """Return the serial as it is printed beside the codes and typed by people."""
        code = self.code()
        whole = code + ALPHABET[_check(code)]
        return "-".join(whole[at : at + _GROUP] for at in range(0, _CHECKED, _GROUP))

    def after(self, count: int) -> SheetSerial:
        """Return the serial that stands `count` sheets further."""
        return serial_of(self.lane, self.number + count)


def serial_of(lane: int, number: int) -> SheetSerial:
    """Return a serial; its parts must be in range."""
    assert 0 <= lane < LANES, "a lane has 20 bits"
    assert 0 <= number < NUMBERS, "a number has 35 bits"
    return SheetSerial(lane, number)


def lane_of(key: bytes, site: str) -> int:
    """Return the lane in which one node prints for one site.

    Two nodes of a network meet in one of 1,048,576; then codes still tell them apart, because each
    node seals its own.
    """
    digest = blake2b(site.encode("utf-8", "surrogatepass"), key=key[:64], digest_size=4).digest()
    return int.from_bytes(digest, "big") >> 32 - LANE_BITS


def serial_in(code: str) -> SheetSerial | None:
    """Return the serial that a code on paper holds; None for anything else."""
    if len(code) != _LENGTH or any(char not in ALPHABET for char in code):
        return None
    joined = 0
    for char in code:
        joined = joined << 5 | ALPHABET.index(char)
    return SheetSerial(joined >> NUMBER_BITS, joined % NUMBERS)


def read_serial(text: str) -> SheetSerial | Problem:
    """Return the serial somebody typed, or what is wrong with it."""
    typed = "".join(char for char in text.upper() if char not in BETWEEN).strip().translate(PLAIN)
    if len(typed) != _CHECKED:
        because = f"A serial has 12 characters, see the foot of the sheet; here are {len(typed)}."
        return Problem("serial.length", _WHERE, because)
    serial = serial_in(typed[:_LENGTH])
    if serial is None or typed[_LENGTH] not in ALPHABET:
        return Problem("serial.character", _WHERE, "A character is never in a serial: read again.")
    if typed[_LENGTH] != ALPHABET[_check(typed[:_LENGTH])]:
        because = "One character of the serial is wrong, or two are exchanged: read it again."
        return Problem("serial.check", _WHERE, because)
    return serial


def serial_on_paper(text: str) -> SheetSerial | Problem:
    """Return the serial a person typed, or that a hand scanner read out of one of the codes.

    A hand scanner types the whole code. Its seal is not looked at here: whoever holds the sheet
    in their hands says what becomes of it; nothing is filed by this.
    """
    parts = text.strip().upper().split(".")
    if len(parts) == _CODE_PARTS and len(parts[_CODE_SERIAL]) == _LENGTH:
        found = serial_in(parts[_CODE_SERIAL])
        return found or Problem("serial.character", _WHERE, "This code was misread: scan again.")
    return read_serial(text)


def _check(code: str) -> int:
    return check([ALPHABET.index(char) for char in code], _WEIGHTS, _ADDED)
