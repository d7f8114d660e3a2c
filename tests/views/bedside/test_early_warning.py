"""NEWS2 against the chart of the Royal College of Physicians (2017), every edge of every band."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.examples import examples
from tests.views.bedside.charting_builders import chart_of, charted, line, reported

from wardlight.record.codes import Coded
from wardlight.record.events.charting import Observation
from wardlight.views.bedside.early_warning import Risk, Signs, early_warning, early_warnings

WELL = Signs(
    respirations="16",
    spo2="97",
    on_oxygen=False,
    systolic="120",
    pulse="70",
    consciousness="A",
    temperature="37.0",
)


def points(part: str, value: str, **more: object) -> int:
    signs = replace(WELL, **{part: value}, **more)
    return early_warning(signs, age_years=60).parts[part]


@pytest.mark.parametrize(
    ("part", "value", "expected"),
    [
        *[("respirations", value, 3) for value in ("0", "8", "25", "60")],
        *[("respirations", value, 1) for value in ("9", "11")],
        *[("respirations", value, 0) for value in ("12", "20")],
        *[("respirations", value, 2) for value in ("21", "24")],
        *[("spo2", value, 3) for value in ("60", "91")],
        *[("spo2", value, 2) for value in ("92", "93")],
        *[("spo2", value, 1) for value in ("94", "95")],
        *[("spo2", value, 0) for value in ("96", "100")],
        *[("systolic", value, 3) for value in ("60", "90", "220", "260")],
        *[("systolic", value, 2) for value in ("91", "100")],
        *[("systolic", value, 1) for value in ("101", "110")],
        *[("systolic", value, 0) for value in ("111", "219")],
        *[("pulse", value, 3) for value in ("30", "40", "131", "200")],
        *[("pulse", value, 1) for value in ("41", "50", "91", "110")],
        *[("pulse", value, 0) for value in ("51", "90")],
        *[("pulse", value, 2) for value in ("111", "130")],
        *[("temperature", value, 3) for value in ("32.0", "35.0")],
        *[("temperature", value, 1) for value in ("35.1", "36.0", "38.1", "39.0")],
        *[("temperature", value, 0) for value in ("36.1", "38.0")],
        *[("temperature", value, 2) for value in ("39.1", "41.5")],
        ("consciousness", "A", 0),
        *[("consciousness", value, 3) for value in ("C", "V", "P", "U")],
    ],
)
def test_each_edge_of_the_chart(part: str, value: str, expected: int) -> None:
    assert points(part, value) == expected


@pytest.mark.parametrize(
    ("value", "on_oxygen", "expected"),
    [
        *[(value, False, 3) for value in ("80", "83")],
        *[(value, True, 3) for value in ("83", "97", "100")],
        *[(value, False, 2) for value in ("84", "85")],
        *[(value, True, 2) for value in ("95", "96")],
        *[(value, False, 1) for value in ("86", "87")],
        *[(value, True, 1) for value in ("93", "94")],
        *[(value, False, 0) for value in ("88", "92", "93", "100")],
        *[(value, True, 0) for value in ("88", "92")],
    ],
)
def test_each_edge_of_saturation_scale_2(value: str, on_oxygen: bool, expected: int) -> None:  # noqa: FBT001 - a row of the chart
    assert points("spo2", value, scale="2", on_oxygen=on_oxygen) == expected


def test_oxygen_alone_is_two_points() -> None:
    found = early_warning(replace(WELL, on_oxygen=True), age_years=60)
    assert (found.total, found.risk) == (2, Risk.LOW)


def test_a_value_between_two_steps_counts_as_the_worse() -> None:
    assert points("spo2", "91.5") == 3
    assert points("respirations", "20.5") == 2


@pytest.mark.parametrize(
    ("changes", "total", "risk"),
    [
        ({}, 0, Risk.LOW),
        ({"pulse": "91", "respirations": "21", "temperature": "38.5"}, 4, Risk.LOW),
        ({"consciousness": "C"}, 3, Risk.LOW_MEDIUM),
        ({"pulse": "111", "respirations": "21", "temperature": "38.5"}, 5, Risk.MEDIUM),
        ({"pulse": "111", "respirations": "24", "spo2": "93"}, 6, Risk.MEDIUM),
        ({"pulse": "131", "respirations": "25", "temperature": "38.5"}, 7, Risk.HIGH),
    ],
)
def test_the_whole_score_and_its_risk(changes: dict[str, str], total: int, risk: Risk) -> None:
    found = early_warning(replace(WELL, **changes), age_years=60)
    assert (found.total, found.risk) == (total, risk)


def test_the_part_that_scores_three_alone_is_named() -> None:
    found = early_warning(replace(WELL, consciousness="C"), age_years=60)
    assert found.red == ("consciousness",)
    assert found.words() == "NEWS2 3, low-medium risk. consciousness scores 3 alone."


def test_a_missing_part_gives_no_score_and_is_named() -> None:
    found = early_warning(replace(WELL, respirations="", pulse="131"), age_years=60)
    assert (found.total, found.risk) == (None, None)
    assert found.words() == (
        "NEWS2 cannot be scored: respirations missing. At least 3. pulse scores 3 alone."
    )


@pytest.mark.parametrize("value", ["refused", "12/min", "-4", "NaN", "1e40", "\u0664"])
def test_what_is_no_number_is_missing(value: str) -> None:
    assert early_warning(replace(WELL, respirations=value), age_years=60).missing == (
        "respirations",
    )


def test_air_or_oxygen_not_said_is_missing() -> None:
    found = early_warning(replace(WELL, on_oxygen=None, scale="2"), age_years=60)
    assert found.missing == ("spo2", "oxygen")


@pytest.mark.parametrize(
    ("age", "pregnant", "words"),
    [
        (15, False, "NEWS2 not scored: NEWS2 is for 16 years and over; use the chart for children"),
        (30, True, "NEWS2 not scored: NEWS2 is not for pregnancy; use the obstetric chart"),
        (
            None,
            False,
            "NEWS2 not scored: the age is not known, and NEWS2 is for 16 years and over",
        ),
    ],
)
def test_it_is_not_for_everybody(age: int | None, pregnant: bool, words: str) -> None:  # noqa: FBT001 - a row of a table
    assert early_warning(WELL, age_years=age, pregnant=pregnant).words() == words


def sign(code: str, text: str, value: str, unit: str = "") -> Observation:
    return replace(line(text, value), test=Coded(code, text, "LN"), unit=unit)


def test_a_set_on_the_chart_is_scored() -> None:
    lines = (
        sign("9279-1", "Respirations", "22"),
        sign("59408-5", "SpO2", "94"),
        sign("", "On oxygen", "yes"),
        sign("8480-6", "Blood pressure, systolic", "105"),
        sign("8867-4", "Pulse", "112"),
        sign("67775-7", "Consciousness (ACVPU)", "A"),
        sign("8310-5", "Temperature", "38.4", "Cel"),
    )
    report = reported(*lines, number="V|1", test="Vital signs", collected=30)
    (found,) = early_warnings(chart_of(charted(30, report)), age_years=60)
    assert found.score.words() == "NEWS2 9, high risk."


@pytest.mark.parametrize(("unit", "missing"), [("[degF]", ()), ("Cel", ()), ("", ("temperature",))])
def test_a_temperature_without_a_unit_is_not_guessed(unit: str, missing: tuple[str, ...]) -> None:
    value = "98.6" if unit == "[degF]" else "37.0"
    report = reported(sign("8310-5", "Temperature", value, unit), collected=30)
    (found,) = early_warnings(chart_of(charted(30, report)), age_years=60)
    assert set(missing) == {"temperature"} & set(found.score.missing)


def test_a_laboratory_report_is_no_set_of_vital_signs() -> None:
    report = reported(sign("2823-3", "Potassium", "4.1"), collected=30)
    assert early_warnings(chart_of(charted(30, report)), age_years=60) == ()


@settings(max_examples=examples(60), deadline=None)
@given(st.text(max_size=12), st.text(max_size=4), st.text(max_size=4))
def test_no_text_is_ever_a_fault(value: str, scale: str, level: str) -> None:
    signs = replace(WELL, pulse=value, spo2=value, scale=scale, consciousness=level)
    found = early_warning(signs, age_years=60)
    assert (found.total is None) == bool(found.missing)
