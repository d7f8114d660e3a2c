"""Whose an entry is, and whether their role makes it: of tablets that were away for long too."""

from __future__ import annotations

import asyncio
import re
from secrets import token_hex
from typing import Any

import httpx
import pytest
from tests.web.access.station import House, Station
from tests.web.screens import HANDLES, NUMBER, one_patient
from tests.web.ward_of_28 import SITE, key_of

from wardlight.record.events.access import Role
from wardlight.record.events.entered import Entered, unpacked


@pytest.fixture
def house() -> House:
    made = House(one_patient())
    made.hire("amensah", Role.NURSE, "MMH/4E", passphrase="")
    made.hire("bnurse", Role.NURSE, "MMH/4E", passphrase="")
    made.hire("cclerk", Role.CLERK, passphrase="")
    return made


def grant_of(station: Station) -> str:
    """Return the grant a page of whoever is signed in carries."""
    found = re.search(r'name="wardlight-grant" content="([^"]+)"', station.get("/my-entries").text)
    assert found
    return found[1]


def pulse(station: Station, grant: str = "") -> httpx.Response:
    """Hand in a pulse, as a tablet does."""
    offered: dict[str, Any] = {"id": token_hex(16), "kind": "vitals.charted", "site": SITE.code}
    offered |= {"patient": HANDLES.of(key_of(NUMBER)), "by": grant, "fields": [["pulse", "82"]]}
    return station.send("/entries", offered)


def last(house: House) -> Entered:
    (*_, entry) = (one for one in house.copy.entries() if one.kind == "vitals.charted")
    return unpacked(entry.body)


def test_what_a_nurse_entered_stays_hers_while_another_one_is_signed_in(house: House) -> None:
    station = house.station().let_in("amensah")
    grant = grant_of(station)
    answer = pulse(station.let_in("bnurse"), grant)
    assert (answer.status_code, last(house).by) == (200, "amensah Sample")


def test_a_grant_is_still_hers_after_a_restart_and_weeks(house: House) -> None:
    grant = grant_of(house.station().let_in("amensah"))
    house.clock.go_on(21 * 24 * 3_600_000)
    house.restart()
    assert pulse(house.station().let_in("bnurse"), grant).status_code == 200
    assert last(house).by == "amensah Sample"


def test_a_forged_grant_makes_no_entry(house: House) -> None:
    station = house.station().let_in("bnurse")
    grant = grant_of(station)
    answer = pulse(station, grant.replace(grant[10], "x" if grant[10] != "x" else "y", 1))
    assert (answer.status_code, answer.json()["because"][:14]) == (401, "Sign in again.")


def test_an_entry_of_somebody_whose_access_ended_is_kept_and_asks_for_a_look(house: House) -> None:
    station = house.station().let_in("amensah")
    grant = grant_of(station)
    asyncio.run(house.door.disable("amensah", "test"))
    answer = pulse(station.let_in("bnurse"), grant)
    said = "The author's access had ended when this arrived: ask whether it is theirs."
    assert (answer.status_code, answer.json()["warnings"]) == (200, [said])
    assert len(house.copy.views.entries.to_look_at("MMH")) == 1


def test_a_role_makes_only_the_entries_that_are_its_own(house: House) -> None:
    answer = pulse(house.station().let_in("cclerk"))
    assert (answer.status_code, "not made by a clerk" in answer.json()["because"]) == (422, True)


def test_without_anybody_signed_in_a_tablet_keeps_what_it_has(house: House) -> None:
    grant = grant_of(house.station().let_in("amensah"))
    answer = pulse(house.station(), grant)
    assert answer.status_code == 401
    assert answer.json()["because"] == "Sign in again. What you entered stays on this device."
