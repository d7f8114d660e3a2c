from __future__ import annotations

import io
from typing import Any

import pypdfium2
import zxingcpp
from tests.web.screens import HANDLES, NUMBER, Screens, patient, screens, whole_ward, words
from tests.web.ward_of_28 import key_of

from wardlight.record.codes import AllergyState
from wardlight.record.downtime_number import numbers_of_block
from wardlight.views.rows import StayState
from wardlight.wire.entered.registration import downtime_key

NUMBERS = [one.text() for one in numbers_of_block(7, 3)]
FOUR = (("name_known", "no"), ("sex", "M"), ("age", "40"), ("reason", "found down"))


def register(ward: Screens, number: str, *fields: tuple[str, str], **more: Any) -> Any:
    return ward.enter("patient.registered", "", (("number", number), *fields), **more)


def handle(number: str) -> str:
    return HANDLES.of(downtime_key(number))


def test_four_fields_register_an_unknown_patient_who_is_on_the_unit_at_once() -> None:
    copy = whole_ward()
    answer = register(screens(copy), NUMBERS[0], *FOUR, ("unit", "ED"), ("bed", "4"))
    assert answer.status_code == 200, answer.text
    person = copy.views.people.person(downtime_key(NUMBERS[0]))
    assert person is not None
    assert (person.name.family, person.unconfirmed) == ("Unknown male, about 40", True)
    stay = copy.views.census.stay(downtime_key(NUMBERS[0]))
    assert stay is not None
    assert (stay.state, stay.location.unit) == (StayState.PRESENT, "ED")


def test_allergies_nobody_asked_about_are_not_recorded_and_never_none() -> None:
    copy = whole_ward()
    ward = screens(copy)
    register(ward, NUMBERS[0], *FOUR)
    register(ward, NUMBERS[1], *FOUR, ("allergy_answer", "could not ask"))
    for number in NUMBERS[:2]:
        state = copy.views.chart(downtime_key(number)).allergies.state
        assert state is AllergyState.NOT_RECORDED


def test_allergies_that_were_listed_are_known_with_their_reaction() -> None:
    copy = whole_ward()
    listed = (("allergy_answer", "listed"), ("agent", "penicillin"), ("reaction", "hives"))
    register(screens(copy), NUMBERS[0], *FOUR, *listed)
    allergies = copy.views.chart(downtime_key(NUMBERS[0])).allergies
    assert [one.allergy.agent.text for one in allergies.known] == ["penicillin"]
    assert allergies.known[0].allergy.reactions == ("hives",)


def test_none_known_beside_a_listed_agent_is_asked_about() -> None:
    fields = (("allergy_answer", "none known"), ("agent", "latex"), ("reaction", ""))
    answer = register(screens(whole_ward()), NUMBERS[0], *FOUR, *fields)
    assert answer.status_code == 422


def test_a_number_is_given_once_and_a_slip_in_it_is_caught() -> None:
    ward = screens(whole_ward())
    register(ward, NUMBERS[0], *FOUR)
    again = register(ward, NUMBERS[0], *FOUR)
    assert "given to somebody already" in again.json()["fields"]["number"]
    wrong = NUMBERS[1][:-1] + ("0" if NUMBERS[1][-1] != "0" else "1")
    assert register(ward, wrong, *FOUR).status_code == 422


def test_a_birth_date_to_come_is_refused_at_its_field() -> None:
    fields = (("family", "Sample"), ("sex", "F"), ("reason", "fall"))
    born = (("born_day", "1"), ("born_month", "1"), ("born_year", "2031"))
    answer = register(screens(whole_ward()), NUMBERS[0], *fields, *born)
    assert "born_year" in answer.json()["fields"]


def test_somebody_who_is_known_keeps_their_own_number_and_chart() -> None:
    copy = whole_ward()
    fields = (("sex", "F"), ("reason", "came again"), ("same_as", patient().split("/")[-1]))
    answer = register(screens(copy), NUMBERS[0], *fields)
    assert answer.status_code == 200, answer.text
    assert copy.views.people.person(downtime_key(NUMBERS[0])) is None
    numbers = [one.value for one in copy.views.people.identifiers(key_of(NUMBER))]
    assert NUMBERS[0] in numbers


def test_a_newborn_names_its_mother_and_its_place_among_twins() -> None:
    copy = whole_ward()
    fields = (("family", "Baby of O'Brien"), ("sex", "F"), ("reason", "born here"))
    twin = (("mother_key", patient().split("/")[-1]), ("birth_order", "2"))
    answer = register(screens(copy), NUMBERS[0], *fields, *twin, ("stay_class", "newborn"))
    assert answer.status_code == 200, answer.text
    person = copy.views.people.person(downtime_key(NUMBERS[0]))
    assert person is not None
    assert person.mother == NUMBER


def test_a_patient_is_placed_moved_and_let_go() -> None:
    copy = whole_ward()
    ward = screens(copy)
    register(ward, NUMBERS[0], *FOUR)
    who = handle(NUMBERS[0])
    place = (("unit", "4E"), ("room", "4E"), ("bed", "30"), ("admit", "yes"))
    assert ward.enter("patient.placed", who, place).status_code == 200
    stay = copy.views.census.stay(downtime_key(NUMBERS[0]))
    assert stay is not None
    assert stay.location.bed == "30"
    ward.enter("patient.left", who, (("how", "discharged"), ("to", "home")))
    gone = copy.views.census.stay(downtime_key(NUMBERS[0]))
    assert gone is not None
    assert gone.state is StayState.LEFT


def test_a_taken_bed_is_a_warning_and_both_are_shown() -> None:
    copy = whole_ward()
    ward = screens(copy)
    register(ward, NUMBERS[0], *FOUR)
    taken = copy.views.census.stay(key_of(NUMBER))
    assert taken is not None
    where = taken.location
    place = (("unit", where.unit), ("room", where.room), ("bed", where.bed))
    told = ward.enter("patient.placed", handle(NUMBERS[0]), place, path="/entries/check")
    assert [one["code"] for one in told.json()["warnings"]] == ["bed-taken"]


def test_an_unknown_patient_gets_a_name_and_the_words_identity_not_confirmed_go() -> None:
    copy = whole_ward()
    ward = screens(copy)
    register(ward, NUMBERS[0], *FOUR)
    named = (("family", "Specimen"), ("given", "Testa"), ("evidence", "driving licence"))
    assert ward.enter("identity.found", handle(NUMBERS[0]), named).status_code == 200
    person = copy.views.people.person(downtime_key(NUMBERS[0]))
    assert person is not None
    assert (person.name.family, person.unconfirmed) == ("Specimen", False)


def test_two_charts_are_joined_only_by_two_people() -> None:
    copy = whole_ward()
    ward = screens(copy)
    register(ward, NUMBERS[0], *FOUR)
    join = (("same_as", patient().split("/")[-1]), ("evidence", "relative"))
    alone = ward.enter("identity.found", handle(NUMBERS[0]), join)
    assert "second_person" in alone.json()["fields"]
    both = ward.enter("identity.found", handle(NUMBERS[0]), (*join, ("second_person", "MD")))
    assert both.status_code == 200
    assert copy.views.people.resolve(downtime_key(NUMBERS[0])) == key_of(NUMBER)


def test_the_wristband_scans_back_to_the_number() -> None:
    copy = whole_ward()
    ward = screens(copy)
    register(ward, NUMBERS[0], *FOUR)
    body = ward.get(f"/patient/{handle(NUMBERS[0])}/wristband.pdf").content
    page = pypdfium2.PdfDocument(io.BytesIO(body))[0]
    found = zxingcpp.read_barcodes(page.render(scale=6).to_pil())
    assert NUMBERS[0].replace("-", "")[2:] in found[0].text.replace("-", "")


def test_a_wristband_typed_at_the_bedside_fits_the_registered_patient() -> None:
    copy = whole_ward()
    ward = screens(copy)
    register(ward, NUMBERS[0], *FOUR)
    fields = (("drug", "acetaminophen"), ("amount", "500"), ("unit", "mg"), ("state", "given"))
    band = (("wristband", NUMBERS[0].lower()), ("override-allergies-unknown", "asked"))
    answer = ward.enter("dose.charted", handle(NUMBERS[0]), (*fields, *band))
    assert answer.status_code == 200, answer.text


def test_the_form_the_list_and_the_place_page_are_shown() -> None:
    copy = whole_ward()
    ward = screens(copy)
    register(ward, NUMBERS[0], *FOUR)
    assert "Why they came" in words(ward.get("/register/MMH").text)
    assert "Unknown male, about 40".upper() in words(ward.get("/registered/MMH").text).upper()
    assert "IDENTITY NOT CONFIRMED" in words(ward.get(f"/patient/{handle(NUMBERS[0])}/place").text)


def test_the_census_a_device_holds_has_handles_and_no_address_of_anybody() -> None:
    told = screens(whole_ward()).get("/census.json").json()
    assert len(told["rows"]) >= 26
    assert all(len(row["h"]) == 16 for row in told["rows"])


def test_a_registration_taken_back_is_on_no_ward() -> None:
    copy = whole_ward()
    ward = screens(copy)
    register(ward, NUMBERS[0], *FOUR, ("unit", "4E"), id="a" * 32)
    ward.enter("entry.voided", "", (("entry", "a" * 32), ("reason", "registered twice")))
    present = [stay.patient for stay in copy.views.census.present("MMH")]
    assert downtime_key(NUMBERS[0]) not in present


def test_a_death_written_in_error_is_taken_back() -> None:
    copy = whole_ward()
    ward = screens(copy)
    who = patient().split("/")[-1]
    ward.enter("patient.left", who, (("how", "died"),), id="b" * 32)
    person = copy.views.people.person(key_of(NUMBER))
    assert person is not None
    assert person.died is not None
    ward.enter("entry.voided", who, (("entry", "b" * 32), ("reason", "wrong patient")))
    alive = copy.views.people.person(key_of(NUMBER))
    stay = copy.views.census.stay(key_of(NUMBER))
    assert alive is not None
    assert stay is not None
    assert (alive.died, stay.state) == (None, StayState.PRESENT)


def test_a_move_is_not_taken_back_but_made_again() -> None:
    copy = whole_ward()
    ward = screens(copy)
    who = patient().split("/")[-1]
    ward.enter("patient.placed", who, (("unit", "4W"), ("bed", "2")), id="c" * 32)
    answer = ward.enter("entry.voided", who, (("entry", "c" * 32), ("reason", "typed wrong")))
    assert "place the patient where they are" in answer.json()["because"]
