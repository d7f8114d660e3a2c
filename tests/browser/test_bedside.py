"""Bedside screens in a browser: every form open, nothing live holds one, none needs a script."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Browser, Page, expect
from tests.browser.serving import SCREENS, Served, served
from tests.browser.tablet import SENT
from tests.browser.test_screens import RULES
from tests.web.bedside.builders import HANDLE, MEDICINE
from tests.web.bedside.test_handoff import IPASS
from tests.web.bedside.test_observations import SET

BEDSIDE = ("orders", "observations", "notes", "order queue", "hand-off")
FLUID = (("flow", "out"), ("route", "urine"), ("volume", "350"))


@pytest.fixture(scope="module")
def ward() -> Iterator[Served]:
    with served() as running:
        number = _enter(running, "order.written", MEDICINE)
        check = (("order", f"WARDLIGHT|{number}"), ("check", "clarify"), ("note", "still give?"))
        _enter(running, "order.checked", check)
        other = (("order_kind", "consult"), ("text", "Cardiology"), *MEDICINE[6:])
        voided = _enter(running, "order.written", other)
        _enter(running, "entry.voided", (("entry", voided), ("reason", "another patient")))
        _enter(running, "vitals.charted", SET)
        _enter(running, "fluid.charted", FLUID)
        _enter(running, "note.written", IPASS)
        yield running


def _enter(ward: Served, kind: str, fields: tuple[tuple[str, str], ...]) -> str:
    id_ = f"{len(ward.copy.views.entries) + 1:032x}"
    offered = {"id": id_, "kind": kind, "patient": HANDLE, "site": "MMH", "fields": fields}
    answer = httpx.post(ward.address + "/entries", json=offered)
    assert answer.status_code == 200, answer.text
    return id_


# The forms of the page; an open menu of the bar lies over the tabs, and nobody opens both.
OPEN_FORMS = "document.querySelectorAll('main details').forEach(one => { one.open = true; })"


@pytest.mark.parametrize("width", [1366, 768])
@pytest.mark.parametrize("screen", BEDSIDE)
def test_axe_finds_nothing_with_every_form_open(
    page: Page, ward: Served, screen: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(ward.url(screen))
    page.evaluate(OPEN_FORMS)
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("screen", SCREENS)
def test_no_form_stands_in_what_is_refreshed(page: Page, ward: Served, screen: str) -> None:
    page.goto(ward.url(screen))
    assert page.locator("[data-live] form.entry").count() == 0


@pytest.mark.parametrize("screen", BEDSIDE)
def test_every_target_of_a_finger_is_44_pixels_high(page: Page, ward: Served, screen: str) -> None:
    page.goto(ward.url(screen))
    page.evaluate(OPEN_FORMS)
    low = page.evaluate(
        "Array.from(document.querySelectorAll("
        "'form.entry input:not([type=hidden]):not([type=radio]), form.entry select,"
        " form.entry button, form.entry label.radio, summary'))"
        ".filter(one => one.offsetParent && one.getBoundingClientRect().height < 43.5)"
        ".map(one => one.outerHTML.slice(0, 120))"
    )
    assert low == []


def test_an_order_is_written_by_keyboard_and_stands_on_the_sheet(page: Page, ward: Served) -> None:
    page.goto(ward.url("orders"))
    expect(page.locator("#link")).to_have_text(SENT)
    page.locator("#order-medicine > summary").press("Enter")
    form = page.locator("#order-medicine form")
    for label, value in (
        *(("Medicine", "ondansetron"), ("Dose", "4"), ("Unit", "mg"), ("Route", "intravenous")),
        *(("How often", "every 6 hours"), ("Ordered by", "Dr R"), ("Read back by", "RN M")),
    ):
        form.get_by_label(label, exact=True).fill(value)
    form.get_by_role("button", name="Order this medicine").press("Enter")
    expect(form.locator(".entry-saved")).to_contain_text("received")
    page.reload()
    expect(page.locator("#orders-1")).to_contain_text("ondansetron")


@pytest.mark.parametrize("width", [1366, 768])
def test_axe_finds_nothing_on_a_form_that_came_back(page: Page, ward: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(ward.url("observations"))
    form = page.locator("#chart-observations form")
    form.get_by_label("Pulse", exact=True).fill("8x8")
    form.get_by_label("Note", exact=True).fill("asleep " * 20)
    form.evaluate("one => one.submit()")  # as a browser without scripts does
    expect(page.locator("h1")).to_contain_text("Not written yet")
    expect(page.locator("#link")).to_have_text(SENT)
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_hand_off_list_prints_without_forms_and_keeps_each_patient_together(
    page: Page, ward: Served
) -> None:
    page.emulate_media(media="print")
    page.goto(ward.url("hand-off"))
    kept = page.locator("article.handoff").evaluate_all(
        "all => all.map(one => getComputedStyle(one).breakInside)"
    )
    assert set(kept) == {"avoid"}
    page.goto(ward.url("orders"))
    assert page.locator("form.entry:visible, .do:visible, .chart-link:visible").count() == 0


def test_without_scripts_a_refused_form_comes_back_and_is_mended(
    browser: Browser, ward: Served
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(ward.url("observations"))
    form = page.locator("#chart-observations form")
    form.get_by_label("Pulse", exact=True).fill("8x8")
    form.get_by_label("Note", exact=True).fill("asleep")
    form.get_by_role("button").click()
    expect(page.locator("h1")).to_contain_text("Not written yet")
    expect(page.locator("#banner")).to_contain_text("O'BRIEN-SAMPLE")
    expect(page.get_by_label("Note")).to_have_value("asleep")
    page.get_by_label("Pulse").fill("88")
    page.get_by_role("button", name="Save again").click()
    expect(page.locator("#received")).to_be_visible()
    context.close()
