from __future__ import annotations

from tests.web.screens import one_patient, patient, screens, words
from tests.web.ward_of_28 import at

from wardlight.record.codes import Coded, OrderKind, ResultState
from wardlight.record.events.charting import (
    ChartEvent,
    Observation,
    OrderChanged,
    ResultsReported,
)
from wardlight.record.instants import Moment

WHEN = Moment(at("2026-11-22 01:10"), 12)


def report(
    test: str,
    value: str,
    *flags: str,
    state: ResultState = ResultState.FINAL,
    number: str = "MMH|L1",
) -> ResultsReported:
    line = Observation(
        test=Coded(test[:3], test, "LN"),
        value=value,
        unit="mmol/L",
        range="3.5-5.1",
        flags=flags,
        state=state,
        at=WHEN,
        kind="NM",
    )
    return ResultsReported(
        number=number,
        test=Coded("P", "Panel", "L"),
        state=state,
        collected=WHEN,
        observations=(line,),
    )


def page(*events: ChartEvent) -> str:
    return words(screens(one_patient(*events)).get(patient(path="/results")).text)


def test_a_critical_result_is_first_with_its_flag_in_words() -> None:
    text = page(report("Sodium", "140"), report("Potassium", "6.8", "HH", number="MMH|L2"))
    assert text.index("Critical Potassium 6.8 mmol/L CRITICALLY HIGH") < text.index("Sodium 140")


def test_a_corrected_result_says_what_it_was() -> None:
    text = page(report("Potassium", "6.8"), report("Potassium", "4.8", state=ResultState.CORRECTED))
    assert "Potassium 4.8 mmol/L was 6.8 corrected" in text


def test_a_withdrawn_result_shows_no_value_anywhere() -> None:
    text = page(report("Potassium", "6.8"), report("Potassium", "6.8", state=ResultState.WITHDRAWN))
    assert "Withdrawn by the laboratory: value not shown" in text
    assert "6.8" not in text


def test_a_result_of_another_patient_shows_no_value_anywhere() -> None:
    text = page(
        report("Potassium", "6.8"), report("Potassium", "6.8", state=ResultState.WRONG_PATIENT)
    )
    assert "belonged to another patient" in text
    assert "6.8" not in text


def test_a_preliminary_result_says_so() -> None:
    assert "5.6 mmol/L preliminary" in page(
        report("Potassium", "5.6", state=ResultState.PRELIMINARY)
    )


def test_a_test_without_a_result_is_waited_for() -> None:
    order = OrderChanged(
        number="MMH|T1",
        kind=OrderKind.LABORATORY,
        what=Coded("600-7", "Blood culture"),
        ordered=Moment(at("2026-11-22 01:41"), 12),
    )
    assert "Blood culture, ordered 01:41" in page(order)


def test_no_result_heard_is_not_nothing_measured() -> None:
    assert "That does not say that nothing was measured." in page()
