from __future__ import annotations

from tests.web.screens import NUMBER, patient, screens, whole_ward
from tests.web.ward_of_28 import NOW, key_of

HANDLE = patient().removeprefix("/patient/")
PULSE = (("pulse", "88"),)
ID = "0123456789abcdef0123456789abcdef"


def test_an_entry_is_acknowledged_with_its_id_and_its_place_in_the_log() -> None:
    told = screens(whole_ward()).enter("vitals.charted", HANDLE, PULSE, id=ID).json()
    assert (told["id"], told["ok"], told["again"]) == (ID, True, False)
    assert told["position"] > 0
    assert len(told["seal"]) == 16


def test_the_same_entry_sent_again_is_acknowledged_and_not_written_again() -> None:
    copy = whole_ward()
    ward = screens(copy)
    first = ward.enter("vitals.charted", HANDLE, PULSE, id=ID).json()
    again = ward.enter("vitals.charted", HANDLE, PULSE, id=ID).json()
    assert (again["position"], again["again"]) == (first["position"], True)
    assert copy.views.position == first["position"]


def test_the_same_id_with_other_content_is_kept_too_and_a_person_must_look() -> None:
    copy = whole_ward()
    ward = screens(copy)
    ward.enter("vitals.charted", HANDLE, PULSE, id=ID)
    answer = ward.enter("vitals.charted", HANDLE, (("pulse", "188"),), id=ID)
    assert answer.status_code == 409
    assert [one.id for one in copy.views.entries.to_look_at()] == [ID]
    assert len(copy.views.entries.made(ID)) == 2


def test_a_conflict_sent_a_third_time_is_still_two_entries() -> None:
    copy = whole_ward()
    ward = screens(copy)
    for pulse in ("88", "188", "188"):
        answer = ward.enter("vitals.charted", HANDLE, (("pulse", pulse),), id=ID)
    assert (answer.status_code, len(copy.views.entries.made(ID))) == (409, 2)


def test_a_time_to_come_is_refused_in_words_at_its_field() -> None:
    answer = screens(whole_ward()).enter("vitals.charted", HANDLE, (*PULSE, ("at", "23:59")))
    assert answer.status_code == 422
    assert answer.json()["fields"]["at"].startswith("This time is still to come")


def test_an_entry_on_nobody_here_is_refused() -> None:
    answer = screens(whole_ward()).enter("vitals.charted", "A" * 16, PULSE)
    assert (answer.status_code, answer.json()["because"][:30]) == (
        422,
        "This patient is not known here",
    )


def test_what_is_no_entry_is_refused_and_its_id_is_echoed() -> None:
    answer = screens(whole_ward()).enter("vitals.charted", HANDLE, PULSE, id="short")
    assert (answer.status_code, answer.json()["id"]) == (400, "short")


def test_a_check_writes_nothing_and_names_what_a_person_is_warned_of() -> None:
    copy = whole_ward()
    before = copy.views.position
    told = (
        screens(copy)
        .enter("vitals.charted", HANDLE, (("temperature", "43"),), path="/entries/check")
        .json()
    )
    assert [one["code"] for one in told["warnings"]] == ["unlikely-value"]
    assert copy.views.position == before


def test_a_warning_without_a_reason_is_written_and_looked_at() -> None:
    copy = whole_ward()
    answer = screens(copy).enter("vitals.charted", HANDLE, (("temperature", "43"),))
    assert answer.status_code == 200
    assert copy.views.entries.to_look_at()[0].because.startswith("no reason given: Temperature")


def test_the_ping_says_whether_this_log_is_the_one_that_acknowledged() -> None:
    ward = screens(whole_ward())
    told = ward.enter("vitals.charted", HANDLE, PULSE).json()
    right = ward.get(f"/ping?ack={told['position']}.{told['seal']}").json()
    other = ward.get(f"/ping?ack={told['position'] + 1}.{told['seal']}").json()
    assert (right["holds"], other["holds"], right["now"]) == (True, False, NOW)


def test_an_entry_made_days_ago_on_a_lonely_tablet_keeps_its_own_time() -> None:
    copy = whole_ward()
    made = NOW - 14 * 86_400_000
    screens(copy).enter("vitals.charted", HANDLE, PULSE, made=made + 5_000, skew=5_000)
    report = next(
        one for one in copy.views.chart(key_of(NUMBER)).reports if one.test.text == "Vital signs"
    )
    assert report.stamp.occurred == made
