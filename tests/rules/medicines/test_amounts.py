from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.rules.medicines.amounts import (
    Amount,
    amount_of,
    converted,
    number_of,
    plain,
    ward_unit,
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("25", "25"),
        ("0.5", "0.5"),
        (".5", "0.5"),
        ("1,000", "1000"),
        ("12,500", "12500"),
        ("1,234.5", "1234.5"),
        ("0.125", "0.125"),
        ("62.5", "62.5"),
        (" 4 ", "4"),
    ],
)
def test_a_number_that_reads_one_way_is_read(typed: str, number: str) -> None:
    assert number_of(typed) == Decimal(number)


@pytest.mark.parametrize(
    "typed",
    [
        "1.000",
        "25.000",
        "1,5",
        "0,5",
        "1,00",
        "1.000,5",
        "1 000",
        "05",
        "",
        "ten",
        "1e3",
        "-5",
        "\u0665",
    ],
)
def test_a_number_that_reads_two_ways_is_not_read(typed: str) -> None:
    assert number_of(typed) is None


@pytest.mark.parametrize(
    ("typed", "unit", "words"),
    [
        ("2-4", "mg", "2 to 4 mg"),
        ("2 to 4", "mg", "2 to 4 mg"),
        ("25 mg", "", "25 mg"),
        ("25 mg", "mg", "25 mg"),
        ("1,000", "mcg", "1,000 mcg"),
        ("10", "units", "10 units"),
        ("40", "meq", "40 mEq"),
        ("15", "mg/kg", "15 mg per kg"),
        ("125 mL/hour", "", "125 mL per hour"),
        ("2", "tablets", "2 tablet"),
    ],
)
def test_an_amount_is_read_with_its_unit(typed: str, unit: str, words: str) -> None:
    found = amount_of(typed, unit)
    assert found is not None
    assert found.words() == words


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("25", ""),
        ("25", "ampoules"),
        ("25 mg", "mL"),
        ("4-2", "mg"),
        ("5-325-10", "mg"),
        ("", "mg"),
    ],
)
def test_an_amount_without_a_sure_unit_is_not_read(typed: str, unit: str) -> None:
    assert amount_of(typed, unit) is None


@pytest.mark.parametrize(
    ("amount", "unit", "number"),
    [
        (("1", "g"), "mg", "1000"),
        (("62.5", "mcg"), "mg", "0.0625"),
        (("1", "L"), "mL", "1000"),
        (("5", "mcg per kg per minute"), "mg per kg per hour", "0.3"),
    ],
)
def test_units_of_one_kind_are_converted_exactly(
    amount: tuple[str, str], unit: str, number: str
) -> None:
    one = Amount(Decimal(amount[0]), Decimal(amount[0]), amount[1])
    found = converted(one, unit)
    assert found is not None
    assert found.low == Decimal(number)


@pytest.mark.parametrize(
    ("unit", "other"),
    [("mg", "mL"), ("units", "mg"), ("mEq", "mmol"), ("tablet", "mg"), ("mg per kg", "mg")],
)
def test_units_of_two_kinds_are_never_converted(unit: str, other: str) -> None:
    assert converted(Amount(Decimal(1), Decimal(1), unit), other) is None


@given(st.decimals(min_value="0.001", max_value="99999999", places=3))
def test_what_is_written_is_never_read_as_another_number(number: Decimal) -> None:
    read = number_of(plain(number))
    assert read is None or read == number


@given(st.text(max_size=30), st.text(max_size=12))
def test_no_text_is_a_fault(typed: str, unit: str) -> None:
    found = amount_of(typed, unit)
    assert found is None or (found.low <= found.high and bool(found.unit))
    assert isinstance(ward_unit(unit), str)
