"""The transfer desk as a ward PC and a tablet show it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Page, expect
from tests.browser.serving import Served, served
from tests.browser.tablet import SENT
from tests.browser.test_screens import RULES
from tests.web.screens import patient
from tests.web.transfers.desk import LATE, READY, WAITS, with_transfers

SCREENS = {
    "board": "/transfers/MMH",
    "plan": "/transfers/MMH/plan",
    "ready": f"/transfers/MMH/{READY}",
    "waits": f"/transfers/MMH/{WAITS}",
    "on the way": f"/transfers/MMH/{LATE}",
    "certificate": f"/transfers/MMH/{READY}/certificate",
    "ask": patient(path="/transfer"),
    "254": "/hics/254/MMH",
    "255": "/hics/255/MMH",
    "259": "/hics/259/MMH",
    "whereabouts": "/whereabouts/MMH",
    "of a patient": patient(path="/whereabouts"),
    "expected there": "/expected/GRV",
}


@pytest.fixture(scope="module")
def desk() -> Iterator[Served]:
    with served() as running, ThreadPoolExecutor() as beside:  # the browser's loop is in ours
        beside.submit(with_transfers, running.copy).result()
        yield running


@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_and_nothing_stands_outside(
    page: Page, desk: Served, screen: str
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(desk.address + SCREENS[screen])
    expect(page.locator("#link")).to_have_text(SENT)
    for width in (1366, 768, 390):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    assert said == []


def test_a_departure_that_lacks_something_is_told_and_goes_with_its_reason(
    page: Page, desk: Served
) -> None:
    page.goto(f"{desk.address}/transfers/MMH/{WAITS}")
    form = page.locator("form[data-kind='transfer.departed']")
    form.locator("[name=hospital]").fill("GRV")
    form.get_by_role("button").click()
    expect(form.locator(".entry-errors")).to_contain_text("no acceptance")
    reason = "Burned over half the body, no burn unit: Dr Example-Sending decided"
    form.locator("[name=emergency]").fill(reason)
    form.get_by_role("button").click()
    expect(page.locator("#transfer-head")).to_contain_text("left without acceptance")
