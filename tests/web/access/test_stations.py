"""What ward PCs and tablets say of themselves, and where an administrator reads it."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from tests.web.access.station import House, Station
from tests.web.screens import whole_ward, words

from wardlight.record.events.access import Role
from wardlight.record.instants import MINUTE, Instant
from wardlight.web.access.stations import (
    STATIONS_MAX,
    Heard,
    Report,
    Stations,
    browser_words,
)

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
IPAD = (
    "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def house() -> House:
    """Give a node with an administrator and a nurse."""
    made = House(whole_ward())
    made.hire("admin", Role.ADMINISTRATOR)
    made.hire("amensah")
    return made


def met(house: House) -> Station:
    """Return a station that has opened a page here, so that it has its cookie."""
    station = house.station()
    station.get("/sign-in")
    return station


def report(station: Station, **said: object) -> int:
    """Have a station report as its script does."""
    body = {"word": "READY", "because": [], "browser": CHROME, "waiting": 0, **said}
    return sent(station, json.dumps(body).encode()).status_code


def sent(station: Station, body: bytes) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(station.house.app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8080", cookies=station.cookies
        ) as client:
            return await client.post("/station/report", content=body)

    return asyncio.run(ask())


def listed(house: House) -> str:
    admin = house.station()
    admin.sign_in("admin")
    return words(admin.get("/stations").text)


def test_a_stations_word_reasons_and_waiting_entries_are_listed(house: House) -> None:
    assert report(met(house), word="READY WHILE OPEN", because=["no-worker"], waiting=3) == 204
    house.clock.go_on(4 * MINUTE)
    text = listed(house)
    assert "READY WHILE OPEN Pages are not kept for when the server is away." in text
    assert "4 min ago 3 Chrome 140, Windows" in text
    assert "SILENT N" not in text


def test_a_station_that_said_nothing_for_thirty_minutes_is_silent(house: House) -> None:
    report(met(house))
    house.clock.go_on(30 * MINUTE)
    assert "30 min ago SILENT" not in listed(house)
    house.clock.go_on(MINUTE)
    assert "31 min ago SILENT" in listed(house)


def test_a_station_is_named_and_keeps_its_name_over_a_restart(house: House) -> None:
    tablet = met(house)
    tablet.sign_in("admin")
    page = tablet.get("/station").text
    action = page.partition('action="/stations/')[2][:12]
    tablet.post(f"/stations/{action}", name="4E-tablet-3", site="MMH", unit="4E")
    house.restart()
    assert "This station: 4E-tablet-3 MMH 4E" in words(tablet.get("/station").text)
    assert "4E-tablet-3 MMH 4E not known none since this node started SILENT" in listed(house)


def test_only_an_administrator_names_stations_and_reads_the_list(house: House) -> None:
    nurse = met(house)
    nurse.sign_in("amensah")
    assert nurse.get("/stations").status_code == 403
    assert nurse.post("/stations/0123456789ab", name="mine").status_code == 403
    assert nurse.house.station().get("/stations").status_code == 303
    assert "Name this station" not in nurse.get("/station").text


@pytest.mark.parametrize(
    ("station", "fields"),
    [
        ("0123456789ab", {"name": " "}),
        ("0123456789ab", {"name": "x" * 41}),
        ("0123456789ab", {"name": "a", "site": "NOWHERE"}),
        ("0123456789AB", {"name": "a"}),
    ],
)
def test_a_name_that_cannot_be_is_refused(
    house: House, station: str, fields: dict[str, str]
) -> None:
    admin = met(house)
    admin.sign_in("admin")
    assert admin.post(f"/stations/{station}", **fields).status_code in (404, 422)
    assert house.copy.views.staff.stations() == ()


def test_anybody_at_the_device_sees_what_to_do(house: House) -> None:
    text = words(met(house).get("/station").text)
    assert "Share, Add to Home Screen, and always start Wardlight from there." in text
    assert "Nothing can be kept here: when the server is away, chart on paper." in text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x" * 3_000, 413),
        (b"{", 422),
        (b'{"word":"FINE"}', 422),
        (b'{"word":"READY","waiting":-1}', 422),
        (b'{"word":"READY","browser":"' + b"x" * 400 + b'"}', 422),
    ],
)
def test_what_is_no_report_is_not_kept(house: House, body: bytes, status: int) -> None:
    assert sent(met(house), body).status_code == status
    assert "No device has opened a page yet." in listed(house)


def test_a_device_without_our_cookie_is_not_counted(house: House) -> None:
    assert report(house.station()) == 204
    assert "No device has opened a page yet." in listed(house)


def test_a_strangers_report_pushes_out_no_named_station() -> None:
    stations = Stations()
    for number in range(STATIONS_MAX + 50):
        heard = Heard(Report(word="READY"), Instant(number))
        stations.hear(f"{number:012x}", heard, named=frozenset({f"{0:012x}"}))
    assert len(stations.heard()) == STATIONS_MAX
    assert stations.last(f"{0:012x}") is not None
    assert stations.last(f"{1:012x}") is None


@pytest.mark.parametrize(
    ("agent", "said"),
    [(CHROME, "Chrome 140, Windows"), (IPAD, "Safari 18, iPad"), ("curl/8", ""), ("", "")],
)
def test_a_browser_is_named_as_people_name_it(agent: str, said: str) -> None:
    assert browser_words(agent) == said
