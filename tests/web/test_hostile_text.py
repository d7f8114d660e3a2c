"""Whatever a sender writes is shown as text and does nothing."""

from __future__ import annotations

import pytest
from tests.web.screens import NUMBER, one_patient, patient, screens
from tests.web.ward_of_28 import at, key_of

from wardlight.record.codes import Coded, OrderKind, ResultState
from wardlight.record.events.charting import (
    AlertReported,
    AllergiesReported,
    Allergy,
    AllergyChange,
    Change,
    MedicationDetail,
    Observation,
    OrderChanged,
    ResultsReported,
)
from wardlight.record.identity import Identifier, Person, PersonName
from wardlight.record.instants import Moment
from wardlight.web.addresses import ward_url

BAD = "</bdi><script>alert(1)</script><img src=x onerror=alert(2)>\" ' {{ 7*7 }} \x00\u202e"
PERSON = Person(
    key=key_of(NUMBER),
    identifiers=(Identifier(value=NUMBER, authority="MMH", kind=BAD),),
    name=PersonName(family=BAD, given=BAD, prefix=BAD),
    sex=BAD,
    address=BAD,
    phones=(BAD,),
    language=BAD,
)
CODED = Coded(BAD, BAD, BAD)
WHEN = Moment(at("2026-11-22 01:10"), 12)
EVENTS = (
    AllergiesReported(
        changes=(
            AllergyChange(
                key="x",
                change=Change.ADD,
                allergy=Allergy(agent=CODED, reactions=(BAD,), severity=BAD),
            ),
        )
    ),
    AlertReported(alert=BAD, text=BAD),
    OrderChanged(
        number=BAD,
        kind=OrderKind.MEDICATION,
        what=CODED,
        detail=MedicationDetail(drug=CODED, dose=BAD, unit=BAD, route=BAD, instructions=BAD),
        prescriber=BAD,
        as_received=BAD,
    ),
    ResultsReported(
        number=BAD,
        test=CODED,
        state=ResultState.FINAL,
        section=BAD,
        collected=WHEN,
        notes=(BAD,),
        observations=(
            Observation(test=CODED, value=BAD, unit=BAD, range=BAD, flags=(BAD,), at=WHEN),
        ),
    ),
)


@pytest.mark.parametrize(
    "path", [patient(), patient(path="/medicines"), patient(path="/results"), ward_url("MMH", BAD)]
)
def test_text_of_messages_stays_text(path: str) -> None:
    page = screens(one_patient(*EVENTS, person=PERSON, unit=BAD)).get(path)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
    assert "{{ 7*7 }}" in page.text.replace("&#34;", '"')


def test_the_overview_leads_to_a_unit_with_a_hostile_name() -> None:
    page = screens(one_patient(person=PERSON, unit=BAD)).get("/").text
    assert "<script>alert" not in page
    assert ward_url("MMH", BAD).replace("'", "&#39;") in page


def test_a_hostile_question_stays_a_question() -> None:
    page = screens(one_patient()).post("/search", {"q": BAD}).text
    assert "<script>alert" not in page
