"""Who gets the forms of services, and what a stranger gets: the dispatcher's board alone."""

from __future__ import annotations

from secrets import token_hex

import pytest
from tests.web.access.station import House
from tests.web.screens import whole_ward
from tests.web.ward_of_28 import OTHER_SITE

from wardlight.record.events.access import Role
from wardlight.web.entering.entries import NOT_YOUR_HOSPITAL

STATES = {Role.CHARGE_NURSE, Role.PHYSICIAN, Role.INCIDENT, Role.ADMINISTRATOR}


@pytest.fixture(scope="module")
def house() -> House:
    made = House(whole_ward())
    for role in Role:
        made.hire(role.value, role, passphrase="")
    return made


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_services_and_those_who_may_state_get_the_form(
    house: House, role: Role
) -> None:
    page = house.station().let_in(role.value).get("/services/MMH")
    assert page.status_code == 200
    assert ("Say how a service stands" in page.text) is (role in STATES)


@pytest.mark.parametrize("role", Role)
def test_an_entry_of_a_role_that_may_not_state_is_refused(house: House, role: Role) -> None:
    station = house.station().let_in(role.value)
    fields = [["service", "CT"], ["state", "open"]]
    entry = {"id": token_hex(16), "kind": "service.stated", "site": "MMH", "fields": fields}
    answer = station.send("/entries", entry)
    assert (answer.status_code == 200) is (role in STATES)


def test_who_works_at_another_hospital_reads_here_and_states_nothing(house: House) -> None:
    house.hire("elsewhere", Role.CHARGE_NURSE, f"{OTHER_SITE.code}/1", passphrase="")
    station = house.station().let_in("elsewhere")
    assert "Say how a service stands" not in station.get("/services/MMH").text
    assert "Say how a service stands" in station.get(f"/services/{OTHER_SITE.code}").text
    entry = {"id": token_hex(16), "kind": "service.stated", "site": "MMH"}
    fields = [["service", "CT"], ["state", "open"]]
    answer = station.send("/entries", {**entry, "fields": fields})
    assert (answer.status_code, answer.json()["because"]) == (422, NOT_YOUR_HOSPITAL)


def test_neighbours_are_written_down_by_whoever_rang_them_at_their_own_hospital(
    house: House,
) -> None:
    house.hire("rings", Role.CHARGE_NURSE, f"{OTHER_SITE.code}/1", passphrase="")
    page = house.station().let_in("rings").get("/neighbours").text
    assert f'data-site="{OTHER_SITE.code}"' in page
    assert 'data-site="MMH"' not in page


def test_a_stranger_reads_the_board_and_nothing_else(house: House) -> None:
    station = house.station()
    for path in ("/ems", "/ems.txt", "/ems/script"):
        assert station.get(path).status_code == 200
    for path in ("/services/MMH", "/services/MMH/history", "/services/MMH/history.csv"):
        assert "/sign-in" in station.get(path).headers.get("location", "")
    assert "/sign-in" in station.get("/neighbours").headers.get("location", "")
