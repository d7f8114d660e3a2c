"""Every screen as a ward PC shows it: accessible, inside the window, quiet, and from here only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Page, expect
from tests.browser.serving import SCREENS, Served, served
from tests.browser.tablet import SENT

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@pytest.fixture(scope="module")
def ward() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.mark.parametrize("width", [1366, 768])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(page: Page, ward: Served, screen: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(ward.url(screen))
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_stands_outside_the_window(page: Page, ward: Served, screen: str) -> None:
    page.goto(ward.url(screen))
    wide: dict[int, int] = {}
    for width in (1366, 1024, 768, 741, 640, 390, 320):
        page.set_viewport_size({"width": width, "height": 768})
        wide[width] = page.evaluate("document.documentElement.scrollWidth")
    assert {width: most for width, most in wide.items() if most > width} == {}


@pytest.mark.parametrize(("width", "most"), [(1366, 110), (768, 160)])
def test_the_menus_leave_the_screen_to_the_ward(
    page: Page, ward: Served, width: int, most: int
) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(ward.url("ward"))
    expect(page.locator("#link")).to_have_text(SENT)
    row = page.locator("header .row").bounding_box()
    assert row is not None
    assert row["height"] <= most


@pytest.mark.parametrize("screen", [name for name in SCREENS if name != "nothing"])
def test_no_screen_breaks_its_own_rules_of_content(page: Page, ward: Served, screen: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(ward.url(screen))
    expect(page.locator("#link")).to_have_text(SENT)
    assert said == []


@pytest.mark.parametrize("screen", ["ward", "patient", "medicines", "results"])
def test_on_paper_no_page_has_a_colour_that_carries_its_meaning(
    page: Page, ward: Served, screen: str
) -> None:
    page.emulate_media(media="print")
    page.goto(ward.url(screen))
    colours = page.evaluate(
        "Array.from(document.querySelectorAll('.mark, .age, .strip, .mode, .sign'))"
        ".map(one => getComputedStyle(one).color)"
    )
    assert set(colours) == {"rgb(0, 0, 0)"}
