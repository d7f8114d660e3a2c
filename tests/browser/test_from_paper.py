"""A sheet that came back, entered row by row: boxes compared, the picture beside, saved once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Page, expect
from tests.browser.serving import Served, served
from tests.browser.test_bedside import OPEN_FORMS
from tests.browser.test_screens import RULES

from wardlight.record.events.entered import unpacked
from wardlight.record.events.observations import VitalsCharted


@pytest.fixture(scope="module")
def ward() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.mark.parametrize("width", [1366, 768])
def test_axe_finds_nothing_with_every_row_open(page: Page, ward: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(ward.handwritten())
    page.evaluate(OPEN_FORMS)
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_row_is_entered_from_its_picture_with_the_ticks_that_were_confirmed(
    page: Page, ward: Served
) -> None:
    page.goto(ward.handwritten())
    page.get_by_role("link", name="Compare them with the picture first").click()
    page.get_by_role("button", name="These boxes are right").click()
    page.wait_for_url("**/scans/MMH")
    page.goto(ward.handwritten())
    row = page.locator("#row-0-1")
    expect(row.get_by_label("O2", exact=True)).to_be_checked()
    row.get_by_label("Day on the sheet", exact=True).select_option(label="today")
    row.get_by_label("Time on the sheet, 24-h", exact=True).fill("0230")
    row.get_by_label("Pulse /min", exact=True).fill("104")
    row.get_by_role("button").click()
    expect(page.locator("#row-0-1 .paper-done")).to_contain_text("Entered by")
    said = unpacked(ward.copy.entries()[-1].body)
    assert isinstance(said.said, VitalsCharted)
    assert {one.sign: one.value for one in said.said.readings} == {
        "pulse": "104",
        "on oxygen": "yes",
    }
    expect(page.locator("#rows-left")).to_have_text("15 of 16 rows still to be entered or closed.")
