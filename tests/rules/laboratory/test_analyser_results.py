"""An analyser's values: filed by number and label or kept to be matched; never lost or doubled."""

from __future__ import annotations

from tests.rules.laboratory.loop_ward import NURSE, OneSpecimen

from wardlight.record.codes import Coded
from wardlight.record.events.laboratory import (
    Label,
    ResultEntered,
    ResultLine,
    SpecimenUnmatched,
)
from wardlight.record.instants import Instant, Moment
from wardlight.rules.asking import Accepted
from wardlight.rules.laboratory.analyser_results import asked_by_analyser, placed
from wardlight.wire.analyser.found import AnalyserResult

RIGHT = Label(name="O'BRIEN, Siobhan", birth="1958-03-09", number="704118")


def sent(accession: str, label: Label = RIGHT, *, completed: int = 0) -> AnalyserResult:
    line = ResultLine(test=Coded(text="K"), value="6.9", unit="mmol/L")
    return AnalyserResult(
        result=ResultEntered(request="", accession=accession, label=label, lines=(line,)),
        text="R|1|^^^K|6.9|mmol/L",
        completed=Moment(Instant(completed)) if completed else None,
    )


def entry(ward: OneSpecimen, found: AnalyserResult) -> Accepted:
    return placed(found, asked_by_analyser(found, NURSE, "MMH"), ward.ground())


def test_a_value_with_number_and_label_of_one_patient_is_filed_and_flagged() -> None:
    ward = OneSpecimen()
    said = entry(ward, sent(ward.accession)).said
    assert isinstance(said, ResultEntered)
    assert said.request == ward.request
    assert (said.lines[0].test.code, said.lines[0].flag) == ("2823-3", "HH")


def test_a_value_with_another_patients_label_is_kept_to_be_matched_with_the_reason() -> None:
    ward = OneSpecimen()
    found = entry(ward, sent(ward.accession, Label(number="704119", birth="1958-03-09")))
    assert isinstance(found.said, SpecimenUnmatched)
    assert found.said.because.startswith("STOP. The number")
    assert found.said.text == "R|1|^^^K|6.9|mmol/L"


def test_a_value_with_an_unknown_or_misread_number_is_kept_to_be_matched() -> None:
    ward = OneSpecimen()
    for number in (ward.next_number(), "LB-0000-0000", ""):
        assert isinstance(entry(ward, sent(number)).said, SpecimenUnmatched)


def test_the_same_lines_have_the_same_id() -> None:
    one = asked_by_analyser(sent("LB-1"), NURSE, "MMH").id
    assert one == asked_by_analyser(sent("LB-1"), NURSE, "MMH").id
    assert len(one) == 32


def test_an_analyser_whose_clock_is_ahead_does_not_put_a_result_into_time_to_come() -> None:
    ward = OneSpecimen()
    found = entry(ward, sent(ward.accession, completed=ward.now + 3_600_000))
    assert found.occurred == ward.now
    assert "analyser-clock" in [one.code for one in found.warnings]
    early = entry(ward, sent(ward.accession, completed=ward.now - 60_000))
    assert early.occurred == ward.now - 60_000
