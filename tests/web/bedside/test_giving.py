from __future__ import annotations

from typing import Any

from tests.web.kept_copy import KeptCopy
from tests.web.screens import NUMBER, Screens, patient, screens, whole_ward, words
from tests.web.ward_of_28 import NOW, key_of

from wardlight.record.codes import DoseState
from wardlight.views.facts import DoseFact, OrderFact

HANDLE = patient().removeprefix("/patient/")
OTHER_BAND = "7041182237"


def order(copy: KeptCopy) -> OrderFact:
    return copy.views.chart(key_of(NUMBER)).medications()[0]


def chart_dose(ward: Screens, number: str, *more: tuple[str, str], **also: Any) -> Any:
    fields = (("order", number), ("state", "given"), ("amount", "25"), ("unit", "mg"), *more)
    return ward.enter("dose.charted", HANDLE, fields, **also)


def newest(copy: KeptCopy) -> DoseFact:
    return copy.views.chart(key_of(NUMBER)).doses[0]


def test_a_charted_dose_is_on_the_chart_at_once_with_who_gave_it() -> None:
    copy = whole_ward()
    chart_dose(screens(copy), order(copy).number)
    dose = newest(copy)
    assert (dose.amount, dose.state, dose.at.at, dose.by) == ("25", DoseState.GIVEN, NOW, "Visitor")


def test_a_dose_that_was_not_given_needs_a_reason() -> None:
    copy = whole_ward()
    fields = (("order", order(copy).number), ("state", "not given"))
    answer = screens(copy).enter("dose.charted", HANDLE, fields)
    assert answer.json()["fields"]["reason"] == "Say why it was not given."


def test_another_patients_wristband_stops_until_a_second_person_has_looked() -> None:
    copy = whole_ward()
    ward = screens(copy)
    number = order(copy).number
    stopped = chart_dose(ward, number, ("wristband", OTHER_BAND))
    assert stopped.status_code == 422
    assert stopped.json()["because"].startswith("STOP. This wristband is of")
    alone = (("wristband", OTHER_BAND), ("override-wrong-wristband", "band of the twin"))
    assert "wristband_second" in chart_dose(ward, number, *alone).json()["fields"]
    both = chart_dose(ward, number, *alone, ("wristband_second", "RN B. Second"))
    assert both.status_code == 200


def test_the_stop_names_both_patients() -> None:
    copy = whole_ward()
    answer = chart_dose(screens(copy), order(copy).number, ("wristband", OTHER_BAND))
    mine = copy.views.people.person(key_of(NUMBER))
    assert mine is not None
    assert mine.name.family.upper() in answer.json()["because"].upper()


def test_the_patients_own_wristband_is_matched_however_it_is_typed() -> None:
    copy = whole_ward()
    answer = chart_dose(screens(copy), order(copy).number, ("wristband", "704 118-2236"))
    assert answer.status_code == 200


def test_a_correction_takes_the_place_of_the_dose_and_the_original_stays_to_be_seen() -> None:
    copy = whole_ward()
    ward = screens(copy)
    number = order(copy).number
    first = chart_dose(ward, number, id="a" * 32)
    assert first.status_code == 200
    fields = (("order", number), ("state", "given"), ("amount", "50"), ("unit", "mg"))
    ward.enter("dose.charted", HANDLE, fields, corrects="a" * 32)
    chart = copy.views.chart(key_of(NUMBER))
    here = [dose.amount for dose in chart.doses if dose.stamp.entry]
    assert here == ["50"]
    page = words(ward.get(f"/patient/{HANDLE}/medicines").text)
    assert "25 mg · given" in page
    assert "corrected by Visitor" in page


def test_a_dose_taken_back_counts_no_more_and_says_why() -> None:
    copy = whole_ward()
    ward = screens(copy)
    chart_dose(ward, order(copy).number, id="b" * 32)
    fields = (("entry", "b" * 32), ("reason", "charted on the wrong patient"))
    assert ward.enter("entry.voided", HANDLE, fields).status_code == 200
    chart = copy.views.chart(key_of(NUMBER))
    assert [dose for dose in chart.doses if dose.stamp.entry] == []
    assert chart.taken_back[0].reason == "charted on the wrong patient"


def test_a_voided_correction_lets_the_original_stand_again() -> None:
    copy = whole_ward()
    ward = screens(copy)
    number = order(copy).number
    chart_dose(ward, number, id="a" * 32)
    chart_dose(ward, number, ("reason", "again"), id="c" * 32, corrects="a" * 32)
    ward.enter("entry.voided", HANDLE, (("entry", "c" * 32), ("reason", "no")))
    here = [d.stamp.entry for d in copy.views.chart(key_of(NUMBER)).doses if d.stamp.entry]
    assert [name.partition(".")[0] for name in here] == ["a" * 32]


def test_each_running_order_has_a_form_with_the_ordered_dose() -> None:
    page = screens(whole_ward()).get(f"/patient/{HANDLE}/medicines").text
    assert 'data-kind="dose.charted"' in page
    assert 'id="give-1"' in page


def test_a_page_of_a_node_that_may_only_read_has_no_form_to_chart_with() -> None:
    copy = whole_ward()
    ward = screens(copy, reads_only=True)
    assert 'data-kind="dose.charted"' not in ward.get(f"/patient/{HANDLE}/medicines").text
