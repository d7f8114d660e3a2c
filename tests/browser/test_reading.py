"""A nurse finds a patient and reads: by keyboard, without a script, while things change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.serving import Served, served
from tests.browser.tablet import SENT
from tests.web.screens import patient
from tests.web.ward_of_28 import NOW, bed_of, key_of

from wardlight.record.codes import StayClass
from wardlight.record.events.stays import Movement, Step
from wardlight.record.identity import Person, PersonName
from wardlight.record.reading import Headline

ASK_NOW = "window.dispatchEvent(new Event('online'))"


@pytest.fixture
def ward() -> Iterator[Served]:
    with served() as running:
        yield running


def admit(ward: Served, bed: str, family: str) -> None:
    """Let the feed say that somebody new lies in a bed."""
    who = Person(key=key_of(f"9{bed}"), name=PersonName(family=family, given="New"))
    movement = Movement(
        patient=who.key,
        step=Step.ADMIT,
        at=NOW,
        visit=f"MMH|N{bed}",
        stay_class=StayClass.INPATIENT,
        location=bed_of(bed),
    )
    ward.copy.tell((Headline(what="ADT^A01", occurred=NOW, persons=(who,), stays=(movement,)), ()))


@pytest.mark.parametrize("asked", ["4E-12", "o'brien-sample siobhan", "09-Mar-1958", "7041182236"])
def test_by_keyboard_alone_a_patient_is_found_and_read(
    page: Page, ward: Served, asked: str
) -> None:
    page.goto(ward.url("ward"))
    page.keyboard.press("/")
    page.keyboard.type(asked)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 person")).to_be_visible()
    _tab_to(page, "O'BRIEN-SAMPLE, Siobhán (Ms)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Allergies", exact=True)).to_contain_text("Latex — rash")
    _tab_to(page, "Medicines")
    page.keyboard.press("Enter")
    row = page.get_by_role("row").filter(has_text="enoxaparin")
    expect(row).to_contain_text("DOSE 40 mg")
    expect(row).to_contain_text("Next due 09:00")


def _tab_to(page: Page, words: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == words:
            return
    raise AssertionError(f"no way to {words} by Tab")


def test_the_first_tab_is_the_way_past_the_chrome(page: Page, ward: Served) -> None:
    page.goto(ward.url("ward"))
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the page")
    expect(page.locator(":focus")).to_be_in_viewport()


def test_without_a_script_everything_is_found_and_read(browser: Browser, ward: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(ward.url("wards"))
    page.get_by_role("link", name="4E", exact=True).click()
    page.get_by_role("link", name="O'BRIEN-SAMPLE, Siobhán").click()
    expect(page.get_by_role("region", name="Allergies", exact=True)).to_contain_text(
        "KNOWN ALLERGIES", ignore_case=True
    )
    page.get_by_role("link", name="Medicines", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="enoxaparin")).to_contain_text("40 mg")
    page.get_by_label("Find a patient").fill("4E-13")
    page.get_by_role("button", name="Find").first.click()
    expect(page.get_by_role("link", name="O'BRIEN-SAMPLE, Seán").first).to_be_visible()
    context.close()


def test_a_refresh_never_takes_the_focus_away(page: Page, ward: Served) -> None:
    page.goto(ward.url("ward"))
    link = page.get_by_role("link", name="O'BRIEN-SAMPLE, Siobhán")
    link.focus()
    ward.copy.tell((Headline(what="ADT^A09", occurred=NOW, stays=(_off_the_unit(),)), ()))
    with page.expect_response(lambda answer: answer.status == 200):
        page.evaluate(ASK_NOW)
    row = page.get_by_role("row").filter(has=link)
    expect(row).to_contain_text("Off the unit: X-ray")
    expect(link).to_be_focused()


def _off_the_unit() -> Movement:
    return Movement(
        patient=key_of("7041182236"),
        step=Step.DEPART,
        at=NOW,
        visit="MMH|V00001",
        temporary=type(bed_of("12"))(unit="X-ray"),
    )


def test_a_new_patient_is_offered_and_shown_when_asked_for(page: Page, ward: Served) -> None:
    page.goto(ward.url("ward"))
    admit(ward, "40", "Newcomer-Sample")
    page.evaluate(ASK_NOW)
    offer = page.get_by_role("button", name="Update list (1 change)")
    expect(offer).to_be_visible()
    expect(page.get_by_text("NEWCOMER-SAMPLE")).to_have_count(0)
    offer.click()
    expect(page.get_by_role("link", name="NEWCOMER-SAMPLE, New")).to_be_visible()


def test_words_somebody_has_marked_stay_marked(page: Page, ward: Served) -> None:
    page.goto(ward.address + patient())
    page.get_by_text("Heart failure").first.select_text()
    admit(ward, "41", "Newcomer-Sample")
    with page.expect_response(lambda answer: answer.status == 200):
        page.evaluate(ASK_NOW)
    assert page.evaluate("String(window.getSelection())") == "Heart failure"


def test_a_server_out_of_reach_is_said_and_ages_keep_growing(page: Page, ward: Served) -> None:
    page.clock.install()
    page.goto(ward.url("ward"))
    expect(page.locator("#link")).to_have_text(SENT)
    page.route("**/*", lambda route: route.abort())
    page.clock.run_for(20_000)
    expect(page.locator("#link")).to_contain_text("Server not reachable")
    page.clock.fast_forward(30 * 60_000)
    expect(page.locator("#ward-head .age-span")).to_have_text("1 h 58 min old")


def test_the_bar_turns_to_downtime_on_an_open_page(page: Page, ward: Served) -> None:
    page.goto(ward.url("wards"))
    expect(page).to_have_title("DOWNTIME · Wards")
    ward.copy.declare(NOW, drill=True)
    page.evaluate(ASK_NOW)
    expect(page).to_have_title("DRILL \N{EN DASH} NOT REAL · Wards")
