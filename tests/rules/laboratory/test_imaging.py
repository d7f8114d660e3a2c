"""An examination: what is asked first, whose it is, who has the images, who was rung."""

from __future__ import annotations

import pytest
from tests.rules.laboratory.loop_ward import OBRIEN, Ward, label

from wardlight.record import catalogue
from wardlight.record.identity import PatientKey
from wardlight.rules.asking import Accepted, Refusal
from wardlight.views.bedside.findings import escalations
from wardlight.views.laboratory.imaging import Examination, ImagingState, examined
from wardlight.views.laboratory.laboratory_board import LaboratoryTargets

ASKED = [
    *OBRIEN,
    ("study", "CT head"),
    ("side", "no side"),
    ("priority", "STAT"),
    ("callback", "5512"),
    ("pregnancy", "no"),
    ("contrast_allergy", "no"),
    ("clinical", "fall, confused"),
]
PATIENT = PatientKey("MMH|704118")


def changed(**fields: str) -> list[tuple[str, str]]:
    return [pair for pair in ASKED if pair[0] not in fields] + list(fields.items())


class Room(Ward):
    def __init__(self) -> None:
        super().__init__()
        self.admit("704118", "O'BRIEN", "Siobhán")
        self.request = self.say(catalogue.IMAGING_REQUESTED, ASKED, patient=PATIENT)
        self.minutes(20)

    def examination(self) -> Examination:
        found = self.views.loops.read(self.request, examined)
        assert found is not None
        return found

    def perform(self) -> None:
        fields = [("request", self.request), *OBRIEN, ("images_with", "Dr Okafor")]
        self.say(catalogue.IMAGING_PERFORMED, [*fields, ("medium", "USB 4")])
        self.minutes(5)

    def read(self, *more: tuple[str, str]) -> str:
        fields = [("request", self.request), ("reading", "preliminary"), ("read_by", "Dr Okafor")]
        return self.say(catalogue.IMAGING_READ, [*fields, ("text", "no bleeding"), *more])


def test_an_examination_is_followed_from_request_to_reading() -> None:
    room = Room()
    assert room.examination().state is ImagingState.REQUESTED
    room.perform()
    assert room.examination().state is ImagingState.PERFORMED
    assert room.examination().images_with == "Dr Okafor, USB 4"
    room.read()
    assert room.examination().state is ImagingState.PRELIMINARY
    room.read(("reading", "final"))
    assert room.examination().study() == "CT head, no side"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"pregnancy": "not asked"}, "pregnancy-not-asked"),
        ({"pregnancy": "yes"}, "pregnancy-not-asked"),
        ({"contrast": "yes", "contrast_allergy": "yes", "egfr": "80"}, "contrast-allergy"),
        ({"contrast": "yes", "contrast_allergy": "not asked", "egfr": "80"}, "contrast-allergy"),
        ({"contrast": "yes"}, "no-egfr"),
    ],
)
def test_what_was_not_asked_is_a_warning_and_blocks_nothing(
    fields: dict[str, str], code: str
) -> None:
    found = Room().ask(catalogue.IMAGING_REQUESTED, changed(**fields), patient=PATIENT)
    assert isinstance(found, Accepted)
    assert [one.code for one in found.warnings] == [code]


@pytest.mark.parametrize("field", ["side", "study", "clinical", "callback", "priority"])
def test_a_request_without_what_matters_is_refused(field: str) -> None:
    found = Room().ask(catalogue.IMAGING_REQUESTED, changed(**{field: ""}), patient=PATIENT)
    assert isinstance(found, Refusal)
    assert list(found.fields) == [field]


def test_images_of_another_patient_cannot_be_filed() -> None:
    room = Room()
    wrong = label(number="704119", birth="09-Mar-1958")
    fields = [("request", room.request), *wrong, ("images_with", "Dr Okafor")]
    found = room.ask(catalogue.IMAGING_PERFORMED, fields)
    assert isinstance(found, Refusal)
    assert list(found.fields) == ["label_number"]


def test_nobody_reads_what_was_not_done() -> None:
    room = Room()
    fields = [("request", room.request), ("reading", "final"), ("read_by", "x"), ("text", "y")]
    assert isinstance(room.ask(catalogue.IMAGING_READ, fields), Refusal)


def test_a_critical_reading_escalates_like_a_critical_value() -> None:
    room = Room()
    room.perform()
    result = room.read(("critical", "yes"))
    room.minutes(10)
    (due,) = escalations(room.examination().findings, room.now, LaboratoryTargets().escalation)
    assert due.finding.step.id == result
    about = [("request", room.request), ("result", result)]
    room.say(catalogue.RESULT_ACKNOWLEDGED, about, patient=PATIENT)
    rule = LaboratoryTargets().escalation
    assert escalations(room.examination().findings, room.now, rule) == ()


def test_a_cancelled_examination_says_so() -> None:
    room = Room()
    room.say(catalogue.IMAGING_CANCELLED, [("request", room.request), ("reason", "scanner off")])
    assert room.examination().state is ImagingState.CANCELLED
