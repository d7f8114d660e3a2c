from __future__ import annotations

from tests.web.bedside.builders import HANDLE, HOSTILE, INERT
from tests.web.screens import one_patient, patient, screens, whole_ward, words

from wardlight.record.events.charting import DocumentFiled

PAGE = f"/patient/{HANDLE}/notes"
SBAR = (("note_kind", "SBAR"), ("part_0", "low pressure"), ("part_3", "please see now"))


def test_a_note_for_somebody_else_names_both() -> None:
    ward = screens(whole_ward())
    ward.enter("note.written", HANDLE, (*SBAR, ("on_behalf_of", "Dr Ruiz-Sample")))
    assert "Visitor for Dr Ruiz-Sample" in words(ward.get(PAGE).text)


def test_a_corrected_note_keeps_its_first_words_to_be_read() -> None:
    ward = screens(whole_ward())
    nursing = ("note_kind", "nursing note")
    ward.enter("note.written", HANDLE, (nursing, ("part_0", "Skin intact.")), id="a" * 32)
    mended = (nursing, ("part_0", "Left heel red."))
    ward.enter("note.written", HANDLE, mended, corrects="a" * 32)
    page = words(ward.get(PAGE).text)
    assert page.index("Left heel red.") < page.index("nursing note: Skin intact.")
    assert "corrected by Visitor, 03:59" in page


def test_the_form_that_corrects_begins_with_what_was_written() -> None:
    ward = screens(whole_ward())
    ward.enter("note.written", HANDLE, SBAR, id="a" * 32)
    page = ward.get(PAGE).text
    assert f'name="corrects" value="{"a" * 32}.' in page
    assert ">please see now</textarea>" in page


def test_a_note_written_down_late_says_when() -> None:
    ward = screens(whole_ward())
    ward.enter("note.written", HANDLE, (*SBAR, ("at", "03:10")))
    assert "22-Nov-2026 03:10, Visitor, written 03:59" in words(ward.get(PAGE).text)


def test_a_document_of_a_feed_stands_under_known_before() -> None:
    copy = one_patient(DocumentFiled(number="D1", title="Discharge letter", text="Old words"))
    page = words(screens(copy).get(patient(path="/notes")).text)
    assert "Discharge letter" in page
    assert "Old words" in page


def test_hostile_words_in_every_part_are_shown_inert() -> None:
    ward = screens(whole_ward())
    parts = tuple((f"part_{number}", HOSTILE) for number in range(4))
    ward.enter("note.written", HANDLE, (SBAR[0], *parts, ("on_behalf_of", HOSTILE)))
    page = ward.get(PAGE).text
    assert "<img" not in page
    assert page.count(INERT) >= 5
