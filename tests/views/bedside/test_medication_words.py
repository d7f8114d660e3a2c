from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardlight.record.codes import Coded
from wardlight.record.events.charting import MedicationDetail, Timing
from wardlight.views.bedside.medication_words import (
    MedicationStyle,
    MedicationWords,
    drug_words,
    frequency_words,
    given_words,
    medication_words,
    number_words,
)


def words(drug: str = "aspirin", pattern: str = "", **parts: str) -> MedicationWords:
    detail = MedicationDetail(
        drug=Coded(text=drug),
        timing=Timing(pattern=pattern),
        **parts,  # type: ignore[arg-type]  # only fields that are text
    )
    return medication_words(detail)


def test_a_whole_line_reads_dose_first_and_strength_apart() -> None:
    line = words("HYDRALAZINE", "TID", dose="25.0", unit="MG", form="tablet", route="PO").line()
    assert line == "hydrALAZINE — tablet — DOSE 25 mg — oral — three times a day"


def test_a_fully_understood_line_says_so() -> None:
    assert words(dose="5", unit="mg", route="IV", pattern="Q6H").formatted is True


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("5.0", "5"),
        ("5.", "5"),
        (".5", "0.5"),
        ("0.50", "0.5"),
        ("1000", "1,000"),
        ("5000.250", "5,000.25"),
        ("0", "0"),
        ("10", "10"),
    ],
)
def test_numbers_have_no_trailing_zero_a_leading_zero_and_a_comma(sent: str, shown: str) -> None:
    assert number_words(sent) == shown


@pytest.mark.parametrize(
    "sent", ["", ".", "05", "5,5", "1/2", "-5", "5 mg", "five", "\u0665", "1e3"]
)
def test_what_is_not_a_plain_number_is_not_touched(sent: str) -> None:
    assert number_words(sent) is None
    assert words(dose=sent, unit="mg").dose == f"{sent} mg".strip()


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("U", "units"),
        ("IU", "units"),
        ("[iU]", "units"),
        ("UG", "mcg"),
        ("µg", "mcg"),
        ("ML", "mL"),
        ("MEQ", "mEq"),
        ("MG/KG/HR", "mg per kg per hour"),
        ("TAB", "tablets"),
    ],
)
def test_units_are_written_out(unit: str, shown: str) -> None:
    assert words(dose="14", unit=unit).dose == f"14 {shown}"


def test_one_tablet_is_one_tablet() -> None:
    assert words(dose="1", unit="TAB").dose == "1 tablet"


def test_an_unknown_unit_stays_as_sent_and_is_not_called_formatted() -> None:
    found = words(dose="5.0", unit="MU")
    assert (found.dose, found.formatted) == ("5 MU", False)


def test_a_range_is_two_numbers() -> None:
    assert words(dose="2.0-4.0", unit="mg").dose == "2 to 4 mg"


def test_micrograms_are_written_out_in_the_nhs_style() -> None:
    detail = MedicationDetail(drug=Coded(text="digoxin"), dose="125", unit="MCG")
    assert medication_words(detail, style=MedicationStyle.CUI).dose == "125 micrograms"


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        ("1000", "mg", "1,000 mg"),
        (".50", "MG", "0.5 mg"),
        ("two", "sachets", "two sachets"),
        ("", "", ""),
    ],
)
def test_a_dose_that_was_given_is_written_as_the_order_is(
    amount: str, unit: str, shown: str
) -> None:
    assert given_words(amount, unit) == shown


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        ("100", "MG/5ML", "100 mg in 5 mL"),
        ("5000", "U/ML", "5,000 units per mL"),
        ("25.0", "MG", "25 mg"),
        ("1", "X/5Y", "1 X/5Y"),
    ],
)
def test_strength_says_in_and_per(amount: str, unit: str, shown: str) -> None:
    assert words(strength=amount, strength_unit=unit).strength == shown


def test_a_rate_says_per() -> None:
    assert words(rate="125", rate_unit="ML/HR").rate == "125 mL per hour"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("HYDRALAZINE 25 MG TAB", "hydrALAZINE 25 MG TAB"),
        ("hydromorphone", "HYDROmorphone"),
        ("Lasix", "Lasix"),
        ("prednisone/prednisolone", "predniSONE/prednisoLONE"),
    ],
)
def test_look_alike_names_get_tall_man_letters_and_others_stay_as_sent(
    sent: str, shown: str
) -> None:
    assert drug_words(sent) == shown


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ("QD", "daily"),
        ("b.i.d.", "twice a day"),
        ("QHS", "at night"),
        ("Q1H", "every hour"),
        ("Q 6 HRS", "every 6 hours"),
        ("QOD", "every 2 days"),
        ("Q6H PRN", "every 6 hours as needed"),
        ("PRN", "as needed"),
        ("STAT", "at once"),
        ("", ""),
    ],
)
def test_frequency_is_said_in_words(pattern: str, shown: str) -> None:
    assert frequency_words(Timing(pattern=pattern)) == (shown, True)


def test_explicit_times_are_said() -> None:
    timing = Timing(pattern="BID", times=("08:00", "20:00"))
    assert frequency_words(timing) == ("twice a day at 08:00, 20:00", True)


def test_an_unknown_pattern_stays_as_sent() -> None:
    assert frequency_words(Timing(pattern="QMWF")) == ("QMWF", False)
    assert words(pattern="QMWF").formatted is False


def test_an_unknown_route_stays_as_sent() -> None:
    assert (words(route="XYZ").route, words(route="XYZ").formatted) == ("XYZ", False)


def test_what_was_received_is_always_at_hand() -> None:
    found = words("ASPIRIN", "QD", dose="81.0", unit="MG", route="PO")
    assert found.as_received == "ASPIRIN 81.0 MG PO QD"
    detail = MedicationDetail(drug=Coded(text="aspirin"))
    assert medication_words(detail, as_received="RXE|1").as_received == "RXE|1"


def test_no_dangerous_abbreviation_is_written() -> None:
    line = words("insulin", "QD", dose="10.0", unit="IU", route="SC").line()
    assert line == "insulin — DOSE 10 units — subcutaneous — daily"


texts = st.text(max_size=12)


@settings(max_examples=60, deadline=None)
@given(texts, texts, texts, texts, texts)
def test_no_text_breaks_the_words(dose: str, unit: str, route: str, pattern: str, top: str) -> None:
    found = words(
        dose, pattern, dose=dose, unit=unit, route=route, strength=top, strength_unit=unit
    )
    assert not found.formatted or found.line() is not None
