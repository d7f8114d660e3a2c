"""What staff enter in the loops, as the chart shows it at once."""

from __future__ import annotations

from tests.rules.laboratory.loop_ward import REQUEST, OneSpecimen, line
from tests.rules.laboratory.test_imaging import PATIENT, Room
from tests.rules.laboratory.test_transfusion import UNIT, Bank

from wardlight.record import catalogue
from wardlight.record.codes import OrderKind, OrderState, ResultState
from wardlight.views.facts import Chart, ReportFact
from wardlight.views.laboratory.results import results


def newest(chart: Chart) -> ReportFact:
    return chart.reports[0]


def test_each_test_of_a_request_is_an_order_of_the_chart() -> None:
    ward = OneSpecimen()
    asked = [*REQUEST, ("test", "Sodium"), ("prescriber", "Dr Patel")]
    ward.say(catalogue.SPECIMEN_REQUESTED, asked, patient=ward.patient)
    orders = ward.views.chart(ward.patient).orders
    assert sorted(one.words() for one in orders) == ["Potassium", "Potassium", "Sodium"]
    assert {one.kind for one in orders} == {OrderKind.LABORATORY}
    assert orders[0].prescriber == "Dr Patel"


def test_a_result_is_a_report_that_answers_its_order() -> None:
    ward = OneSpecimen()
    ward.file(*line("Potassium", "6.9", "mmol/L", "3.5-5.1"), ("instrument", "Chemy 9"))
    chart = ward.views.chart(ward.patient)
    (observation,) = newest(chart).observations
    said = observation.observation
    assert (said.test.code, said.value, said.unit, said.flags) == (
        "2823-3",
        "6.9",
        "mmol/L",
        ("HH",),
    )
    assert f"Accession {ward.accession}" in newest(chart).notes
    assert results(chart, now=ward.now).pending == ()


def test_a_correction_says_what_the_value_was_replaced_by_and_the_first_is_taken_back() -> None:
    ward = OneSpecimen()
    first = ward.file(*line("Potassium", "6.9", "mmol/L"))
    ward.file(*line("Potassium", "4.4", "mmol/L"), corrects=first)
    chart = ward.views.chart(ward.patient)
    assert [one.observation.value for one in newest(chart).observations] == ["4.4"]
    assert newest(chart).state is ResultState.CORRECTED
    assert [one.stamp.entry for one in chart.taken_back] == [first]


def test_a_specimen_that_was_lost_ends_its_order_on_the_chart() -> None:
    ward = OneSpecimen()
    lost = [("request", ward.request), ("loss", "lost"), ("reason", "tube broke")]
    ward.say(catalogue.SPECIMEN_LOST, lost)
    (order,) = ward.views.chart(ward.patient).orders
    assert order.state is OrderState.STOPPED


def test_a_reading_is_a_report_marked_preliminary() -> None:
    room = Room()
    room.perform()
    room.read(("critical", "yes"))
    report = newest(room.views.chart(PATIENT))
    assert (report.section, report.state) == ("RAD", ResultState.PRELIMINARY)
    assert report.observations[0].observation.value == "no bleeding"
    assert results(room.views.chart(PATIENT), now=room.now).pending == ()


def test_what_happened_to_a_unit_of_blood_is_one_report() -> None:
    bank = Bank()
    bank.issued()
    bank.start()
    fields = [("request", bank.request), ("unit", UNIT), ("signs", "fever"), ("stopped", "yes")]
    bank.say(catalogue.TRANSFUSION_REACTION, fields)
    report = newest(bank.views.chart(PATIENT))
    assert report.test.text == f"Transfusion, unit {UNIT}"
    assert [one.observation.value for one in report.observations] == [
        "checked at the bedside by RN A. Mensah and RN B. Kowalski",
        "fever; stopped",
    ]
