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


def test_a_volume_can_be_corrected_and_the_first_one_stays_to_be_read() -> None:
    ward = screens(whole_ward())
    fields = (("flow", "in"), ("route", "IV"), ("volume", "5000"))
    why = ("override-unlikely-value", "Checked again, right")
    ward.enter("fluid.charted", HANDLE, (*fields, why), id="a" * 32)
    mended = (*fields[:2], ("volume", "500"))
    ward.enter("fluid.charted", HANDLE, mended, corrects="a" * 32)
    page = words(ward.get(PAGE).text)
    assert "500 0 +500" in page
    assert "Fluid in: IV 5000 mL." in page
    assert "corrected by Visitor, 03:59" in page


def test_what_was_measured_since_the_ehr_went_off_stands_left_of_what_was_known() -> None:
    ward = screens(whole_ward())
    ward.enter("vitals.charted", HANDLE, (("pulse", "88"), ("at", "02:40")))
    page = words(ward.get(PAGE).text)
    head = "Measured since the EHR went off, 22-Nov-2026 02:47 Known before"
    assert f"{head} Sign 02:40 Visitor written 03:59 20-Nov-2026 10:31 MMH.ehr" in page


def test_the_form_that_corrects_begins_with_what_was_measured() -> None:
    ward = screens(whole_ward())
    ward.enter("vitals.charted", HANDLE, (*SET, ("at", "03:30"), ("note", "asleep")), id="a" * 32)
    form = ward.get(PAGE).text.partition('value="' + "a" * 32 + ".")[2]
    for value in ('value="38.4"', 'value="03:30"', 'value="asleep"', 'value="yes" checked'):
        assert value in form


def test_what_is_charted_here_makes_nothing_of_a_feed_any_newer() -> None:
    ward = screens(whole_ward())
    before = words(ward.get(PAGE).text).partition("last 72 h")[0][-60:]
    ward.enter("vitals.charted", HANDLE, SET)
    assert words(ward.get(PAGE).text).partition("last 72 h")[0][-60:] == before


def test_hostile_words_beside_the_signs_are_shown_inert() -> None:
    ward = screens(whole_ward())
    hostile = "<img src=x onerror=alert(1)>"
    ward.enter("vitals.charted", HANDLE, (("pulse", "88"), ("note", hostile)))
    fluid = (("flow", "in"), ("route", hostile), ("volume", "1"), ("note", hostile))
    assert ward.enter("fluid.charted", HANDLE, fluid).status_code == 200
    page = ward.get(PAGE).text
    assert "<img" not in page
    assert "&lt;img" in page
