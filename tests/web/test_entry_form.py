from __future__ import annotations

from tests.web.screens import NUMBER, patient, screens, whole_ward, words
from tests.web.ward_of_28 import key_of

HANDLE = patient().removeprefix("/patient/")
AROUND = {"kind": "vitals.charted", "patient": HANDLE, "site": "MMH", "id": "", "by": ""}


def test_a_plain_form_is_written_and_goes_on_to_the_next_page() -> None:
    copy = whole_ward()
    form = {**AROUND, "pulse": "88", "next": f"/patient/{HANDLE}/observations"}
    answer = screens(copy).post("/entries", form)
    assert (answer.status_code, answer.headers["location"]) == (303, form["next"])
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
    assert "looks the same as an entry of a minute ago" in words(asked.text)
    done = ward.post("/entries", {**form, "override-same-lately": "Checked again, right"})
    assert done.status_code == 303
    assert len(copy.views.entries) == 2


def test_a_next_page_elsewhere_is_not_gone_to() -> None:
    form = {**AROUND, "pulse": "88", "next": "//evil.example/x"}
    answer = screens(whole_ward()).post("/entries", form)
    assert answer.headers["location"] == f"/patient/{HANDLE}"


def test_hostile_words_come_back_inert() -> None:
    form = {**AROUND, "pulse": "<script>alert(1)</script>"}
    answer = screens(whole_ward()).post("/entries", form)
    assert "<script>alert" not in answer.text
