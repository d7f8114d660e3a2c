from __future__ import annotations

from tests.web.screens import NUMBER, Screens, patient, screens, whole_ward
from tests.web.ward_of_28 import key_of

HANDLE = patient().removeprefix("/patient/")


def warned(ward: Screens, *fields: tuple[str, str]) -> set[str]:
    told = ward.enter("vitals.charted", HANDLE, fields, path="/entries/check").json()
    return {one["code"] for one in told["warnings"]}


def test_a_weight_in_pounds_is_asked_about_before_a_dose_goes_by_it() -> None:
    assert "weight-implausible" in warned(screens(whole_ward()), ("weight", "118"))


def test_a_likely_weight_is_written_without_a_question() -> None:
    assert warned(screens(whole_ward()), ("weight", "54.1")) == set()


def test_a_weight_that_was_charted_is_the_one_of_the_banner_and_of_the_dose_checks() -> None:
    copy = whole_ward()
    screens(copy).enter("vitals.charted", HANDLE, (("weight", "54.1"),))
    weight = copy.views.chart(key_of(NUMBER)).weight
    assert weight is not None
    assert (weight.value, weight.unit) == ("54.1", "kg")


def test_a_temperature_nobody_can_have_is_refused_at_its_field() -> None:
    answer = screens(whole_ward()).enter("vitals.charted", HANDLE, (("temperature", "374"),))
    assert answer.status_code == 422
    assert "between 10 and 46" in answer.json()["fields"]["temperature"]


def test_an_empty_set_is_refused() -> None:
    answer = screens(whole_ward()).enter("vitals.charted", HANDLE, (("note", "asleep"),))
    assert answer.json()["fields"]["pulse"] == "Write at least one value."


def test_a_pressure_upside_down_is_asked_about() -> None:
    ward = screens(whole_ward())
    assert warned(ward, ("systolic", "80"), ("diastolic", "120")) == {"unlikely-value"}
