"""Who gets the forms of services, and what a stranger gets: the dispatcher's board alone."""

from __future__ import annotations

from secrets import token_hex

import pytest
from tests.web.access.station import House
from tests.web.screens import whole_ward

from wardlight.record.events.access import Role

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


def test_a_stranger_reads_the_board_and_nothing_else(house: House) -> None:
    station = house.station()
    for path in ("/ems", "/ems.txt", "/ems/script"):
        assert station.get(path).status_code == 200
    for path in ("/services/MMH", "/services/MMH/history", "/services/MMH/history.csv"):
        assert "/sign-in" in station.get(path).headers.get("location", "")
    assert "/sign-in" in station.get("/neighbours").headers.get("location", "")
