"""Any history: rebuilt equals live, twice equals once, the order of arrival is nothing."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.examples import examples
from tests.views.entries import MOON, STAR, SUN, Story, at, bed, person

from wardlight.record.codes import AppointmentState, StayClass
from wardlight.record.events.schedule import AppointmentChanged
from wardlight.record.events.stays import Movement, PatientsMerged, StayEvent, Step
from wardlight.record.instants import Instant, Moment
from wardlight.record.reading import Headline
from wardlight.views.fold import Views

PATIENTS = (STAR, MOON, SUN)
hours = st.integers(0, 48)
patients = st.sampled_from(PATIENTS)
movements = st.builds(
    Movement,
    patient=patients,
    step=st.sampled_from(Step),
    at=st.just(at(0)),
    visit=st.sampled_from(("V|1", "V|2", "")),
    stay_class=st.sampled_from((StayClass.INPATIENT, StayClass.UNKNOWN, StayClass.OUTPATIENT)),
    location=st.none() | st.builds(bed, st.sampled_from(("12", "14", "16"))),
    prior=st.none() | st.builds(bed, st.sampled_from(("12", "14"))),
    discharged=st.none() | st.builds(Moment, st.builds(at, hours)),
)
merges = st.tuples(patients, patients).map(
    lambda pair: PatientsMerged(survivor=min(pair), retired=max(pair), at=at(0))
)
appointments = st.builds(
    AppointmentChanged,
    number=st.sampled_from(("A|1", "A|2")),
    patient=patients,
    at=st.just(at(0)),
    state=st.none() | st.sampled_from(AppointmentState),
    starts=st.none() | st.builds(Moment, st.builds(at, hours)),
    notes=st.sampled_from(((), ("fasting",))),
)
people = st.builds(
    person, patients, st.sampled_from(("", "Starling", "Moonfield")), st.sampled_from(("", "Vega"))
)


@st.composite
def headlines(draw: Any, *, most: int = 12) -> list[Headline]:
    """Draw messages with event times of their own, in the order things happened."""
    drawn: list[Headline] = []
    for number in range(draw(st.integers(1, most))):
        when = Instant(at(0) + number * 60_000)
        stays: tuple[StayEvent, ...] = tuple(
            replace(event, at=when) for event in draw(st.lists(movements | merges, max_size=1))
        )
        booked = tuple(replace(one, at=when) for one in draw(st.lists(appointments, max_size=1)))
        drawn.append(
            Headline(
                what=draw(st.sampled_from(("ADT^A08", "ORU^R01"))),
                content=number.to_bytes(16, "big"),
                occurred=when,
                persons=tuple(draw(st.lists(people, max_size=1))),
                stays=stays,
                appointments=booked,
                charted=tuple(draw(st.lists(patients, max_size=1))),
            )
        )
    return drawn


def told(story: Story, said: list[Headline]) -> Views:
    views = story.views()
    for headline in said:
        views.apply(story.say(headline, recorded=at(100)))
    return views


def shown(views: Views) -> dict[str, Any]:
    """Return what a person could see of these views, without where in the log it stands."""
    facts = {
        "present": views.census.present(),
        "beds": views.census.beds("MMH", "4E"),
        "expected": views.census.expected(),
        "left": views.census.left_since(Instant(0)),
        "stays": [views.census.stays(key) for key in map(views.people.resolve, PATIENTS)],
        "persons": [views.people.person(key) for key in PATIENTS],
        "found": [views.people.search(text) for text in ("star", "moon", "vega", "704")],
        "booked": views.schedule.between(Instant(0), at(200)),
        "charts": [len(views.charts.entries(views.people.resolve(key))) for key in PATIENTS],
    }
    plain: dict[str, Any] = _without_positions(msgspec.to_builtins(facts))
    return plain


def _without_positions(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_positions(one) for key, one in value.items() if key != "position"}
    if isinstance(value, (list, tuple)):
        return [_without_positions(one) for one in value]
    return value


@given(headlines(), st.integers(0, 12))
@settings(max_examples=examples(60), deadline=None)
def test_views_restored_from_a_snapshot_on_the_way_equal_live_ones(
    said: list[Headline], cut: int
) -> None:
    story = Story()
    live = told(story, said)
    half = story.views()
    for position in range(1, min(cut, len(said)) + 1):
        half.apply(story.entries[position])
    again = Views.restored(half.snapshot(), story.read_headline, story.read_chart, story.fetch)
    for position in range(again.position + 1, len(said) + 1):
        again.apply(story.entries[position])
    assert shown(again) == shown(live)


@given(headlines())
@settings(max_examples=examples(60), deadline=None)
def test_every_message_twice_shows_the_same_as_once(said: list[Headline]) -> None:
    assert shown(told(Story(), [*said, *said])) == shown(told(Story(), said))


@given(headlines())
@settings(max_examples=examples(60), deadline=None)
def test_a_message_forgotten_and_folded_again_shows_the_same(said: list[Headline]) -> None:
    again = [replace(one, content=b"again" + one.content) for one in said]
    once, twice = told(Story(), said), told(Story(), [*said, *again])
    left, right = shown(once), shown(twice)
    left.pop("charts"), right.pop("charts")
    assert right == left


@given(headlines(), st.randoms(use_true_random=False))
@settings(max_examples=examples(120), deadline=None)
def test_the_order_of_arrival_changes_nothing(said: list[Headline], dice: Any) -> None:
    mixed = list(said)
    dice.shuffle(mixed)
    assert shown(told(Story(), mixed)) == shown(told(Story(), said))


def test_a_history_does_show_something() -> None:
    seen = shown(
        told(
            Story(), [Headline(what="ADT", content=b"c" * 16, persons=(person(STAR, "Starling"),))]
        )
    )
    assert seen["found"][0] == [STAR]
