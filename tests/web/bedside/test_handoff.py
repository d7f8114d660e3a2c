from __future__ import annotations

from tests.web.bedside.builders import HANDLE, HOSTILE, INERT, order_medicine
from tests.web.bedside.test_observations import SET
from tests.web.screens import screens, whole_ward, words

PAGE = "/handoff/MMH/4E"
IPASS = (
    ("note_kind", "I-PASS hand-off"),
    ("part_0", "watcher"),
    ("part_1", "Sepsis, day 2"),
    ("part_2", "Lactate at 06:00 (RN Mensah)"),
    ("part_3", "If systolic below 90: call 5512"),
    ("part_4", "Read back by RN B"),
)


def block(page: str, bed: str = "4E-12", until: str = "4E-13") -> str:
    return page[page.index(bed) : page.index(until)]


def test_a_hand_off_stands_in_the_order_of_its_letters() -> None:
    ward = screens(whole_ward())
    ward.enter("note.written", HANDLE, IPASS)
    told = block(words(ward.get(PAGE).text))
    assert "I Illness severity watcher" in told
    assert "P Patient summary Sepsis, day 2 A Action list Lactate at 06:00" in told
    assert "S Situation awareness If systolic below 90" in told


def test_a_patient_nobody_handed_off_is_listed_and_says_so() -> None:
    told = block(words(screens(whole_ward()).get(PAGE).text), "4E-11", "4E-12")
    assert "Illness severity not written" in told
    assert "No hand-off was written." in told


def test_the_newest_hand_off_is_shown() -> None:
    ward = screens(whole_ward())
    ward.enter("note.written", HANDLE, (*IPASS, ("at", "03:10")))
    newer = [pair for pair in IPASS if pair[0] != "part_0"]
    ward.enter("note.written", HANDLE, (*newer, ("part_0", "unstable"), ("at", "03:40")))
    told = block(words(ward.get(PAGE).text))
    assert "unstable" in told
    assert "watcher" not in told


def test_half_a_set_does_not_hide_the_last_whole_score() -> None:
    ward = screens(whole_ward())
    ward.enter("vitals.charted", HANDLE, (*SET, ("at", "03:30")))
    ward.enter("vitals.charted", HANDLE, (("pulse", "104"), ("at", "03:50")))
    told = block(words(ward.get(PAGE).text))
    assert "NEWS2 11, high risk at 03:30" in told
    assert "NEWS2 cannot be scored" in told
    assert "at 03:50" in told


def test_what_is_due_and_still_out_and_to_be_noted_is_said() -> None:
    ward = screens(whole_ward())
    order_medicine(ward, ("first_at", "06:00"))
    told = block(words(ward.get(PAGE).text))
    assert "Due 02:31 piperacillin-tazobactam late? 06:00, 1 medicine" in told
    assert "Still out Blood culture" in told
    assert "1 to note" in told


def test_a_protected_name_stays_off_the_list() -> None:
    assert "Name withheld" in words(screens(whole_ward()).get(PAGE).text)


def test_hostile_words_in_a_hand_off_are_shown_inert() -> None:
    ward = screens(whole_ward())
    ward.enter("note.written", HANDLE, (IPASS[0], ("part_0", HOSTILE), ("part_1", HOSTILE)))
    page = ward.get(PAGE).text
    assert "<img" not in page
    assert page.count(INERT) == 2


def test_an_empty_unit_says_that_nobody_lies_there() -> None:
    assert "Nobody is known to lie here" in words(screens(whole_ward()).get("/handoff/MMH/9Z").text)
