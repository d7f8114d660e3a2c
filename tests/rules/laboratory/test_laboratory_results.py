"""Filing, telling, acknowledging and escalating results."""

from __future__ import annotations

import pytest
from tests.rules.laboratory.loop_ward import OBRIEN, REQUEST, OneSpecimen, label, line

from wardlight.record import catalogue
from wardlight.record.events.laboratory import ResultEntered, SpecimenUnmatched
from wardlight.rules.asking import Accepted, Refusal
from wardlight.views.laboratory.laboratory import SpecimenState

RESULT = catalogue.RESULT_ENTERED
POTASSIUM = line("Potassium", "6.9", "mmol/L", "3.5-5.1")


def test_a_result_is_filed_with_its_flag_under_the_test_that_was_asked_for() -> None:
    ward = OneSpecimen()
    ward.file(*POTASSIUM)
    trace = ward.trace(ward.request)
    assert trace.state is SpecimenState.RESULTED
    assert trace.findings[0].critical
    said = trace.findings[0].step.said
    assert isinstance(said, ResultEntered)
    assert said.lines[0].flag == "HH"
    assert said.test.code == "2823-3"


def test_a_value_read_from_another_label_cannot_be_filed() -> None:
    ward = OneSpecimen()
    fields = [("accession", ward.accession), *label("704119", "09-Mar-1958"), *POTASSIUM]
    found = ward.ask(RESULT, fields)
    assert isinstance(found, Refusal)
    assert list(found.fields) == ["label_number"]


def test_a_label_with_one_identifier_cannot_be_filed() -> None:
    ward = OneSpecimen()
    found = ward.ask(RESULT, [("accession", ward.accession), *label("704118"), *POTASSIUM])
    assert isinstance(found, Refusal)
    assert "Two identifiers" in found.because


def test_an_unknown_number_asks_to_be_read_again_and_is_then_kept_whole() -> None:
    ward = OneSpecimen()
    fields = [("accession", ward.next_number()), *OBRIEN, *POTASSIUM]
    assert isinstance(ward.ask(RESULT, fields), Refusal)
    ward.say(RESULT, [*fields, ("keep", "yes")])
    (kept,) = ward.views.loops.unmatched()
    assert isinstance(kept.said, SpecimenUnmatched)
    assert kept.said.text == "Potassium | 6.9 | mmol/L | 3.5-5.1"


def test_a_result_that_was_matched_leaves_the_list() -> None:
    ward = OneSpecimen()
    fields = [("accession", ward.next_number()), *OBRIEN, *POTASSIUM, ("keep", "yes")]
    unmatched = ward.say(RESULT, fields)
    ward.file(*POTASSIUM, ("matches", unmatched))
    assert ward.views.loops.unmatched() == ()


def test_a_misread_number_is_never_kept_as_unmatched() -> None:
    ward = OneSpecimen()
    misread = ward.accession[:-1] + ("0" if ward.accession[-1] != "0" else "1")
    found = ward.ask(RESULT, [("accession", misread), ("keep", "yes"), *OBRIEN, *POTASSIUM])
    assert isinstance(found, Refusal)
    assert "check character" in found.fields["accession"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ([], "value"),
        (line("", "6.9"), "line_test"),
        (line("Potassium", ""), "value"),
        ([*POTASSIUM, ("at", "23:59")], "at"),
        ([*POTASSIUM, ("at", "02:35")], "at"),
    ],
)
def test_what_cannot_be_filed_names_its_field(fields: list[tuple[str, str]], wrong: str) -> None:
    ward = OneSpecimen()
    found = ward.ask(RESULT, [("accession", ward.accession), *OBRIEN, *fields])
    assert isinstance(found, Refusal)
    assert wrong in found.fields


def test_a_second_value_of_the_same_test_is_a_warning() -> None:
    ward = OneSpecimen()
    ward.file(*POTASSIUM)
    found = ward.ask(RESULT, [("accession", ward.accession), *OBRIEN, *POTASSIUM])
    assert isinstance(found, Accepted)
    assert [one.code for one in found.warnings] == ["result-already-filed"]


def test_a_correction_takes_the_place_of_the_result_and_has_to_be_acknowledged_anew() -> None:
    ward = OneSpecimen()
    first = ward.file(*POTASSIUM)
    about = [("request", ward.request), ("result", first)]
    ward.say(catalogue.RESULT_ACKNOWLEDGED, about, patient=ward.patient)
    ward.file(*line("Potassium", "4.4", "mmol/L"), corrects=first)
    (finding,) = ward.trace(ward.request).findings
    assert finding.words() == "Potassium 4.4 mmol/L"
    assert finding.acknowledged is None


def test_a_correction_of_another_specimens_result_is_refused() -> None:
    ward = OneSpecimen()
    fields = [("accession", ward.accession), *OBRIEN, *POTASSIUM]
    assert isinstance(ward.ask(RESULT, fields, corrects="f" * 32), Refusal)


def test_a_result_made_in_error_is_taken_back_and_the_specimen_waits_again() -> None:
    ward = OneSpecimen()
    result = ward.file(*POTASSIUM)
    ward.say(catalogue.ENTRY_VOIDED, [("entry", result), ("reason", "wrong tube")])
    assert ward.trace(ward.request).state is SpecimenState.RECEIVED


def told(ward: OneSpecimen, result: str, read_back: str) -> Accepted | Refusal:
    return ward.ask(
        catalogue.RESULT_TOLD,
        [
            ("request", ward.request),
            ("result", result),
            ("to", "RN B. Kowalski"),
            ("how", "phone"),
            ("read_back", read_back),
        ],
    )


def test_a_critical_result_that_was_not_read_back_is_asked_about() -> None:
    ward = OneSpecimen()
    result = ward.file(*POTASSIUM)
    found = told(ward, result, "no")
    assert isinstance(found, Accepted)
    assert [one.code for one in found.warnings] == ["no-read-back"]
    good = told(ward, result, "yes")
    assert isinstance(good, Accepted)
    assert good.warnings == ()


def test_whether_it_was_read_back_has_to_be_said() -> None:
    ward = OneSpecimen()
    found = told(ward, ward.file(*POTASSIUM), "")
    assert isinstance(found, Refusal)
    assert list(found.fields) == ["read_back"]


def test_a_result_that_was_corrected_meanwhile_cannot_be_acknowledged() -> None:
    ward = OneSpecimen()
    first = ward.file(*POTASSIUM)
    ward.file(*line("Potassium", "4.4", "mmol/L"), corrects=first)
    found = ward.ask(catalogue.RESULT_ACKNOWLEDGED, [("request", ward.request), ("result", first)])
    assert isinstance(found, Refusal)


def test_nobody_acknowledges_a_result_on_another_patients_chart() -> None:
    ward = OneSpecimen()
    other = ward.admit("704119", "O'BRIEN", "Sean", "1949-07-21", "4E-13")
    result = ward.file(*POTASSIUM)
    about = [("request", ward.request), ("result", result)]
    found = ward.ask(catalogue.RESULT_ACKNOWLEDGED, about, patient=other)
    assert isinstance(found, Refusal)
    assert found.because.startswith("STOP.")


def test_without_a_table_of_critical_values_a_person_is_told_to_look() -> None:
    ward = OneSpecimen()
    ward.tables = None
    found = ward.ask(RESULT, [("accession", ward.accession), *OBRIEN, *POTASSIUM])
    assert isinstance(found, Accepted)
    assert [one.code for one in found.warnings] == ["not-compared"]


def test_two_tubes_with_one_number_take_no_result_until_one_has_another() -> None:
    ward = OneSpecimen()
    other = ward.say(catalogue.SPECIMEN_REQUESTED, REQUEST, patient=ward.patient)
    held = ward.views.loops
    steps = held.steps(ward.request)
    ward.keep_copy(steps[1], request=other)
    found = ward.ask(RESULT, [("accession", ward.accession), *OBRIEN, *POTASSIUM])
    assert isinstance(found, Refusal)
    assert "Two specimens" in found.because
