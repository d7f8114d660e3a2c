"""Asking for tests and receiving specimens: what is accepted and what refused, in which words."""

from __future__ import annotations

import pytest
from tests.rules.laboratory.loop_ward import OBRIEN, REQUEST, OneSpecimen, Ward, label, line

from wardlight.record import catalogue
from wardlight.record.accession_number import accessions_of_block
from wardlight.record.events.laboratory import SpecimenRequested
from wardlight.rules.asking import Accepted, Refusal
from wardlight.views.laboratory.laboratory import SpecimenState

RECEIVED = catalogue.SPECIMEN_RECEIVED


def without(name: str) -> list[tuple[str, str]]:
    return [(field, value) for field, value in REQUEST if field != name]


def ward_with_one() -> Ward:
    ward = Ward()
    ward.admit("704118", "O'BRIEN", "Siobhán")
    return ward


def test_a_request_keeps_where_the_patient_lay_and_what_was_asked() -> None:
    found = ward_with_one().ask(catalogue.SPECIMEN_REQUESTED, REQUEST, patient="MMH|704118")
    assert isinstance(found, Accepted)
    assert isinstance(found.said, SpecimenRequested)
    assert found.said.place.words() == "4E 12-12"
    assert [one.code for one in found.said.tests] == ["2823-3"]
    assert found.said.group == "chemistry"


@pytest.mark.parametrize("field", ["test", "callback", "specimen", "priority"])
def test_a_request_without_what_the_laboratory_needs_says_what_to_do(field: str) -> None:
    found = ward_with_one().ask(catalogue.SPECIMEN_REQUESTED, without(field), patient="MMH|704118")
    assert isinstance(found, Refusal)
    assert list(found.fields) == [field]


def test_a_request_with_another_patients_label_is_stopped() -> None:
    wrong = [*without("label_birth"), ("label_birth", "1949-07-21")]
    found = ward_with_one().ask(catalogue.SPECIMEN_REQUESTED, wrong, patient="MMH|704118")
    assert isinstance(found, Refusal)
    assert found.because.startswith("STOP. The birth date")


def test_a_specimen_taken_in_time_to_come_is_refused() -> None:
    wrong = [*without("collected_at"), ("collected_at", "04:00")]
    found = ward_with_one().ask(catalogue.SPECIMEN_REQUESTED, wrong, patient="MMH|704118")
    assert isinstance(found, Refusal)
    assert list(found.fields) == ["collected_at"]


def test_the_same_test_asked_for_twice_is_a_warning() -> None:
    ward = OneSpecimen()
    found = ward.ask(catalogue.SPECIMEN_REQUESTED, REQUEST, patient=ward.patient)
    assert isinstance(found, Accepted)
    assert [one.code for one in found.warnings] == ["test-already-asked"]


def test_a_wrong_check_character_is_said_at_the_number() -> None:
    ward = OneSpecimen()
    misread = ward.accession[:-1] + ("0" if ward.accession[-1] != "0" else "1")
    fields = [("request", ward.request), ("number", misread), *OBRIEN]
    found = ward.ask(RECEIVED, fields)
    assert isinstance(found, Refusal)
    assert "check character" in found.fields["number"]


def test_one_accession_number_is_never_given_to_two_specimens() -> None:
    ward = OneSpecimen()
    other = ward.say(catalogue.SPECIMEN_REQUESTED, REQUEST, patient=ward.patient)
    found = ward.ask(RECEIVED, [("request", other), ("number", ward.accession), *OBRIEN])
    assert isinstance(found, Refusal)
    assert found.fields == {"number": "Another specimen has this number. Take the next label."}


def test_a_mislabelled_tube_can_only_be_turned_away() -> None:
    ward = Ward()
    ward.admit("704118", "O'BRIEN", "Siobhán")
    request = ward.say(catalogue.SPECIMEN_REQUESTED, REQUEST, patient="MMH|704118")
    wrong = label(number="704119", birth="09-Mar-1958")
    fields = [("request", request), ("number", ward.next_number()), *wrong]
    assert isinstance(ward.ask(RECEIVED, fields), Refusal)
    ward.say(RECEIVED, [*fields, ("rejected", "mislabelled")])
    assert ward.trace(request).state is SpecimenState.REJECTED


def test_a_specimen_with_a_paper_requisition_begins_its_loop_at_receipt() -> None:
    ward = ward_with_one()
    number = ward.next_number()
    request = ward.say(RECEIVED, [("number", number), *OBRIEN], patient="MMH|704118")
    assert ward.trace(request).accession == number
    assert ward.views.loops.numbered(number) == (request,)


def test_a_specimen_cannot_come_before_it_was_taken() -> None:
    ward = OneSpecimen()
    fields = [("request", ward.request), ("number", ward.accession), *OBRIEN, ("at", "02:10")]
    found = ward.ask(RECEIVED, fields)
    assert isinstance(found, Refusal)
    assert found.fields["at"] == "It was taken after that: check both times."


def test_an_unknown_request_is_refused_in_words() -> None:
    found = Ward().ask(RECEIVED, [("request", "f" * 32), ("number", "x")])
    assert isinstance(found, Refusal)
    assert "not known here" in found.because


def test_a_lost_specimen_is_off_the_pending_list_and_to_be_taken_again() -> None:
    ward = OneSpecimen()
    ward.say(
        catalogue.SPECIMEN_LOST,
        [("request", ward.request), ("loss", "lost"), ("reason", "tube broke")],
    )
    assert ward.trace(ward.request).state is SpecimenState.LOST


def test_a_specimen_is_sent_out_only_once_it_was_received() -> None:
    ward = ward_with_one()
    request = ward.say(catalogue.SPECIMEN_REQUESTED, REQUEST, patient="MMH|704118")
    fields = [("request", request), ("laboratory", "Reference laboratory")]
    assert isinstance(ward.ask(catalogue.SPECIMEN_SENT_OUT, fields), Refusal)
    ward.say(RECEIVED, [("request", request), ("number", ward.next_number()), *OBRIEN])
    ward.say(catalogue.SPECIMEN_SENT_OUT, fields)
    assert ward.trace(request).state is SpecimenState.SENT_OUT


def test_a_station_without_labels_takes_a_number_of_its_own_block() -> None:
    ward = ward_with_one()
    request = ward.say(catalogue.SPECIMEN_REQUESTED, REQUEST, patient="MMH|704118")
    place = ward.numbers[5].place
    ward.say(RECEIVED, [("request", request), ("number", place.text()), *OBRIEN])
    assert ward.trace(request).accession == ward.numbers[5].text()


def test_a_tube_marked_with_the_number_as_the_tablet_showed_it_is_found() -> None:
    ward = OneSpecimen()
    shown = accessions_of_block(7, 3)[0].place.text()
    fields = [("accession", shown), *OBRIEN, *line("Potassium", "4.4", "mmol/L")]
    found = ward.ask(catalogue.RESULT_ENTERED, fields)
    assert isinstance(found, Accepted)


def test_a_number_of_the_laboratory_that_is_off_is_kept_as_it_stands() -> None:
    ward = ward_with_one()
    request = ward.say(catalogue.SPECIMEN_REQUESTED, REQUEST, patient="MMH|704118")
    ward.say(RECEIVED, [("request", request), ("number", " 26-118-00412 "), *OBRIEN])
    assert ward.trace(request).accession == "26-118-00412"


def test_hostile_text_is_kept_as_it_was_said() -> None:
    text = "<script>alert(1)</script>\N{RIGHT-TO-LEFT OVERRIDE}'; DROP TABLE--"
    ward = ward_with_one()
    request = ward.say(
        catalogue.SPECIMEN_REQUESTED, [*without("test"), ("test", text)], patient="MMH|704118"
    )
    assert ward.trace(request).tests[0].text == text
