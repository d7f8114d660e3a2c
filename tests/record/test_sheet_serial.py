from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.record.downtime_number import DowntimeNumber, read_downtime_number
from wardlight.record.field_32 import ALPHABET
from wardlight.record.problems import Problem
from wardlight.record.sheet_serial import (
    LANES,
    NUMBERS,
    SheetSerial,
    lane_of,
    read_serial,
    serial_in,
    serial_of,
    serial_on_paper,
)

serials = st.builds(serial_of, st.integers(0, LANES - 1), st.integers(0, NUMBERS - 1))


def test_a_serial_is_twelve_characters_in_three_groups() -> None:
    assert serial_of(0xABCDE, 1_000).text() == "NF6Y-0000-0Z8W"
    assert serial_of(0xABCDE, 1_000).code() == "NF6Y00000Z8"


@given(serials)
def test_what_is_printed_is_read_back(serial: SheetSerial) -> None:
    assert read_serial(serial.text()) == serial
    assert read_serial(serial.text().lower().replace("-", " ").replace("0", "O")) == serial
    assert serial_in(serial.code()) == serial


@given(serials, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_caught(serial: SheetSerial, at: int, char: str) -> None:
    text = serial.text().replace("-", "")
    wrong = text[:at] + char + text[at + 1 :]
    assert (read_serial(wrong) == serial) == (wrong == text)
    assert wrong == text or isinstance(read_serial(wrong), Problem)


@given(serials, st.integers(0, 10))
def test_two_neighbours_exchanged_are_always_caught(serial: SheetSerial, at: int) -> None:
    text = serial.text().replace("-", "")
    wrong = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    assert wrong == text or isinstance(read_serial(wrong), Problem)


def test_a_hand_scanner_types_the_whole_code() -> None:
    serial = serial_of(7, 7)
    assert serial_on_paper(f"WL2.W3A.01.{serial.code()}.ABCDEFG.A") == serial
    assert serial_on_paper(f" {serial.text()}\n") == serial


@pytest.mark.parametrize("text", ["", "K7QX", "U" * 12, "WL2.W3A.01.0000.AAAAAAA.A", "é" * 12])
def test_anything_else_is_refused_with_words(text: str) -> None:
    found = serial_on_paper(text)
    assert isinstance(found, Problem)
    assert found.because


def test_a_downtime_number_never_passes_for_a_serial() -> None:
    number = DowntimeNumber.of(1, 2, 3).text()
    assert isinstance(read_serial(number), Problem)
    assert isinstance(read_downtime_number(serial_of(1, 2).text()), Problem)


def test_nodes_and_sites_print_in_lanes_of_their_own() -> None:
    lanes = {lane_of(bytes([node]) * 32, site) for node in range(20) for site in ("A", "B", "C")}
    assert len(lanes) == 60
