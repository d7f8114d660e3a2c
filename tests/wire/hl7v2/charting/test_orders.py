"""ORC and what it orders."""

from __future__ import annotations

import pytest
from tests.wire.hl7v2.charting.told import at, only, told

from wardlight.record.codes import Coded, OrderKind, OrderState
from wardlight.record.events.charting import MedicationDetail, OrderChanged, Timing

RXE = "RXE||197^Metoprolol 25 MG^NDC|25||mg|TAB^Tablet|^Hold if HR < 60"


def test_a_pharmacists_order_is_told_whole() -> None:
    order = only(
        OrderChanged,
        "RDE^O11",
        "ORC|NW|1^OE|2^RX|||||||||3S^Vale^Ada|||20261122",
        RXE,
        "TQ1|1||BID|0900~2100|||20261122080000|||R",
        "RXR|PO^Oral",
    )
    timing = Timing(
        pattern="BID", times=("09:00", "21:00"), starts=at("2026-11-22 08:00", 14), text="R"
    )
    drug = Coded("197", "Metoprolol 25 MG", "NDC")
    assert order.detail == MedicationDetail(
        drug=drug,
        dose="25",
        unit="mg",
        form="Tablet",
        route="PO",
        instructions="Hold if HR < 60",
        timing=timing,
        verified=True,
    )
    assert (order.number, order.other_number) == ("RX|2", "OE|1")
    assert (order.kind, order.what, order.timing) == (OrderKind.MEDICATION, drug, timing)
    assert (order.prescriber, order.full, order.control) == ("Vale, Ada", True, "NW")


def test_the_senders_own_line_is_kept_in_one_line() -> None:
    order = only(OrderChanged, "RDE^O11", "ORC|NW|1", RXE, "TQ1|1||BID")
    assert order.as_received == (
        "197 Metoprolol 25 MG NDC, 25, mg, TAB Tablet, Hold if HR < 60 / 1, BID"
    )


def test_a_number_without_authority_is_the_feeds() -> None:
    order = only(OrderChanged, "ORM^O01", "ORC|NW|1", "OBR|1|1||718-7^Hb^LN")
    assert (order.number, order.other_number) == ("GEN|1", "")


@pytest.mark.parametrize(
    ("orc", "state"),
    [
        ("NW|1", OrderState.ACTIVE),
        ("DC|1", OrderState.STOPPED),
        ("CA|1", OrderState.STOPPED),
        ("OD|1", OrderState.STOPPED),
        ("CR|1", OrderState.STOPPED),
        ("UD|1|||DC", OrderState.ACTIVE),
        ("HD|1", OrderState.HELD),
        ("RL|1|||HD", OrderState.ACTIVE),
        ("SC|1|||CM", OrderState.COMPLETED),
        ("SC|1|||DC", OrderState.STOPPED),
        ("SC|1|||HD", OrderState.HELD),
        ("QQ|1", OrderState.ACTIVE),
    ],
)
def test_where_an_order_stands(orc: str, state: OrderState) -> None:
    assert only(OrderChanged, "ORM^O01", f"ORC|{orc}").state is state


def test_an_order_without_detail_is_told_all_the_same() -> None:
    order = only(OrderChanged, "RDE^O11", "ORC|NW|1^OE")
    assert (order.number, order.kind, order.detail) == ("OE|1", OrderKind.MEDICATION, None)


def test_a_replacing_order_names_the_one_before_it() -> None:
    old, new = told(OrderChanged, "RDE^O11", "ORC|RP|1^OE", "ORC|RO|2^OE", RXE)
    assert (old.control, old.replaces, new.replaces) == ("RP", "", "OE|1")


def test_a_replacing_order_names_its_parent() -> None:
    order = only(OrderChanged, "RDE^O11", "ORC|RO|2^OE||||||1&OE^9&RX", RXE)
    assert order.replaces == "RX|9"


def test_a_prescribers_order_is_not_verified() -> None:
    order = only(OrderChanged, "OMP^O09", "ORC|NW|1", "RXO|^Morphine|2|4|mg||^For pain")
    assert order.detail is not None
    assert (order.detail.dose, order.detail.verified) == ("2-4", False)
    assert order.detail.instructions == "For pain"


@pytest.mark.parametrize(
    ("least", "most", "dose"),
    [("2", "", "2"), ("2", "4", "2-4"), ("2", "2.0", "2"), ("2", "0", "2"), ("", "4", "4")],
)
def test_a_dose_is_one_amount_or_a_range(least: str, most: str, dose: str) -> None:
    order = only(OrderChanged, "RDE^O11", "ORC|NW|1", f"RXE||D|{least}|{most}|mg")
    assert order.detail is not None
    assert order.detail.dose == dose


def test_an_infusion_has_its_parts_in_words() -> None:
    rxe = "RXE||^Heparin drip|||||||||||||||||||||18|U/kg/hr"
    parts = ("RXC|B|^D5W|500|mL", "RXC|A|^Heparin|25000|units")
    order = only(OrderChanged, "RDE^O11", "ORC|NW|1", rxe, *parts)
    assert order.detail is not None
    assert order.detail.components == ("D5W 500 mL (base)", "Heparin 25000 units (additive)")


def test_notes_of_an_order_are_among_its_instructions() -> None:
    order = only(OrderChanged, "RDE^O11", "ORC|NW|1", "RXE||D", "NTE|1||Crush & mix")
    assert order.detail is not None
    assert order.detail.instructions == "Crush & mix"


@pytest.mark.parametrize(
    ("section", "code", "kind"),
    [
        ("RAD", "ORM", OrderKind.IMAGING),
        ("CT", "ORM", OrderKind.IMAGING),
        ("LAB", "ORM", OrderKind.LABORATORY),
        ("", "ORM", OrderKind.LABORATORY),
        ("", "OMI", OrderKind.IMAGING),
        ("NRS", "ORM", OrderKind.OTHER),
    ],
)
def test_what_a_test_order_asks_for(section: str, code: str, kind: OrderKind) -> None:
    obr = f"OBR|1|1||X^Test{'|' * 20}{section}"
    assert only(OrderChanged, f"{code}^O01", "ORC|NW|1", obr).kind is kind


def test_two_tests_under_one_orc_are_two_orders() -> None:
    orders = told(OrderChanged, "ORM^O01", "ORC|NW|1", "OBR|1|1||A", "OBR|2|2||B")
    assert [(one.number, one.what.code) for one in orders] == [("GEN|1", "A"), ("GEN|2", "B")]


def test_a_final_report_completes_its_order() -> None:
    obr = "OBR|1|1||718-7^Hb^LN" + "|" * 21 + "F"
    assert only(OrderChanged, "ORU^R01", "ORC|RE|1", obr).state is OrderState.COMPLETED


def test_a_report_without_orc_orders_nothing() -> None:
    assert told(OrderChanged, "ORU^R01", "OBR|1|1||718-7^Hb^LN", "OBX|1|NM|718-7||12") == []
