"""What a tablet does alone: survive a kill, warn, number patients, show what it holds."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from tests.browser.tablet import (
    SENT,
    WAITING,
    StubNode,
    Tablet,
    answers,
    beat,
    chart,
    come,
    free_port,
    tablet_with,
    until,
)

FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run")
NUMBERED = ' data-takes-number data-paper="the paper registration form"'


@pytest.fixture
def tablet(tmp_path: Path) -> Iterator[Tablet]:
    with tablet_with(StubNode(tmp_path)) as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, tablet: Tablet) -> Page:
    opened = context.new_page()
    opened.goto(tablet.url)
    expect(opened.locator("#link")).to_have_text(SENT)
    return opened


@contextmanager
def own_browser(chromium: str, profile: Path, *flags: str) -> Iterator[tuple[int, int]]:
    """Start a browser in a process group of its own; yields its port and the group."""
    port = free_port()
    words = [chromium, *FLAGS, f"--remote-debugging-port={port}", f"--user-data-dir={profile}"]
    process = subprocess.Popen(  # noqa: S603 -- the browser of this machine
        [*words, *flags, "about:blank"],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: answers(port))
        yield port, process.pid
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def first_page(playwright: Playwright, port: int) -> Page:
    return playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}").contexts[0].pages[0]


def test_a_killed_browser_sends_what_it_kept_when_it_is_started_again(
    chromium: str, tablet: Tablet, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    with sync_playwright() as playwright:
        with own_browser(chromium, profile) as (port, group):
            page = first_page(playwright, port)
            page.goto(tablet.url)
            expect(page.locator("#link")).to_have_text(SENT)
            tablet.proxy.fault = "down"
            for pulse in ("61", "62", "63"):
                chart(page, pulse)
            os.killpg(group, signal.SIGKILL)
        tablet.proxy.fault = ""
        with own_browser(chromium, profile) as (port, _):
            page = first_page(playwright, port)
            page.goto(tablet.url)
            tablet.sent(page, "61", "62", "63")


def test_a_ward_address_without_tls_still_keeps_and_sends(
    chromium: str, tablet: Tablet, tmp_path: Path
) -> None:
    mapped = "--host-resolver-rules=MAP ward.hospital.test 127.0.0.1"
    with (
        sync_playwright() as playwright,
        own_browser(chromium, tmp_path / "profile", mapped) as (port, _),
    ):
        page = first_page(playwright, port)
        page.goto(tablet.url.replace("127.0.0.1", "ward.hospital.test"))
        assert page.evaluate("[isSecureContext, 'locks' in navigator]") == [False, False]
        expect(page.locator("#link")).to_have_text(SENT)
        tablet.proxy.fault = "down"
        chart(page, "61")
        tablet.proxy.fault = ""
        tablet.sent(page, "61")
        assert page.evaluate("wardlight.station.look().then(one => one.word)") == "READY WHILE OPEN"


# --- warnings and refusals -----------------------------------------------------------------


def test_a_warning_asks_for_a_reason_and_the_reason_is_sent(page: Page, tablet: Tablet) -> None:
    page.get_by_label("Pulse").fill("250")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".entry-warnings")).to_contain_text("Ten times the order.")
    page.get_by_role("button", name="Save").click()
    assert tablet.node.pulses() == []
    page.get_by_label("Reason for going on").select_option("Prescriber told")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".entry-saved")).to_contain_text("no. 1")
    sent = page.evaluate("wardlight.store.list('sent', 1)")[0]
    assert ["override-dose", "Prescriber told"] in sent["fields"]


def test_a_warning_is_given_without_the_server_too(page: Page, tablet: Tablet) -> None:
    tablet.proxy.fault = "down"
    beat(page)
    page.get_by_label("Pulse").fill("250")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".entry-warnings")).to_contain_text("Rare: look again.")
    page.get_by_label("Reason for going on").select_option("Emergency, no time")
    chart_again(page)
    expect(page.locator("#link")).to_have_text(WAITING.format(1))


def chart_again(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".entry-saved")).to_contain_text("Saved on this tablet")


def test_a_refusal_stands_by_its_field_and_keeps_the_text(page: Page, tablet: Tablet) -> None:
    page.get_by_label("Pulse").fill("9000")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Write beats in a minute")).to_be_visible()
    expect(page.get_by_label("Pulse")).to_have_value("9000")
    expect(page.get_by_label("Pulse")).to_have_attribute("aria-invalid", "true")
    assert tablet.node.pulses() == []


def test_a_clock_that_is_wrong_is_said(page: Page) -> None:
    page.clock.install()
    page.clock.fast_forward(5 * 60_000)
    beat(page)
    expect(page.locator("#outbox-clock")).to_contain_text("5 min ahead of the server's")


# --- downtime numbers ----------------------------------------------------------------------


def test_a_number_is_taken_with_the_entry_and_never_twice(
    context: BrowserContext, tablet: Tablet
) -> None:
    tablet.form(NUMBERED)
    page = context.new_page()
    page.goto(tablet.url)
    come(page, "wardlight.store.numbers().then(held => held.left === 20)")
    tablet.proxy.fault = "down"
    for number in ("DT-TEST-0001", "DT-TEST-0002"):
        chart(page, "61")
        expect(page.locator(".entry-saved")).to_contain_text(f"downtime number {number}")
    assert page.evaluate("wardlight.store.numbers()") == {"left": 18, "next": "DT-TEST-0003"}
    page.evaluate("wardlight.store.addNumbers(['DT-TEST-0001', 'DT-TEST-0099'])")
    assert page.evaluate("wardlight.store.numbers()")["left"] == 19


def test_a_tablet_out_of_numbers_leads_to_the_paper_block(
    context: BrowserContext, tablet: Tablet
) -> None:
    tablet.form(NUMBERED)
    page = context.new_page()
    page.goto(tablet.url)
    come(page, "wardlight.store.numbers().then(held => held.left === 20)")
    tablet.proxy.fault = "down"
    page.evaluate(
        "() => { const asked = indexedDB.open('wardlight'); asked.onsuccess = () =>"
        " asked.result.transaction('numbers', 'readwrite').objectStore('numbers').clear(); }"
    )
    come(page, "wardlight.store.numbers().then(held => held.left === 0)")
    page.get_by_label("Pulse").fill("61")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".entry-errors")).to_contain_text("the unit's paper block")
    expect(page.get_by_label("Pulse")).to_have_value("61")


# --- My entries ----------------------------------------------------------------------------


@pytest.fixture
def three(page: Page, tablet: Tablet) -> Page:
    """One sent, one the server wants looked at, one waiting; My entries is open."""
    chart(page, "61")
    tablet.sent(page, "61")
    tablet.proxy.refused = {'"62"': 422}
    chart(page, "62")
    expect(page.locator("#link")).to_contain_text("1 entry needs you")
    tablet.proxy.refused = {'"63"': 500}
    chart(page, "63")
    page.goto(tablet.proxy.address + "/my-entries")
    expect(page.locator("#tablet-counts")).to_have_text("Waiting 1 · Needs you 1 · Sent 1")
    return page


def part(page: Page, name: str) -> object:
    return page.get_by_role("region", name=name, exact=True)


@pytest.mark.parametrize("width", [1366, 768])
def test_axe_finds_nothing_on_my_entries(three: Page, width: int) -> None:
    three.set_viewport_size({"width": width, "height": 768})
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(three, options=rules).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    assert three.evaluate("document.documentElement.scrollWidth") <= width


def test_an_entry_is_tried_again_when_asked(three: Page, tablet: Tablet) -> None:
    waiting = three.get_by_role("region", name="Waiting")
    expect(waiting).to_contain_text("the server could not take it, try")
    with three.expect_request("**/entries"):
        waiting.get_by_role("button", name="Try now").dispatch_event("click")
    tablet.proxy.refused = {}
    three.get_by_role("button", name="Try now").first.dispatch_event("click")
    expect(waiting).to_contain_text("Nothing waits here")
    until(lambda: tablet.node.pulses() == ["61", "63"])


def test_an_entry_never_sent_is_taken_back_and_stays_listed(three: Page, tablet: Tablet) -> None:
    needs = three.get_by_role("region", name="Needs you")
    needs.get_by_text("Take back").click()
    needs.get_by_label("Reason").fill("wrong patient")
    needs.get_by_role("button", name="Take this entry back").click()
    expect(three.get_by_role("region", name="Taken back before sending")).to_contain_text(
        "voided, never sent: wrong patient"
    )
    assert tablet.node.pulses() == ["61"]


def test_a_sent_entry_is_taken_back_by_an_entry_of_its_own(three: Page, tablet: Tablet) -> None:
    sent = three.get_by_role("region", name="Sent", exact=True)
    sent.get_by_text("Take back").click()
    sent.get_by_label("Reason").fill("wrong patient")
    sent.get_by_role("button", name="Take this entry back").click()
    expect(sent).to_contain_text("taken back: wrong patient")
    expect(sent).to_contain_text("Taken back: O'BRIEN S. observations")
    assert tablet.node.pulses() == ["61", ""]


def test_a_refused_entry_goes_back_into_its_form(three: Page, tablet: Tablet) -> None:
    three.get_by_role("button", name="Correct in its form").click()
    expect(three.get_by_label("Pulse")).to_have_value("62")
    assert three.evaluate("wardlight.store.counts()")["parked"] == 0
    tablet.proxy.refused = {}
    chart(three, "64")
    expect(three.locator(".entry-saved")).to_contain_text("received")
    assert "64" in tablet.node.pulses()


def test_a_tablet_is_not_handed_over_before_what_it_holds_is_on_a_file(three: Page) -> None:
    three.get_by_role("button", name="Hand over this tablet").click()
    expect(three.locator("#entries-said")).to_contain_text("Not handed over: 2 entries not sent")
    with three.expect_download() as saving:
        three.get_by_role("button", name="Save file").click()
    held = json.loads(saving.value.path().read_text("utf-8"))
    assert [dict(one["fields"])["pulse"] for one in held["entries"]] == ["63", "62"]
    assert "by" not in held["entries"][0]
    three.get_by_role("button", name="Hand over this tablet").click()
    expect(three.locator("#entries-said")).to_contain_text("What is not sent stays")
    counts = three.evaluate("wardlight.store.counts()")
    assert (counts["waiting"], counts["parked"], counts["sent"]) == (1, 1, 0)


def test_an_entry_copied_to_paper_is_alone_on_the_sheet(three: Page) -> None:
    three.evaluate("window.print = () => { window.sheet = document.body.innerText; }")
    three.emulate_media(media="print")
    three.get_by_role("region", name="Waiting").get_by_role("button", name="Copy to paper").click()
    sheet = three.evaluate("window.sheet")
    assert "63" in sheet
    assert "Copied to the chart by" in sheet
    assert "61" not in sheet
    assert "Hand over" not in sheet


def test_what_is_entered_in_a_drill_says_so_also_when_it_is_sent_later(
    page: Page, tablet: Tablet
) -> None:
    tablet.proxy.fault = "down"
    page.evaluate("document.body.className = 'mode-drill'")
    chart(page, "61")
    page.evaluate("document.body.className = 'mode-ready'")
    chart(page, "62")
    tablet.proxy.fault = ""
    tablet.sent(page, "61", "62")
    assert isinstance(tablet.node, StubNode)
    sent = {dict(one["fields"])["pulse"]: one["drill"] for one in tablet.node.offered()}
    assert sent == {"61": True, "62": False}
