from __future__ import annotations

import asyncio

import httpx
from tests.web.screens import Screens, patient, screens, whole_ward, words
from tests.web.ward_of_28 import EHR_OFF, NOW, OTHER_SITE, SITE

from wardlight.record.instants import MINUTE, Instant
from wardlight.web.addresses import ward_url


def test_a_page_that_has_not_changed_is_not_sent_again() -> None:
    opened = screens(whole_ward())
    first = opened.get("/ward/MMH/4E")
    again = opened.get("/ward/MMH/4E", {"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_changes_when_the_ehr_goes_off() -> None:
    copy = whole_ward(off=False)
    opened = screens(copy)
    first = opened.get("/ward/MMH/4E")
    copy.declare(NOW)
    again = opened.get("/ward/MMH/4E", {"if-none-match": first.headers["etag"]})
    assert again.status_code == 200
    assert "<title>DOWNTIME" in again.text


def test_an_answer_carries_the_servers_clock() -> None:
    opened = screens(whole_ward(), now=Instant(NOW + 17))
    assert opened.get("/ping").headers["wardlight-now"] == str(NOW + 17)
    assert opened.get("/").headers["wardlight-now"] == str(NOW + 17)


def test_ages_grow_with_the_minute() -> None:
    later = screens(whole_ward(), now=Instant(NOW + 32 * MINUTE))
    assert "census as of 22-Nov 02:31 · 2 h old OLD" in words(later.get("/ward/MMH/4E").text)


def test_fifty_wards_that_ask_at_once_get_one_page_that_was_made_once() -> None:
    opened = screens(whole_ward())

    async def ask_all() -> list[httpx.Response]:
        return await asyncio.gather(
            *(opened.ask("GET", "/ward/MMH/4E", {}, None) for _ in range(50))
        )

    answers = asyncio.run(ask_all())
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


def test_an_unknown_address_is_said_in_a_page() -> None:
    answer = screens(whole_ward()).get("/nothing/here")
    assert answer.status_code == 404
    assert "Go to the wards or find a patient" in words(answer.text)


def test_feeds_say_when_they_were_heard_and_what_they_survived() -> None:
    page = words(screens(whole_ward()).get("/feeds").text)
    assert "MMH.ehr MMH Speaking as of 22-Nov 02:31 · 1 h 28 min old OLD" in page
    assert "late admission \N{MULTIPLICATION SIGN} 2" in page


def test_what_was_not_understood_is_listed_with_its_reason() -> None:
    page = words(screens(whole_ward()).get("/unread").text)
    assert "ZZZ^Z01 This kind of message is not understood" in page


def test_tomorrows_clinics_say_how_to_reach_each_patient() -> None:
    page = words(screens(whole_ward()).get("/clinics/MMH").text)
    assert "Clinics Mon 23-Nov-2026 Marble City Memorial" in page
    assert "08:25 30 min VISITOR-SAMPLE, Star 2 800 000 0001 11-Feb-1951 (75y) 555-0301" in page


def test_a_cancelled_appointment_is_shown_as_cancelled() -> None:
    assert "11:20 30 min cancelled" in words(screens(whole_ward()).get("/clinics/MMH").text)


def test_a_day_that_is_none_is_tomorrow() -> None:
    page = screens(whole_ward()).get("/clinics/MMH?day=2026-02-31")
    assert "Mon 23-Nov-2026" in page.text


def test_a_unit_of_dots_has_an_address_browsers_do_not_climb() -> None:
    assert ward_url("MMH", "..") == "/ward/MMH/?unit=.."
    assert ward_url("MMH", "4E/a b") == "/ward/MMH/4E%2Fa%20b"


def test_a_wide_list_of_sites_names_the_ones_in_downtime() -> None:
    page = words(screens(whole_ward()).get("/").text)
    assert "DOWNTIME 1 of 2 sites: MMH EHR off since 22-Nov-2026 02:47" in page
    assert OTHER_SITE.name in page
    assert SITE.name in page


def test_a_patients_page_is_the_same_by_every_tab() -> None:
    opened: Screens = screens(whole_ward())
    for path in ("", "/medicines", "/results"):
        assert "O'BRIEN-SAMPLE, Siobhán (Ms)" in words(opened.get(patient(path=path)).text)


def test_what_is_true_of_many_sites_is_said_once() -> None:
    copy = whole_ward()
    copy.declare(EHR_OFF, site=OTHER_SITE.code)
    page = words(screens(copy).get("/").text)
    assert "2 of 2 sites: MMH, GRV EHR off since 22-Nov-2026 02:47 · 1 h 12 min" in page


def test_where_no_printer_takes_sheets_nobody_is_offered_to_print_on_one() -> None:
    page = screens(whole_ward()).get("/printers/MMH").text
    assert "No printer here takes sheets" in words(page)
    assert ("/printers/MMH/packs" in page, ">Printer</label>" in page) == (False, False)
