from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardlight.record.downtime_number import (
    DowntimeNumber,
    numbers_of_block,
    read_downtime_number,
    site_index_of,
)
from wardlight.record.field_32 import ALPHABET
from wardlight.record.problems import Problem

NUMBER = DowntimeNumber.of(3, 286, 61)
TEXT = "DT-00Q1-1C79"
numbers = st.builds(
    DowntimeNumber,
    site_index=st.integers(0, 4_095),
    block=st.integers(0, 131_071),
    serial=st.integers(0, 63),
    drill=st.booleans(),
)


def differences(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def code_of(found: DowntimeNumber | Problem) -> str:
    return found.code if isinstance(found, Problem) else "read"


def test_a_number_is_written_in_two_groups_of_four_after_dt() -> None:
    assert (NUMBER.text(), NUMBER.code()) == (TEXT, TEXT[:7] + TEXT[8:])


@settings(max_examples=200)
@given(numbers)
def test_what_is_written_reads_back(number: DowntimeNumber) -> None:
    assert read_downtime_number(number.text()) == number
    assert read_downtime_number(number.code()) == number


@settings(max_examples=20, deadline=None)
@given(numbers, st.integers(0, 7))
def test_every_single_wrong_character_is_caught(number: DowntimeNumber, place: int) -> None:
    characters = number.code()[3:]
    for other in set(ALPHABET) - {characters[place]}:
        wrong = characters[:place] + other + characters[place + 1 :]
        assert code_of(read_downtime_number(number.code()[:3] + wrong)) == "number.check"


def test_every_exchange_of_two_characters_is_caught() -> None:
    for number in [*numbers_of_block(7, 90), *numbers_of_block(7, 90, drill=True)]:
        characters = number.code()[3:]
        for one, other in combinations(range(8), 2):
            swapped = list(characters)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            if swapped != list(characters):
                found = read_downtime_number(number.code()[:3] + "".join(swapped))
                assert code_of(found) == "number.check"


def test_the_check_catches_by_arithmetic_and_not_by_luck() -> None:
    # Linear over GF(32): what it does to one error at one place it does to that error always.
    blank = [ALPHABET[0]] * 8
    zero = read_downtime_number("".join(blank))
    assert isinstance(zero, DowntimeNumber)
    for place in range(8):
        for char in ALPHABET[1:]:
            wrong = "".join([*blank[:place], char, *blank[place + 1 :]])
            assert code_of(read_downtime_number(wrong)) == "number.check"
    for one, other in combinations(range(8), 2):
        for char in ALPHABET[1:]:  # an exchange of a and b adds the same error at both places
            wrong = "".join(char if place in (one, other) else "0" for place in range(8))
            assert code_of(read_downtime_number(wrong)) == "number.check"


@pytest.mark.parametrize(
    "typed",
    [
        "dt-00q1-1c79",
        "DT00Q11C79",
        "00Q11C79",
        "00q1 1c79",
        " DT\u201300Q1\u20131C79 ",
        "dt-ooq1-ic79",
        "DT-O0QL-LC79",
        "DT 00Q1 1C79\n",
    ],
)
def test_reading_forgives_how_it_was_typed(typed: str) -> None:
    assert read_downtime_number(typed) == NUMBER


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "number.prefix"),
        ("7041182236", "number.prefix"),
        ("DT-00Q1-1C7", "number.length"),
        ("DT-00Q1-1C79F", "number.length"),
        ("DT-00Q1-1CU9", "number.character"),
        ("DT-00Q1-1C\u00e99", "number.character"),
        ("DT-00Q1-1C78", "number.check"),
        ("DR-00Q1-1C79", "number.check"),
    ],
)
def test_what_is_no_number_is_told_with_what_is_wrong(typed: str, code: str) -> None:
    found = read_downtime_number(typed)
    assert isinstance(found, Problem)
    assert (found.code, found.where) == (code, "downtime number")
    assert not typed or typed not in found.because


@given(st.text(max_size=20))
def test_no_text_whatever_breaks_the_reading(text: str) -> None:
    assert isinstance(read_downtime_number(text), DowntimeNumber | Problem)


def test_a_drills_number_is_never_a_real_one() -> None:
    for drill in numbers_of_block(3, 1, drill=True):
        assert drill.text().startswith("DR-")
        as_real = drill.code().replace("DR-", "DT-")
        assert code_of(read_downtime_number(as_real)) == "number.check"


def test_numbers_given_one_after_the_other_do_not_look_alike() -> None:
    for block in (0, 1, 131_071):
        texts = [number.code()[3:] for number in numbers_of_block(5, block)]
        assert min(differences(*pair) for pair in combinations(texts, 2)) >= 7


def test_numbers_of_neighbouring_blocks_and_sites_do_not_look_alike() -> None:
    one = [number.code()[3:] for number in numbers_of_block(5, 8)]
    for others in (numbers_of_block(5, 9), numbers_of_block(4, 8)):
        near = [differences(a, number.code()[3:]) for a in one for number in others]
        assert min(near) >= 5


def test_a_sites_own_index_is_the_same_on_every_machine() -> None:
    assert (site_index_of("RVR"), site_index_of("MMH")) == (2502, 3947)
