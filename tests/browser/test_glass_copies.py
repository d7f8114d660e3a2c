"""A chart that was opened by breaking the glass is on no tablet when the four hours are over."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect
from tests.browser.serving import listening
from tests.web.access.station import House
from tests.web.screens import patient, whole_ward

from wardlight.record.events.access import Role

pytestmark = pytest.mark.browser
KEPT = """caches.open("wardlight-pages").then((pages) => pages.keys())
  .then((all) => all.map((one) => new URL(one.url).pathname))"""


def _signed_in(unit: str) -> tuple[House, str]:
    house = House(whole_ward())
    house.hire("nurse", Role.NURSE, unit, passphrase="")
    return house, asyncio.run(house.door.open_session("nurse", "0" * 12, "test"))


@pytest.mark.parametrize(("unit", "kept"), [("MMH/4E", True), ("MMH/2E", False)])
def test_a_device_keeps_the_charts_of_its_ward_and_none_behind_broken_glass(
    page: Page, *, unit: str, kept: bool
) -> None:
    with ThreadPoolExecutor(1) as elsewhere:  # the browser's own loop runs in this one
        house, token = elsewhere.submit(_signed_in, unit).result()
    with listening(house.app) as address:
        page.context.add_cookies([{"name": "wardlight-session", "value": token, "url": address}])
        page.goto(address + "/my-entries")
        page.wait_for_function("() => Boolean(navigator.serviceWorker.controller)")
        page.goto(address + patient())
        if not kept:
            page.locator("#reason").select_option(index=1)
            page.locator("#words").fill("rapid response")
            page.get_by_role("button", name="Break the glass").click()
            expect(page.locator("#banner")).to_be_visible()
            page.goto(address + patient())
        expect(page.locator("#banner")).to_be_visible()
        page.goto(address + "/feeds")
        page.wait_for_function(f"() => {KEPT}.then((all) => all.includes('/feeds'))")
        assert (patient() in page.evaluate(KEPT)) is kept
