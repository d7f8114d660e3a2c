"""The weight a dose goes by: missing, old, hardly possible."""

from __future__ import annotations

import pytest
from tests.rules.medicines.dosing_builders import (
    ADULT,
    CHILD,
    NONE_KNOWN,
    known,
    order,
    warned,
    weighed,
)

from wardlight.rules.bedside.weights import Weighed, doubtful_weight, kg_of, weights_of

SYRUP = order("acetaminophen", "15", "mg/kg", pattern="Q6H")


def test_a_child_without_a_weight() -> None:
    found = warned("240", SYRUP, NONE_KNOWN, unit="mg", age_days=CHILD)
    assert (
        found["weight-missing"]
        == "No weight on the chart, and this dose goes by weight. Weigh first."
    )


def test_a_dose_by_weight_is_worked_out_with_the_newest_weight() -> None:
    assert warned("240", SYRUP, NONE_KNOWN, weighed(5, "16"), unit="mg", age_days=CHILD) == {}
    found = warned("480", SYRUP, NONE_KNOWN, weighed(5, "16"), unit="mg", age_days=CHILD)
    assert found["dose-outside-order"] == "480 mg is more than the ordered 15 mg per kg."
    assert found["dose-above-usual"] == (
        "480 mg is more than the usual dose (7.5 to 15 mg per kg, here 120 to 240 mg)."
    )


@pytest.mark.parametrize(
    ("value", "unit", "code"),
    [
        ("160", "kg", "weight-implausible"),
        ("1.6", "kg", "weight-implausible"),
        ("16", "", "weight-missing"),
        ("16", "stone", "weight-missing"),
        ("35.3", "lb", ""),
    ],
)
def test_a_weight_that_is_hardly_possible_or_not_readable(value: str, unit: str, code: str) -> None:
    found = warned("240", SYRUP, NONE_KNOWN, weighed(5, value, unit), unit="mg", age_days=CHILD)
    assert [one for one in found if one.startswith("weight")] == ([code] if code else [])


def test_kilograms_and_pounds_mistaken_for_each_other() -> None:
    found = warned(
        "240", SYRUP, NONE_KNOWN, weighed(50, "16"), weighed(5, "35"), unit="mg", age_days=CHILD
    )
    assert found["weight-implausible"] == (
        "35 kg, but 16 kg at 09-Feb-1970 14:00. One of the two may be in pounds (1 kg is 2.2 lb). "
        "Weigh again, and look at the unit."
    )


def test_a_weight_that_changed_by_more_than_a_quarter() -> None:
    heparin = order("heparin", "5000", "units", route="SC")
    said = (heparin, NONE_KNOWN, weighed(50, "80"))
    changed = warned("5000", *said, weighed(5, "101"), second_check="RN B. Cole")
    assert "weight-implausible" in changed
    assert warned("5000", *said, weighed(5, "99"), second_check="RN B. Cole") == {}


@pytest.mark.parametrize(
    ("age", "days", "old"),
    [
        (10, 3, True),
        (10, 1, False),
        (CHILD, 15, True),
        (CHILD, 13, False),
        (ADULT, 31, True),
        (ADULT, 29, False),
    ],
)
def test_how_old_a_weight_may_be_depends_on_the_age(age: int, days: int, old: bool) -> None:  # noqa: FBT001 - a row of a table
    heparin = order("heparin", "50", "units", route="SC")
    kg = {10: "3", CHILD: "16", ADULT: "80"}[age]
    found = warned("50", heparin, NONE_KNOWN, weighed(days * 24, kg), age_days=age)
    assert ("weight-old" in found) is old


def test_an_unknown_age_is_said_where_the_usual_dose_depends_on_it() -> None:
    found = warned("650", order("acetaminophen", "650"), NONE_KNOWN, age_days=None)
    assert found == {"dose-unchecked": "The age is not known: held against an adult's usual dose."}


def test_a_weight_is_asked_about_while_it_is_being_typed() -> None:
    it = known(weighed(50, "16"), age_days=CHILD)
    typed = Weighed(kg_of("35", "kg"), it.now, "35 kg")
    (found,) = doubtful_weight(typed, weights_of(it.chart), it)
    assert found.words.startswith("35 kg, but 16 kg at 09-Feb-1970 14:00.")
    fine = Weighed(kg_of("16.4", "kg"), it.now, "16.4 kg")
    assert list(doubtful_weight(fine, weights_of(it.chart), it)) == []
