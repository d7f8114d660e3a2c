from __future__ import annotations

import pytest
from tests.views.bedside.charting_builders import chart_of, charted, lab_order, medicine, ordered

from wardlight.record.codes import Coded, OrderKind, OrderState
from wardlight.record.events.charting import OrderChanged, Timing
from wardlight.views.facts import Chart, OrderFact


def only(chart: Chart) -> OrderFact:
    (order,) = chart.orders
    return order


def dose(order: OrderFact) -> str:
    assert order.detail is not None
    return order.detail.dose


def test_a_new_order_runs() -> None:
    order = only(chart_of(charted(1, ordered("NW", detail=medicine()))))
    assert (order.state, order.words(), dose(order)) == (OrderState.ACTIVE, "metoprolol", "25")


@pytest.mark.parametrize("control", ["CA", "DC", "OD", "OC", "CR", "DR"])
def test_a_stopped_order_is_no_longer_among_the_medications(control: str) -> None:
    chart = chart_of(charted(1, ordered("NW", detail=medicine())), charted(2, ordered(control)))
    assert only(chart).state is OrderState.STOPPED
    assert chart.medications() == ()


def test_unable_to_discontinue_leaves_the_order_running() -> None:
    chart = chart_of(charted(1, ordered("NW", detail=medicine())), charted(2, ordered("UD")))
    assert only(chart).state is OrderState.ACTIVE


def test_a_held_order_is_resumed_by_release() -> None:
    hold = (charted(1, ordered("NW", detail=medicine())), charted(2, ordered("HD")))
    assert only(chart_of(*hold)).state is OrderState.HELD
    assert only(chart_of(*hold, charted(3, ordered("RL")))).state is OrderState.ACTIVE


def test_a_change_of_dose_leaves_a_held_order_held() -> None:
    order = only(
        chart_of(
            charted(1, ordered("NW", detail=medicine())),
            charted(2, ordered("HD")),
            charted(3, ordered("XO", detail=medicine(dose="50"))),
        )
    )
    assert (order.state, dose(order)) == (OrderState.HELD, "50")


def test_the_state_the_message_gives_counts() -> None:
    chart = chart_of(
        charted(1, ordered("NW", detail=medicine())),
        charted(2, ordered("SC", state=OrderState.COMPLETED)),
    )
    assert only(chart).state is OrderState.COMPLETED


def test_a_change_replaces_the_whole_detail() -> None:
    first = ordered("NW", detail=medicine(), timing=Timing(pattern="BID"))
    order = only(chart_of(charted(1, first), charted(2, ordered("XO", detail=medicine(dose="50")))))
    assert (dose(order), order.timing) == ("50", Timing())


def test_a_repeated_new_order_does_not_wake_a_stopped_one() -> None:
    new = ordered("NW", detail=medicine())
    chart = chart_of(charted(1, new), charted(2, ordered("DC")), charted(3, new))
    assert only(chart).state is OrderState.STOPPED


def test_a_change_to_a_stopped_order_is_listed_as_unknown() -> None:
    chart = chart_of(
        charted(1, ordered("DC", detail=medicine())),
        charted(2, ordered("XO", detail=medicine(dose="50"))),
    )
    assert [order.state for order in chart.medications()] == [OrderState.UNKNOWN]


def test_the_pharmacists_detail_beats_the_prescribers() -> None:
    order = only(
        chart_of(
            charted(1, ordered("NW", detail=medicine(dose="20", verified=True))),
            charted(2, ordered("NW", detail=medicine(dose="25"), as_received="RXO")),
        )
    )
    assert (dose(order), order.as_received) == ("20", "")


def test_a_prescribers_later_change_is_not_hidden_by_an_old_verification() -> None:
    order = only(
        chart_of(
            charted(1, ordered("NW", detail=medicine(dose="20", verified=True))),
            charted(2, ordered("XO", detail=medicine(dose="25"))),
        )
    )
    assert dose(order) == "25"


def test_a_replaced_order_ends_and_the_new_one_runs() -> None:
    chart = chart_of(
        charted(1, ordered("NW", "RX|1", medicine())),
        charted(2, ordered("RP", "RX|1")),
        charted(2, ordered("RO", "RX|2", medicine(dose="50"))),
    )
    states = {order.number: order.state for order in chart.orders}
    assert states == {"RX|1": OrderState.REPLACED, "RX|2": OrderState.ACTIVE}


def test_a_replacement_that_names_the_old_order_ends_it() -> None:
    chart = chart_of(
        charted(1, ordered("NW", "RX|1", medicine())),
        charted(2, ordered("RO", "RX|2", medicine(dose="50"), replaces="RX|1")),
    )
    assert [order.number for order in chart.medications()] == ["RX|2"]


def test_an_order_to_be_replaced_stays_listed_until_its_replacement_is_seen() -> None:
    chart = chart_of(charted(1, ordered("NW", detail=medicine())), charted(2, ordered("RP")))
    assert [order.state for order in chart.medications()] == [OrderState.UNKNOWN]


def test_a_child_order_does_not_end_its_parent() -> None:
    chart = chart_of(
        charted(1, ordered("NW", "RX|1", medicine())),
        charted(2, ordered("CH", "RX|1.1", medicine(), replaces="RX|1")),
    )
    assert len(chart.medications()) == 2


def test_an_order_gets_its_second_number_and_stays_one() -> None:
    order = only(
        chart_of(
            charted(1, ordered("NW", "CPOE|9", medicine())),
            charted(2, ordered("XO", "RX|1", medicine(verified=True), other_number="CPOE|9")),
        )
    )
    assert (order.number, order.other_number) == ("RX|1", "CPOE|9")


def test_a_stop_that_names_only_the_placers_number_is_understood() -> None:
    chart = chart_of(
        charted(1, ordered("NW", "RX|1", medicine(), other_number="CPOE|9")),
        charted(2, ordered("CA", "CPOE|9")),
    )
    assert (only(chart).state, only(chart).number) == (OrderState.STOPPED, "RX|1")


def test_tests_under_one_number_are_several_orders() -> None:
    chart = chart_of(charted(1, lab_order("CBC")), charted(1, lab_order("BMP")))
    assert sorted(order.words() for order in chart.orders) == ["BMP", "CBC"]


def test_two_medicines_of_one_message_under_one_number_are_both_shown() -> None:
    chart = chart_of(
        charted(1, ordered("NW", detail=medicine("metoprolol"))),
        charted(1, ordered("NW", detail=medicine("aspirin"))),
    )
    assert sorted(order.words() for order in chart.medications()) == ["aspirin", "metoprolol"]


def test_the_dispensed_drug_names_the_same_order() -> None:
    order = only(
        chart_of(
            charted(1, ordered("NW", detail=medicine("metoprolol"))),
            charted(2, ordered("NW", detail=medicine("metoprolol 25 mg tab", verified=True))),
        )
    )
    assert order.words() == "metoprolol 25 mg tab"


def test_an_order_without_detail_is_listed_for_a_look_at_the_original() -> None:
    assert [order.words() for order in chart_of(charted(1, ordered())).medications()] == [
        "see original order"
    ]


def test_orders_without_any_number_are_told_apart_by_drug_and_dose() -> None:
    chart = chart_of(
        charted(1, ordered("NW", "", medicine())),
        charted(2, ordered("NW", "", medicine())),
        charted(3, ordered("NW", "", medicine(dose="50"))),
    )
    assert sorted(dose(order) for order in chart.orders) == ["25", "50"]


def test_an_unknown_control_applies_its_detail_and_is_flagged() -> None:
    order = only(
        chart_of(
            charted(1, ordered("NW", detail=medicine())),
            charted(2, ordered("ZZ", detail=medicine(dose="50"))),
        )
    )
    assert (dose(order), order.state, order.control_unknown) == ("50", OrderState.ACTIVE, True)


def test_a_partial_statement_keeps_what_it_does_not_state() -> None:
    part = OrderChanged(
        number="RX|1", control="SC", detail=medicine(dose=""), prescriber="Dr Example"
    )
    order = only(chart_of(charted(1, ordered("NW", detail=medicine())), charted(2, part)))
    assert (dose(order), order.prescriber, order.kind) == (
        "25",
        "Dr Example",
        OrderKind.MEDICATION,
    )


def test_a_stop_keeps_the_source_string_of_the_detail() -> None:
    order = only(
        chart_of(
            charted(1, ordered("NW", detail=medicine(), as_received="RXE as sent")),
            charted(2, ordered("DC", as_received="ORC as sent")),
        )
    )
    assert order.as_received == "RXE as sent"


def test_orders_are_listed_newest_first() -> None:
    chart = chart_of(
        charted(1, ordered("NW", "RX|1", medicine())), charted(2, ordered("NW", "RX|2", medicine()))
    )
    assert [order.number for order in chart.orders] == ["RX|2", "RX|1"]


def test_what_is_ordered_is_kept_when_a_stop_says_it_otherwise() -> None:
    stop = OrderChanged(number="RX|1", control="DC", what=Coded(text="METOPROLOL TAB"))
    chart = chart_of(charted(1, ordered("NW", detail=medicine())), charted(2, stop))
    assert (only(chart).words(), only(chart).state) == ("metoprolol", OrderState.STOPPED)
