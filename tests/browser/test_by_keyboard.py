"""What a nurse does most, by keyboard alone and counted: at most 30 presses each, from the board.

The counts stand in docs/keyboard.md; a test holds the page to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.serving import Served, served
from tests.browser.tablet import SENT
from tests.web.screens import NUMBER
from tests.web.ward_of_28 import key_of

PRESSES_MAX = 30
LISTED = Path(__file__).parents[2] / "docs" / "keyboard.md"
COUNTED: dict[str, int] = {}


@pytest.fixture
def ward() -> Iterator[Served]:
    with served() as running:
        yield running


class Keyboard:
    """Counts every press."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.presses = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)
            self.presses += 1

    def type(self, words: str) -> None:
        self.press(*words)

    def tab_to(self, seen: str) -> None:
        """Go on with Tab until the focus is on something of that selector."""
        for _ in range(PRESSES_MAX):
            self.press("Tab")
            if self._page.evaluate("seen => document.activeElement.matches(seen)", seen):
                return
        raise AssertionError(f"{seen} is not reached")

    def done(self, task: str) -> None:
        COUNTED[task] = self.presses
        assert self.presses <= PRESSES_MAX


@pytest.fixture
def keyboard(page: Page, ward: Served) -> Keyboard:
    page.goto(ward.url("ward"))
    expect(page.locator("#link")).to_have_text(SENT)
    return Keyboard(page)


def find(keyboard: Keyboard, page: Page) -> None:
    keyboard.press("/")
    keyboard.type("siob")
    keyboard.press("Enter")
    page.wait_for_url("**/search")
    expect(page.locator("a[data-first]")).to_be_focused()


def test_find_an_allergy(page: Page, keyboard: Keyboard) -> None:
    find(keyboard, page)
    keyboard.press("Enter")
    expect(page.locator(".strip")).to_contain_text("Latex")
    keyboard.done("Find an allergy")


def test_find_the_next_dose(page: Page, keyboard: Keyboard) -> None:
    find(keyboard, page)
    keyboard.press("Tab", "Enter")
    expect(page.locator(".mar").first).to_contain_text("Next due")
    keyboard.done("Find the next dose")


def test_chart_a_dose(page: Page, ward: Served, keyboard: Keyboard) -> None:
    find(keyboard, page)
    keyboard.press("Tab", "Enter")
    page.wait_for_url("**/medicines")
    keyboard.press("Tab", "Enter")  # skip to the page
    keyboard.tab_to(".chart-link[href='#give-2']")
    keyboard.press("Enter")
    expect(page.locator("#give-2-wristband")).to_be_focused()
    keyboard.tab_to("#give-2-amount")
    keyboard.press("Enter")
    expect(page.locator("#give-2 .entry-saved")).to_contain_text("Saved on this tablet")
    page.wait_for_function(
        "() => document.querySelector('#link').textContent.includes('everything sent')"
    )
    assert [dose for dose in ward.copy.views.chart(key_of(NUMBER)).doses if dose.stamp.entry]
    keyboard.done("Chart a dose")


def test_register_an_unknown_patient_and_print_labels(page: Page, keyboard: Keyboard) -> None:
    page.wait_for_function("() => window.wardlight.store.numbers().then(held => held.left > 0)")
    keyboard.tab_to("nav a[href='/register/MMH']")
    keyboard.press("Enter")
    page.wait_for_url("**/register/MMH")
    expect(page.locator("input[name=name_known]").first).to_be_focused()
    keyboard.press("ArrowRight")
    keyboard.tab_to("#r-age")
    keyboard.type("40")
    keyboard.press("Tab", "Space", "ArrowRight")
    keyboard.tab_to("#r-reason")
    keyboard.type("fall")
    keyboard.press("Enter")
    page.wait_for_url("**/registered/MMH")
    keyboard.done("Register an unknown patient")
    assert "MALE, ABOUT 40" in page.inner_text("#registered").upper()
    printing = Keyboard(page)
    printing.press("Tab", "Enter")
    printing.tab_to("a[href$='/labels.pdf']")
    with page.expect_response("**/labels.pdf") as printed:
        printing.press("Enter")
    assert printed.value.headers["content-type"] == "application/pdf"
    printing.done("Print labels")


def test_the_counts_are_those_listed() -> None:
    if not COUNTED:
        pytest.skip("counted only together with the tasks")
    listed = dict(re.findall(r"^\| ([^|]+?) \| (\d+) \|", LISTED.read_text(), re.MULTILINE))
    assert {task: int(listed[task]) for task in COUNTED} == COUNTED
