from __future__ import annotations

from tests.views.bedside.charting_builders import (
    chart_of,
    charted,
    lab_order,
    line,
    medicine,
    ordered,
    reported,
)

from wardlight.record.codes import Coded, ResultState
from wardlight.record.events.charting import Observation, ResultsReported
from wardlight.record.instants import HOUR, Instant
from wardlight.record.reading import Charted
from wardlight.views.facts import ObservationFact, ReportFact
from wardlight.views.laboratory.results import Results, results

P, F, C = ResultState.PRELIMINARY, ResultState.FINAL, ResultState.CORRECTED
W = ResultState.WRONG_PATIENT


def shown(*said: Charted, now: float = 100) -> Results:
    return results(chart_of(*said), now=Instant(round(now * HOUR)))


def values(report: ReportFact) -> list[str]:
    return [fact.observation.value for fact in report.observations]


def potassium(*said: Charted) -> ObservationFact:
    (report,) = chart_of(*said).reports
    (fact,) = report.observations
    return fact


def k(value: str, state: ResultState, at: float) -> ResultsReported:
    return reported(line("K", value, state), state=state, collected=1, at=at)


def test_a_late_preliminary_value_never_replaces_a_final_one() -> None:
    fact = potassium(charted(1, k("5.6", F, 1)), charted(2, k("9.9", P, 2)))
    assert (fact.observation.value, fact.observation.state) == ("5.6", F)


def test_a_final_value_replaces_a_preliminary_one_whatever_its_status_time() -> None:
    fact = potassium(charted(1, k("5.4", P, 3)), charted(2, k("5.6", F, 2)))
    assert (fact.observation.value, fact.was) == ("5.6", "")


def test_a_correction_keeps_what_it_was() -> None:
    fact = potassium(charted(1, k("5.6", F, 1)), charted(2, k("4.6", C, 2)))
    assert (fact.observation.value, fact.was) == ("4.6", "5.6")


def test_a_correction_said_twice_keeps_what_it_was() -> None:
    correction = charted(2, k("4.6", C, 2))
    fact = potassium(charted(1, k("5.6", F, 1)), correction, correction)
    assert (fact.observation.value, fact.was) == ("4.6", "5.6")


def test_of_two_final_values_the_newer_status_time_counts() -> None:
    fact = potassium(charted(1, k("4.6", F, 5)), charted(2, k("5.6", F, 4)))
    assert fact.observation.value == "4.6"


def test_a_value_of_another_patient_is_hidden_and_says_so() -> None:
    fact = potassium(charted(1, k("5.6", F, 1)), charted(2, k("5.6", W, 2)))
    assert (fact.observation.value, fact.observation.state, fact.was) == ("", W, "")


def test_a_withdrawn_report_hides_every_line_it_had() -> None:
    chart = chart_of(
        charted(1, reported(line("K", "5.6"), line("Na", "140"), collected=1)),
        charted(2, reported(state=ResultState.WITHDRAWN)),
    )
    assert values(chart.reports[0]) == ["", ""]


def test_hidden_values_are_counted() -> None:
    found = shown(charted(99, k("5.6", W, 99)), now=1)
    assert found.withdrawn == 1


def test_a_line_without_status_has_its_reports() -> None:
    fact = potassium(
        charted(1, reported(line("K", "5.6", ResultState.NOT_STATED), state=C, collected=1))
    )
    assert fact.observation.state is C


def test_a_report_that_omits_a_line_does_not_erase_it() -> None:
    chart = chart_of(
        charted(1, reported(line("K", "5.6"), line("Na", "140"), collected=1)),
        charted(2, reported(line("K", "5.7"), collected=1)),
    )
    assert values(chart.reports[0]) == ["5.7", "140"]


def test_corrected_text_leaves_no_line_of_the_old_wording() -> None:
    old = [line("IMP", text, F, kind="TX") for text in ("No bleed.", "No mass.", "Normal.")]
    new = [line("IMP", text, C, kind="TX") for text in ("Small bleed.", "No mass.")]
    chart = chart_of(
        charted(1, reported(*old, collected=1)), charted(2, reported(*new, collected=1, state=C))
    )
    assert values(chart.reports[0]) == ["Small bleed.", "No mass."]


def test_a_meter_that_numbers_every_value_alike_keeps_its_history() -> None:
    found = shown(
        charted(90, reported(line("Glucose", "110"), collected=90)),
        charted(95, reported(line("Glucose", "62"), collected=95)),
    )
    assert found.analytes[0].newest.observation.value == "62"
    assert [fact.observation.value for fact in found.analytes[0].earlier] == ["110"]


def test_a_preliminary_report_under_the_placers_number_becomes_the_final_one() -> None:
    final = ResultsReported(number="LAB|1", other_number="CPOE|9", test=Coded(text="BMP"), state=F)
    chart = chart_of(
        charted(1, reported(line("K", "5.5", P), number="CPOE|9", state=P)), charted(2, final)
    )
    assert [report.state for report in chart.reports] == [F]


def test_two_fillers_of_one_placer_stay_two_reports() -> None:
    def report(filler: str) -> ResultsReported:
        return ResultsReported(
            number=filler, other_number="CPOE|9", test=Coded(text="BMP"), state=F
        )

    assert len(chart_of(charted(1, report("LAB|1")), charted(2, report("LAB|2"))).reports) == 2


def test_critical_values_come_first_then_the_newest() -> None:
    found = shown(
        charted(90, reported(line("K", "6.9", F, "HH"), number="LAB|1", collected=90)),
        charted(95, reported(line("Na", "140"), number="LAB|2", collected=95)),
        charted(92, reported(line("Ca", "2.4", F, "N"), number="LAB|3", collected=92)),
    )
    assert [row.test.text for row in found.analytes] == ["K", "Na", "Ca"]
    assert [row.critical for row in found.analytes] == [True, False, False]


def test_results_older_than_the_window_are_left_out() -> None:
    found = shown(charted(10, reported(line("K", "5.6"), collected=10)))
    assert (found.analytes, found.reports) == ((), ())


def test_the_value_before_the_window_is_kept_for_comparison() -> None:
    found = shown(
        charted(10, reported(line("K", "4.0"), number="LAB|1", collected=10)),
        charted(90, reported(line("K", "5.6"), number="LAB|2", collected=90)),
    )
    assert [fact.observation.value for fact in found.analytes[0].earlier] == ["4.0"]


def test_one_test_in_two_specimens_is_two_analytes() -> None:
    def report(specimen: str) -> ResultsReported:
        return ResultsReported(
            number=f"LAB|{specimen}",
            test=Coded(text="K"),
            state=F,
            specimen=specimen,
            observations=(line("K", "5.6"),),
        )

    found = shown(charted(90, report("blood")), charted(91, report("urine")))
    assert len(found.analytes) == 2


def test_text_is_a_report_and_not_an_analyte() -> None:
    found = shown(charted(99, reported(line("IMP", "Normal.", kind="TX"), collected=99)))
    assert (len(found.analytes), len(found.reports)) == (0, 1)


def test_an_order_without_result_is_pending() -> None:
    found = shown(charted(99, lab_order("BMP")))
    assert [order.words() for order in found.pending] == ["BMP"]


def test_a_report_answers_the_only_order_of_its_number() -> None:
    found = shown(
        charted(98, lab_order("CBC")), charted(99, reported(line("WBC", "7"), test="CBC+D"))
    )
    assert found.pending == ()


def test_a_report_answers_only_its_own_test_of_a_shared_number() -> None:
    found = shown(
        charted(98, lab_order("CBC")),
        charted(98, lab_order("BMP")),
        charted(99, reported(line("K", "5.6"), test="BMP")),
    )
    assert [order.words() for order in found.pending] == ["CBC"]


def test_a_report_without_lines_answers_nothing() -> None:
    found = shown(charted(98, lab_order("BMP")), charted(99, reported(state=ResultState.PENDING)))
    assert [order.words() for order in found.pending] == ["BMP"]


def test_medicines_and_stopped_tests_are_not_pending() -> None:
    found = shown(
        charted(97, ordered(detail=medicine())),
        charted(98, lab_order("BMP")),
        charted(99, lab_order("BMP", control="CA")),
    )
    assert found.pending == ()


def test_the_newest_weight_by_time_counts() -> None:
    def weighed(hour: float, value: str) -> ResultsReported:
        weight = Observation(test=Coded("29463-7", "Body weight", "LN"), value=value, unit="kg")
        return ResultsReported(
            number=f"V|{hour}", test=Coded(text="Vitals"), state=F, observations=(weight,)
        )

    chart = chart_of(charted(1, weighed(1, "60.0")), charted(5, weighed(5, "61.5")))
    assert chart.weight is not None
    assert (chart.weight.value, chart.weight.unit, chart.weight.at.at) == ("61.5", "kg", 5 * HOUR)


def test_a_refused_weight_does_not_hide_the_last_one() -> None:
    chart = chart_of(
        charted(1, reported(line("Weight", "61.5"), number="V|1")),
        charted(2, reported(line("Weight", "refused"), number="V|2")),
    )
    assert chart.weight is not None
    assert chart.weight.value == "61.5"


def test_a_weight_of_another_patient_is_not_used() -> None:
    chart = chart_of(charted(1, reported(line("Weight", "3.1", W))))
    assert chart.weight is None


def test_the_birth_weight_is_not_the_weight() -> None:
    chart = chart_of(charted(1, reported(line("Birth weight", "3.1"), line("Body height", "51"))))
    assert (chart.weight, chart.height and chart.height.value) == (None, "51")
