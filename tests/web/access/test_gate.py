from __future__ import annotations

import asyncio
import re

import httpx
import pytest
from starlette.routing import Route
from tests.web.access.station import BADGE, PASSPHRASE, PIN, House, Station
from tests.web.kept_copy import KeptCopy
from tests.web.screens import HANDLES, NUMBER, whole_ward, words
from tests.web.ward_of_28 import key_of

from wardlight.record.events.access import Role
from wardlight.web.access.gate import OPEN, local_path

FILLED = {"handle": HANDLES.of(key_of(NUMBER)), "site": "MMH", "unit": "4E"}
HERE = "http://127.0.0.1:8080"


@pytest.fixture(scope="module")
def house() -> House:
    made = House(whole_ward())
    for role in Role:
        made.hire(role.value, role, passphrase="")
    return made


def addresses(house: House, method: str) -> list[str]:
    """Return every address this app answers, with the names in it filled in."""
    routes = (one for one in house.app.routes if isinstance(one, Route))
    found = (one.path for one in routes if method in (one.methods or ()))
    return [re.sub(r"\{(\w+)[^}]*\}", lambda name: FILLED.get(name[1], "x"), one) for one in found]


def ask(station: Station, method: str, path: str, **headers: str) -> httpx.Response:
    """Send one request without a body, whatever it may be worth."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(station.house.app, client=(station.address, 40_000))
        async with httpx.AsyncClient(
            transport=transport, base_url=HERE, cookies=station.cookies
        ) as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(asked())


def is_open(path: str) -> bool:
    return path.split("/")[1] in OPEN


def is_sent_to_sign_in(answer: httpx.Response) -> bool:
    return answer.status_code == 401 or "/sign-in" in answer.headers.get("location", "")


def test_a_stranger_gets_no_page_that_is_not_open_to_everybody(house: House) -> None:
    closed = [path for path in addresses(house, "GET") if not is_open(path)]
    answers = [ask(house.station(), "GET", path, accept="text/html") for path in closed]
    assert [one.url.path for one in answers if not is_sent_to_sign_in(one)] == []
    assert len(closed) > 30


def test_a_stranger_sends_no_form_that_is_not_open_to_everybody(house: House) -> None:
    before = len(house.copy.entries())
    closed = [path for path in addresses(house, "POST") if not is_open(path)]
    answers = [ask(house.station(), "POST", path) for path in closed]
    assert [one.url.path for one in answers if not is_sent_to_sign_in(one)] == []
    assert len(house.copy.entries()) == before


def test_what_is_open_to_strangers_names_no_patient(house: House) -> None:
    opened = [path for path in addresses(house, "GET") if is_open(path) and "/static" not in path]
    pages = [ask(house.station(), "GET", path, accept="text/html").text for path in opened]
    assert [page for page in pages if NUMBER in page or "O'BRIEN" in page.upper()] == []


@pytest.mark.parametrize("role", [Role.PRIVACY, Role.ADMINISTRATOR, Role.INCIDENT])
def test_who_reads_no_charts_gets_no_page_with_a_patient(house: House, role: Role) -> None:
    station = house.station().let_in(role.value)
    paths = [path for path in addresses(house, "GET") if not path.startswith("/audit")]
    pages = [ask(station, "GET", path, accept="text/html") for path in paths]
    named = [one.url.path for one in pages if NUMBER in one.text or "Siobh" in one.text]
    assert named == []


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999"])
def test_no_form_of_a_foreign_page_is_taken_whoever_is_signed_in(house: House, origin: str) -> None:
    station = house.station().let_in(Role.ADMINISTRATOR.value)
    before = len(house.copy.entries())
    answers = [ask(station, "POST", path, origin=origin) for path in addresses(house, "POST")]
    assert {one.status_code for one in answers} == {403}
    assert {one.text for one in answers} == {"This form was not sent from one of our own pages."}
    assert len(house.copy.entries()) == before


@pytest.mark.parametrize("role", [Role.NURSE, Role.LAB])
def test_every_page_answers_without_an_error(house: House, role: Role) -> None:
    station = house.station().let_in(role.value)
    answers = [ask(station, "GET", path, accept="text/html") for path in addresses(house, "GET")]
    assert [one.url.path for one in answers if one.status_code >= 500] == []


def test_a_program_that_asks_without_signing_in_is_told_in_json(house: House) -> None:
    answer = ask(house.station(), "GET", "/census.json", accept="application/json")
    assert (answer.status_code, answer.json()) == (401, {"because": "Sign in first."})


@pytest.mark.parametrize(
    "typed", ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "", "/a\nb"]
)
def test_no_address_leads_elsewhere(typed: str) -> None:
    assert local_path(typed) == "/"


def test_no_secret_is_in_the_log_in_an_answer_or_in_an_address() -> None:
    house = House(KeptCopy())
    house.hire("amensah")
    house.door.credentials.set_badge("amensah", BADGE, PIN)
    (card, *_) = house.door.credentials.print_card("amensah")
    station, wrong = house.station(), "quite another passphrase"
    answers = [
        station.post("/sign-in", account="amensah", passphrase=wrong),
        station.post("/sign-in", account=wrong, passphrase=PASSPHRASE),
        station.post("/sign-in", badge=BADGE, pin="739164"),
        station.post("/sign-in", badge=BADGE, pin=PIN),
        station.post("/sign-in", account="amensah", card=card),
        station.post("/my-sign-in/passphrase", passphrase=wrong, again=PASSPHRASE),
        station.post("/my-sign-in/badge", badge="04FFFFFF", pin="482916"),
        station.sign_in("amensah"),
        station.get("/my-sign-in"),
    ]
    shown = "".join(answer.text + str(answer.headers) for answer in answers)
    kept = b"".join(one.body for one in house.copy.entries()).decode()
    secrets = (PASSPHRASE, wrong, PIN, "739164", "482916", card, BADGE, "04FFFFFF")
    assert [one for one in secrets if one in shown] == []
    assert [one for one in secrets if one in kept] == []
    assert "argon2" not in shown + kept


LINKED = re.compile(r'<li><a href="(/[^"]*)"')


@pytest.mark.parametrize("role", Role)
def test_the_bar_leads_nobody_to_a_page_that_is_not_theirs(house: House, role: Role) -> None:
    station = house.station().let_in(role.value)
    bar = station.get("/feeds").text.partition("</nav>")[0]
    closed = [path for path in LINKED.findall(bar) if "not for your role" in station.get(path).text]
    assert closed == []


def test_who_reads_no_charts_is_offered_no_search(house: House) -> None:
    has_search = [
        'role="search"' in house.station().let_in(role.value).get("/feeds").text
        for role in (Role.NURSE, Role.ADMINISTRATOR)
    ]
    assert has_search == [True, False]


def test_a_page_that_is_not_for_a_role_says_so_in_a_page_with_a_way_back(house: House) -> None:
    answer = house.station().let_in(Role.CONTACT_AGENT.value).get("/people")
    assert answer.status_code == 403
    assert "This page is not for your role (contact agent)." in words(answer.text)
    assert 'href="/">Go to the wards' in answer.text
    assert "find a patient" not in answer.text
