from __future__ import annotations

import pytest
from tests.web.access.station import House
from tests.web.kept_copy import KeptCopy

from wardlight.record.events.access import Role
from wardlight.record.instants import DAY
from wardlight.run.demo import PEOPLE


@pytest.fixture
def house() -> House:
    made = House(KeptCopy())
    made.hire("amensah", passphrase="")
    return made


def test_in_a_demo_a_visitor_becomes_whom_they_choose(house: House) -> None:
    house.door.demo = True
    station = house.station()
    assert 'name="demo" value="amensah"' in station.get("/sign-in").text
    assert station.post("/sign-in", demo="amensah").status_code == 303
    assert station.get("/my-entries").status_code == 200


def test_on_a_real_node_nobody_is_chosen_and_nobody_is_listed(house: House) -> None:
    station = house.station()
    assert "amensah" not in station.get("/sign-in").text
    assert station.post("/sign-in", demo="amensah").status_code == 401
    assert station.get("/my-entries").status_code == 303


def test_in_a_demo_whose_day_runs_fast_nobody_is_locked_out(house: House) -> None:
    house.door.demo = True
    station = house.station()
    station.post("/sign-in", demo="amensah")
    house.clock.go_on(3 * DAY)
    assert station.get("/my-entries").status_code == 200


def test_in_a_demo_nobody_is_who_is_not_on_its_list(house: House) -> None:
    house.door.demo = True
    assert house.station().post("/sign-in", demo="hadmin").status_code == 401


def test_the_demo_has_somebody_for_every_kind_of_page() -> None:
    assert {one.role for one in PEOPLE} >= {
        *(Role.NURSE, Role.CHARGE_NURSE, Role.PHYSICIAN, Role.PHARMACIST),
        *(Role.LAB, Role.REGISTRATION, Role.PRIVACY, Role.ADMINISTRATOR),
    }
    assert [one.name for one in PEOPLE if "Sample" not in one.name] == []
