from __future__ import annotations

import pytest
from tests.web.access.station import House
from tests.web.registration.test_register import FOUR, NUMBERS, handle
from tests.web.screens import screens, whole_ward, words

from wardlight.record.events.access import Role


@pytest.fixture
def house() -> House:
    """Return a node whose ED has registered one patient and whose people are of four wards."""
    copy = whole_ward()
    fields = (("number", NUMBERS[0]), *FOUR, ("unit", "ED"), ("bed", "4"))
    assert screens(copy).enter("patient.registered", "", fields).status_code == 200
    made = House(copy)
    for account, unit in (("ed", "MMH/ED"), ("ward", "MMH/4E"), ("other", "MMH/5W")):
        made.hire(account, Role.NURSE, unit, passphrase="")
    return made


def admit(house: House) -> None:
    place = (("unit", "4E"), ("bed", "30"), ("admit", "yes"))
    assert screens(house.copy).enter("patient.placed", handle(NUMBERS[0]), place).status_code == 200


def sees(house: House, account: str, path: str) -> bool:
    return "found down" in words(house.station().let_in(account).get(path).text)


@pytest.mark.parametrize("path", ["/ed/MMH?show=all", "/ed/MMH.csv"])
def test_the_ed_log_is_of_the_ed_and_of_the_ward_the_patient_goes_to(
    house: House, path: str
) -> None:
    people = ("ed", "ward", "other")
    assert [sees(house, one, path) for one in people] == [True, False, False]
    admit(house)
    assert [sees(house, one, path) for one in people] == [True, True, False]


def test_who_was_registered_last_is_shown_to_their_ward_only(house: House) -> None:
    href = f"/patient/{handle(NUMBERS[0])}"
    assert href in house.station().let_in("ed").get("/registered/MMH").text
    assert href not in house.station().let_in("other").get("/registered/MMH").text


@pytest.mark.parametrize("path", ["/duplicates/MMH", "/look-at/MMH"])
def test_no_list_of_a_site_names_who_is_on_another_ward(house: House, path: str) -> None:
    page = house.station().let_in("other").get(path).text
    assert (handle(NUMBERS[0]) in page, "Siobh" in page) == (False, False)


def test_the_form_of_a_newborn_names_no_mother_of_another_ward(house: House) -> None:
    mother = f"/register/MMH?mother={handle(NUMBERS[0])}"
    assert house.station().let_in("ed").get(mother).status_code == 200
    closed = house.station().let_in("other").get(mother)
    assert (closed.status_code, "Unknown male" in closed.text) == (403, False)
