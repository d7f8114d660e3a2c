from __future__ import annotations

from wardlight.record.identity import PatientKey
from wardlight.web.handles import Handles

ADA = PatientKey("MMH|7041182236")
KEY = bytes(32)


def test_a_handle_is_sixteen_characters_and_tells_nothing_of_the_number() -> None:
    handle = Handles(KEY).of(ADA)
    assert len(handle) == 16
    assert "704" not in handle
    assert handle.isalnum()


def test_another_node_gives_another_handle() -> None:
    assert Handles(KEY).of(ADA) != Handles(b"x" * 32).of(ADA)


def test_a_handle_given_out_before_a_restart_is_found_again() -> None:
    handle = Handles(KEY).of(ADA)
    assert Handles(KEY).find(handle, [PatientKey("MMH|1"), ADA]) == ADA


def test_a_handle_of_nobody_is_found_nowhere() -> None:
    handle = Handles(KEY).of(PatientKey("MMH|2"))
    assert Handles(KEY).find(handle, [ADA]) is None


def test_what_is_not_a_handle_is_nobody() -> None:
    asked = ["", "MMH|7041182236", "a" * 16, "=" * 16, "\N{ARABIC-INDIC DIGIT ONE}" * 16, "A" * 17]
    assert [Handles(KEY).find(text, [ADA]) for text in asked] == [None] * 6


def test_patients_are_learnt_in_slices() -> None:
    handles, keys = Handles(KEY), [PatientKey(f"MMH|{n}") for n in range(5)]
    assert [handles.learn(keys, 2) for _ in range(3)] == [True, True, False]
    assert handles.recall(Handles(KEY).of(keys[4])) == keys[4]


def test_people_who_come_later_are_learnt_too() -> None:
    handles, keys = Handles(KEY), [ADA]
    handles.learn(keys, 10)
    keys.append(PatientKey("MMH|new"))
    assert handles.find(Handles(KEY).of(keys[1]), keys) == "MMH|new"


def test_after_a_merge_took_one_away_the_rest_are_still_found() -> None:
    handles, keys = Handles(KEY), [PatientKey(f"MMH|{n}") for n in range(4)]
    handles.learn(keys, 10)
    fewer = [*keys[1:3], PatientKey("MMH|new")]
    assert handles.find(Handles(KEY).of(fewer[2]), fewer) == "MMH|new"
