"""The case board: what is known of each case before it goes, on the screen and on paper."""

from __future__ import annotations

import re

from tests.paper.printed import Printed
from tests.rules.clinics.clinic_day import SCHEDULER, visit
from tests.web.clinics.clinic_screens import ClinicScreens
from tests.web.screens import words

from wardlight.record import catalogue
from wardlight.record.instants import iso
from wardlight.web.clinics.accepting import reference

HIP, BREAST = 5, 6  # two cases of the clinic; the name of the second is protected
BOARD = "/theatre/MMH"


def printed(made: ClinicScreens, days: int) -> str:
    """Return the words of a printed board."""
    return " ".join(Printed(made.site.get(f"{BOARD}/board.pdf?days={days}").content).texts)


def board() -> ClinicScreens:
    """Return a board on which one item of one case is stated."""
    made = ClinicScreens()
    fields = (("implants", "no"), ("implants_words", "cup size 54 comes Wednesday"))
    made.day.say(catalogue.CASE_STATED, ("appointment", visit(HIP)), *fields, by=SCHEDULER)
    made.day.wait(90)
    return made


def test_an_item_nobody_stated_is_shown_as_not_known() -> None:
    page = words(board().site.get(BOARD).text)
    assert "no: implants (cup size 54 comes Wednesday)" in page
    assert "not known: consent, results, type and screen, blood" in page
    assert "not known: all 9" in page


def test_the_form_of_a_case_says_who_stated_each_item_and_how_long_ago() -> None:
    page = words(board().site.get(f"{BOARD}?case={reference(visit(HIP))}").text)
    assert "cup size 54 comes Wednesday S. Plan-Sample, 03:00, 1 h 30 min old" in page
    assert "Surgical consent on file not known nobody stated it" in page


def test_what_is_stated_on_the_board_is_written_as_an_entry() -> None:
    made = board()
    fields = (("appointment", visit(HIP)), ("consent", "yes"))
    assert made.site.enter("case.stated", "", fields).json()["ok"]
    page = words(made.site.get(BOARD).text)
    assert "yes: consent" in page
    assert "no: implants (cup size 54 comes Wednesday)" in page


def test_a_case_that_goes_without_consent_stands_out_on_the_board() -> None:
    made = board()
    made.day.decide(HIP, "B", "go")
    page = words(made.site.get(BOARD).text)
    assert "go: consent not stated" in page
    assert "1 to go without consent or type and screen" in page


def test_a_go_without_consent_is_warned_of_before_it_is_saved_and_never_blocked() -> None:
    made = board()
    row = (("appointment", visit(HIP)), ("urgency", "B"), ("decision", "go"))
    fields = (*row, ("harm_by", ""), ("rule", ""), ("proposed", ""), ("take", visit(HIP)))
    told = made.site.enter("visits.triaged", "", fields, path="/entries/check").json()
    assert [one["code"] for one in told["warnings"] if one["asks"]] == [
        "go-without-consent",
        "go-without-type-and-screen",
    ]
    assert made.site.enter("visits.triaged", "", fields).json()["ok"]


def test_the_printed_board_has_every_case_and_boxes_for_what_is_not_known() -> None:
    made = board()
    made.day.decide(HIP, "B", "go")
    text = printed(made, 3)
    assert "GO, BUT: consent not stated; type and screen not stated" in text
    assert "implants: NO cup size 54 comes Wednesday" in text
    assert "Hip replacement left" in text
    assert "as known at 24-Nov-2026 04:30" in text


def test_a_protected_name_is_on_neither_board() -> None:
    made = board()
    made.day.decide(BREAST, "B", "go")
    name = re.compile("SAMPLE[A-Z], Ada")
    text = printed(made, 14)
    assert len(name.findall(text)) == 3


def test_the_reasons_offered_for_a_go_in_doubt_are_those_of_a_visit_and_not_of_a_dose() -> None:
    one = ("appointment", visit(HIP)), ("urgency", "C"), ("decision", "go"), ("harm_by", "")
    rest = ("rule", ""), ("proposed", ""), ("take", visit(HIP))
    told = board().site.enter("visits.triaged", "", (*one, *rest), path="/entries/check").json()
    assert told["warnings"]
    for warning in told["warnings"]:
        assert "It will be there before the visit" in warning["reasons"]
        assert "Patient known to tolerate it" not in warning["reasons"]


def test_the_board_is_read_by_class_or_as_the_day_goes() -> None:
    made = ClinicScreens()
    made.day.decide(HIP, "C")
    made.day.decide(BREAST, "A")
    found = {}
    for query in ("", "?show=time"):
        page = made.site.get(BOARD + query).text
        found[query] = page.index(visit(BREAST)) < page.index(visit(HIP))
    assert found == {"": True, "?show=time": False}


def test_a_page_past_the_end_shows_the_last_and_not_an_empty_board() -> None:
    page = words(ClinicScreens().site.get(f"{BOARD}?page=7").text)
    assert "No case is known" not in page
    assert "Hip replacement" in page


def test_a_moved_case_is_printed_for_its_new_day_and_its_crossmatch_has_to_last_until_then() -> (
    None
):
    made = ClinicScreens()
    made.day.decide(HIP, "B", "postpone")
    row = f"L0,theatre,{iso(made.day.hours(240))},90,OR 1,9"
    made.day.read_file(row, head="slot,service,starts,minutes,where,holds")
    made.day.say(
        catalogue.VISIT_MOVED, ("appointment", visit(HIP)), ("slot", "MMH|L0"), by=SCHEDULER
    )
    until = ("type_and_screen_until_at", "12:00"), ("type_and_screen_until_on", "2026-11-27")
    fields = (("type_and_screen", "yes"), *until)
    made.day.say(catalogue.CASE_STATED, ("appointment", visit(HIP)), *fields, by=SCHEDULER)
    assert "type and screen ends before the case" in words(made.site.get(BOARD).text)
    made.day.wait(225 * 60)
    assert "Hip replacement left" in printed(made, 1)
