from __future__ import annotations

import asyncio

import pyotp
import pytest
from tests.web.access.station import BADGE, PASSPHRASE, PIN, House, Station
from tests.web.kept_copy import KeptCopy
from tests.web.screens import words

from wardlight.record.instants import MINUTE, SECOND


@pytest.fixture
def house() -> House:
    made = House(KeptCopy())
    made.hire("amensah")
    return made


@pytest.fixture
def station(house: House) -> Station:
    return house.station()


def at_the_screen(station: Station) -> str:
    """Return who the header of a page names; "" for a station at which nobody is signed in."""
    page = station.get("/")
    return page.text.split('wardlight-who" content="')[1].split('"')[0] if page.is_success else ""


def test_a_stranger_is_sent_to_sign_in_and_comes_back_to_the_page(station: Station) -> None:
    answer = station.get("/ward/MMH/4E")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/ward/MMH/4E")
    signed = station.post("/sign-in", account="amensah", passphrase=PASSPHRASE, next="/ward/MMH/4E")
    assert signed.headers["location"] == "/ward/MMH/4E"


def test_a_passphrase_opens_a_session_in_that_persons_name(station: Station) -> None:
    assert station.sign_in("amensah").status_code == 303
    assert at_the_screen(station) == "amensah Sample"


def test_wrong_passphrase_and_unknown_account_get_the_same_words(station: Station) -> None:
    wrong = station.post("/sign-in", account="amensah", passphrase=PASSPHRASE[:-1])
    unknown = station.post("/sign-in", account="nobody", passphrase=PASSPHRASE[:-1])
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert words(wrong.text) == words(unknown.text)
    assert at_the_screen(station) == ""


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(station: Station) -> None:
    (cookie,) = (
        one
        for one in station.sign_in("amensah").headers.get_list("set-cookie")
        if one.startswith("wardlight-session=")
    )
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Strict")


@pytest.mark.parametrize("next_", ["//evil.test", "https://evil.test", "/\\evil.test", "evil"])
def test_after_signing_in_nobody_is_led_to_another_site(station: Station, next_: str) -> None:
    answer = station.post("/sign-in", account="amensah", passphrase=PASSPHRASE, next=next_)
    assert answer.headers["location"] == "/"


def test_with_codes_a_passphrase_alone_opens_nothing_and_a_code_counts_once(
    house: House, station: Station
) -> None:
    secret = house.door.credentials.begin_totp("amensah")
    code = pyotp.TOTP(secret).at(house.clock() // SECOND)
    earlier = pyotp.TOTP(secret).at(house.clock() // SECOND - 30)
    assert house.door.credentials.confirm_totp("amensah", earlier, house.clock() // SECOND)
    asked = {"account": "amensah", "passphrase": PASSPHRASE}
    assert station.post("/sign-in", **asked).status_code == 401
    assert station.post("/sign-in", **asked, code=code).status_code == 303
    assert house.station().post("/sign-in", **asked, code=code).status_code == 401


def test_codes_that_no_phone_showed_yet_lock_nobody_out(house: House, station: Station) -> None:
    house.door.credentials.begin_totp("amensah")
    assert station.sign_in("amensah").status_code == 303


def test_with_a_doubted_clock_codes_do_not_count_and_a_card_does(house: House) -> None:
    secret = house.door.credentials.begin_totp("amensah")
    code = pyotp.TOTP(secret).at(house.clock() // SECOND)
    house.door.credentials.confirm_totp("amensah", code, house.clock() // SECOND)
    house.door.doubted = lambda: True
    later = pyotp.TOTP(secret).at(house.clock() // SECOND + 30)
    said = {"account": "amensah", "passphrase": PASSPHRASE, "code": later}
    assert "clock is not right" in house.station().post("/sign-in", **said).text
    (card, *_) = house.door.credentials.print_card("amensah")
    assert asyncio.run(house.door.by_passphrase("amensah", PASSPHRASE, later)) == ""
    assert asyncio.run(house.door.by_card("amensah", card)) == "amensah"


def test_a_badge_and_its_pin_switch_a_shared_station(house: House, station: Station) -> None:
    house.hire("bcharge")
    house.door.credentials.set_badge("bcharge", BADGE, PIN)
    station.sign_in("amensah")
    before = house.door.staff().sessions_of("amensah")
    station.sign_in("", "badge")
    assert at_the_screen(station) == "bcharge Sample"
    assert house.door.staff().is_signed_out(before[0])


def test_a_badge_read_without_a_pin_asks_for_it_and_is_no_wrong_try(
    house: House, station: Station
) -> None:
    house.door.credentials.set_badge("amensah", BADGE, PIN)
    for _ in range(6):
        page = station.post("/sign-in", badge=BADGE)
    assert "Badge read. Now the PIN." in words(page.text)
    assert station.sign_in("", "badge").status_code == 303


def test_five_wrong_pins_close_the_badge_until_the_passphrase_opens_it(
    house: House, station: Station
) -> None:
    house.door.credentials.set_badge("amensah", BADGE, PIN)
    for _ in range(5):
        page = station.post("/sign-in", badge=BADGE, pin="000001")
    assert "Five wrong PINs" in page.text
    assert station.sign_in("", "badge").status_code == 401
    assert station.sign_in("amensah").status_code == 303
    assert station.sign_in("", "badge").status_code == 303


def test_a_code_of_a_card_opens_once_and_a_new_card_closes_the_old_one(house: House) -> None:
    old = house.door.credentials.print_card("amensah")
    station = house.station()
    assert station.post("/sign-in", account="amensah", card=old[0].lower()).status_code == 303
    assert station.post("/sign-in", account="amensah", card=old[0]).status_code == 401
    new = house.door.credentials.print_card("amensah")
    assert station.post("/sign-in", account="amensah", card=old[1]).status_code == 401
    assert station.post("/sign-in", account="amensah", card=new[1]).status_code == 303


def test_a_restart_signs_nobody_out(house: House, station: Station) -> None:
    station.sign_in("amensah")
    house.restart()
    assert at_the_screen(station) == "amensah Sample"


def test_a_screen_nobody_touches_locks_however_often_it_refreshes_itself(
    house: House, station: Station
) -> None:
    station.sign_in("amensah")
    for _ in range(6):
        house.clock.go_on(MINUTE)
        station.get("/ping", "*/*")
        station.get("/", "*/*")
    assert at_the_screen(station) == ""


def test_a_screen_somebody_types_at_stays_open(house: House, station: Station) -> None:
    station.sign_in("amensah")
    for _ in range(6):
        house.clock.go_on(MINUTE)
        station.post("/touch")
    assert at_the_screen(station) == "amensah Sample"


def test_a_restart_does_not_open_a_screen_that_was_left(house: House, station: Station) -> None:
    station.sign_in("amensah")
    house.clock.go_on(6 * MINUTE)
    house.restart()
    assert at_the_screen(station) == ""


def test_a_restart_does_not_lock_a_screen_that_was_in_use(house: House, station: Station) -> None:
    station.sign_in("amensah")
    for _ in range(3):
        house.clock.go_on(4 * MINUTE)
        assert at_the_screen(station) == "amensah Sample"
        house.restart()


def test_after_twelve_hours_everybody_signs_in_anew(house: House, station: Station) -> None:
    station.sign_in("amensah")
    for _ in range(12 * 15):
        house.clock.go_on(4 * MINUTE)
        station.post("/touch")
    assert at_the_screen(station) == "amensah Sample"
    house.clock.go_on(MINUTE)
    assert at_the_screen(station) == ""


def test_ending_somebodys_access_ends_their_open_sessions(house: House, station: Station) -> None:
    station.sign_in("amensah")
    asyncio.run(house.door.disable("amensah", "test"))
    assert at_the_screen(station) == ""
    assert station.sign_in("amensah").status_code == 401


def test_signing_out_ends_the_session_also_for_a_copy_of_its_cookie(
    house: House, station: Station
) -> None:
    station.sign_in("amensah")
    thief = house.station()
    thief.cookies.update(station.cookies)
    station.post("/sign-out")
    assert at_the_screen(thief) == ""


def test_wrong_tries_slow_one_station_and_hold_up_no_other(house: House, station: Station) -> None:
    for _ in range(10):
        station.post("/sign-in", account="amensah", card="0000-0000")
    held = station.sign_in("amensah")
    assert (held.status_code, "wait 2 seconds" in held.text) == (429, True)
    assert house.station("10.4.0.18").sign_in("amensah").status_code == 303
    house.clock.go_on(2 * SECOND)
    assert station.sign_in("amensah").status_code == 303


def test_a_flood_of_tries_from_one_address_keeps_nobody_else_waiting(house: House) -> None:
    async def flood() -> list[int]:
        intruder = house.station("10.9.9.9")
        asked = {"account": "amensah", "passphrase": "x"}
        tries = [intruder.asked("POST", "/sign-in", asked, {}) for _ in range(40)]
        return [answer.status_code for answer in await asyncio.gather(*tries)]

    answers = asyncio.run(flood())
    assert (answers.count(401), answers.count(429)) == (10, 30)
    assert house.station("10.4.0.18").sign_in("amensah").status_code == 303


def test_a_forged_or_foreign_cookie_is_nobody(house: House, station: Station) -> None:
    station.sign_in("amensah")
    token = station.cookies["wardlight-session"]
    body, _, mark = token.partition(".")
    for forged in (f"{body}x.{mark}", f"{body}.", "", "a.b", "." * 3_000):
        assert house.door.signed_in(forged) is None
    assert house.door.signed_in(token) is not None
