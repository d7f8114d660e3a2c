"""A transfer step by step: what is refused, what is warned of, what the board then says."""

from __future__ import annotations

import pytest
from tests.rules.laboratory.loop_ward import Ward
from tests.rules.transfers.transfer_desk import STEPS, TransferDesk

from wardlight.record.identity import PatientKey
from wardlight.rules.asking import Accepted, Refusal
from wardlight.views.transfers.transfer_board import board, waiting
from wardlight.views.transfers.transfers import Gate, OfferState, TransferState

REASON = "Aneurysm, no surgeon here; Dr Example-Sending decided"


@pytest.fixture
def desk() -> TransferDesk:
    return TransferDesk(Ward())


@pytest.fixture
def patient(desk: TransferDesk) -> PatientKey:
    return desk.ward.admit("7041182", "Testpatient", "Vega")


@pytest.fixture
def number(desk: TransferDesk, patient: PatientKey) -> str:
    made = desk.request(patient)
    desk.ward.minutes(5)
    return made


def test_a_request_waits_for_a_place_with_what_the_patient_needs(
    desk: TransferDesk, number: str
) -> None:
    [one] = waiting(desk.ward.views)
    assert (one.request, one.bed, one.needs, one.urgency) == (
        number,
        "ICU",
        ("ventilator",),
        "immediate",
    )


def test_needs_that_change_are_the_same_transfer(
    desk: TransferDesk, patient: PatientKey, number: str
) -> None:
    again = [("why", "higher level of care"), ("reason", "worse"), ("bed", "burn")]
    more = [("urgency", "urgent"), ("physician", "Dr E"), ("callback", "1"), ("request", number)]
    desk.ward.say("transfer.requested", [*again, *more], patient=patient)
    [one] = waiting(desk.ward.views)
    assert (one.request, one.bed, one.since) == (number, "burn", desk.case(number).at)


def test_who_refused_and_why_stays_beside_who_accepted(desk: TransferDesk, number: str) -> None:
    desk.say("offered", number)
    desk.say("refused", number)
    desk.say("accepted", number)
    assert [(one.hospital, one.state, one.reason) for one in desk.case(number).offers] == [
        ("LEB", OfferState.REFUSED, "no ICU bed"),
        ("GEN", OfferState.ACCEPTED, ""),
    ]
    assert desk.row(number).state is TransferState.ACCEPTED


def test_two_people_at_one_plan_are_told_of_each_other(desk: TransferDesk, number: str) -> None:
    def warned() -> list[str]:
        found = desk.ask("offered", number)
        assert isinstance(found, Accepted)
        return [one.code for one in found.warnings]

    assert warned() == []
    desk.say("offered", number)
    assert warned() == ["asked-before"]
    desk.say("accepted", number)
    assert warned() == ["asked-before", "has-a-place"]


def test_a_refusal_needs_its_reason(desk: TransferDesk, number: str) -> None:
    found = desk.ask("refused", number, reason="")
    assert isinstance(found, Refusal)
    assert list(found.fields) == ["reason"]


def test_a_yes_that_is_taken_back_counts_no_more(desk: TransferDesk, number: str) -> None:
    desk.say("accepted", number)
    desk.ward.minutes(1)
    desk.say("refused", number, hospital="gen ")
    assert desk.row(number).state is TransferState.WAITING
    assert desk.case(number).offers[0].state is OfferState.WITHDRAWN


def test_an_acceptance_without_space_and_people_is_warned_of(
    desk: TransferDesk, number: str
) -> None:
    found = desk.ask("accepted", number, capable="")
    assert isinstance(found, Accepted)
    assert [one.code for one in found.warnings] == ["not-capable"]


def test_a_second_request_for_one_patient_is_asked_about(
    desk: TransferDesk, patient: PatientKey, number: str
) -> None:
    found = desk.ward.ask(
        "transfer.requested",
        STEPS["transfer.requested"],
        patient=patient,
    )
    assert isinstance(found, Accepted)
    assert [one.code for one in found.warnings] == ["already-asked"]
    assert number


@pytest.mark.parametrize(
    ("left_out", "gate"),
    [
        ("accepted", Gate.ACCEPTANCE),
        ("certified", Gate.CERTIFICATE),
        ("transport-arranged", Gate.TRANSPORT),
        ("packet-made", Gate.PACKET),
        ("doses-stated", Gate.DOSES),
        ("pending-owned", Gate.PENDING),
    ],
)
def test_nobody_departs_while_one_gate_is_closed(
    desk: TransferDesk, number: str, left_out: str, gate: Gate
) -> None:
    if left_out == "accepted":
        named = {"hospital": "GEN"}
        for kind in ("certified", "packet-made"):
            desk.say(kind, number, **named)
        for kind in ("transport-arranged", "doses-stated", "pending-owned"):
            desk.say(kind, number)
    else:
        desk.to_the_door(number, without=left_out)
    found = desk.ask("departed", number)
    assert isinstance(found, Refusal)
    assert str(gate) in found.because
    assert "emergency" in found.fields


def test_with_every_gate_passed_the_patient_departs_and_the_census_knows(
    desk: TransferDesk, patient: PatientKey, number: str
) -> None:
    desk.to_the_door(number)
    assert desk.row(number).state is TransferState.READY
    desk.say("departed", number)
    stay = desk.ward.views.census.stay(patient)
    assert stay is not None
    assert (stay.state, stay.disposition) == ("left", "transferred GEN")
    assert desk.row(number).state is TransferState.ON_THE_WAY


def test_an_emergency_goes_with_its_reason_and_what_lacked_written(
    desk: TransferDesk, number: str
) -> None:
    desk.to_the_door(number, without="certified")
    desk.say("departed", number, emergency=REASON)
    departed = desk.case(number).departed
    assert departed is not None
    assert (departed.said.lacks, departed.said.emergency) == (("certificate",), REASON)


def test_an_emergency_in_one_word_is_no_reason(desk: TransferDesk, number: str) -> None:
    assert isinstance(desk.ask("departed", number, emergency="now"), Refusal)


def test_a_certificate_signed_after_an_emergency_is_taken(desk: TransferDesk, number: str) -> None:
    desk.to_the_door(number, without="certified")
    desk.say("departed", number, emergency=REASON)
    desk.say("certified", number, hospital="GEN")
    assert desk.case(number).certified is not None


def test_another_hospital_needs_its_own_certificate_and_packet(
    desk: TransferDesk, number: str
) -> None:
    desk.to_the_door(number)
    desk.ward.minutes(1)
    desk.say("accepted", number, hospital="LEB")
    assert desk.case(number).missing() == (Gate.CERTIFICATE, Gate.PACKET)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"benefits": ""}, "benefits"),
        ({"risks": ""}, "risks"),
        ({"treatment": ""}, "treatment"),
        ({"physician": ""}, "physician"),
        ({"consent_by": ""}, "consent_by"),
        (
            {"basis": "a qualified person certifies, a physician agreed and signs later"},
            "signed_by",
        ),
        ({"basis": "the patient or who speaks for them asks in writing"}, "asks_because"),
    ],
)
def test_a_certificate_lacks_no_element_of_the_law(
    desk: TransferDesk, number: str, changed: dict[str, str], field: str
) -> None:
    found = desk.ask("certified", number, hospital="GEN", **changed)
    assert isinstance(found, Refusal)
    assert list(found.fields) == [field]


def test_somebody_who_died_is_not_sent_and_the_board_says_so(
    desk: TransferDesk, patient: PatientKey, number: str
) -> None:
    desk.to_the_door(number)
    desk.ward.say("patient.left", [("how", "died")], patient=patient)
    row = desk.row(number)
    assert (row.state, row.to_close()) == (TransferState.DIED, True)
    assert isinstance(desk.ask("departed", number), Refusal)
    desk.say("cancelled", number, reason="died")
    assert desk.row(number).state is TransferState.CANCELLED


def test_somebody_who_went_home_and_is_expected_again_is_not_waited_for(
    desk: TransferDesk, patient: PatientKey, number: str
) -> None:
    desk.ward.say("patient.left", [("how", "discharged")], patient=patient)
    desk.ward.expect(patient, "5W-3")
    row = desk.row(number)
    assert (row.state, row.place.unit) == (TransferState.LEFT, "4E")
    assert waiting(desk.ward.views) == ()


def test_an_arrival_that_is_late_stands_first_with_how_late(
    desk: TransferDesk, patient: PatientKey, number: str
) -> None:
    desk.to_the_door(number)
    desk.say("departed", number)
    desk.ward.minutes(54)
    assert desk.row(number).overdue_ms == 0
    desk.ward.minutes(1)
    desk.request(desk.ward.admit("7041190", "Testpatient", "Other", bed="4E-14"))
    first = board(desk.ward.views, "MMH", desk.ward.now)[0]
    assert (first.patient, first.overdue_ms) == (patient, 15 * 60_000)


def test_an_arrival_elsewhere_is_written_as_such(desk: TransferDesk, number: str) -> None:
    desk.to_the_door(number)
    desk.say("departed", number)
    desk.ward.minutes(20)
    desk.say("rerouted", number)
    assert desk.case(number).heading() == "LEB"
    desk.say("arrived", number)
    one = desk.case(number)
    assert (one.planned(), one.heading(), one.elsewhere()) == ("GEN", "LEB", True)
    assert desk.row(number).overdue_ms == 0


def test_a_departure_taken_back_leaves_the_patient_in_house(
    desk: TransferDesk, patient: PatientKey, number: str
) -> None:
    desk.to_the_door(number)
    entry = desk.say("departed", number)
    desk.ward.minutes(1)
    desk.ward.say("entry.voided", [("entry", entry), ("reason", "wrong patient")])
    stay = desk.ward.views.census.stay(patient)
    assert stay is not None
    assert (stay.state, desk.row(number).state) == ("present", TransferState.READY)


def test_results_newer_than_the_packet_are_told(
    desk: TransferDesk, patient: PatientKey, number: str
) -> None:
    desk.to_the_door(number)
    desk.ward.say("allergies.asked", [("allergy_answer", "none known")], patient=patient)
    found = desk.ask("departed", number)
    assert isinstance(found, Accepted)
    assert "allergies" in found.warnings[0].words
