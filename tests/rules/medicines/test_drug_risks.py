"""Two of the same, high-alert medicines, orders that do not run, and new orders."""

from __future__ import annotations

import pytest
from tests.rules.medicines.dosing_builders import (
    CHILD,
    NONE_KNOWN,
    NOW,
    first_order,
    gave,
    hour,
    known,
    order,
    ordering,
    warned,
    weighed,
)
from tests.views.bedside.charting_builders import allergic, charted, ordered

from wardlight.record.codes import Coded
from wardlight.record.events.charting import (
    Check,
    MedicationDetail,
    OrderChecked,
)
from wardlight.rules.medicines.dose_warnings import DoseLimits, dose_limits

METOPROLOL = order("metoprolol", "25")
MORPHINE = order("morphine", "2-4", route="IV", pattern="Q4H PRN")


def test_the_same_ingredient_in_two_orders() -> None:
    found = warned(
        "650",
        order("acetaminophen", "650"),
        order("Percocet", "1", "tablet", number="RX|2"),
        NONE_KNOWN,
    )
    assert found == {"duplicate": "Also ordered: Percocet (the same ingredient, acetaminophen)."}


def test_two_of_one_class_in_two_orders() -> None:
    found = warned(
        "5",
        order("apixaban", "5"),
        order("warfarin", "5", number="RX|2"),
        NONE_KNOWN,
        weighed(5, "80"),
    )
    assert found == {"duplicate": "Also ordered: warfarin (another anticoagulant)."}


def test_another_of_the_class_given_a_short_time_before() -> None:
    found = warned(
        "2",
        MORPHINE,
        NONE_KNOWN,
        gave(1, "oxycodone", "5", number="RX|8"),
        second_check="RN B. Cole",
    )
    assert found == {"duplicate": "Also given at 15:00: oxycodone 5 mg (another opioid)."}


def test_a_stopped_order_is_no_duplicate() -> None:
    warfarin = order("warfarin", "5", number="RX|2")
    stopped = charted(NOW - 50, ordered("DC", number="RX|2"))
    assert (
        warned("5", order("apixaban", "5"), warfarin, stopped, NONE_KNOWN, weighed(5, "80")) == {}
    )


# High alert, order, pharmacist


def test_a_high_alert_medicine_needs_a_second_name() -> None:
    found = warned("2", MORPHINE, NONE_KNOWN)
    assert found == {
        "high-alert-second-check": "High-alert medicine (opioid by injection): a second person "
        "checks it and writes their name."
    }


def test_nobody_is_their_own_second_person() -> None:
    found = warned("2", MORPHINE, NONE_KNOWN, by="RN A. Mensah", second_check="rn a.  mensah")
    assert "has to be another person's" in found["high-alert-second-check"]


@pytest.mark.parametrize(
    ("drug", "route", "warns"),
    [
        ("insulin lispro", "SC", True),
        ("potassium chloride", "IV", True),
        ("potassium chloride", "PO", False),
        ("oxycodone", "PO", False),
        ("bupivacaine", "EP", True),
        ("lidocaine", "EP", True),
        ("lidocaine", "IV", False),
        ("rocuronium", "IV", True),
        ("vincristine", "IV", True),
        ("metoprolol", "PO", False),
    ],
)
def test_which_medicines_are_high_alert_by_their_route(drug: str, route: str, warns: bool) -> None:  # noqa: FBT001 - a row of a table
    found = warned("1", order(drug, "1", "g", route=route), NONE_KNOWN)
    assert ("high-alert-second-check" in found) is warns


@pytest.mark.parametrize(("control", "word"), [("DC", "stopped"), ("HD", "held")])
def test_an_order_that_does_not_run(control: str, word: str) -> None:
    found = warned("25", METOPROLOL, NONE_KNOWN, charted(NOW - 2, ordered(control)))
    assert found == {"order-not-running": f"This order was {word} at 14:00."}


def test_a_dose_from_before_the_order_was_stopped_is_charted_late_without_a_warning() -> None:
    stopped = charted(NOW - 2, ordered("DC"))
    assert warned("25", METOPROLOL, NONE_KNOWN, stopped, at=hour(NOW - 3)) == {}


def test_a_dose_without_an_order() -> None:
    found = warned("30", NONE_KNOWN, drug="montelukast", unit="mg")
    assert found == {"order-not-running": "There is no order for montelukast on this chart."}
    beside = warned(
        "25", METOPROLOL, NONE_KNOWN, drug="Lopressor", unit="mg", order=None, route="PO"
    )
    assert beside["order-not-running"] == (
        "No order is named, but there is one: metoprolol. Chart the dose there."
    )


def test_an_order_no_pharmacist_has_verified() -> None:
    raw = order("metoprolol", "25", verified=False)
    drug = Coded(text="metoprolol")
    assert warned("25", raw, NONE_KNOWN) == {
        "not-verified": "No pharmacist has verified this order yet."
    }
    asks = OrderChecked(number="RX|1", what=drug, check=Check.CLARIFY, note="dose in AKI?")
    assert warned("25", raw, NONE_KNOWN, asks) == {
        "not-verified": "The pharmacist asks the prescriber first: dose in AKI?."
    }
    fine = OrderChecked(number="RX|1", what=drug, check=Check.VERIFIED)
    assert warned("25", raw, NONE_KNOWN, fine) == {}


# Orders and limits


def ordered_as(drug: str, dose: str, unit: str = "mg", route: str = "PO") -> MedicationDetail:
    return MedicationDetail(drug=Coded(text=drug), dose=dose, unit=unit, route=route)


def test_an_order_is_held_against_allergies_usual_dose_and_the_other_orders() -> None:
    assert ordering(ordered_as("montelukast", "10"), NONE_KNOWN) == {}
    assert "allergy-class" in ordering(ordered_as("amoxicillin", "500"), allergic("Penicillin"))
    assert "dose-ten-fold" in ordering(ordered_as("digoxin", "5"), NONE_KNOWN)
    assert "dose-unchecked" in ordering(ordered_as("digoxin", "1.000"), NONE_KNOWN)
    assert "duplicate" in ordering(ordered_as("Lopressor", "25"), METOPROLOL, NONE_KNOWN)
    assert "weight-missing" in ordering(
        ordered_as("amoxicillin", "45", "mg/kg"), NONE_KNOWN, age_days=CHILD
    )


def test_an_order_for_more_than_a_days_most() -> None:
    found = ordering(ordered_as("Tylenol", "1000"), NONE_KNOWN, pattern="every 4 hours")
    assert found == {
        "daily-maximum": "6 doses of 1,000 mg are 6,000 mg in 24 hours; the most is 4,000 mg."
    }


def test_the_limits_a_tablet_needs_without_its_server() -> None:
    it = known(order("morphine", "2-4", route="IV", pattern="Q4H PRN"), gave(1, "morphine", "2"))
    mine = first_order(it)
    assert mine is not None
    assert dose_limits(mine, it) == DoseLimits(
        low="2",
        high="4",
        unit="mg",
        dose_words="This is not the ordered dose, 2 to 4 mg.",
        not_before=hour(NOW + 3),
        interval_words="Last dose 2 mg at 15:00; the next from 19:00.",
    )


def test_limits_that_are_not_known_are_left_out() -> None:
    it = known(order("metoprolol", "as directed", pattern="QMWF"), gave(1, "metoprolol", "2"))
    mine = first_order(it)
    assert mine is not None
    assert dose_limits(mine, it) == DoseLimits()
