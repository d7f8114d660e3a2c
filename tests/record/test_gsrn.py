from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardlight.record.downtime_number import DowntimeNumber
from wardlight.record.gsrn import band_code, check_digit, gsrn, is_prefix, read_band
from wardlight.record.problems import Problem

NUMBER = DowntimeNumber.of(3, 286, 61)
PREFIX = "9521234"


def code_of(found: DowntimeNumber | Problem) -> str:
    return found.code if isinstance(found, Problem) else "read"


@pytest.mark.parametrize(
    ("digits", "check"),
    [
        ("37610425002123456", "9"),  # SSCC of GS1 General Specifications §7.9.1
        ("629104150021", "3"),  # GTIN-13 of the same section
    ],
)
def test_the_check_digit_is_the_one_of_gs1s_own_examples(digits: str, check: str) -> None:
    assert check_digit(digits) == check


def test_a_band_of_a_site_with_a_prefix_holds_a_gsrn_and_its_instance() -> None:
    assert gsrn(PREFIX, NUMBER) == "952123400000183659"
    assert band_code(NUMBER, PREFIX, 2) == "(8018)952123400000183659(8019)2"


def test_without_a_prefix_or_in_a_drill_the_code_is_the_number_alone() -> None:
    assert band_code(NUMBER) == "DT-00Q11C79"
    assert band_code(DowntimeNumber.of(3, 286, 61, drill=True), PREFIX).startswith("DR-")


@settings(max_examples=100)
@given(st.integers(0, 131_071), st.integers(0, 63), st.text("0123456789", min_size=6, max_size=10))
def test_a_scanned_band_is_the_number_it_was_printed_for(
    block: int, serial: int, prefix: str
) -> None:
    number = DowntimeNumber.of(3, block, serial)
    digits = gsrn(prefix, number)
    for scanned in (f"]d28018{digits}\x1d80191", f"8018{digits}", band_code(number, prefix)):
        assert read_band(scanned, prefix, 3) == number


@pytest.mark.parametrize(
    ("scanned", "code"),
    [
        ("8018952123400000183650\x1d80191", "band.check"),
        ("8018123456700000183659\x1d80191", "band.stranger"),
        ("8018952123499999999990", "band.stranger"),
        ("DT-00Q11C78", "number.check"),
        ("7041182236", "number.prefix"),
    ],
)
def test_a_band_that_is_not_ours_is_told_so(scanned: str, code: str) -> None:
    assert code_of(read_band(scanned, PREFIX, 3)) == code


def test_a_number_typed_instead_of_scanned_is_read_too() -> None:
    assert read_band("dt-ooq1-ic79", PREFIX, 3) == NUMBER


@pytest.mark.parametrize(
    ("text", "fits"),
    [("952123", True), ("95212", False), ("95212345678", False), ("95A123", False)],
)
def test_a_prefix_leaves_room_for_the_reference(text: str, *, fits: bool) -> None:
    assert is_prefix(text) == fits
