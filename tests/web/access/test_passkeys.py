from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.web.access.authenticator import SecurityKey
from tests.web.access.station import House, Station
from tests.web.kept_copy import KeptCopy

from wardlight.record.instants import MINUTE


@pytest.fixture
def house() -> House:
    made = House(KeptCopy())
    made.hire("amensah", passphrase="")
    return made


def add(house: House, key: SecurityKey) -> httpx.Response:
    """Make a passkey for the nurse at her own station."""
    station = house.station().let_in("amensah")
    begun = station.send("/my-sign-in/passkey/begin", {}).json()
    made = {"ticket": begun["ticket"], "credential": key.made(begun["options"])}
    return station.send("/my-sign-in/passkey/keep", made)


def enter(
    station: Station, key: SecurityKey, begun: dict[str, Any] | None = None
) -> httpx.Response:
    """Sign in with it."""
    begun = begun or station.send("/passkey/begin", {}).json()
    signed = {"ticket": begun["ticket"], "credential": key.signed(begun["options"])}
    return station.send("/passkey/enter", {**signed, "next": "/ward/MMH/4E"})


def test_a_passkey_signs_its_owner_in_with_one_touch_and_no_account_typed(house: House) -> None:
    key, station = SecurityKey(), house.station()
    assert add(house, key).json() == {"next": "/my-sign-in"}
    assert enter(station, key).json() == {"next": "/ward/MMH/4E"}
    assert "amensah Sample" in station.get("/").text


def test_what_was_signed_once_opens_nothing_a_second_time(house: House) -> None:
    key, station = SecurityKey(), house.station()
    add(house, key)
    begun = station.send("/passkey/begin", {}).json()
    assert enter(station, key, begun).status_code == 200
    assert enter(house.station(), key, begun).status_code == 401


def test_a_challenge_is_good_for_two_minutes(house: House) -> None:
    key, station = SecurityKey(), house.station()
    add(house, key)
    begun = station.send("/passkey/begin", {}).json()
    house.clock.go_on(2 * MINUTE + 1)
    assert enter(station, key, begun).status_code == 401


def test_a_key_that_verified_nobody_is_not_enough(house: House) -> None:
    assert add(house, SecurityKey(verifies=False)).status_code == 422


def test_a_page_of_another_site_gets_nothing_signed(house: House) -> None:
    key = SecurityKey()
    add(house, key)
    key.origin = "https://wardlight.evil.test"
    assert enter(house.station(), key).status_code == 401


def test_another_key_under_the_same_id_is_nobody(house: House) -> None:
    add(house, SecurityKey())
    assert enter(house.station(), SecurityKey()).status_code == 401


def test_a_copied_key_that_fell_behind_is_not_taken(house: House) -> None:
    key, station = SecurityKey(), house.station()
    add(house, key)
    assert enter(station, key).status_code == 200
    key.count = 0
    assert enter(station, key).status_code == 401


def test_a_passkey_of_somebody_whose_access_ended_opens_nothing(house: House) -> None:
    key = SecurityKey()
    add(house, key)
    house.end("amensah")
    assert enter(house.station(), key).status_code == 401


def test_under_an_address_instead_of_a_name_it_is_said_what_to_do(house: House) -> None:
    answer = house.station().send("/passkey/begin", {}, host="127.0.0.1:8080")
    assert (answer.status_code, "open Wardlight by its name" in answer.text) == (422, True)


@pytest.mark.parametrize("body", [{}, {"ticket": "", "credential": {}}, {"ticket": 1}])
def test_what_no_key_says_is_refused_in_words(house: House, body: dict[str, Any]) -> None:
    assert house.station().send("/passkey/enter", body).status_code in (400, 401)
