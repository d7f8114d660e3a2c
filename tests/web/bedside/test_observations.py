from __future__ import annotations

from tests.web.screens import patient, screens, whole_ward, words

HANDLE = patient().removeprefix("/patient/")
PAGE = f"/patient/{HANDLE}/observations"
SET = (
    *(("respirations", "22"), ("spo2", "93"), ("spo2 scale", "1"), ("on oxygen", "yes")),
    *(("systolic", "98"), ("diastolic", "60"), ("pulse", "112"), ("consciousness", "A")),
    ("temperature", "38.4"),
)


def test_a_whole_set_has_its_news2_total_and_risk() -> None:
    ward = screens(whole_ward())
    assert ward.enter("vitals.charted", HANDLE, SET).status_code == 200
    page = words(ward.get(PAGE).text)
    # 2 for respirations, 2 for SpO2, 2 for oxygen, 2 for pressure, 2 for pulse, 1 for temperature
    assert "NEWS2 11 high risk" in page


def test_half_a_set_is_not_scored_and_says_what_is_missing() -> None:
    ward = screens(whole_ward())
    ward.enter("vitals.charted", HANDLE, (("pulse", "112"), ("respirations", "18")))
    assert "cannot be scored:" in words(ward.get(PAGE).text)


def test_fluids_are_added_up_for_the_day() -> None:
    ward = screens(whole_ward())
    for flow, volume in (("in", "500"), ("out", "350")):
        fields = (("flow", flow), ("route", "IV" if flow == "in" else "urine"), ("volume", volume))
        assert ward.enter("fluid.charted", HANDLE, fields).status_code == 200
    assert "500 350 +150" in words(ward.get(PAGE).text)


def test_a_set_that_was_taken_back_is_gone_from_the_grid_and_still_to_be_seen() -> None:
    ward = screens(whole_ward())
    ward.enter("vitals.charted", HANDLE, SET, id="a" * 32)
    fields = (("entry", "a" * 32), ("reason", "another patient"))
    ward.enter("entry.voided", HANDLE, fields)
    page = words(ward.get(PAGE).text)
    assert "NEWS2 11" not in page
    assert "taken back by Visitor, 03:59: another patient" in page


def test_hostile_text_in_a_note_is_shown_inert() -> None:
    ward = screens(whole_ward())
    fields = (("note_kind", "nursing note"), ("part_0", "<script>alert(1)</script>"))
    assert ward.enter("note.written", HANDLE, fields).status_code == 200
    page = ward.get(f"/patient/{HANDLE}/notes").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_sbar_note_stands_under_its_headings_with_its_author() -> None:
    ward = screens(whole_ward())
    fields = (("note_kind", "SBAR"), ("part_0", "low pressure"), ("part_3", "please see now"))
    ward.enter("note.written", HANDLE, fields)
    page = words(ward.get(f"/patient/{HANDLE}/notes").text)
    assert "Situation: low pressure Recommendation: please see now" in page
    assert "Visitor" in page
