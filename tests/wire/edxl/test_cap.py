"""CAP 1.2: from the same words the same alerts, each valid, and their life told to its end."""

from __future__ import annotations

from hypothesis import given, settings
from tests.wire.edxl.boards import BY, NOW, histories, told
from tests.wire.edxl.schemas import wrong_by

from wardlight.record.instants import DAY, HOUR, MINUTE, Instant
from wardlight.record.services import ServiceState
from wardlight.wire.edxl import atom, cap
from wardlight.wire.edxl.cap import Alert, Kind, Step
from wardlight.wire.edxl.tree import read, wrong_in

NAMES = {"LKS": "Lakeside"}


def said(state: ServiceState, minutes_ago: int, name: str, **more: object) -> Step:
    at = Instant(NOW - minutes_ago * MINUTE)
    return Step(name=name, at=at, told=told(state, since=at, stated=at, **more))


def body(one: Alert) -> bytes:
    return cap.cap_bytes(cap.cap(one, "Lakeside", BY))


DIVERT = said(ServiceState.DIVERT, 60, "a")
RENEWED = said(ServiceState.DIVERT, 30, "b", reason="still off")
OPEN = said(ServiceState.OPEN, 10, "c")


def test_a_diversion_is_told_renewed_and_ended_with_all_that_came_before() -> None:
    found = cap.alerts((DIVERT, RENEWED, OPEN), NOW)
    assert [one.kind for one in found] == [Kind.ALERT, Kind.UPDATE, Kind.CANCEL]
    assert b"<references>" not in body(found[0])
    first = "wardlight@lakeside.example,a,2026-11-22T03:00:00-00:00"
    second = "wardlight@lakeside.example,b,2026-11-22T03:30:00-00:00"
    assert f"<references>{first}</references>".encode() in body(found[1])
    assert f"<references>{first} {second}</references>".encode() in body(found[2])


def test_a_diversion_that_ran_out_begins_anew_as_an_alert() -> None:
    ended = said(ServiceState.DIVERT, 60, "a", good_until=Instant(NOW - 40 * MINUTE))
    found = cap.alerts((ended, RENEWED), NOW)
    assert [one.kind for one in found] == [Kind.ALERT, Kind.ALERT]
    assert cap.in_force(found, NOW) == (found[1],)


def test_one_that_ran_out_is_in_force_no_longer() -> None:
    found = cap.alerts((DIVERT,), NOW)
    assert cap.in_force(found, NOW) == found
    assert cap.in_force(found, Instant(NOW + 2 * HOUR)) == ()


def test_long_waits_are_no_diversion() -> None:
    assert cap.alerts((said(ServiceState.LIMITED, 60, "a"),), NOW) == ()


def test_a_drill_says_so_in_status_headline_note_and_name() -> None:
    (one,) = cap.alerts((DIVERT,), NOW, drill=True)
    written = body(one).decode()
    assert "<status>Exercise</status>" in written
    assert "<headline>EXERCISE: Lakeside: ED divert</headline>" in written
    assert "<note>EXERCISE. This is a drill" in written
    assert "<identifier>exercise.a</identifier>" in written


def test_scope_is_restricted_and_says_to_whom() -> None:
    (one,) = cap.alerts((DIVERT,), NOW)
    assert (
        "<scope>Restricted</scope>\n <restriction>For EMS agencies and hospitals of Sample County"
    ) in body(one).decode()


@settings(max_examples=40, deadline=None)
@given(histories())
def test_every_message_is_valid_by_the_schema_and_the_writers_check(
    steps: tuple[Step, ...],
) -> None:
    for one in cap.alerts(steps, NOW):
        assert wrong_in(cap.cap(one, "Lakeside", BY), cap.SHAPE) == ()
        assert wrong_by("cap", body(one)) == ""


@settings(max_examples=40, deadline=None)
@given(histories())
def test_the_writers_check_holds_without_any_schema(steps: tuple[Step, ...]) -> None:
    for one in cap.alerts(steps, NOW, drill=True):
        assert wrong_in(cap.cap(one, "Lakeside", BY), cap.SHAPE) == ()


@settings(max_examples=40, deadline=None)
@given(histories())
def test_what_is_said_later_changes_no_message_that_was_sent(steps: tuple[Step, ...]) -> None:
    whole = [body(one) for one in cap.alerts(steps, NOW)]
    for length in range(len(steps)):
        assert {body(one) for one in cap.alerts(steps[:length], NOW)} <= set(whole)


@settings(max_examples=40, deadline=None)
@given(histories())
def test_references_name_messages_that_were_sent_before(steps: tuple[Step, ...]) -> None:
    sent: list[tuple[str, Instant]] = []
    for one in cap.alerts(steps, NOW):
        assert set(one.earlier) <= set(sent)
        assert (one.kind is Kind.ALERT) == (one.earlier == ())
        sent.append((one.identifier, one.sent))
    assert len(sent) == len(set(sent))


def test_no_identifier_holds_what_cap_forbids() -> None:
    assert cap.in_one_word(" a, b<c&d ") == "a-b-c-d"


def test_the_feed_lists_the_newest_first_and_what_expires_when() -> None:
    told_ = cap.alerts((DIVERT, OPEN), NOW)
    made = atom.atom(told_, NAMES, BY, base="https://wardlight.lakeside.example", now=NOW)
    assert wrong_in(made, atom.SHAPE) == ()
    found = read(atom.atom_bytes(made))
    assert [one.words("summary") for one in found.all("entry")] == [  # type: ignore[union-attr]
        "Cancel, actual, ended",
        "Alert, actual, expires 2026-11-22T06:00:00+00:00",
    ]


def test_an_empty_feed_is_a_feed() -> None:
    made = atom.atom((), NAMES, BY, base="", now=NOW)
    assert wrong_in(made, atom.SHAPE) == ()


def test_a_word_that_changes_nothing_sends_nothing() -> None:
    again = Step(name="z", at=Instant(NOW - 5 * MINUTE), told=DIVERT.told)
    assert len(cap.alerts((DIVERT, again), NOW)) == 1


def test_words_of_times_to_come_are_not_told_yet() -> None:
    assert cap.alerts((DIVERT,), Instant(NOW - DAY)) == ()
