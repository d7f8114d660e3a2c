"""Signing in at a shared ward PC: by badge reader, by passkey; its screens are for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Page, expect
from tests.browser.serving import listening
from tests.web.access.station import BADGE, PASSPHRASE, PIN, House
from tests.web.screens import patient, whole_ward

from wardlight.record.events.access import Role

pytestmark = pytest.mark.browser
SCREENS = ("/sign-in", "/my-sign-in", "/people", "/audit", "/stations", "/station", "/install")


class Door:
    """A node, its address as a name, and work done in its own thread."""

    def __init__(self, house: House, address: str, run: Callable[..., object]) -> None:
        self.house = house
        self.address = address.replace("127.0.0.1", "localhost")
        self.run = run


def _hired() -> House:
    house = House(whole_ward())
    house.hire("amensah", Role.NURSE, "MMH/4E")
    house.hire("bfloat", Role.NURSE, "MMH/2E")
    house.hire("hadmin", Role.ADMINISTRATOR)
    house.door.credentials.set_badge("amensah", BADGE, PIN)
    return house


@pytest.fixture
def door() -> Iterator[Door]:
    """Serve the ward of 28 behind its door."""
    with ThreadPoolExecutor(1) as elsewhere:
        house = elsewhere.submit(_hired).result()
        with listening(house.app) as address:
            yield Door(house, address, lambda work: elsewhere.submit(work).result())


def by_passphrase(page: Page, account: str) -> None:
    page.locator("#account").fill(account)
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("#passphrase").press("Enter")
    expect(page.locator("#who strong")).to_have_text(f"{account} Sample")


def test_a_badge_and_six_digits_sign_in_without_mouse_or_enter(page: Page, door: Door) -> None:
    page.goto(f"{door.address}/ward/MMH/4E")
    page.keyboard.type(f"{BADGE}\n{PIN}")  # what a reader types, and a nurse
    expect(page.locator("#who strong")).to_have_text("amensah Sample")
    assert page.url == f"{door.address}/ward/MMH/4E"


def test_a_passkey_made_once_signs_in_by_one_touch(page: Page, door: Door) -> None:
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True}
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{door.address}/my-sign-in")
    by_passphrase(page, "amensah")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("1 kept")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("#who strong")).to_have_text("amensah Sample")


def test_broken_glass_is_said_over_the_whole_page(page: Page, door: Door) -> None:
    page.goto(door.address + patient())
    by_passphrase(page, "bfloat")
    expect(page.get_by_role("heading", name="not on your wards")).to_be_visible()
    page.locator("#reason").select_option(index=1)
    page.locator("#words").fill("rapid response")
    page.get_by_role("button", name="Break the glass").click()
    expect(page.locator("p.glass")).to_contain_text("GLASS BROKEN by bfloat Sample until")


@pytest.mark.parametrize("width", [768, 1366])
def test_axe_finds_nothing_on_any_screen_of_the_door(page: Page, door: Door, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{door.address}/people")
    by_passphrase(page, "hadmin")
    for screen in SCREENS:
        page.goto(door.address + screen)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{screen}: {found.generate_report()}"
        wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert page.evaluate(wide), f"{screen} is wider than the window"
