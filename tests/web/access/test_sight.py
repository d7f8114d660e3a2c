from __future__ import annotations

from secrets import token_hex

import pytest
from tests.web.access.station import House, Station
from tests.web.kept_copy import KeptCopy
from tests.web.screens import NUMBER, patient, whole_ward, words
from tests.web.ward_of_28 import EHR_OFF, OTHER_SITE
from tests.web.wards.test_lists import tell

from wardlight.record.events.access import Role
from wardlight.record.events.stays import Step
from wardlight.web.entering.entries import NOT_YOUR_VISITS


@pytest.fixture(scope="module")
def house() -> House:
    made = House(whole_ward())
    made.hire("own", Role.NURSE, "MMH/4E", passphrase="")
    made.hire("other", Role.NURSE, "MMH/9Z", passphrase="")
    made.hire("away", Role.NURSE, "RVR/2N", passphrase="")
    made.hire("lost", Role.NURSE, "XYZ/1", passphrase="")
    made.hire("łukasz", Role.PHYSICIAN, passphrase="")
    made.hire("hadmin", Role.ADMINISTRATOR, passphrase="")
    return made


def at(house: House, account: str) -> Station:
    return house.station().let_in(account)


def page(house: House, account: str, path: str) -> str:
    return words(at(house, account).get(path).text)


def found(house: House, account: str, asked: str) -> str:
    return at(house, account).post("/search", q=asked).text


def test_a_nurse_sees_her_ward_on_the_overview_and_how_many_others_there_are(
    house: House,
) -> None:
    text = at(house, "own").get("/").text
    assert 'href="/ward/MMH/4E"' in text
    assert "RVR" not in words(text).split("Wards", 2)[2]


def test_wards_of_others_are_counted_and_not_named(house: House) -> None:
    text = at(house, "other").get("/").text
    assert "/ward/MMH/4E" not in text
    assert "No patient is known on your wards here." in words(text)


def test_who_has_no_ward_of_this_node_is_told_whom_to_ask(house: House) -> None:
    assert "None of your wards is on this node: have an administrator" in page(house, "lost", "/")


def test_who_reads_no_charts_sees_the_state_of_the_sites_and_no_ward(house: House) -> None:
    text = at(house, "hadmin").get("/").text
    assert ("/ward/" in text, "/clinics/" in text) == (False, False)
    assert "EHR off since" in words(text)
    assert "Your role reads no charts: wards are not shown." in words(text)


def test_somebody_without_wards_of_their_own_sees_all(house: House) -> None:
    assert 'href="/ward/MMH/4E"' in at(house, "łukasz").get("/").text


@pytest.mark.parametrize("asked", ["O'Brien", "4E-12"])
def test_a_name_outside_her_wards_is_not_shown_and_is_counted(house: House, asked: str) -> None:
    text = found(house, "other", asked)
    assert patient() not in text
    assert "Siobh" not in text
    assert "outside your wards" in words(text)
    assert "Names outside your wards are not shown." in words(text)


@pytest.mark.parametrize("asked", [NUMBER, "704 118 2236"])
def test_the_whole_number_leads_to_the_glass_without_a_name(house: House, asked: str) -> None:
    text = found(house, "other", asked)
    assert f'href="{patient()}"' in text
    assert "Siobh" not in text
    assert at(house, "other").get(patient()).status_code == 403


def test_a_part_of_a_number_leads_nowhere(house: House) -> None:
    assert patient() not in found(house, "other", NUMBER[:6])


def test_on_her_ward_a_patient_is_found_as_ever(house: House) -> None:
    text = found(house, "own", "O'Brien")
    assert f'href="{patient()}"' in text
    assert "outside your wards" not in text


def test_a_chart_opened_by_breaking_the_glass_is_found_by_name(house: House) -> None:
    station = at(house, "away")
    handle = patient().rpartition("/")[2]
    station.post(f"/glass/{handle}", reason="Consult that was asked for", words="cardiology")
    assert f'href="{patient()}"' in station.post("/search", q="O'Brien").text


def test_the_clinics_of_others_are_not_hers(house: House) -> None:
    assert at(house, "łukasz").get("/clinics/MMH").text.count('href="/patient/') == 9
    assert at(house, "away").get("/clinics/MMH").text.count('href="/patient/') == 0


@pytest.mark.parametrize(
    ("path", "step"), [("/left/MMH", Step.DISCHARGE), ("/expected/MMH", Step.EXPECT)]
)
def test_who_left_and_who_is_expected_is_listed_to_their_ward_only(path: str, step: Step) -> None:
    copy = KeptCopy()
    tell(copy, "8", step, EHR_OFF, "12")
    house = House(copy)
    house.hire("own", Role.NURSE, "MMH/4E", passphrase="")
    house.hire("other", Role.NURSE, "MMH/2E", passphrase="")
    assert "SECOND-SAMPLE, Bo" in page(house, "own", path)
    assert "SECOND-SAMPLE, Bo" not in page(house, "other", path)


def test_what_a_device_keeps_for_a_night_alone_is_of_her_wards_only(house: House) -> None:
    mine = at(house, "own").get("/census.json").json()["rows"]
    others = at(house, "other").get("/census.json").json()["rows"]
    assert (len(mine) > 20, others) == (True, [])


def test_two_people_of_one_ward_get_one_page_each_under_their_own_name(house: House) -> None:
    house.hire("second", Role.NURSE, "MMH/4E", passphrase="")
    one, two = at(house, "own").get("/ward/MMH/4E"), at(house, "second").get("/ward/MMH/4E")
    assert 'wardlight-who" content="own Sample"' in one.text
    assert 'wardlight-who" content="second Sample"' in two.text
    assert one.headers["etag"] != two.headers["etag"]


def test_a_page_kept_by_a_browser_is_not_taken_for_the_next_persons(house: House) -> None:
    etag = at(house, "own").get("/ward/MMH/4E").headers["etag"]
    assert at(house, "second").get("/ward/MMH/4E", **{"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize("path", ["/entries", "/entries/check"])
def test_an_agent_of_another_hospital_is_given_no_patient_to_ring(house: House, path: str) -> None:
    house.hire("agent", Role.CONTACT_AGENT, f"{OTHER_SITE.code}/1", passphrase="")
    entry = {"id": token_hex(16), "kind": "contact.leased", "site": "MMH", "fields": []}
    answer = at(house, "agent").send(path, entry)
    assert (answer.json()["ok"], answer.json()["because"]) == (False, NOT_YOUR_VISITS)
