"""Accession numbers: every slip of the finger is caught, and no number passes for another kind."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardlight.record.accession_number import (
    AccessionNumber,
    accessions_of_block,
    looks_like_ours,
    read_accession,
)
from wardlight.record.downtime_number import DowntimeNumber, read_downtime_number
from wardlight.record.field_32 import ALPHABET
from wardlight.record.problems import Problem

numbers = st.builds(
    lambda site, block, serial, drill: AccessionNumber(
        DowntimeNumber.of(site, block, serial, drill=drill)
    ),
    st.integers(0, 4_095),
    st.integers(0, 131_071),
    st.integers(0, 63),
    st.booleans(),
)


def test_a_block_has_sixty_four_numbers_and_none_twice() -> None:
    block = accessions_of_block(7, 3)
    assert len({one.text() for one in block}) == 64
    assert block[0].text() == "LB-ZJMS-CXVZ"


@given(numbers)
@settings(max_examples=50)
def test_what_is_written_is_read_again(number: AccessionNumber) -> None:
    assert read_accession(number.text()) == number
    assert read_accession(number.text().lower().replace("-", " ")) == number


@given(numbers, st.integers(0, 7), st.sampled_from(ALPHABET))
@settings(max_examples=200)
def test_every_single_wrong_character_is_caught(
    number: AccessionNumber, place: int, other: str
) -> None:
    prefix, characters = number.text()[:2], number.text()[3:].replace("-", "")
    wrong = characters[:place] + other + characters[place + 1 :]
    read = read_accession(prefix + wrong)
    assert (read == number) if wrong == characters else isinstance(read, Problem)


@given(numbers, st.integers(0, 6))
@settings(max_examples=200)
def test_two_neighbours_exchanged_are_caught(number: AccessionNumber, place: int) -> None:
    prefix, held = number.text()[:2], list(number.text()[3:].replace("-", ""))
    held[place], held[place + 1] = held[place + 1], held[place]
    read = read_accession(prefix + "".join(held))
    assert read == number or isinstance(read, Problem)
    assert (read == number) == (held[place] == held[place + 1])


@given(numbers)
@settings(max_examples=50)
def test_a_specimen_is_never_taken_for_a_patient(number: AccessionNumber) -> None:
    characters = number.text()[3:]
    assert isinstance(read_downtime_number("DT-" + characters), Problem)
    assert isinstance(read_downtime_number("DR-" + characters), Problem)
    assert isinstance(read_accession("LB-" + number.place.text()[3:]), Problem)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("704118", "number.prefix"),
        ("LB-K7QX", "number.length"),
        ("LB-K7QX-4M2U", "number.character"),
        ("LB-0000-0000", "number.check"),
        ("LB-\N{SNOWMAN}7QX-4M2P", "number.character"),
    ],
)
def test_what_is_wrong_with_a_number_is_said(typed: str, code: str) -> None:
    read = read_accession(typed)
    assert isinstance(read, Problem)
    assert read.code == code


def test_a_number_of_the_laboratory_that_is_off_is_not_ours() -> None:
    assert not looks_like_ours("26-118-00412")
    assert looks_like_ours("lb k7qx 4m2p")
