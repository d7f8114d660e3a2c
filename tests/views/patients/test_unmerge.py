"""A merge of two charts that was taken back leaves both as if it had never been."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.web.registration.test_register import FOUR, NUMBERS
from tests.web.screens import HANDLES, NUMBER, screens, whole_ward
from tests.web.ward_of_28 import key_of

from wardlight.views.facts import Chart
from wardlight.wire.entered.registration import downtime_key

ONE, OTHER = key_of(NUMBER), downtime_key(NUMBERS[0])
JOIN = "1" * 32
DONE = st.lists(
    st.tuples(st.sampled_from(["one", "other"]), st.integers(40, 180)), min_size=0, max_size=6
)


def kept(views: Any, patient: Any) -> tuple[Any, ...]:
    person, stay, chart = (
        views.people.person(patient),
        views.census.stay(patient),
        views.chart(patient),
    )
    return person, stay and (stay.state, stay.location), said(chart)


def said(chart: Chart) -> tuple[Any, ...]:
    pulses = [one.observations[0].observation.value for one in chart.reports if one.observations]
    return (tuple(pulses), chart.allergies.state, len(chart.orders))


def lived(before: Any, after: Any, *, joined: bool) -> tuple[Any, ...]:
    copy = whole_ward()
    ward = screens(copy)
    handles = {"one": HANDLES.of(ONE), "other": HANDLES.of(OTHER)}
    ward.enter("patient.registered", "", (("number", NUMBERS[0]), *FOUR, ("unit", "4E")))
    for whose, pulse in before:
        ward.enter("vitals.charted", handles[whose], (("pulse", str(pulse)),))
    if joined:
        found = (("same_as", handles["one"]), ("evidence", "card"), ("second_person", "MD"))
        answer = ward.enter("identity.found", handles["other"], found, id=JOIN)
        assert answer.status_code == 200, answer.text
        assert copy.views.people.resolve(OTHER) == ONE
        copy.views.snapshot()
        undo = (("entry", JOIN), ("reason", "another person"))
        assert ward.enter("entry.voided", handles["one"], undo).status_code == 200
    for whose, pulse in after:
        ward.enter("vitals.charted", handles[whose], (("pulse", str(pulse)),))
    views = copy.views
    return (kept(views, ONE), kept(views, OTHER), views.people.aliases(ONE), len(views.people))


@settings(max_examples=examples(12), deadline=None)
@given(before=DONE, after=DONE)
def test_a_merge_taken_back_equals_none(before: Any, after: Any) -> None:
    assert lived(before, after, joined=True) == lived(before, after, joined=False)


def test_what_was_said_under_the_retired_number_while_joined_goes_back_to_it() -> None:
    copy = whole_ward()
    ward = screens(copy)
    ward.enter("patient.registered", "", (("number", NUMBERS[0]), *FOUR, ("unit", "4E")))
    other = HANDLES.of(OTHER)
    found = (("same_as", HANDLES.of(ONE)), ("evidence", "card"), ("second_person", "MD"))
    ward.enter("identity.found", other, found, id=JOIN)
    place = (("unit", "4W"), ("room", "4W"), ("bed", "7"))
    ward.enter("patient.placed", other, place)
    ward.enter("entry.voided", other, (("entry", JOIN), ("reason", "another person")))
    assert copy.views.people.resolve(OTHER) == OTHER
    assert copy.views.people.person(OTHER) is not None
    assert copy.reopened().people.resolve(OTHER) == OTHER
