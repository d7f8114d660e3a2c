"""Where can they go: asked and decided by keyboard alone, on a ward PC and on a tablet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Page, expect
from tests.browser.serving import Served, served
from tests.browser.test_screens import RULES


@pytest.fixture(scope="module")
def ward() -> Iterator[Served]:
    with served() as running:
        yield running


def asked(page: Page, ward: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(ward.url("destinations"))
    page.keyboard.type("Made-up Lake")
    page.keyboard.press("Enter")
    expect(page.locator("#list-head")).to_contain_text("From Made-up Lake")


@pytest.mark.parametrize("width", [1366, 768, 390])
def test_the_list_is_accessible_and_stays_inside_the_window(
    page: Page, ward: Served, width: int
) -> None:
    asked(page, ward, width)
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_decision_is_logged_by_keyboard_and_stands_in_the_list(page: Page, ward: Served) -> None:
    asked(page, ward, 1366)
    page.focus("#d-unit")
    page.keyboard.type("Medic 7")
    page.select_option("#d-to", "TAY")
    page.fill("#d-called", "charge nurse Ito")
    page.fill("#d-why", "nearest")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Decided in the last 6 hours 1")
    expect(page.locator("main")).to_contain_text("said yes: charge nurse Ito")
