"""The screens of clinics with something on them: accessible, inside the window, quiet."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Page, expect
from tests.browser.serving import listening
from tests.browser.test_screens import RULES
from tests.rules.clinics.clinic_day import START, visit
from tests.web.clinics.call_sheet_room import CallSheetRoom, drawn, ticked

from wardlight.web.clinics.accepting import reference

SCREENS = (
    "/clinics/MMH?day=2026-11-25",
    "/triage/MMH?show=all",
    "/theatre/MMH",
    f"/theatre/MMH?case={reference(visit(5))}",
    "/theatre/MMH/plan",
    "/reschedule/MMH",
    "/inbound/MMH",
    "/contact-numbers/MMH",
    "/calls/MMH",
    "/calls/MMH/sheets",
    "/calls/MMH/sheet/FIRST",
)


def rung_from_paper(folder: Path) -> CallSheetRoom:
    """Return a clinic with two call sheets given out, one of them back through the scanner."""
    made = CallSheetRoom(folder)
    for number, urgency in ((6, "C"), (8, "B")):
        made.day.decide(number, urgency, "postpone")
    pages = drawn(made.print(2))
    made.scan(ticked(pages[0], "Outcome of the last try: told", "Told: told", "Number rung: 1"))
    return made


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ThreadPoolExecutor() as beside:  # where a browser is open its loop runs in this thread
        made = beside.submit(rung_from_paper, tmp_path_factory.mktemp("paper")).result()
    for number, urgency in enumerate("ABCD", 1):
        made.day.decide(number, urgency, "postpone")
    made.day.decide(5, "C", "postpone", "2026-11-30")  # an operation
    made.day.slots(60, 62)
    made.day.wait(5)
    made.day.tell(4)
    made.day.attempt(3, "no answer")
    with listening(made.app) as address:
        yield address


def opened(page: Page, address: str) -> None:
    page.clock.set_fixed_time((START + 300_000) / 1_000)
    page.goto(address)


@pytest.mark.parametrize("width", [1366, 768])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_and_nothing_stands_outside(
    page: Page, clinic: str, screen: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    if screen.endswith("FIRST"):
        opened(page, clinic + "/calls/MMH/sheets")
        screen = page.locator("#back-h ~ table a").first.get_attribute("href") or ""
    opened(page, clinic + screen)
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_at_hand_is_stated_with_the_keyboard_alone(page: Page, clinic: str) -> None:
    opened(page, clinic + "/theatre/MMH")
    page.get_by_role("link", name="State what is at hand for").last.focus()
    page.keyboard.press("Enter")
    page.get_by_role("group", name="Surgical consent on file").get_by_label("as before").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("red folder")
    page.keyboard.press("Enter")
    expect(page.get_by_text("consent (red folder)")).to_be_visible()


def test_an_agent_rings_the_next_patient_with_the_keyboard_alone(page: Page, clinic: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    opened(page, clinic + "/calls/MMH")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="On the phone")).to_be_visible()
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    page.get_by_label("no answer").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Next person")).to_be_visible()
    assert said == []
