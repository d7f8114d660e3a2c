from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.ward_of_28 import ZONE, at

from wardlight.record.identity import PersonName
from wardlight.record.instants import PartialDate
from wardlight.views.words import (
    age_in_words,
    born_words,
    flag_words,
    name_words,
    number_groups,
    sex_words,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("birth", "age"),
    [
        (PartialDate(2026, 11, 21), "1d"),
        (PartialDate(2026, 10, 26), "27d"),
        (PartialDate(2026, 10, 24), "4w 1d"),
        (PartialDate(2025, 10, 14), "13m 8d"),
        (PartialDate(2022, 10, 1), "4y 1m"),
        (PartialDate(2008, 11, 23), "17y 11m"),
        (PartialDate(2008, 11, 22), "18y"),
        (PartialDate(1958, 3, 9), "68y"),
        (PartialDate(1986), "about 40y"),
        (PartialDate(2027, 1, 1), ""),
        (PartialDate(1990, 2, 31), "36y"),
    ],
)
def test_an_age_is_said_in_the_units_of_its_time_of_life(birth: PartialDate, age: str) -> None:
    assert age_in_words(birth, TODAY) == age


@given(st.dates(date(1900, 1, 1), TODAY))
def test_every_birth_date_of_the_past_has_an_age(born: date) -> None:
    words = age_in_words(PartialDate(born.year, born.month, born.day), TODAY)
    assert words
    assert "-" not in words


def test_born_is_the_date_and_the_age() -> None:
    assert born_words(PartialDate(1958, 3, 9), at("2026-11-22 03:59"), ZONE) == "09-Mar-1958 (68y)"


def test_a_birth_date_nobody_said_is_not_known() -> None:
    assert born_words(None, at("2026-11-22 03:59"), ZONE) == "Not known"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (PersonName(family="O'Brien", given="Siobhán", prefix="Ms"), "O'BRIEN, Siobhán (Ms)"),
        (PersonName(family="Nguyễn", given="Thị", middle="Hồng"), "NGUYỄN, Thị Hồng"),
        (PersonName(family="Okafor"), "OKAFOR"),
        (PersonName(given="Chidi"), "Chidi"),
        (PersonName(family="Sample", given="Al", suffix="Jr"), "SAMPLE, Al Jr"),
        (PersonName(), "Name not known"),
    ],
)
def test_a_name_is_family_in_capitals_then_given_and_title(name: PersonName, words: str) -> None:
    assert name_words(name) == words


@pytest.mark.parametrize(
    ("value", "groups"),
    [
        ("7041182236", ["704", "118", "2236"]),
        ("0000123", ["000", "0123"]),
        ("12345678", ["123", "456", "78"]),
        ("123456", ["123456"]),
        ("AB1234567", ["AB1234567"]),
    ],
)
def test_a_long_number_is_read_in_groups(value: str, groups: list[str]) -> None:
    assert number_groups(value) == groups


@given(st.text("0123456789", max_size=30))
def test_grouping_never_loses_a_digit(value: str) -> None:
    assert "".join(number_groups(value)) == value


def test_flags_are_words_and_a_strange_one_stays() -> None:
    assert flag_words(("HH", "Q9", "")) == "CRITICALLY HIGH, Q9"


def test_a_sex_nobody_stated_is_not_known() -> None:
    assert [sex_words(sex) for sex in ("", "U", "F", "X")] == [
        "Not known",
        "Not known",
        "Female",
        "X",
    ]
