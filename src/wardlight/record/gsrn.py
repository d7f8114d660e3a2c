"""The hospital's GS1 number for a patient: GSRN (8018) and its instance (8019).

GS1 General Specifications §3.9: a company prefix, a reference of the company's own and a mod-10
check digit, 18 digits together. The reference is the downtime number's block and place, so the
prefix a site is set up with ends in digits that no other site of the company uses. Drills never
get a GS1 number.
"""

from __future__ import annotations

import re

from wardlight.record.downtime_number import (
    BLOCK_SIZE,
    BLOCKS,
    DowntimeNumber,
    read_downtime_number,
)
from wardlight.record.problems import Problem

REFERENCE_DIGITS = len(str(BLOCKS * BLOCK_SIZE - 1))  # 7
PREFIX_DIGITS = range(6, 18 - REFERENCE_DIGITS)  # 6 to 10
INSTANCE_MAX = 9_999_999_999
_DIGITS = 17
_SCANNED = re.compile(r"^(?:\]d2)?\x1d?\(?8018\)?(\d{18})(?:\x1d?\(?8019\)?(\d{1,10}))?$")
_WHERE = "wristband"


def check_digit(digits: str) -> str:
    """Return the GS1 mod-10 check digit (General Specifications §7.9): weights 3 and 1."""
    weighed = (int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(digits)))
    return str(-sum(weighed) % 10)


def is_prefix(text: str) -> bool:
    """Return whether a setting can be a GS1 company prefix with room for our reference."""
    return text.isascii() and text.isdigit() and len(text) in PREFIX_DIGITS


def gsrn(prefix: str, number: DowntimeNumber) -> str:
    """Return the 18 digits of a patient's Global Service Relation Number."""
    assert is_prefix(prefix), "a prefix has 6 to 10 digits"
    assert not number.drill, "a drill has no GS1 numbers"
    reference = number.block * BLOCK_SIZE + number.serial
    digits = prefix + f"{reference:0{_DIGITS - len(prefix)}d}"
    return digits + check_digit(digits)


def band_code(number: DowntimeNumber, prefix: str = "", instance: int = 1) -> str:
    """Return what a wristband's code holds: GS1 with a prefix, else the number alone.

    `instance` counts the bands printed for one patient, so that an old one can be told.
    """
    assert 0 <= instance <= INSTANCE_MAX, "an instance has at most ten digits"
    if not prefix or number.drill:
        return number.code()
    return f"(8018){gsrn(prefix, number)}(8019){instance}"


def read_band(scanned: str, prefix: str = "", site_index: int = 0) -> DowntimeNumber | Problem:
    """Return the downtime number of a scanned band or a typed number, or what is wrong with it."""
    found = _SCANNED.match(scanned.strip())
    if found is None:
        return read_downtime_number(scanned)
    digits = found[1]
    if check_digit(digits[:-1]) != digits[-1]:
        because = "The check digit of the band's code does not fit: scan it again."
        return Problem("band.check", _WHERE, because)
    if not prefix or not digits.startswith(prefix):
        because = "This band's GS1 number is not of this hospital: type the number that is on it."
        return Problem("band.stranger", _WHERE, because)
    block, serial = divmod(int(digits[len(prefix) : -1]), BLOCK_SIZE)
    if block >= BLOCKS:
        because = "This band's GS1 number is not a downtime number: type the number that is on it."
        return Problem("band.stranger", _WHERE, because)
    return DowntimeNumber.of(site_index, block, serial)
