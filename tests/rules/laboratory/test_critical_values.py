"""High, low and critical: what the shipped table and a printed range make of a value."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rules.laboratory.loop_ward import TABLES

from wardlight.record.events.laboratory import ResultLine
from wardlight.record.problems import Problem
from wardlight.rules.laboratory.critical_values import flag_of, read_critical_values
from wardlight.rules.laboratory.test_menu import named_test

LIMITS = TABLES.critical_values
SHIPPED = files("wardlight.rules") / "tables" / "critical_values.tsv"


def flagged(test: str, value: str, unit: str, range_: str = "", age: int | None = 68) -> str:
    line = ResultLine(test=named_test(test), value=value, unit=unit, range=range_)
    return flag_of(line, LIMITS, age).code


@pytest.mark.parametrize(
    ("test", "value", "unit", "flag"),
    [
        ("Potassium", "6.2", "mmol/L", "HH"),
        ("k", "6.1", "mEq/L", ""),
        ("Potassium", "2.8", "mmol/L", "LL"),
        ("Sodium", "119", "mmol/L", "LL"),
        ("Glucose", "46", "mg/dL", "LL"),
        ("Haemoglobin", "6.5", "g/dL", "LL"),
        ("Platelets", "20", "10*9/L", "LL"),
        ("Platelets", "20", "x10^9/L", "LL"),
        ("INR", "5.4", "", "HH"),
        ("Lactate", "4.0", "mmol/L", "HH"),
        ("Potassium", ">8.0", "mmol/L", "HH"),
        ("Glucose", "<20", "mg/dL", "LL"),
    ],
)
def test_a_value_at_or_beyond_a_limit_is_critical(
    test: str, value: str, unit: str, flag: str
) -> None:
    assert flagged(test, value, unit) == flag


def test_children_have_limits_of_their_own() -> None:
    assert flagged("Potassium", "6.3", "mmol/L", age=68) == "HH"
    assert flagged("Potassium", "6.3", "mmol/L", age=4) == ""
    assert flagged("Potassium", "6.3", "mmol/L", age=None) == "HH"


@pytest.mark.parametrize(
    ("value", "range_", "flag"),
    [
        ("5.6", "3.5-5.1", "H"),
        ("3.4", "3.5 - 5.1", "L"),
        ("3.5", "3.5-5.1", ""),
        ("5.1", "3.5 to 5.1", ""),
        ("5.6", "", ""),
        ("5.6", "see report", ""),
    ],
)
def test_high_and_low_come_from_the_printed_range(value: str, range_: str, flag: str) -> None:
    assert flagged("Potassium", value, "mmol/L", range_) == flag


def test_a_one_sided_range_is_understood() -> None:
    assert flagged("D-dimer", "0.9", "mg/L", "<0.5") == "H"
    assert flagged("eGFR", "41", "mL/min", ">60") == "L"


@pytest.mark.parametrize(
    ("test", "value", "unit"),
    [
        ("Potassium", "6,9", "mmol/L"),
        ("Potassium", "haemolysed", "mmol/L"),
        ("Potassium", "6.9", "mg/dL"),
        ("Troponin I", "4.2", "ng/mL"),
        ("Glucose", ">400", "mg/dL"),
    ],
)
def test_what_cannot_be_compared_is_never_called_normal(test: str, value: str, unit: str) -> None:
    line = ResultLine(test=named_test(test), value=value, unit=unit)
    assert flag_of(line, LIMITS, 68).words != ""


def test_a_critical_flag_somebody_typed_stands() -> None:
    line = ResultLine(test=named_test("Potassium"), value="5.0", unit="mmol/L", flag="HH")
    assert flag_of(line, LIMITS, 68).code == "HH"


def test_every_row_of_the_shipped_table_names_its_source_and_asks_to_be_confirmed() -> None:
    assert len(LIMITS) >= 20
    for one in LIMITS:
        assert one.source
        assert "the site" in one.note


def test_a_table_that_cannot_be_used_is_refused_with_its_line() -> None:
    broken = SHIPPED.read_text(encoding="utf-8").replace("\t2.8\t", "\ttwo\t", 1)
    found = read_critical_values(broken)
    assert isinstance(found, Problem)
    assert found.where == "line 3"
    assert isinstance(read_critical_values(""), Problem)


@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=100)
def test_no_text_in_a_value_unit_or_range_breaks_it(value: str, unit: str, range_: str) -> None:
    line = ResultLine(test=named_test("Potassium"), value=value, unit=unit, range=range_)
    assert flag_of(line, LIMITS, 68).code in ("", "L", "H", "LL", "HH")
