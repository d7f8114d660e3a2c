"""No entry is lost and none is doubled, whatever the network and the server do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.real_node import RealNode
from tests.browser.tablet import (
    SENT,
    WAITING,
    StubNode,
    Tablet,
    beat,
    chart,
    come,
    tablet_with,
    until,
)


@pytest.fixture(params=[StubNode, RealNode])
def tablet(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tablet]:
    """Once with the protocol alone behind it, once with the node a hospital runs."""
    with tablet_with(request.param(tmp_path)) as running:
        yield running


@pytest.fixture
def context(browser: Browser, tablet: Tablet) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    tablet.node.sign_in(opened, tablet.proxy.address)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, tablet: Tablet) -> Page:
    opened = context.new_page()
    opened.goto(tablet.url)
    expect(opened.locator("#link")).to_have_text(SENT)
    # The worker keeps the first page only after it was loaded.
    come(
        opened, "caches.open('wardlight-pages').then(one => one.keys()).then(all => all.length > 1)"
    )
    return opened


def test_an_entry_is_kept_sent_and_acknowledged(page: Page, tablet: Tablet) -> None:
    chart(page, "61")
    expect(page.locator(".entry-saved")).to_contain_text(re.compile(r"received \d\d:\d\d no. \d+"))
    tablet.sent(page, "61")


def test_three_entries_made_offline_arrive_once_after_a_reload_offline(
    page: Page, tablet: Tablet
) -> None:
    tablet.proxy.fault = "down"
    for pulse in ("61", "62", "63"):
        chart(page, pulse)
    expect(page.locator("#link")).to_have_text(WAITING.format(3))
    page.reload()
    expect(page.locator("#link")).to_have_text(WAITING.format(3))
    tablet.proxy.fault = ""
    tablet.sent(page, "61", "62", "63")
    assert len(tablet.proxy.passed) == 3


def test_entries_of_a_reloaded_copy_have_ids_of_their_own(page: Page, tablet: Tablet) -> None:
    tablet.proxy.fault = "down"
    for pulse in ("61", "62"):
        page.reload()
        chart(page, pulse)
    tablet.proxy.fault = ""
    tablet.sent(page, "61", "62")


def test_a_killed_server_gets_everything_when_it_is_back(page: Page, tablet: Tablet) -> None:
    tablet.node.kill()
    assert page.evaluate("navigator.onLine") is True
    chart(page, "61")
    page.reload()
    chart(page, "62")
    tablet.node.start()
    tablet.sent(page, "61", "62")


def test_two_lost_answers_leave_one_entry(page: Page, tablet: Tablet) -> None:
    tablet.proxy.cuts = 2
    chart(page, "61")
    beat(page)
    until(lambda: len(tablet.proxy.passed) == 3)
    tablet.sent(page, "61")


@pytest.mark.parametrize("fault", ["500", "503", "portal"])
def test_an_answer_that_is_none_loses_nothing(page: Page, tablet: Tablet, fault: str) -> None:
    tablet.proxy.fault = fault
    chart(page, "61")
    chart(page, "62")
    expect(page.locator("#link")).not_to_have_text(SENT)
    tablet.proxy.fault = ""
    tablet.sent(page, "61", "62")


def test_a_session_that_ended_asks_to_sign_in_and_sends_afterwards(
    page: Page, tablet: Tablet
) -> None:
    tablet.proxy.fault = "401"
    for pulse in ("61", "62", "63"):
        chart(page, pulse)
    beat(page)
    expect(page.locator("#link")).to_have_text("Sign in again to send 3")
    tablet.proxy.fault = ""
    page.reload()
    tablet.sent(page, "61", "62", "63")


def test_two_tabs_sending_at_once_send_each_entry_once(
    page: Page, context: BrowserContext, tablet: Tablet
) -> None:
    other = context.new_page()
    other.goto(tablet.url)
    tablet.proxy.fault = "down"
    for pulse in ("61", "62", "63", "64", "65"):
        chart(page, pulse)
        chart(other, "1" + pulse)
    tablet.proxy.fault = ""
    beat(other)
    tablet.sent(page, "61", "62", "63", "64", "65", "161", "162", "163", "164", "165")


def test_a_triple_click_makes_one_entry(page: Page, tablet: Tablet) -> None:
    page.get_by_label("Pulse").fill("61")
    page.get_by_role("button", name="Save").click(click_count=3)
    expect(page.locator(".entry-saved")).to_contain_text("Saved on this tablet")
    page.get_by_role("button", name="Save").click(click_count=3)
    tablet.sent(page, "61")


def test_the_same_id_with_other_content_keeps_both_and_asks_a_person(
    page: Page, tablet: Tablet
) -> None:
    chart(page, "61")
    tablet.sent(page, "61")
    page.evaluate(
        "wardlight.store.change(1, one => {"
        " one.state = 'waiting'; one.fields = [['pulse', '99']]; return true; })"
    )
    beat(page)
    expect(page.locator("#link")).to_have_text(f"{SENT} · 1 entry needs you")
    assert tablet.node.pulses() == ["61", "99"]
    page.goto(tablet.proxy.address + "/my-entries")
    needs = page.get_by_role("region", name="Needs you")
    expect(needs).to_contain_text("sent twice with different values")
    needs.get_by_role("button", name="Compare").click()
    expect(needs).to_contain_text("This tablet sent: pulse 99")


def test_a_server_whose_log_is_gone_is_offered_everything_again(page: Page, tablet: Tablet) -> None:
    tablet.node.back_up()
    chart(page, "61")
    chart(page, "62")
    tablet.sent(page, "61", "62")
    tablet.node.restore()
    tablet.sent(page, "61", "62")


def test_a_server_restored_from_an_older_backup_gets_what_it_lost(
    page: Page, tablet: Tablet
) -> None:
    for pulse in ("61", "62"):
        chart(page, pulse)
    tablet.sent(page, "61", "62")
    tablet.node.back_up()
    for pulse in ("63", "64", "65"):
        chart(page, pulse)
    tablet.sent(page, "61", "62", "63", "64", "65")
    tablet.node.restore()
    assert tablet.node.pulses() == ["61", "62"]
    tablet.sent(page, "61", "62", "63", "64", "65")


def test_a_tablet_that_comes_back_after_14_days_sends_what_it_holds(
    page: Page, tablet: Tablet
) -> None:
    tablet.proxy.fault = "down"
    chart(page, "61")
    page.evaluate("wardlight.store.change(1, one => { one.made -= 14 * 86400000; return true; })")
    page.reload()
    tablet.proxy.fault = ""
    tablet.sent(page, "61")


def test_sent_entries_leave_the_tablet_after_30_days_and_unsent_ones_never(
    page: Page, tablet: Tablet
) -> None:
    chart(page, "61")
    chart(page, "62")
    tablet.sent(page, "61", "62")
    tablet.proxy.fault = "500"
    chart(page, "63")
    page.evaluate(
        "Promise.all([1, 3].map(seq => wardlight.store.change(seq, one => {"
        " one.made -= 31 * 86400000; one.recorded -= 31 * 86400000; return true; })))"
    )
    with page.expect_response("**/entries"):
        beat(page)
    counts = page.evaluate("wardlight.store.counts()")
    assert (counts["sent"], counts["waiting"]) == (1, 1)


def test_one_stuck_entry_never_blocks_another(page: Page, tablet: Tablet) -> None:
    tablet.proxy.refused = {'"61"': 500}
    tablet.proxy.fault = "down"
    for pulse in ("61", "62", "63"):
        chart(page, pulse)
    tablet.proxy.fault = ""
    beat(page)
    expect(page.locator("#link")).to_have_text(
        "\N{BLACK UP-POINTING TRIANGLE} Connected \N{EN DASH} sending 1"
    )
    assert sorted(tablet.node.pulses()) == ["62", "63"]
    tablet.proxy.refused = {}
    tablet.sent(page, "61", "62", "63")


def test_one_author_who_must_sign_in_again_never_blocks_another(page: Page, tablet: Tablet) -> None:
    mine, others = tablet.node.grants
    tablet.proxy.refused = {f'"{mine}"': 401}
    chart(page, "61")
    page.evaluate(
        "grant => { document.querySelector('meta[name=wardlight-grant]').content = grant; }", others
    )
    chart(page, "62")
    until(lambda: tablet.node.pulses() == ["62"])
    expect(page.locator("#link")).to_have_text("Sign in again to send 1")


def test_a_full_disk_says_not_saved_and_keeps_the_text(
    context: BrowserContext, tablet: Tablet
) -> None:
    page = context.new_page()
    wire = context.new_cdp_session(page)
    origin = tablet.proxy.address
    wire.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})
    page.goto(tablet.url)
    page.get_by_label("Pulse").fill("61")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".entry-saved")).to_have_text(
        "NOT SAVED \N{EN DASH} use the paper observation chart. What you typed still stands here."
    )
    expect(page.get_by_label("Pulse")).to_have_value("61")
    assert tablet.node.pulses() == []


def test_a_browser_that_keeps_nothing_says_so(context: BrowserContext, tablet: Tablet) -> None:
    context.add_init_script("IDBFactory.prototype.open = () => { throw new Error('private'); }")
    page = context.new_page()
    page.goto(tablet.url)
    expect(page.locator("#outbox-unkept")).to_contain_text("READ ONLY")
    page.get_by_label("Pulse").fill("61")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".entry-saved")).to_contain_text("NOT SAVED")
    expect(page.get_by_label("Pulse")).to_have_value("61")


def test_a_half_typed_form_is_there_again_after_a_reload(page: Page, tablet: Tablet) -> None:
    page.get_by_label("Note").fill("dizzy when")
    come(page, "wardlight.store.drafts().then(all => all.length === 1)")
    tablet.proxy.fault = "down"
    page.reload()
    expect(page.get_by_label("Note")).to_have_value("dizzy when")
    chart(page, "61")
    page.reload()
    expect(page.get_by_label("Note")).to_have_value("")


def test_without_a_script_a_form_goes_to_the_server(browser: Browser, tablet: Tablet) -> None:
    context = browser.new_context(java_script_enabled=False)
    tablet.node.sign_in(context, tablet.proxy.address)
    page = context.new_page()
    page.goto(tablet.url)
    page.get_by_label("Pulse").fill("61")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile("/(my-entries|patient/)"))
    assert tablet.node.pulses() == ["61"]
    context.close()


def test_a_server_that_hangs_shows_the_kept_page_and_its_age(page: Page, tablet: Tablet) -> None:
    tablet.proxy.fault = "hang"
    page.reload()
    expect(page.locator("#outbox-kept")).to_contain_text(
        "this page is the copy kept on this tablet"
    )
    assert int(page.evaluate("document.documentElement.getAttribute('data-kept')")) > 0
    chart(page, "61")


def test_a_page_never_opened_here_says_so_and_leads_to_my_entries(
    page: Page, tablet: Tablet
) -> None:
    tablet.proxy.fault = "down"
    page.goto(tablet.proxy.address + "/ward/RVR/4E")
    page.get_by_role("link", name="My entries").click()
    entries = page.get_by_role("heading", name="My entries")
    covered = page.get_by_role("button", name="Server not reachable: go on as")
    expect(
        entries.or_(covered)
    ).to_be_visible()  # at a node this page is covered: nobody touched it
    if covered.is_visible():
        covered.click()
    expect(entries).to_be_visible()


def test_signing_out_erases_the_kept_pages_and_no_entry(page: Page, tablet: Tablet) -> None:
    tablet.proxy.fault = "down"
    chart(page, "61")
    page.evaluate("wardlight.forget()")
    come(page, "caches.has('wardlight-pages').then(one => !one)")
    assert page.evaluate("wardlight.store.counts()")["waiting"] == 1
    tablet.proxy.fault = ""
    tablet.sent(page, "61")
