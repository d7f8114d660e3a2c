"""What a nurse is warned of before a dose: each hazard once, with the facts in its words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.examples import examples
from tests.rules.medicines.dosing_builders import (
    NONE_KNOWN,
    NOW,
    gave,
    hour,
    order,
    warned,
)
from tests.views.bedside.charting_builders import allergic

from wardlight.record.codes import Coded, DoseState
from wardlight.record.events.charting import (
    AllergiesReported,
    Allergy,
    AllergyChange,
    Change,
)
from wardlight.rules.medicines.amounts import plain

METOPROLOL = order("metoprolol", "25")
MORPHINE = order("morphine", "2-4", route="IV", pattern="Q4H PRN")


def test_the_ordered_dose_at_its_time_warns_of_nothing() -> None:
    assert warned("25", METOPROLOL, NONE_KNOWN, gave(8, "metoprolol", "25")) == {}


@pytest.mark.parametrize("state", [DoseState.REFUSED, DoseState.NOT_GIVEN])
def test_a_dose_that_was_not_given_is_charted_without_a_warning(state: DoseState) -> None:
    assert warned("", METOPROLOL, allergic("metoprolol"), state=state) == {}


# Allergies


@pytest.mark.parametrize("agent", ["Metoprolol", "LOPRESSOR", "metoprolol succinate 50 mg ER"])
def test_an_allergy_to_the_ingredient_under_any_name(agent: str) -> None:
    found = warned("25", METOPROLOL, allergic(agent, reactions="hives+wheeze"))
    assert found == {"allergy-ingredient": f"ALLERGY to {agent} (hives + wheeze)."}


@pytest.mark.parametrize(
    ("drug", "agent", "words"),
    [
        ("amoxicillin", "Penicillin", "amoxicillin belongs to penicillins"),
        ("Zosyn", "amoxicillin", "Zosyn shares penicillins"),
        ("Bactrim", "Sulfa drugs", "Bactrim belongs to sulfonamide antibiotics"),
        ("ketorolac", "aspirin", "ketorolac shares non-steroidal anti-inflammatory drugs"),
        ("oxycodone", "codeine", "oxycodone shares phenanthrene opioids"),
        ("fentanyl", "Opioids", "fentanyl belongs to opioids"),
        ("clarithromycin", "azithromycin", "clarithromycin shares macrolides"),
        ("levofloxacin", "Cipro", "levofloxacin shares fluoroquinolones"),
        ("Omnipaque", "IV contrast", "Omnipaque belongs to iodinated contrast media"),
        ("cephalexin", "ampicillin", "cephalexin shares the side chain of ampicillin"),
        ("cefadroxil", "ampicillin", "the side chains are nearly the same"),
        ("ceftriaxone", "cefepime", "ceftriaxone shares the side chain of ceftriaxone"),
        ("aztreonam", "ceftazidime", "aztreonam shares the side chain of ceftazidime"),
        ("cefazolin", "Penicillin", "look, cefazolin belongs to cephalosporins"),
        ("cefazolin", "cefepime", "look, both are cephalosporins"),
        ("meropenem", "Penicillin", "look, meropenem belongs to carbapenems"),
        ("propofol", "Eggs", "look, propofol belongs to egg products"),
        ("propofol", "soybean", "look, propofol belongs to soy products"),
        ("insulin lispro", "insulin", "insulin lispro belongs to insulins"),
    ],
)
def test_an_allergy_to_the_class(drug: str, agent: str, words: str) -> None:
    found = warned("1", order(drug, "1", "g", route="IV"), allergic(agent))
    assert words in found["allergy-class"]
    assert "allergy-ingredient" not in found


@pytest.mark.parametrize(
    ("drug", "agent"),
    [
        ("fentanyl", "morphine"),
        ("furosemide", "Sulfa drugs"),
        ("metoprolol", "Latex"),
        ("metoprolol", "Penicillin"),
        ("cefazolin", "Dust mites"),
    ],
)
def test_an_allergy_that_says_nothing_of_the_medicine_is_silent(drug: str, agent: str) -> None:
    found = warned("1", order(drug, "1", "g", route="IV"), allergic(agent))
    assert not [code for code in found if code.startswith("allerg")]


def test_allergies_that_nobody_recorded_are_never_none() -> None:
    found = warned("25", METOPROLOL)
    assert found == {
        "allergies-unknown": "Allergies not recorded: nobody has said whether there are any. "
        "Ask before giving."
    }


def test_an_allergy_that_is_not_in_the_table_is_said() -> None:
    found = warned("25", METOPROLOL, allergic("Frobnicol"))
    assert found["allergy-unchecked"] == (
        "Not checked: the drug table does not know Frobnicol (reaction not recorded). "
        "Compare with metoprolol yourself."
    )


def test_a_food_that_no_medicine_holds_is_no_reason_to_stop() -> None:
    allergy = Allergy(agent=Coded(text="Dragon fruit"), category="FA")
    said = AllergiesReported(changes=(AllergyChange(key="1", change=Change.ADD, allergy=allergy),))
    assert warned("25", METOPROLOL, said) == {}


def test_a_medicine_that_is_not_in_the_table_is_said_and_still_compared_by_name() -> None:
    found = warned("1", order("Zorblax XR", "1", "tablet"), allergic("zorblax"))
    assert found["allergy-ingredient"] == "ALLERGY to zorblax (reaction not recorded)."
    assert found["not-in-table"].startswith("Zorblax XR is not in this site's drug table")


@settings(max_examples=examples(60), deadline=None)
@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_no_name_is_a_fault_and_none_is_silently_unknown(drug: str, agent: str) -> None:
    found = warned("25", order(f"q{drug}", "25"), allergic(f"q{agent}"))
    assert {"not-in-table", "allergy-unchecked", "allergy-ingredient", "allergy-class"} & set(found)


# The time between two doses


@pytest.mark.parametrize(
    ("pattern", "hours", "too_soon"),
    [
        ("Q4H PRN", 3.9, True),
        ("Q4H PRN", 4, False),
        ("Q4-6H PRN", 3.9, True),
        ("every 4 hours as needed", 3.9, True),
        ("every 4 to 6 hours as needed", 4, False),
        ("every four hours as needed", 3.9, True),
        ("every 30 minutes as needed", 0.4, True),
        ("TID PRN", 3.9, True),
        ("three times a day as needed", 4, False),
        ("Q8H", 3.9, True),
        ("Q8H", 4.1, False),
        ("every 8 hours", 3.9, True),
        ("twice daily", 5.9, True),
        ("twice daily", 6, False),
        ("ONCE", 90, True),
    ],
)
def test_a_second_dose_inside_the_interval(pattern: str, hours: float, too_soon: bool) -> None:  # noqa: FBT001 - a row of a table
    found = warned(
        "25",
        order("metoprolol", "25", pattern=pattern),
        NONE_KNOWN,
        gave(hours, "metoprolol", "25"),
    )
    assert ("interval" in found) is too_soon


def test_the_words_say_when_what_and_from_when() -> None:
    found = warned("2", MORPHINE, NONE_KNOWN, gave(1.5, "morphine", "4"), second_check="RN B. Cole")
    assert found == {
        "interval": "Last dose 4 mg at 14:30, 1 h 30 min before this one. "
        "Too soon: ordered every 4 hours as needed. From 18:30."
    }


def test_a_dose_charted_late_is_held_against_the_one_after_it() -> None:
    found = warned("25", METOPROLOL, NONE_KNOWN, gave(1, "metoprolol", "25"), at=hour(NOW - 2))
    assert found["interval"].startswith(
        "25 mg is charted at 15:00, 1 h after this dose. Too near: ordered every 8 hours"
    )


def test_a_correction_is_not_held_against_what_it_corrects() -> None:
    said = gave(0.5, "metoprolol", "25")
    mine = replace(said, stamp=replace(said.stamp, entry="a1"))
    assert "interval" in warned("25", METOPROLOL, NONE_KNOWN, mine)
    assert warned("25", METOPROLOL, NONE_KNOWN, mine, corrects="a1") == {}


def test_a_dose_of_which_only_the_day_is_known_may_be_near() -> None:
    day = gave(16, "metoprolol", "25", digits=8)
    assert "interval" in warned("25", METOPROLOL, NONE_KNOWN, day)


def test_a_refused_dose_does_not_count() -> None:
    refused = gave(1, "metoprolol", "25", state=DoseState.REFUSED)
    assert warned("25", METOPROLOL, NONE_KNOWN, refused) == {}


def test_the_table_knows_an_interval_the_order_does_not_name() -> None:
    found = warned(
        "650",
        order("acetaminophen", "650", pattern="PRN"),
        NONE_KNOWN,
        gave(3, "Tylenol", "650", number="RX|9"),
    )
    assert "at least 4 hours between two doses of acetaminophen" in found["interval"]


def test_weekly_methotrexate_is_not_given_daily() -> None:
    mtx = order("methotrexate", "15", pattern="QD")
    found = warned("15", mtx, NONE_KNOWN, gave(24, "methotrexate", "15"))
    assert "at least 168 hours between two doses of methotrexate" in found["interval"]


def test_an_interval_that_is_not_understood_is_said_with_the_last_dose() -> None:
    found = warned(
        "25", order("metoprolol", "25", pattern="QMWF"), NONE_KNOWN, gave(24, "metoprolol", "25")
    )
    assert found == {
        "interval-unchecked": "Last dose 25 mg at 10-Feb-1970 16:00, 1 d before. "
        "How often is not understood here (QMWF): read the order."
    }


def test_a_step_of_an_infusion_is_no_second_dose() -> None:
    drip = order("furosemide", "", "", route="IV", pattern="C")
    found = warned(
        "", drip, NONE_KNOWN, gave(0.2, "furosemide"), rate="10 mg/hour", step="rate changed"
    )
    assert "interval" not in found


def test_more_than_a_days_most() -> None:
    found = warned(
        "1000",
        order("acetaminophen", "1000", pattern="Q4H PRN"),
        NONE_KNOWN,
        *(gave(hours, "acetaminophen", "1000") for hours in (5, 10, 15, 23.9)),
    )
    assert found == {
        "daily-maximum": "With this dose 5,000 mg in 24 hours; "
        "the most is 4,000 mg of acetaminophen."
    }


def test_what_cannot_be_added_to_the_day_is_said() -> None:
    found = warned(
        "1000",
        order("acetaminophen", "1000", pattern="Q4H PRN"),
        NONE_KNOWN,
        gave(6, "Percocet", "2", "tablets", number="RX|9"),
    )
    assert found["daily-maximum"] == (
        "The most in 24 hours is 4,000 mg of acetaminophen; at least 1,000 mg with this dose. "
        "1 of 2 doses could not be added. Add them yourself."
    )


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(1, 12), st.integers(0, 12 * 60))
def test_inside_the_interval_of_an_order_as_needed_always_warns(hours: int, minutes: int) -> None:
    needed = order("montelukast", "25", pattern=f"every {hours} hours as needed")
    found = warned("25", needed, NONE_KNOWN, gave(minutes / 60, "montelukast", "25"))
    assert ("interval" in found) is (minutes < hours * 60)


# The blind window


def test_a_dose_that_may_stand_on_paper_is_asked_about() -> None:
    found = warned(
        "25", METOPROLOL, NONE_KNOWN, gave(12, "metoprolol", "25"), blind=(NOW - 4.5, NOW - 3)
    )
    assert found == {
        "blind-window": "The dose of 12:00 may have been given on paper. "
        "Look at the paper chart or ask before giving."
    }


def test_copying_the_paper_dose_itself_is_not_asked_about() -> None:
    found = warned(
        "25",
        METOPROLOL,
        NONE_KNOWN,
        gave(12, "metoprolol", "25"),
        at=hour(NOW - 4),
        blind=(NOW - 4.5, NOW - 3),
    )
    assert found == {}


def test_a_dose_as_needed_soon_after_the_blind_window_is_asked_about() -> None:
    found = warned("2", MORPHINE, NONE_KNOWN, second_check="RN B. Cole", blind=(NOW - 3, NOW - 2))
    assert found["blind-window"].startswith(
        "A dose between 13:00 and 14:00 would stand on paper only."
    )


# The amount


def test_ten_times_the_order() -> None:
    found = warned("250", METOPROLOL, NONE_KNOWN)
    assert found == {
        "dose-ten-fold": "250 mg is ten times or more the ordered 25 mg. Look at the decimal point."
    }


def test_a_tenth_of_the_order() -> None:
    found = warned("2.5", METOPROLOL, NONE_KNOWN)
    assert "2.5 mg is a tenth or less of the ordered 25 mg" in found["dose-ten-fold"]


@pytest.mark.parametrize(
    ("amount", "unit", "warns"),
    [
        ("2", "mg", False),
        ("4", "mg", False),
        ("3,000", "mcg", False),
        ("5", "mg", True),
        ("1", "mg", True),
    ],
)
def test_a_dose_outside_the_range_of_the_order(amount: str, unit: str, warns: bool) -> None:  # noqa: FBT001 - a row of a table
    found = warned(amount, MORPHINE, NONE_KNOWN, unit=unit, second_check="RN B. Cole")
    assert ("dose-outside-order" in found) is warns


def test_part_of_a_dose_is_not_below_the_order() -> None:
    assert warned("5", METOPROLOL, NONE_KNOWN, state=DoseState.PARTLY) == {}


@pytest.mark.parametrize(
    ("amount", "unit"), [("1.000", "mg"), ("5", "mL"), ("1", "tablet"), ("some", "mg"), ("", "mg")]
)
def test_what_cannot_be_compared_is_said(amount: str, unit: str) -> None:
    found = warned(amount, METOPROLOL, NONE_KNOWN, unit=unit)
    assert (
        "cannot be compared with the order (25 mg). Compare them yourself."
        in found["dose-unchecked"]
    )


def test_the_very_words_of_the_order_need_no_comparing() -> None:
    assert warned("1", order("metoprolol", "1", "tablet"), NONE_KNOWN, unit="tablet") == {}


def test_two_strengths_of_a_mixture_are_no_range() -> None:
    percocet = order("Percocet", "5-325", pattern="Q6H")
    assert "dose-unchecked" in warned("100", percocet, NONE_KNOWN)
    assert "dose-unchecked" not in warned("5-325", percocet, NONE_KNOWN)


def test_ten_times_the_usual_is_said_though_it_was_ordered() -> None:
    found = warned("5", order("digoxin", "5"), NONE_KNOWN)
    assert found["dose-ten-fold"] == (
        "5 mg is ten times or more the usual dose (62.5 to 500 mcg). Look at the decimal point."
    )


def test_the_rate_of_an_infusion_is_held_against_the_order() -> None:
    drip = order("furosemide", "", "", route="IV", pattern="C", rate="10 mg/hr")
    found = warned("", drip, NONE_KNOWN, rate="100 mg/hour", step="rate changed")
    assert found["dose-ten-fold"].startswith(
        "100 mg/hour is ten times or more the ordered 10 mg per hour"
    )


@settings(max_examples=examples(80), deadline=None)
@given(st.integers(1, 90_000), st.integers(10, 200))
def test_ten_times_or_more_always_warns(tenths: int, times: int) -> None:
    dose = Decimal(tenths) / 10
    drug = order("montelukast", plain(dose))
    assert "dose-ten-fold" in warned(plain(dose * times), drug, NONE_KNOWN)
    assert "dose-ten-fold" in warned(plain(dose / 10), drug, NONE_KNOWN)


@settings(max_examples=examples(80), deadline=None)
@given(st.integers(1, 900_000), st.sampled_from(["mg", "g", "mcg", "units", "mL", "mEq"]))
def test_the_ordered_dose_never_warns_of_its_amount(tenths: int, unit: str) -> None:
    dose = plain(Decimal(tenths) / 10)
    assert warned(dose, order("montelukast", dose, unit), NONE_KNOWN) == {}


@settings(max_examples=examples(80), deadline=None)
@given(st.text(max_size=8), st.text(max_size=8))
def test_an_amount_is_either_compared_or_said_not_to_be(amount: str, unit: str) -> None:
    codes = set(warned(amount, order("montelukast", "7.3", "mg"), NONE_KNOWN, unit=unit))
    same = amount.strip() == "7.3" and unit.strip().casefold() in ("", "mg", "mgs")
    assert same or codes & {"dose-unchecked", "dose-outside-order", "dose-ten-fold"}
