"""The dispatcher's board in a real browser: how soon it changes, keys, sound, a node that died."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Page, expect
from tests.browser.serving import listening
from tests.browser.test_screens import RULES
from tests.web.services.region_app import RegionApp

from wardlight.record import catalogue

SATURATED = {"category": "ED saturation", "reason": "22 boarders"}
CHANGE_S_MAX = 2.0  # from the entry at the node to the words on an open screen


class Dispatch:
    """A region that is served, and can be taken off the network."""

    def __init__(self) -> None:
        self.region = RegionApp()
        self.region.add_neighbours()
        self.region.state("ED", "open")
        self._served = ExitStack()
        self.url = self._served.enter_context(listening(self.region.app)) + "/ems"

    def die(self) -> None:
        """End the node."""
        self._served.close()


@pytest.fixture
def dispatch() -> Iterator[Dispatch]:
    running = Dispatch()
    yield running
    running.die()


def test_a_change_is_on_an_open_screen_within_two_seconds(page: Page, dispatch: Dispatch) -> None:
    page.goto(dispatch.url)
    ed = page.locator("#h-1 .state-word")
    expect(ed).to_have_text("OPEN")
    began = time.monotonic()
    dispatch.region.state("ED", "divert", **SATURATED)
    expect(ed).to_have_text("DIVERT")
    took = time.monotonic() - began
    expect(page.locator("#alert")).to_contain_text("Lakeside General: ED DIVERT, ED saturation")
    expect(page).to_have_title("(2 new) Dispatcher's board · Wardlight")
    assert took < CHANGE_S_MAX


def test_sound_is_off_until_somebody_turns_it_on_and_stays_on_over_changes(
    page: Page, dispatch: Dispatch
) -> None:
    page.goto(dispatch.url)
    sound = page.get_by_role("button", name="Turn sound on")
    expect(sound).to_have_attribute("aria-pressed", "false")
    sound.click()
    on = page.get_by_role("button", name="Sound is on")
    expect(on).to_have_attribute("data-sounded", "1")
    dispatch.region.state("ED", "divert", **SATURATED)
    expect(on).to_have_attribute("data-sounded", "2")
    page.get_by_label("Your name or call sign").fill("Dispatch 4")
    page.get_by_role("button", name="Seen, all 2").click()
    expect(page.locator("#changes .unseen")).to_have_count(0)
    expect(page.locator("#alert p")).to_have_count(0)
    expect(page.get_by_role("button", name="Sound is on")).to_be_visible()
    seen = dispatch.region.status.changes(dispatch.region.now)[0].acknowledged
    assert [one.by for one in seen] == ["Dispatch 4"]


def test_a_digit_opens_a_hospital_and_a_name_with_a_digit_can_be_typed(
    page: Page, dispatch: Dispatch
) -> None:
    page.goto(dispatch.url)
    page.keyboard.press("3")
    expect(page.locator("#h-3")).to_have_attribute("open", "")
    expect(page.locator("#h-3 summary")).to_be_focused()
    dispatch.region.tell(catalogue.BEDS_COUNTED, bed="ICU", available="2")
    page.keyboard.press("1")
    expect(page.locator("#h-1 .h-more")).to_contain_text("ICU: 2 free")
    page.get_by_label("Your name or call sign").press_sequentially("Unit 3")
    expect(page.get_by_label("Your name or call sign")).to_have_value("Unit 3")
    expect(page.locator("#h-3")).not_to_have_attribute("open", "")


def test_when_the_node_dies_the_board_says_so_and_trusts_nothing_past_its_time(
    page: Page, dispatch: Dispatch
) -> None:
    page.clock.install()
    page.goto(dispatch.url)
    expect(page.locator("#connected")).to_have_text("Live")
    dispatch.die()
    page.clock.fast_forward(30_000)
    expect(page.locator("#connected")).to_contain_text("NOT CONNECTED")
    expect(page.locator("#h-1 .state-word")).to_have_text("OPEN")
    page.clock.fast_forward(12 * 3_600_000)
    expect(page.locator("#h-1 .state-word")).to_have_text("NO REPORT, node away")


@pytest.mark.parametrize("width", [1366, 768, 390])
def test_axe_finds_nothing_and_nothing_stands_outside_the_window(
    page: Page, dispatch: Dispatch, width: int
) -> None:
    dispatch.region.state("CT", "divert", category="equipment or CT failure", reason="tube failed")
    dispatch.region.hear("SAC", "closed", category="internal disaster", reason="flood")
    page.set_viewport_size({"width": width, "height": 768})
    for path in ("", "/script"):
        page.goto(dispatch.url + path)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_board_breaks_none_of_its_own_rules_of_content(page: Page, dispatch: Dispatch) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(dispatch.url)
    page.keyboard.press("1")
    expect(page.locator("#h-1")).to_have_attribute("open", "")
    assert said == []
