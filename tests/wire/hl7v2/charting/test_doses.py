"""RXA: doses and immunisations."""

from __future__ import annotations

import pytest
from tests.wire.hl7v2.charting.told import at, only, told

from wardlight.record.codes import Coded, DoseState
from wardlight.record.events.charting import DoseOfVaccine, DoseRecorded, OrderChanged

ORC = "ORC|RE|1^OE|2^RX"


def test_a_dose_is_told_with_its_order_drug_time_and_giver() -> None:
    rxa = "RXA|0|1|202611220905||197^Metoprolol^NDC|25|mg|||7^Reed^Sam||||||||||CP|A|202611220910"
    assert only(DoseRecorded, "RAS^O17", ORC, rxa, "RXR|PO^Oral") == DoseRecorded(
        order="RX|2",
        other_order="OE|1",
        drug=Coded("197", "Metoprolol", "NDC"),
        at=at("2026-11-22 09:05"),
        amount="25",
        unit="mg",
        by="Reed, Sam",
        route="PO",
        entered=at("2026-11-22 09:10"),
        key="RX|2|202611220905|ndc|197|1",
    )


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("CP", DoseState.GIVEN),
        ("", DoseState.GIVEN),
        ("PA", DoseState.PARTLY),
        ("RE", DoseState.REFUSED),
        ("NA", DoseState.NOT_GIVEN),
        ("QQ", DoseState.UNKNOWN),
    ],
)
def test_what_happened_to_a_dose(status: str, state: DoseState) -> None:
    rxa = f"RXA|0|1|202611220905||D|1||||||||||||||{status}"
    assert only(DoseRecorded, "RAS^O17", ORC, rxa).state is state


def test_a_refusal_has_its_reason() -> None:
    rxa = "RXA|0|1|202611220905||D|0|||^Asleep|||||||||^Patient refused"
    dose = only(DoseRecorded, "RAS^O17", ORC, rxa)
    assert (dose.state, dose.reason) == (DoseState.REFUSED, "Patient refused; Asleep")


def test_a_dose_charted_in_error_is_taken_out_under_the_same_key() -> None:
    rxa = "RXA|0|1|202611220905||D|1||||||||||||||CP|"
    given, removed = told(DoseRecorded, "RAS^O17", ORC, rxa + "A", rxa + "D")
    assert (given.removed, removed.removed) == (False, True)
    assert given.key == removed.key


def test_a_dose_without_a_time_has_only_the_messages_day() -> None:
    dose = only(DoseRecorded, "RAS^O17", ORC, "RXA|0|1|||D|1")
    assert dose.at.digits == 8


def test_a_dose_does_not_make_an_order() -> None:
    assert told(OrderChanged, "RAS^O17", ORC, "RXA|0|1|202611220905||D|1") == []


def test_an_immunisation_is_no_dose_and_no_order() -> None:
    segments = ("ORC|RE||9^REG", "RXA|0|1|20261001||140^Influenza^CVX|0.5", "OBX|1|ST|X||Y")
    assert only(DoseOfVaccine, "VXU^V04", *segments) == DoseOfVaccine(
        vaccine=Coded("140", "Influenza", "CVX"),
        at=at("2026-10-01", 8),
        key="20261001|cvx|140|REG|9",
    )


def test_a_refused_immunisation_is_a_fact() -> None:
    rxa = "RXA|0|1|20261001||140^Influenza^CVX|||||||||||||^Declined||RE"
    assert only(DoseOfVaccine, "VXU^V04", "ORC|RE||9", rxa).state is DoseState.REFUSED


def test_an_immunisation_charted_in_error_was_not_given() -> None:
    rxa = "RXA|0|1|20261001||140^Influenza^CVX|||||||||||||||CP|D"
    assert only(DoseOfVaccine, "VXU^V04", "ORC|RE||9", rxa).state is DoseState.NOT_GIVEN
