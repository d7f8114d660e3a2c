from __future__ import annotations

import asyncio

import httpx
import pytest
from tests.web.access.station import PASSPHRASE, House, Station
from tests.web.kept_copy import KeptCopy
from tests.web.screens import words

from wardlight.record.events.access import Role
from wardlight.record.instants import DAY, HOUR

ROSTER = b"account,name,role,site,ward\namensah,RN A. Mensah,RN,MMH,4E\nchef,C. Cook,chef,MMH,\n"


@pytest.fixture
def house() -> House:
    made = House(KeptCopy())
    made.hire("hadmin", Role.ADMINISTRATOR)
    made.hire("amensah", Role.NURSE, "MMH/4E")
    return made


@pytest.fixture
def admin(house: House) -> Station:
    station = house.station()
    station.sign_in("hadmin")
    return station


def read(house: House, station: Station, body: bytes) -> httpx.Response:
    """Send a roster as a browser does."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(house.app, client=(station.address, 40_000))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8080", cookies=station.cookies
        ) as client:
            return await client.post("/people/roster", files={"file": ("staff.csv", body)})

    return asyncio.run(ask())


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_sees_and_changes_people(house: House, role: Role) -> None:
    house.hire("other", role)
    station = house.station()
    station.sign_in("other")
    assert station.get("/people").status_code == 403
    assert station.post("/people/disable", account="amensah").status_code == 403
    assert station.post("/people/card", account="hadmin").status_code == 403


def test_somebody_is_added_and_gets_a_card_to_begin_with(house: House, admin: Station) -> None:
    admin.post("/people/add", account="BCharge", name="RN B. Charge", role="charge nurse")
    card = words(admin.post("/people/card", account="bcharge").text)
    code = card.split("One-time card of RN B. Charge")[1].split()[0]
    assert house.station().post("/sign-in", account="bcharge", card=code).status_code == 303


def test_without_a_name_or_with_an_unknown_role_nobody_is_added(
    house: House, admin: Station
) -> None:
    assert admin.post("/people/add", account="x", name="", role="nurse").status_code == 422
    assert admin.post("/people/add", account="x", name="X", role="cook").status_code == 422
    assert house.door.staff().account("x") is None


def test_who_is_disabled_is_signed_out_at_once_and_after_a_restart(
    house: House, admin: Station
) -> None:
    nurse = house.station()
    nurse.sign_in("amensah")
    admin.post("/people/disable", account="amensah", reason="badge lost")
    assert nurse.get("/my-entries").headers["location"].startswith("/sign-in")
    house.restart()
    assert nurse.get("/my-entries").headers["location"].startswith("/sign-in")
    assert nurse.post("/sign-in", account="amensah", passphrase=PASSPHRASE).status_code == 401


def test_nobody_ends_their_own_access(admin: Station) -> None:
    assert admin.post("/people/disable", account="hadmin").status_code == 422
    assert admin.get("/people").status_code == 200


def test_a_roster_is_read_and_what_was_not_taken_is_named_by_its_line(
    house: House, admin: Station
) -> None:
    page = words(read(house, admin, ROSTER).text)
    assert "Roster read: 1 people, 1 lines refused line 3: the role “chef” is not one of" in page
    held = house.door.staff().account("amensah")
    assert held is not None
    assert (held.name, held.units) == ("RN A. Mensah", ("MMH/4E",))


@pytest.mark.parametrize(
    ("row", "because"),
    [
        ("a,A,RN,XYZ,", "a: “XYZ” is not a site of this node: MMH, GRV"),
        ("a,A,RN,,4E", "a: the ward “4E” needs its site, as in MMH/4E"),
        (f"a,{'A' * 121},RN,MMH,", "a: a name has at most 120 letters"),
        ("a b,A,RN,MMH,", "a b: an account is one word of at most 60 letters"),
    ],
)
def test_nobody_is_hired_who_would_see_nothing_or_could_sign_nothing(
    house: House, admin: Station, row: str, because: str
) -> None:
    page = words(read(house, admin, f"account,name,role,site,ward\n{row}\n".encode()).text)
    assert because in page
    assert len(house.door.staff().accounts()) == 2
    account, name, _, sites, units = row.split(",")
    typed = {"account": account, "name": name, "role": "nurse", "sites": sites, "units": units}
    assert admin.post("/people/add", **typed).status_code == 422


def test_who_is_missing_in_a_roster_keeps_their_access(house: House, admin: Station) -> None:
    house.hire("bcharge")
    read(house, admin, ROSTER)
    assert house.station().sign_in("bcharge").status_code == 303


def test_a_roster_gives_nobody_back_whose_access_was_ended_here(
    house: House, admin: Station
) -> None:
    admin.post("/people/disable", account="amensah")
    page = words(read(house, admin, ROSTER).text)
    assert "amensah: access was ended here; give it back under People" in page
    assert house.door.left_since("amensah")


def test_a_roster_ends_the_access_of_whom_it_says_left(house: House, admin: Station) -> None:
    nurse = house.station()
    nurse.sign_in("amensah")
    read(house, admin, b"account,name,role,status\namensah,A,RN,terminated\n")
    assert nurse.get("/my-entries").status_code == 303


def test_a_roster_that_ends_the_access_of_many_ends_nobodys(house: House, admin: Station) -> None:
    for number in range(9):
        house.hire(f"nurse{number}", passphrase="")
    left = "".join(f"nurse{number},N,RN,terminated\n" for number in range(6))
    page = words(read(house, admin, b"account,name,role,status\n" + left.encode()).text)
    assert "6 of 11 people would lose their access: nobody did" in page
    assert not house.door.left_since("nurse0")


def test_a_roster_never_takes_the_access_of_who_reads_it(house: House, admin: Station) -> None:
    read(house, admin, b"account,name,role,status\nhadmin,H,administrator,left\n")
    assert admin.get("/people").status_code == 200


def test_a_file_that_is_too_long_or_none_changes_nothing(house: House, admin: Station) -> None:
    before = house.door.staff().accounts()
    assert admin.post("/people/roster").status_code == 422
    assert read(house, admin, b"x" * (5 * 2**20 + 1)).status_code == 413
    assert house.door.staff().accounts() == before


def test_a_roster_that_was_not_read_for_a_month_is_said_and_ends_nothing(
    house: House, admin: Station
) -> None:
    read(house, admin, ROSTER)
    later = type(house.clock())(house.clock() + 31 * DAY)
    assert house.door.staff().roster_notice(later) == (
        "The staff roster was last read 31 days ago: who left may still have access"
    )
    assert house.door.staff().roster_notice(house.clock()) == ""


def test_names_are_shown_as_text(admin: Station) -> None:
    admin.post("/people/add", account="x", name="<script>alert(1)</script>", role="nurse")
    assert "<script>alert" not in admin.get("/people").text


def test_agency_staff_lose_their_access_by_themselves_after_their_last_day(house: House) -> None:
    office = house.station().let_in("hadmin")
    told = {"account": "zagency", "name": "RN Z. Agency-Sample", "role": "nurse"}
    office.post("/people/add", **told, until="2026-11-22")
    nurse = house.station().let_in("zagency")
    assert nurse.get("/my-entries").status_code == 200
    house.clock.go_on(24 * HOUR)
    assert house.station().let_in("zagency").get("/my-entries").status_code == 303


def test_an_administrator_signs_somebody_out_everywhere_and_they_may_come_back(
    house: House,
) -> None:
    house.hire("bnurse", passphrase="")
    nurse = house.station().let_in("bnurse")
    house.station().let_in("hadmin").post("/people/out", account="bnurse")
    assert nurse.get("/my-entries").status_code == 303
    assert nurse.let_in("bnurse").get("/my-entries").status_code == 200


def test_a_last_day_that_is_no_day_is_asked_for_again(house: House) -> None:
    office = house.station().let_in("hadmin")
    told = {"account": "zagency", "name": "RN Z. Agency-Sample", "role": "nurse"}
    page = office.post("/people/add", **told, until="31/12/2026")
    assert (page.status_code, "the last day is written as 2026-12-31" in page.text) == (422, True)
    assert house.door.staff().account("zagency") is None
