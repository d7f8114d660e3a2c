from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
import pytest
from tests.web.access.station import House, Station
from tests.web.screens import HANDLES, NUMBER, patient, whole_ward
from tests.web.ward_of_28 import SITE, key_of

from wardlight.record import catalogue
from wardlight.record.events.access import Role
from wardlight.rules.access import may_enter

HANDLE = HANDLES.of(key_of(NUMBER))
PAGES = ("/medicines", "/orders", "/observations", "/notes", "/place", "/laboratory")


@pytest.fixture
def house() -> House:
    made = House(whole_ward())
    for role in Role:
        made.hire(role.value.replace(" ", ""), role, passphrase="")
    return made


def forms(station: Station) -> set[str]:
    """Return the kinds of entries the pages of a patient and the register offer."""
    found: set[str] = set()
    for path in (*(patient(path=page) for page in PAGES), "/register/MMH"):
        text = station.get(path).text
        found |= set(re.findall(r'<form class="entry[^>]* data-kind="([^"]+)"', text))
    return found


@pytest.mark.parametrize(
    "role", [Role.NURSE, Role.PHYSICIAN, Role.PHARMACIST, Role.LAB, Role.REGISTRATION]
)
def test_no_form_is_drawn_that_this_role_may_not_send(house: House, role: Role) -> None:
    drawn = forms(house.station().let_in(role.value))
    assert {kind for kind in drawn if not may_enter(role, kind)} == set()
    assert drawn


def test_a_nurse_is_offered_every_form_of_the_bedside(house: House) -> None:
    assert forms(house.station().let_in("nurse")) >= {
        catalogue.DOSE_CHARTED,
        catalogue.VITALS_CHARTED,
        catalogue.NOTE_WRITTEN,
        catalogue.ORDER_WRITTEN,
        catalogue.PATIENT_REGISTERED,
        catalogue.SPECIMEN_REQUESTED,
    }


def test_a_pharmacist_is_offered_no_dose_and_is_told_who_registers(house: House) -> None:
    station = house.station().let_in("pharmacist")
    assert catalogue.DOSE_CHARTED not in forms(station)
    assert "Your role does not register patients." in station.get("/register/MMH").text


def offered(number: int, **more: Any) -> dict[str, Any]:
    entry = {"id": f"{number:032x}", "kind": catalogue.VITALS_CHARTED, "patient": HANDLE}
    fields = [["pulse", "88"], ["wristband", NUMBER]]
    return {**entry, "site": SITE.code, "fields": fields, **more}


def send(station: Station, entry: dict[str, Any], path: str = "/entries") -> httpx.Response:
    """Hand in an entry as the tablet does, with the cookies of the station."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(station.house.app, client=(station.address, 40_000))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8080", cookies=station.cookies
        ) as client:
            return await client.post(path, json=entry)

    return asyncio.run(ask())


def test_an_entry_a_role_does_not_make_is_parked_with_words_and_its_id(house: House) -> None:
    answer = send(house.station().let_in("pharmacist"), offered(1))
    assert (answer.status_code, answer.json()["id"]) == (422, f"{1:032x}")
    assert answer.json()["because"].startswith("This entry is not made by a pharmacist.")


def test_what_is_checked_only_is_refused_by_role_too(house: House) -> None:
    told = send(house.station().let_in("lab"), offered(5), "/entries/check").json()
    assert (told["ok"], told["id"]) == (False, f"{5:032x}")
    assert told["because"].startswith("This entry is not made by a lab.")
