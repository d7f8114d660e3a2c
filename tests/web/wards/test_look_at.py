from __future__ import annotations

from tests.web.screens import NUMBER, patient, screens, whole_ward, words
from tests.web.ward_of_28 import key_of

HANDLE = patient().removeprefix("/patient/")
ID = "0123456789abcdef0123456789abcdef"


def test_two_versions_of_one_form_are_shown_side_by_side() -> None:
    ward = screens(whole_ward())
    for pulse in ("88", "188"):
        ward.enter("vitals.charted", HANDLE, (("pulse", pulse),), id=ID)
    page = words(ward.get("/look-at/MMH").text)
    assert "sent twice with different values" in page
    assert "value 88" in page
    assert "value 188" in page


def test_taking_one_version_back_leaves_the_other_and_settles_it() -> None:
    copy = whole_ward()
    ward = screens(copy)
    for pulse in ("88", "188"):
        ward.enter("vitals.charted", HANDLE, (("pulse", pulse),), id=ID)
    second = copy.views.entries.made(ID)[1]
    named = f"{ID}.{second.content[:8]}"
    ward.enter("entry.voided", HANDLE, (("entry", named), ("reason", "typed twice")))
    reports = copy.views.chart(key_of(NUMBER)).reports
    pulses = [
        one.observations[0].observation.value for one in reports if one.test.text == "Vital signs"
    ]
    assert pulses == ["88"]
    assert copy.views.entries.to_look_at("MMH") == ()


def test_an_entry_that_was_looked_at_may_stand() -> None:
    copy = whole_ward()
    ward = screens(copy)
    ward.enter("vitals.charted", HANDLE, (("temperature", "43"),), id=ID)
    assert len(copy.views.entries.to_look_at("MMH")) == 1
    ward.enter("entry.seen", HANDLE, (("entry", ID), ("note", "thermometer was right")))
    assert copy.views.entries.to_look_at("MMH") == ()
    assert "Nothing asks for a person" in words(ward.get("/look-at/MMH").text)
