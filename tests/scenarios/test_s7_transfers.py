"""S7: fourteen patients to three hospitals, and nothing goes as planned for four of them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from fhir.resources.R4B import get_fhir_model_class
from tests.fhir_profiles import ips_faults as profile_faults
from tests.outputs.fhir.test_summary import faults as ips_faults
from tests.scenarios.transfer_night import GATES, HOSPITALS, Night
from tests.web.ward_of_28 import NOW, SITE
from tests.wire.cda.reading import Document, schema_faults

from wardlight.record.instants import MINUTE, Instant
from wardlight.views.patients.whereabouts import Way, tally, where
from wardlight.views.transfers.transfers import OfferState, TransferState
from wardlight.views.words import number_groups, number_of

COUNT = 14
SHORT = 5  # characters: a shorter number stands in every document by chance
REFUSED, DIES, LATE, ELSEWHERE, EMERGENCY = (0, 1), 3, 4, 5, 6
REASON = "Aorta is dissecting, no surgeon here: Dr Example-Sending decided to go now"


@pytest.fixture(scope="module")
def night() -> Night:
    """Play the night; each test looks at what came of it."""
    story = Night()
    beds = story.copy.views.census.present(SITE.code, "4E")
    numbers = [story.request(at, stay.patient) for at, stay in enumerate(beds[:COUNT])]
    story.minutes(5)
    for at, number in enumerate(numbers):
        hospital = HOSPITALS[at % 3]
        if at in REFUSED:
            story.say("offered", number, hospital="STV")
            story.say("refused", number, hospital="STV", reason="no ICU bed")
        story.say("offered", number, hospital=hospital)
        assert story.try_to("departed", number, hospital=hospital) == 422
    story.minutes(10)
    for at, number in enumerate(numbers):
        for kind in GATES if at != EMERGENCY else GATES[:1]:
            assert story.try_to("departed", number, hospital=HOSPITALS[at % 3]) == 422
            named = {"hospital": HOSPITALS[at % 3]} if kind == "accepted" else {}
            story.say(kind, number, **named)
    _left(story, numbers)
    return story


def _left(story: Night, numbers: list[str]) -> None:
    """Let them leave one minute after the other, and arrive after half an hour."""
    story.minutes(5)
    story.leave(story.patients[numbers[DIES]], "died")
    for at, number in enumerate(numbers):
        story.minutes(1)
        more = {"emergency": REASON} if at == EMERGENCY else {}
        expected = 422 if at == DIES else 200
        hospital = HOSPITALS[at % 3]
        assert story.try_to("departed", number, hospital=hospital, **more) == expected
    story.say("cancelled", numbers[DIES], reason="the patient died")
    story.minutes(15)
    story.say("rerouted", numbers[ELSEWHERE], hospital="GRV", because="LEB lost its power")
    story.minutes(15)
    for at, number in enumerate(numbers):
        if at not in (DIES, LATE):
            story.say("arrived", number)
    story.minutes(30)


def number_at(at: int) -> str:
    return f"{at + 1:032x}"


def test_nobody_departed_without_every_gate_but_the_one_with_its_reason(night: Night) -> None:
    gone = [row.case.departed for row in night.rows() if row.case.departed]
    assert len(gone) == COUNT - 1
    assert [one.said.emergency for one in gone if one.said.lacks] == [REASON]
    assert all(row.case.accepted for row in night.rows() if row.case.departed)


def test_both_refusals_stand_with_their_reason(night: Night) -> None:
    refused = [
        (offer.hospital, offer.reason)
        for row in night.rows()
        for offer in row.case.offers
        if offer.state is OfferState.REFUSED
    ]
    assert refused == [("STV", "no ICU bed")] * 2


def test_the_board_ends_as_the_night_did(night: Night) -> None:
    counted = Counter(row.state for row in night.rows())
    assert counted == {
        TransferState.ARRIVED: COUNT - 2,
        TransferState.ON_THE_WAY: 1,
        TransferState.CANCELLED: 1,
    }


def test_the_late_one_raises_the_alarm_first_on_the_board(night: Night) -> None:
    first = night.rows()[0]
    assert first.case.request == number_at(LATE)
    assert first.overdue_ms > 15 * MINUTE
    assert "OVERDUE" in night.screens.get("/transfers/MMH").text


def test_who_went_elsewhere_is_where_they_are_not_where_they_were_to_go(night: Night) -> None:
    one = night.case(number_at(ELSEWHERE))
    assert (one.planned(), one.heading(), one.elsewhere()) == ("STV", "GRV", True)
    found = where(night.copy.views, one.patient, night.now)
    assert found is not None
    assert (found.way, found.to, found.on_the_way) == (Way.TRANSFERRED, "GRV", False)


def test_a_packet_holds_cover_certificate_summary_mar_and_pending_list(night: Night) -> None:
    for number in (number_at(0), number_at(LATE)):
        pages = night.pdf_text(f"/transfers/MMH/{number}/packet.pdf")
        titles = ("PATIENT TRANSFER (HICS 260)", "TRANSFER CERTIFICATE", "PATIENT SUMMARY")
        for title in (*titles, "DOWNTIME MAR", "PENDING RESULTS AND LAST DOSES"):
            assert sum(page.startswith(title) for page in pages) >= 1, title
        cover = pages[0]
        assert "Dr Example-Yes" in cover
        assert "Example Ambulance" in cover
        assert "daughter told" in cover


def test_hics_260_tells_of_the_emergency_and_of_the_other_hospital(night: Night) -> None:
    emergency = night.pdf_text(f"/transfers/MMH/{number_at(EMERGENCY)}/packet.pdf")[0]
    assert "LEFT WITHOUT certificate, transport, packet, last doses" in emergency
    assert "no surgeon here" in emergency
    elsewhere = night.pdf_text(f"/transfers/MMH/{number_at(ELSEWHERE)}/packet.pdf")[0]
    assert "Green Valley General" in elsewhere
    assert "left for STV; LEB lost its power" in elsewhere


def test_hics_255_has_every_patient_with_hospital_and_arrival(night: Night) -> None:
    text = " ".join(night.pdf_text("/hics/255/MMH.pdf"))
    assert text.count("daughter told") == COUNT - 1  # the emergency went without a packet
    assert "page 2 of 2" in text
    assert "OVERDUE" in text
    page = night.screens.get("/hics/255/MMH").text
    assert page.count("Dr Example-Yes") == COUNT
    people = night.copy.views.people
    for patient in night.patients.values():
        assert number_of(patient, people.person(patient))[1] in page


def test_where_anybody_was_is_answered_for_every_minute(night: Night) -> None:
    one = night.case(number_at(0))
    assert one.departed is not None
    assert one.arrived is not None
    left, there = one.departed.step.occurred, one.arrived.step.occurred
    for at in range(NOW, night.now, MINUTE):
        found = where(night.copy.views, one.patient, Instant(at))
        assert found is not None
        expected = Way.HERE if at < left else Way.TRANSFERRED
        assert (found.way, found.on_the_way) == (expected, left <= at < there)


def test_in_house_and_all_who_left_are_all_who_were_registered_at_every_minute(
    night: Night,
) -> None:
    entries = night.copy.entries()
    for at in range(NOW, night.now + 1, MINUTE):
        sums = tally(night.copy.views, SITE.code, Instant(NOW - 60 * MINUTE), Instant(at))
        left = sum(one.kind == "transfer.departed" and one.occurred <= at for one in entries)
        died = sum(one.kind == "patient.left" and one.occurred <= at for one in entries)
        assert sums.registered() == 28
        assert (sums.count(Way.TRANSFERRED), sums.count(Way.DIED)) == (left, died)
        assert sums.count(Way.HERE) == 28 - left - died


@pytest.mark.parametrize("at", range(COUNT))
def test_no_document_of_a_patient_holds_a_number_of_another(night: Night, at: int) -> None:
    number = number_at(at)
    others = [
        known
        for patient in night.patients.values()
        if patient != night.patients[number]
        if len(known := number_of(patient, night.copy.views.people.person(patient))[1]) > SHORT
    ]
    assert len(others) > COUNT // 2
    packet = " ".join(night.pdf_text(f"/transfers/MMH/{number}/packet.pdf"))
    fhir = night.document(number, "json").decode()
    cda = Document(night.document(number, "xml")).everything()
    for other in others:
        assert other not in fhir
        assert other not in cda
        assert " ".join(number_groups(other)) not in packet


def test_every_document_is_valid(night: Night, shared: Path) -> None:
    for at in range(COUNT):
        bundle = json.loads(night.document(number_at(at), "json"))
        assert list(ips_faults(bundle)) == []
        assert profile_faults(shared / "schemas", bundle) == []
        get_fhir_model_class("Bundle").model_validate(bundle)
        body = night.document(number_at(at), "xml")
        assert schema_faults(body, shared) == []
        assert list(Document(body).faults()) == []
