from __future__ import annotations

import re

import pytest
from tests.paper.printed import Printed
from tests.web.access.station import House, Station
from tests.web.kept_copy import KeptCopy
from tests.web.screens import words

from wardlight.record.events.access import Role
from wardlight.record.instants import MINUTE


@pytest.fixture
def house() -> House:
    made = House(KeptCopy())
    made.hire("hadmin", Role.ADMINISTRATOR)
    made.hire("amensah", passphrase="")
    made.hire("bcharge", passphrase="")
    return made


@pytest.fixture
def office(house: House) -> Station:
    """Return the station of the administrator."""
    return house.station().let_in("hadmin")


def codes_of(page: str) -> list[str]:
    return re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", page)


def test_a_printed_card_lets_its_owner_in(house: House, office: Station) -> None:
    (page,) = Printed(office.post("/people/card.pdf", account="amensah").content).texts
    codes = codes_of(page)
    assert ("amensah Sample" in page, len(codes)) == (True, 10)
    entered = house.station().post("/sign-in", account="amensah", card=codes[9])
    assert entered.status_code == 303


def test_cards_are_printed_for_those_who_have_no_way_to_sign_in(office: Station) -> None:
    pages = Printed(office.post("/people/cards.pdf").content).texts
    assert ["amensah Sample" in page for page in pages] == [True, False]
    again = office.post("/people/cards.pdf")
    assert (again.status_code, "Everybody has a way to sign in" in again.text) == (404, True)


def test_a_card_is_made_only_by_somebody_who_just_proved_who_they_are(
    house: House, office: Station
) -> None:
    for _ in range(3):
        house.clock.go_on(4 * MINUTE)
        office.post("/touch")
    refused = office.post("/people/card.pdf", account="amensah")
    assert (refused.status_code, "Sign in again first" in refused.text) == (403, True)
    assert house.door.credentials.of("amensah").codes_left() == 0


def test_people_see_who_gave_them_a_way_to_sign_in(house: House, office: Station) -> None:
    office.post("/people/card.pdf", account="amensah")
    page = words(house.station().let_in("amensah").get("/my-sign-in").text)
    assert "card printed by hadmin" in page


def test_nothing_of_a_secret_is_in_the_log(house: House, office: Station) -> None:
    (page,) = Printed(office.post("/people/card.pdf", account="amensah").content).texts
    office.post("/my-sign-in/badge", badge="04A22B19", pin="482915")
    bodies = b"".join(entry.body for entry in house.copy.entries())
    assert b"badge bound" in bodies
    secrets = [*codes_of(page), "04A22B19", "482915"]
    assert [one for one in secrets if one.encode() in bodies] == []


def test_a_passphrase_that_is_short_or_common_is_not_taken(office: Station) -> None:
    for typed in ("short words", "correcthorsebatterystaple"):
        page = office.post("/my-sign-in/passphrase", passphrase=typed, again=typed)
        assert (page.status_code, "Nothing was changed" in page.text) == (422, True)


def test_a_nurse_makes_cards_for_nobody_else(house: House) -> None:
    nurse = house.station().let_in("amensah")
    assert nurse.post("/people/card.pdf", account="bcharge").status_code == 403
