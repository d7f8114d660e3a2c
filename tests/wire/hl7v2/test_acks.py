"""Acknowledgements: the answer the header asks for, in the sender's own separators."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.wire.hl7v2.samples import HEAD, parsed

from wardlight.record.problems import Problem
from wardlight.wire.hl7v2.acks import Outcome, Stage, acknowledge
from wardlight.wire.hl7v2.message import Message

UNREADABLE = Problem("not-hl7", "MSH", "no header")


def header(accept: str, application: str, kind: str = "ADT^A01") -> Message:
    return parsed(
        f"MSH|^~\\&|HIS|GEN|WL|SITE|20261122||{kind}|M\\T\\1|P|2.3|||{accept}|{application}\r"
    )


def answered(
    theirs: Message | Problem, outcome: Outcome = Outcome.KEPT, stage: Stage = Stage.ACCEPT
) -> bytes | None:
    return acknowledge(theirs, outcome, control_id="W1", at="20261122031500+0000", stage=stage)


@given(st.binary(max_size=60), st.sampled_from(Outcome), st.sampled_from(Stage))
def test_every_message_and_outcome_has_an_answer_or_none(
    tail: bytes, outcome: Outcome, stage: Stage
) -> None:
    answer = answered(Message.parse(b"MSH" + tail), outcome, stage)
    assert answer is None or (
        answer.startswith(b"MSH") and b"\x1c" not in answer and b"\x0b" not in answer
    )


def test_the_answer_goes_back_with_sender_and_receiver_swapped() -> None:
    assert answered(header("", "")) == (
        b"MSH|^~\\&|WL|SITE|HIS|GEN|20261122031500+0000||ACK^A01^ACK|W1|P|2.3\rMSA|AA|M\\T\\1\r"
    )


def test_the_answer_uses_their_separators() -> None:
    assert answered(parsed("MSH%~^$@%A%B%C%D%%%ADT~A01%9%P%2.5\r")) == (
        b"MSH%~^$@%C%D%A%B%20261122031500+0000%%ACK~A01~ACK%W1%P%2.5\rMSA%AA%9\r"
    )


@pytest.mark.parametrize(
    ("accept", "application", "outcome", "now", "later"),
    [
        ("", "", Outcome.KEPT, "AA", None),
        ("", "", Outcome.NOT_KEPT, "AE", None),
        ("", "", Outcome.REFUSED, "AR", None),
        ("AL", "NE", Outcome.KEPT, "CA", None),
        ("AL", "NE", Outcome.NOT_KEPT, "CE", None),
        ("AL", "NE", Outcome.REFUSED, "CR", None),
        ("NE", "AL", Outcome.KEPT, None, "AA"),
        ("AL", "AL", Outcome.KEPT, "CA", "AA"),
        ("ER", "SU", Outcome.KEPT, None, "AA"),
        ("ER", "SU", Outcome.NOT_KEPT, "CE", None),
        ("NE", "NE", Outcome.NOT_KEPT, None, None),
        ("AL", "", Outcome.KEPT, "CA", None),
    ],
)
def test_the_header_decides_which_answers_are_sent(
    accept: str, application: str, outcome: Outcome, now: str | None, later: str | None
) -> None:
    message = header(accept, application)
    for stage, expected in ((Stage.ACCEPT, now), (Stage.APPLICATION, later)):
        answer = answered(message, outcome, stage)
        assert (answer and parsed(answer).segment("MSA").text(1)) == expected


def test_an_acknowledgement_is_never_acknowledged() -> None:
    assert answered(header("AL", "AL", "ACK^A01")) is None
    assert answered(parsed(HEAD + "MSA|AA|77\r")) is None


def test_a_message_without_a_control_id_is_answered_with_an_empty_one() -> None:
    answer = answered(parsed("MSH|^~\\&|A||||||ADT^A01\r"))
    assert answer is not None
    assert answer.endswith(b"\rMSA|AA|\r")


def test_bytes_that_are_not_hl7_are_refused() -> None:
    answer = answered(UNREADABLE)
    assert answer is not None
    assert answer.split(b"\r")[1:] == [
        b"MSA|AR|",
        b"ERR|||207^^HL70357|E||||Message could not be read as HL7 v2",
        b"",
    ]


def test_the_reason_of_an_error_goes_with_it() -> None:
    answer = acknowledge(
        header("", ""), Outcome.NOT_KEPT, control_id="W1", at="2026", error=("207", "Disk full")
    )
    assert answer is not None
    assert parsed(answer).segment("ERR").text(8) == "Disk full"
