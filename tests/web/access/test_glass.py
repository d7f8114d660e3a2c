from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.web.access.station import House, Station
from tests.web.screens import HANDLES, NUMBER, one_patient, patient, words
from tests.web.ward_of_28 import key_of

from wardlight.record.events.access import Role
from wardlight.record.instants import HOUR, MINUTE, Instant
from wardlight.web.paperwork.taken import Taken

GLASS = f"/glass/{HANDLES.of(key_of(NUMBER))}"
WHY = {"reason": "I am treating this patient now", "words": "rapid response to bed 12"}


@pytest.fixture
def house() -> House:
    """Return a node with one patient on 4E."""
    made = House(one_patient())
    made.hire("own", Role.NURSE, "MMH/4E", passphrase="")
    made.hire("other", Role.NURSE, "MMH/2E", passphrase="")
    made.hire("privacy", Role.PRIVACY, passphrase="")
    return made


def signed_in(house: House, account: str) -> Station:
    return house.station().let_in(account)


def test_a_nurse_reads_the_charts_of_her_ward_and_no_words_of_others(house: House) -> None:
    assert signed_in(house, "own").get(patient()).status_code == 200
    closed = signed_in(house, "other").get(patient())
    assert (closed.status_code, "Sample, Ada" in closed.text) == (403, False)
    assert "This patient is not on your wards" in words(closed.text)


@pytest.mark.parametrize("path", ["/ward/MMH/4E", "/pack/MMH/4E"])
def test_a_ward_that_is_not_theirs_is_closed(house: House, path: str) -> None:
    closed = signed_in(house, "other").get(path)
    assert (closed.status_code, "Ada" in closed.text) == (403, False)


@pytest.mark.parametrize("more", ["/medicines", "/results", "/notes", "/wristband.pdf"])
def test_every_page_and_print_of_a_patient_is_closed_with_the_chart(
    house: House, more: str
) -> None:
    assert signed_in(house, "other").get(patient(path=more)).status_code == 403


def test_broken_glass_opens_that_chart_and_says_so_on_each_of_its_pages(house: House) -> None:
    station = signed_in(house, "other")
    went = station.post(GLASS, **WHY, next=patient())
    assert (went.status_code, went.headers["location"]) == (303, patient())
    page = words(station.get(patient()).text)
    assert "GLASS BROKEN by other Sample until" in page
    assert "GLASS BROKEN" in words(station.get(patient(path="/medicines")).text)
    assert "GLASS BROKEN" not in words(signed_in(house, "own").get(patient()).text)


def test_broken_glass_closes_again_after_four_hours(house: House) -> None:
    station = signed_in(house, "other")
    station.post(GLASS, **WHY)
    house.clock.go_on(4 * HOUR - MINUTE)
    station.let_in("other")
    assert station.get(patient()).status_code == 200
    house.clock.go_on(MINUTE)
    assert station.get(patient()).status_code == 403


@pytest.mark.parametrize("missing", ["reason", "words"])
def test_without_a_reason_in_words_the_glass_holds(house: House, missing: str) -> None:
    station = signed_in(house, "other")
    assert station.post(GLASS, **{**WHY, missing: " "}).status_code == 422
    assert station.get(patient()).status_code == 403


def test_every_opening_waits_for_the_privacy_officer_until_it_was_looked_at(house: House) -> None:
    signed_in(house, "other").post(GLASS, **WHY)
    officer = signed_in(house, "privacy")
    page = words(officer.get("/audit").text)
    assert "1 to review" in page
    assert "other Sample opened SAMPLE, Ada : I am treating this patient now." in page
    (opening,) = house.door.staff().openings()
    officer.post(f"/audit/{opening.said.id}", note="called to the rapid response")
    page = words(officer.get("/audit").text)
    assert "0 to review" in page
    assert "Reviewed by privacy Sample: called to the rapid response" in page


def test_the_review_is_for_the_privacy_officer_alone(house: House) -> None:
    assert signed_in(house, "own").get("/audit").status_code == 403


def test_reading_a_chart_is_kept_once_for_a_session_a_patient_and_an_hour(house: House) -> None:
    station = signed_in(house, "own")
    for _ in range(3):
        station.get(patient())
        station.get(patient(path="/results"))
    assert [one.by for one in house.door.staff().readings(key_of(NUMBER))] == ["own Sample"]
    house.clock.go_on(HOUR)
    station.let_in("own")
    station.get(patient())
    assert len(house.door.staff().readings(key_of(NUMBER))) == 2


def test_who_lets_a_form_be_checked_against_a_chart_has_read_in_it(house: House) -> None:
    entry = {"id": "0" * 32, "kind": "note.written", "site": "MMH", "fields": []}
    entry["patient"] = HANDLES.of(key_of(NUMBER))
    signed_in(house, "other").send("/entries/check", entry)
    assert [one.by for one in house.door.staff().readings(key_of(NUMBER))] == ["other Sample"]


def test_who_read_a_chart_is_kept_for_later_while_the_log_takes_nothing(house: House) -> None:
    station = signed_in(house, "own")
    house.log_is_full = True
    assert station.get(patient()).status_code == 200
    assert house.door.staff().readings() == ()
    house.log_is_full = False
    asyncio.run(house.door.journal.catch_up())
    assert [one.by for one in house.door.staff().readings(key_of(NUMBER))] == ["own Sample"]


def test_glass_breaks_also_while_the_log_takes_nothing_and_is_written_later(house: House) -> None:
    house.log_is_full = True
    station = signed_in(house, "other")
    station.post(GLASS, **WHY)
    assert station.get(patient()).status_code == 200
    house.log_is_full = False
    asyncio.run(house.door.journal.catch_up())
    assert [one.said.by for one in house.copy.reopened().staff.openings()] == ["other Sample"]


def test_the_privacy_officer_sees_who_read_one_patients_chart(house: House) -> None:
    signed_in(house, "own").get(patient())
    page = words(signed_in(house, "privacy").get(f"/audit/of/{HANDLES.of(key_of(NUMBER))}").text)
    assert "Who opened the chart of SAMPLE, Ada" in page
    assert "own Sample" in page


def test_a_privacy_officer_reads_no_chart(house: House) -> None:
    assert signed_in(house, "privacy").get(patient()).status_code == 403


def test_whoever_takes_a_ward_pack_has_read_every_chart_in_it(house: House, tmp_path: Path) -> None:
    class Shelf:
        def newest(self, site: str, unit: str) -> Path | None:
            return tmp_path / f"{site}-{unit}.pdf"

        async def take(self, _site: str, _unit: str, _now: Instant) -> Taken | None:
            return Taken(b"%PDF-", None)

    house.app.state.desk = replace(house.app.state.desk, packs=Shelf())
    assert signed_in(house, "own").get("/pack/MMH/4E").status_code == 200
    assert [one.by for one in house.door.staff().readings(key_of(NUMBER))] == ["own Sample"]


def test_somebody_who_breaks_the_glass_again_and_again_is_named_at_once(house: House) -> None:
    station = signed_in(house, "other")
    for _ in range(4):
        station.post(GLASS, **WHY)
    officer = signed_in(house, "privacy")
    assert "charts of other wards in the last hour" not in words(officer.get("/audit").text)
    station.post(GLASS, **WHY)
    said = "other Sample opened 5 charts of other wards in the last hour."
    assert said in words(officer.get("/audit").text)
