from __future__ import annotations

from tests.web.screens import NUMBER, patient, screens, whole_ward, words
from tests.web.ward_of_28 import key_of

HANDLE = patient().removeprefix("/patient/")
AROUND = {"kind": "vitals.charted", "patient": HANDLE, "site": "MMH", "id": "", "by": ""}


def test_a_plain_form_is_written_and_goes_on_to_the_next_page() -> None:
    copy = whole_ward()
    form = {**AROUND, "pulse": "88", "next": f"/patient/{HANDLE}/observations"}
    answer = screens(copy).post("/entries", form)
    assert (answer.status_code, answer.headers["location"]) == (303, form["next"] + "#received")
    assert any(one.test.text == "Vital signs" for one in copy.views.chart(key_of(NUMBER)).reports)


def test_a_form_that_cannot_be_written_comes_back_with_every_word() -> None:
    answer = screens(whole_ward()).post("/entries", {**AROUND, "pulse": "8x8", "note": "asleep"})
    assert answer.status_code == 422
    assert 'value="8x8"' in answer.text
    assert 'value="asleep"' in answer.text
    assert "Write a number." in words(answer.text)


def test_a_warning_asks_for_its_reason_and_the_second_time_it_is_written() -> None:
    copy = whole_ward()
    ward = screens(copy)
    form = {**AROUND, "temperature": "43"}
    asked = ward.post("/entries", form)
    assert 'name="override-unlikely-value"' in asked.text
    done = ward.post("/entries", {**form, "override-unlikely-value": "Checked again, right"})
    assert done.status_code == 303
    assert copy.views.entries.to_look_at() == ()


def test_the_same_form_a_second_time_is_asked_about_and_never_dropped() -> None:
    copy = whole_ward()
    ward = screens(copy)
    form = {**AROUND, "pulse": "88"}
    ward.post("/entries", form)
    asked = ward.post("/entries", form)
    assert "looks the same as an entry that was received at 03:59" in words(asked.text)
    done = ward.post("/entries", {**form, "override-same-lately": "Checked again, right"})
    assert done.status_code == 303
    assert len(copy.views.entries) == 2


def test_a_next_page_elsewhere_is_not_gone_to() -> None:
    form = {**AROUND, "pulse": "88", "next": "//evil.example/x"}
    answer = screens(whole_ward()).post("/entries", form)
    assert answer.headers["location"] == f"/patient/{HANDLE}#received"


def test_hostile_words_come_back_inert() -> None:
    form = {**AROUND, "pulse": "<script>alert(1)</script>"}
    answer = screens(whole_ward()).post("/entries", form)
    assert "<script>alert" not in answer.text


def test_a_form_that_comes_back_says_whose_chart_it_is_for() -> None:
    answer = screens(whole_ward()).post("/entries", {**AROUND, "pulse": "8x8"})
    assert "O'BRIEN-SAMPLE, Siobhán" in words(answer.text)


def test_lines_of_a_note_keep_their_breaks_when_a_form_comes_back() -> None:
    form = {**AROUND, "kind": "note.written", "note_kind": "nonsense", "part_0": "one\ntwo"}
    answer = screens(whole_ward()).post("/entries", form)
    assert 'rows="4">\none\ntwo</textarea>' in answer.text


def test_what_was_chosen_is_chosen_again_and_what_is_missing_can_be_filled_in() -> None:
    form = {**AROUND, "kind": "fluid.charted", "flow": "out", "volume": "300"}
    answer = screens(whole_ward()).post("/entries", form)
    assert "<option selected>out</option>" in answer.text
    assert 'name="route" type="text" value=""' in answer.text
    assert "Say by which way" in words(answer.text)


def test_a_reason_that_was_given_is_kept_when_another_field_is_wrong() -> None:
    reason = {"override-unlikely-value": "Checked again, right"}
    form = {**AROUND, "temperature": "43", "pulse": "8x8", **reason}
    answer = screens(whole_ward()).post("/entries", form)
    assert 'name="override-unlikely-value" type="text" value="Checked again, right"' in answer.text


def test_what_a_form_carries_for_itself_is_not_shown_as_words_to_mend() -> None:
    form = {**AROUND, "kind": "order.checked", "order": "X|1", "check": "clarify"}
    answer = screens(whole_ward()).post("/entries", form)
    assert 'type="hidden" name="order" value="X|1"' in answer.text


def test_a_log_that_takes_nothing_gives_the_form_back_whole() -> None:
    ward = screens(whole_ward(), reads_only=True)
    answer = ward.post("/entries", {**AROUND, "pulse": "88", "note": "asleep"})
    assert (answer.status_code, 'value="asleep"' in answer.text) == (503, True)


def test_a_patient_nobody_knows_is_refused_and_the_form_is_kept() -> None:
    answer = screens(whole_ward()).post("/entries", {**AROUND, "patient": "A" * 16, "pulse": "88"})
    assert answer.status_code == 422
    assert "This patient is not known here" in words(answer.text)
    assert 'value="88"' in answer.text
