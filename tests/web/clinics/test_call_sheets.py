"""Call sheets go round: printed, ticked, scanned, and entered by a person for the right patient."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from tests.rules.clinics.clinic_day import SAID, key, visit
from tests.web.clinics.call_sheet_room import CallSheetRoom, chosen, drawn, ticked
from tests.web.screens import HANDLES, words

from wardlight.record.events.contact import Outcome
from wardlight.views.clinics.cases import CaseState

OUTCOME = "Outcome of the last try: "
TOLD = (f"{OUTCOME}told", "Told: told", "Number rung: 1", "Who was on the phone: patient")


def room(folder: Path, *decided: tuple[str, str]) -> CallSheetRoom:
    """Return a clinic whose first visits are decided so, with a printer and a scanner."""
    made = CallSheetRoom(folder)
    for number, (urgency, decision) in enumerate(decided, 1):
        made.day.decide(number, urgency, decision)
    made.day.wait(1)
    return made


def card(made: CallSheetRoom, number: int = 0) -> str:
    """Return the page of a sheet, found as a scanner of codes types it."""
    serial = made.day.views.contacts.sheets("MMH")[number].serial.text()
    found = made.site.get(f"/calls/MMH/sheet?number={serial.lower()}")
    assert found.status_code == 303
    return made.site.get(found.headers["location"]).text


def test_a_sheet_has_its_patient_the_words_to_say_and_nothing_to_prompt_with(
    tmp_path: Path,
) -> None:
    made = room(tmp_path, ("A", "postpone"), ("B", "go"))
    document = pypdfium2.PdfDocument(made.print(2))
    assert len(document) == 2
    text = " ".join(document[0].get_textpage().get_text_bounded().split())
    assert "SAMPLEB, Ada" in text
    assert "1. 555-0001" in text
    assert "Su cita del miércoles 25 de noviembre de 2026" in text
    assert "born on day 09 of the month, year ends in 8" in text
    assert made.day.views.contacts.sheets("MMH")[0].serial.text() in text
    for secret in ("1958", "19013", "SAMPLEC"):
        assert secret not in text


def test_a_sheet_says_of_words_nobody_approved_that_nobody_did(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument(room(tmp_path, ("A", "postpone")).print(1))
    text = " ".join(document[0].get_textpage().get_text_bounded().split())
    assert "NOT YET APPROVED BY THIS SITE" in text


def test_every_sheet_is_in_the_register_with_its_patient(tmp_path: Path) -> None:
    made = room(tmp_path, ("A", "postpone"), ("B", "go"))
    made.print(2)
    sheets = [
        made.day.views.paperwork.sheet(one.serial) for one in made.day.views.contacts.sheets("MMH")
    ]
    assert [one.patient for one in sheets if one is not None] == [key(1), key(2)]
    assert made.day.views.paperwork.tally("MMH").out == 2


def test_ticks_on_a_scanned_sheet_fill_the_form_and_a_person_enters_it(tmp_path: Path) -> None:
    made = room(tmp_path, ("A", "postpone"), ("B", "go"))
    pages = drawn(made.print(2))
    made.day.wait(60)
    made.scan(ticked(pages[0], *TOLD))
    assert made.day.case(1).state is CaseState.NOT_REACHED
    page = card(made)
    fields = chosen(page)
    assert ("outcome", "told") in fields
    assert ("phone", "555-0001") in fields
    assert ("told", visit(1)) in fields
    at = (("at", "03:31"), *SAID)
    answer = made.site.enter("contact.attempted", HANDLES.of(key(1)), (*fields, *at)).json()
    assert answer["ok"], answer
    assert made.day.case(1).state is CaseState.WAITING
    assert "Entered: told" in words(card(made))
    assert made.day.views.paperwork.tally("MMH").entered == 1


def test_a_sheet_that_came_back_waits_on_the_list_until_it_is_entered(tmp_path: Path) -> None:
    made = room(tmp_path, ("A", "postpone"), ("B", "go"))
    pages = drawn(made.print(2))
    assert "0 back from paper to be entered, 2 out" in words(made.site.get("/calls/MMH").text)
    made.scan(pages[1])
    page = words(made.site.get("/calls/MMH/sheets").text)
    assert "Back from paper, to be entered 1" in page
    assert "Out 1" in page
    made.day.wait(13 * 60)
    assert "1 out for longer than a shift" in words(made.site.get("/calls/MMH").text)


def test_two_ticks_where_one_is_asked_say_nothing_and_are_named(tmp_path: Path) -> None:
    made = room(tmp_path, ("A", "postpone"))
    [page] = drawn(made.print(1))
    made.scan(ticked(page, f"{OUTCOME}told", f"{OUTCOME}wrong number"))
    shown = card(made)
    assert "Outcome of the last try: 2 boxes are ticked" in words(shown)
    assert not [one for one in chosen(shown) if one[0] == "outcome"]


def test_a_sheet_whose_corner_was_cut_off_fills_nothing_in(tmp_path: Path) -> None:
    made = room(tmp_path, ("A", "postpone"))
    [page] = drawn(made.print(1))
    cut = ticked(page, f"{OUTCOME}no answer")
    cut[:260, :260] = 255
    made.scan(cut)
    shown = card(made)
    assert "No box was read: type it from the picture." in words(shown)
    assert not [one for one in chosen(shown) if one[0] == "outcome"]


def test_a_plan_that_changed_since_the_sheet_was_printed_says_so(tmp_path: Path) -> None:
    made = room(tmp_path, ("C", "postpone"))
    made.print(1)
    made.day.decide(1, "C", "transfer")
    page = card(made)
    assert "decided otherwise since: they have to be told anew" in words(page)
    assert ("plan", "postpone") in chosen(page)


def test_what_does_not_agree_with_the_record_is_not_entered_as_told(tmp_path: Path) -> None:
    made = room(tmp_path, ("A", "postpone"))
    [page] = drawn(made.print(1))
    made.scan(ticked(page, *TOLD))
    made.day.wait(60)
    fields = [*chosen(card(made)), ("at", "03:31"), ("said_birth", "1958-03-08")]
    answer = made.site.enter("contact.attempted", HANDLES.of(key(1)), fields).json()
    assert not answer["ok"]
    assert "Does not agree with the record." in str(answer["fields"])
    wrong = [one for one in fields if one[0] != "outcome"]
    wrong.append(("outcome", str(Outcome.TOLD_WRONG)))
    warned = ("override-told-to-a-wrong-person", "privacy officer told")
    answer = made.site.enter("contact.attempted", HANDLES.of(key(1)), (*wrong, warned)).json()
    assert answer["ok"], answer


def test_the_picture_of_a_sheet_is_handed_out_for_that_sheet_alone(tmp_path: Path) -> None:
    made = room(tmp_path, ("A", "postpone"), ("B", "go"))
    pages = drawn(made.print(2))
    made.scan(pages[0])
    [image] = [one.said.image for one in made.day.views.scans.newest("MMH", 9)]
    first, second = (one.serial.text() for one in made.day.views.contacts.sheets("MMH"))
    answer = made.site.get(f"/calls/MMH/sheet/{first}/picture/{image}")
    assert answer.headers["content-type"] == "image/jpeg"
    assert made.site.get(f"/calls/MMH/sheet/{second}/picture/{image}").status_code == 404


def test_nobody_is_left_for_a_second_stack(tmp_path: Path) -> None:
    made = room(tmp_path, ("A", "postpone"))
    made.print(2)
    assert made.site.post("/calls/MMH/sheets", {"sheets": "2"}).status_code == 409


def test_call_sheets_are_not_among_the_forms_to_print_blank(tmp_path: Path) -> None:
    page = words(room(tmp_path).site.get("/paper/MMH").text)
    assert "Result slip" in page
    assert "Call sheet" not in page
