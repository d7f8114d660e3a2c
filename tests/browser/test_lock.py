"""A shared ward PC that was left, and picked up again; and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Page, Route, expect
from tests.browser.serving import listening
from tests.browser.test_screens import RULES
from tests.web.access.station import PASSPHRASE, House
from tests.web.screens import patient, whole_ward

from wardlight.record.events.access import Role
from wardlight.record.instants import MINUTE

NAME = "BRIEN"


class Ward:
    """A node, its address, and the people who sign in at its ward PC."""

    def __init__(self, house: House, address: str) -> None:
        self.house = house
        self.address = address

    def sign_in(self, page: Page, account: str = "amensah") -> None:
        """Sign in as a nurse does after being asked to."""
        page.locator("#account").fill(account)
        page.locator("#passphrase").fill(PASSPHRASE)
        page.locator("#passphrase").press("Enter")
        expect(page.locator("#who strong")).to_have_text(f"{account} Sample")

    def pass_minutes(self, page: Page, minutes: int) -> None:
        """Let time pass on the ward PC and on the node."""
        self.house.clock.go_on(minutes * MINUTE)
        page.clock.run_for(minutes * MINUTE)


def _hired() -> House:
    house = House(whole_ward())
    house.hire("amensah")
    house.hire("bkoomson")
    house.hire("admin", Role.ADMINISTRATOR)
    return house


@pytest.fixture
def ward() -> Iterator[Ward]:
    """Serve the ward of 28 behind its door."""
    with ThreadPoolExecutor(1) as elsewhere:  # this thread's loop is the browser's
        house = elsewhere.submit(_hired).result()
    with listening(house.app) as address:
        yield Ward(house, address)


@pytest.fixture
def chart(page: Page, ward: Ward) -> Page:
    """Give a patient's page, opened by a nurse who signed in."""
    page.clock.install()
    page.goto(ward.address + patient())
    ward.sign_in(page)
    expect(page.locator("body")).to_contain_text(NAME)
    return page


def test_a_chart_nobody_touches_is_covered_and_comes_back_after_signing_in(
    chart: Page, ward: Ward
) -> None:
    ward.pass_minutes(chart, 4)
    expect(chart.locator("#lock-cover")).to_have_count(0)
    ward.pass_minutes(chart, 2)
    expect(chart.get_by_role("dialog", name="Locked")).to_be_visible()
    expect(chart.locator("main")).to_be_hidden()
    assert NAME not in chart.locator("body").inner_text()
    assert NAME not in chart.title()
    chart.get_by_role("link", name="Sign in").click()
    ward.sign_in(chart)
    expect(chart.locator("body")).to_contain_text(NAME)
    assert chart.url == ward.address + patient()


def test_a_chart_somebody_works_at_stays_open(chart: Page, ward: Ward) -> None:
    for _ in range(4):
        ward.pass_minutes(chart, 3)
        with chart.expect_response("**/touch"):
            chart.keyboard.press("Shift")
    chart.reload()
    expect(chart.locator("#lock-cover")).to_have_count(0)
    expect(chart.locator("body")).to_contain_text(NAME)


def test_a_page_that_refreshes_itself_keeps_no_session_open(chart: Page, ward: Ward) -> None:
    chart.evaluate("window.wardlight.lock = null")
    ward.pass_minutes(chart, 4)
    ward.pass_minutes(chart, 2)
    assert chart.request.get(ward.address + "/my-entries", max_redirects=0).status == 303


def test_whoever_leaves_locks_at_once_and_another_nurse_signs_in(chart: Page, ward: Ward) -> None:
    with chart.expect_response("**/lock") as answer:
        chart.get_by_role("button", name="Lock").click()
    assert answer.value.status == 204
    chart.get_by_role("link", name="Sign in").click()
    ward.sign_in(chart, "bkoomson")
    expect(chart.locator("#lock-cover")).to_have_count(0)


def test_a_lock_covers_every_tab_and_opening_one_opens_them(chart: Page, ward: Ward) -> None:
    other = chart.context.new_page()
    other.goto(ward.address + patient())
    chart.get_by_role("button", name="Lock").click()
    expect(other.get_by_role("dialog", name="Locked")).to_be_visible()
    chart.get_by_role("link", name="Sign in").click()
    ward.sign_in(chart)
    expect(other.locator("#lock-cover")).to_have_count(0)
    expect(other.locator("body")).to_contain_text(NAME)


def violations(page: Page) -> list[tuple[str, str]]:
    """Return what axe finds wrong, with the first place."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def cut(page: Page) -> None:
    """Take the server away."""

    def gone(route: Route) -> None:
        route.abort("connectionrefused")

    page.route("**/*", gone)


def test_with_the_server_away_care_goes_on(chart: Page, ward: Ward) -> None:
    cut(chart)
    ward.pass_minutes(chart, 6)
    on = chart.get_by_role("button", name="Server not reachable: go on as amensah Sample")
    on.click()
    expect(chart.locator("body")).to_contain_text(NAME)
    assert chart.evaluate("wardlight.lock.openedAway()") == 1
    chart.unroute_all()
    ward.pass_minutes(chart, 1)
    expect(chart.get_by_role("dialog", name="Locked")).to_be_visible()


def test_a_half_typed_form_survives_the_lock(chart: Page, ward: Ward) -> None:
    chart.goto(ward.address + patient(path="/observations"))
    pulse = chart.locator("#v-pulse")
    pulse.fill("61")
    chart.clock.run_for(1_000)
    ward.pass_minutes(chart, 6)
    chart.get_by_role("link", name="Sign in").click()
    ward.sign_in(chart)
    expect(pulse).to_have_value("61")


# --- the word of a station --------------------------------------------------------------------


def test_a_ward_pc_that_keeps_pages_says_ready_and_the_administrator_sees_it(
    page: Page, ward: Ward
) -> None:
    page.goto(ward.address + "/sign-in")
    ward.sign_in(page, "admin")
    page.evaluate("navigator.serviceWorker.ready.then(() => wardlight.station.again())")
    expect(page.locator("#station-word")).to_have_text("READY")
    page.goto(ward.address + "/station")
    expect(page.locator("#station-says")).to_have_text("READY")
    page.get_by_role("textbox", name="Name").fill("4E-tablet-3")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="4E-tablet-3")).to_contain_text("READY")


def test_a_browser_that_keeps_nothing_says_read_only(page: Page, ward: Ward) -> None:
    page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: {open() {throw 1}}})")
    page.goto(ward.address + "/station")
    expect(page.locator("#station-says")).to_have_text("READ ONLY")
    expect(page.locator("[data-because=keeps-nothing]")).to_be_visible()


def test_an_ipad_is_asked_for_its_home_screen(page: Page, ward: Ward) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'userAgent', {value: 'iPad'})")
    page.goto(ward.address + "/station")
    expect(page.locator("#station-says")).to_have_text("READY WHILE OPEN")
    expect(page.locator("[data-because=home-screen]")).to_contain_text("Add to Home Screen")


def test_axe_finds_nothing_on_the_cover(chart: Page, ward: Ward) -> None:
    cut(chart)
    ward.pass_minutes(chart, 6)
    expect(chart.locator("#lock-away")).to_be_visible()
    assert violations(chart) == []
