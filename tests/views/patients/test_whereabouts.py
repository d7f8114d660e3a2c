"""Where somebody was at a minute, and that everybody is in exactly one place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rules.laboratory.loop_ward import START, Ward
from tests.rules.transfers.transfer_desk import TransferDesk

from wardlight.record.codes import Location
from wardlight.record.instants import MINUTE, Instant, Moment
from wardlight.record.reading import Stamp
from wardlight.rules.asking import Author
from wardlight.views.patients.whereabouts import Way, tally, way_of, where
from wardlight.views.rows import Stay, StayState

STAMP = Stamp(START, START, "EHR", 1)
REASON = "Emergency: Dr Example-Sending decided to go"


def left(disposition: str) -> Stay:
    return Stay(
        patient=WHO,
        visit="V1",
        state=StayState.LEFT,
        stamp=STAMP,
        site="MMH",
        admitted=Moment(START),
        discharged=Moment(Instant(START + MINUTE)),
        disposition=disposition,
    )


WHO = Ward().admit("7041182", "Testpatient", "Vega")


@pytest.mark.parametrize(
    ("said", "way"),
    [
        ("transferred GEN", Way.TRANSFERRED),
        ("died", Way.DIED),
        ("left without being seen", Way.UNSEEN),
        ("left against medical advice", Way.AGAINST_ADVICE),
        ("discharged home", Way.DISCHARGED),
        ("02", Way.TRANSFERRED),
        ("7", Way.AGAINST_ADVICE),
        ("20^Expired", Way.DIED),
        ("01", Way.DISCHARGED),
        ("", Way.DISCHARGED),
    ],
)
def test_how_somebody_left_is_read_from_staff_and_from_feeds(said: str, way: Way) -> None:
    assert way_of(left(said), None) is way


def test_a_death_of_a_later_year_does_not_change_how_an_earlier_stay_ended() -> None:
    later = Moment(Instant(START + 400 * 24 * 60 * MINUTE))
    assert way_of(left(""), later) is Way.DISCHARGED


def test_before_anything_was_known_nobody_was_anywhere() -> None:
    ward = Ward()
    who = ward.admit("7041182", "Testpatient", "Vega")
    assert where(ward.views, who, Instant(START - 1)) is None


def test_each_bed_of_a_night_is_found_again_by_its_minute() -> None:
    ward = Ward()
    who = ward.admit("7041182", "Testpatient", "Vega", bed="4E-12")
    ward.minutes(10)
    ward.move(who, "5W-3")
    ward.minutes(10)
    beds = []
    for minute in (0, 9, 10, 20):
        found = where(ward.views, who, Instant(START + minute * MINUTE))
        assert found is not None
        beds.append(found.location)
    assert [bed.unit for bed in beds] == ["4E", "4E", "5W", "5W"]
    assert beds[-1] == Location(unit="5W", room="3", bed="3")


def test_a_departure_written_in_error_never_was() -> None:
    ward = Ward()
    desk = TransferDesk(ward)
    who = ward.admit("7041182", "Testpatient", "Vega")
    number = desk.request(who)
    ward.minutes(5)
    entry = desk.say("departed", number, emergency=REASON)
    ward.minutes(5)
    gone = where(ward.views, who, ward.now)
    ward.say("entry.voided", [("entry", entry), ("reason", "other patient")])
    ward.minutes(1)
    then = where(ward.views, who, Instant(START + 7 * MINUTE))
    assert gone is not None
    assert then is not None
    assert (gone.way, then.way) == (Way.TRANSFERRED, Way.HERE)


def test_who_left_and_is_expected_again_is_where_they_went() -> None:
    ward = Ward()
    who = ward.admit("7041182", "Testpatient", "Vega")
    ward.minutes(5)
    ward.say("patient.left", [("how", "discharged")], patient=who)
    ward.expect(who, "5W-3")
    found = where(ward.views, who, ward.now)
    assert found is not None
    assert (found.way, found.location.unit) == (Way.DISCHARGED, "4E")


def test_an_arrival_is_the_word_of_who_wrote_it_not_of_who_wrote_the_departure() -> None:
    ward = Ward()
    desk = TransferDesk(ward)
    who = ward.admit("7041182", "Testpatient", "Vega")
    number = desk.request(who)
    desk.say("departed", number, emergency=REASON)
    ward.minutes(30)
    ward.author = Author(account="house", name="RN House-Sample", role="nurse", station="GRV-1")
    desk.say("arrived", number)
    gone, there = where(ward.views, who, START), where(ward.views, who, ward.now)
    assert gone is not None
    assert there is not None
    assert (gone.said_by, there.said_by) == ("RN A. Mensah", "RN House-Sample")


WAYS = ("discharged", "died", "left without being seen", "left against medical advice")


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from([*WAYS, "depart", "arrive", "move"])),
        max_size=14,
    )
)
@settings(max_examples=60, deadline=None)
def test_everybody_is_in_exactly_one_way_whatever_happens(steps: list[tuple[int, str]]) -> None:
    ward = Ward()
    desk = TransferDesk(ward)
    people = [ward.admit(f"70411{at}", f"Test{at}", "A", bed=f"4E-1{at}") for at in range(6)]
    numbers = [desk.request(one) for one in people]
    ended: dict[int, str] = {}
    for at, what in steps:
        ward.minutes(1)
        if what in WAYS and at not in ended:
            ward.say("patient.left", [("how", what)], patient=people[at])
            ended[at] = what
        elif what == "depart" and at not in ended:
            desk.say("departed", numbers[at], emergency=REASON)
            ended[at] = "transferred"
        elif what == "arrive" and desk.case(numbers[at]).departed:
            if not desk.case(numbers[at]).arrived:
                desk.say("arrived", numbers[at])
        elif what == "move" and at not in ended:
            ward.move(people[at], f"5W-{at}")
    sums = tally(ward.views, "MMH", START, ward.now)
    assert sums.registered() == len(people)
    for way in Way:
        expected = sum(how == way for how in ended.values())
        assert sums.count(way) == (6 - len(ended) if way is Way.HERE else expected)
