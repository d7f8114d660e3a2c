from __future__ import annotations

from tests.web.registration.test_register import NUMBERS, handle, register
from tests.web.screens import NUMBER, patient, screens, whole_ward, words
from tests.web.ward_of_28 import key_of

from wardlight.wire.entered.registration import downtime_key

LIKE = (("family", "O'Brien-Sample"), ("given", "Siobhán"), ("sex", "F"), ("reason", "cough"))
BORN = (("born_day", "9"), ("born_month", "3"), ("born_year", "1958"), ("not_these", "1"))


def test_a_pair_is_proposed_with_its_reasons_and_not_joined() -> None:
    copy = whole_ward()
    ward = screens(copy)
    assert register(ward, NUMBERS[0], *LIKE, *BORN).status_code == 200
    page = words(ward.get("/duplicates/MMH").text)
    assert "O'BRIEN-SAMPLE, Siobhán" in page
    assert copy.views.people.resolve(downtime_key(NUMBERS[0])) == downtime_key(NUMBERS[0])


def test_what_was_joined_is_listed_and_can_be_undone() -> None:
    copy = whole_ward()
    ward = screens(copy)
    register(ward, NUMBERS[0], *LIKE, *BORN)
    found = (("same_as", patient().split("/")[-1]), ("evidence", "her card"))
    ward.enter("identity.found", handle(NUMBERS[0]), (*found, ("second_person", "MD")), id="d" * 32)
    assert copy.views.people.resolve(downtime_key(NUMBERS[0])) == key_of(NUMBER)
    assert "Joined" in words(ward.get("/duplicates/MMH").text)
    undo = (("entry", "d" * 32), ("reason", "her sister"))
    ward.enter("entry.voided", handle(NUMBERS[0]), undo)
    assert copy.views.people.resolve(downtime_key(NUMBERS[0])) == downtime_key(NUMBERS[0])
    assert "Undo" not in words(ward.get("/duplicates/MMH").text)
