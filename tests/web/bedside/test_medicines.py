from __future__ import annotations

from tests.web.screens import one_patient, patient, screens, whole_ward, words
from tests.web.ward_of_28 import at

from wardlight.record.codes import Coded, DoseState, OrderKind, OrderState
from wardlight.record.events.charting import (
    ChartEvent,
    DoseRecorded,
    MedicationDetail,
    OrderChanged,
    Timing,
)
from wardlight.record.instants import Moment

DRUG = Coded("", "hydralazine")


def order(pattern: str = "TID", state: OrderState = OrderState.ACTIVE) -> OrderChanged:
    timing = Timing(pattern=pattern, starts=Moment(at("2026-11-20 09:00"), 12))
    return OrderChanged(
        number="MMH|R1",
        kind=OrderKind.MEDICATION,
        state=state,
        what=DRUG,
        detail=MedicationDetail(
            drug=DRUG, dose="25.0", unit="MG", form="tablet", route="PO", timing=timing
        ),
        timing=timing,
        full=True,
        as_received="HYDRALAZINE 25.0 MG PO TID",
    )


def dose(time: str, state: DoseState = DoseState.GIVEN, reason: str = "") -> DoseRecorded:
    return DoseRecorded(
        order="MMH|R1",
        drug=DRUG,
        at=Moment(at(time), 12),
        amount="25" if state is DoseState.GIVEN else "",
        unit="mg" if state is DoseState.GIVEN else "",
        state=state,
        reason=reason,
        by="RN Mensah-Sample",
        key=time,
    )


def chart(*events: ChartEvent) -> str:
    return screens(one_patient(*events)).get(patient(path="/medicines")).text


def test_the_dose_comes_first_and_then_drug_route_and_frequency() -> None:
    page = words(chart(order()))
    assert "DOSE 25 mg hydrALAZINE — tablet — oral — three times a day" in page


def test_what_was_received_stands_beside_what_was_formatted() -> None:
    assert "as received: HYDRALAZINE 25.0 MG PO TID" in words(chart(order()))


def test_last_given_has_date_time_amount_and_nurse() -> None:
    page = words(chart(order(), dose("2026-11-21 21:00")))
    assert "Last given 21-Nov-2026 21:00 25 mg, RN Mensah-Sample Next due 09:00" in page


def test_times_taken_from_the_sites_table_say_so() -> None:
    assert "usual times of this site, not in the order" in words(chart(order()))


def test_a_refused_dose_has_another_shape_and_its_reason() -> None:
    page = chart(order(), dose("2026-11-21 21:00", DoseState.REFUSED, "nausea"))
    assert "sign-refused" in page
    assert "refused: nausea" in page


def test_a_schedule_that_is_not_understood_is_shown_as_received() -> None:
    page = words(chart(order("Q3D ALT W/ MEALS")))
    assert "Next due times not understood schedule as received: Q3D ALT W/ MEALS" in page


def test_a_held_order_says_so() -> None:
    assert "HELD" in words(chart(order(state=OrderState.HELD)))


def test_without_a_feed_of_doses_nothing_says_that_none_was_given() -> None:
    page = words(chart(order()))
    assert "No MAR feed. Doses given are not sent to this system" in page
    assert "Last given Not known" in page


def test_no_order_ever_heard_is_not_no_medicines() -> None:
    assert "That is not the same as no medicines." in words(chart())


def test_the_blind_window_is_said_and_hatched() -> None:
    page = screens(whole_ward()).get(patient(path="/medicines")).text
    assert "22-Nov-2026 02:31 to 22-Nov-2026 02:47 is not known to this system." in words(page)
    assert '<th scope="col" class="past hatch">' in page


def test_the_line_of_now_stands_once_in_each_head() -> None:
    page = screens(whole_ward()).get(patient(path="/medicines")).text
    assert page.count("nowmark") == page.count("<thead>")


def test_once_the_ehr_is_off_the_chart_is_old() -> None:
    page = words(screens(whole_ward()).get(patient(path="/medicines")).text)
    assert "MAR as of 22-Nov 02:31 · 1 h 28 min old OLD" in page
