"""Answers as bytes: a remembered shape says exactly what an answer made anew would say."""

from __future__ import annotations

import pytest

from wardlight.feeds.answers import Answers
from wardlight.record.instants import Instant
from wardlight.record.sources import Source

SOURCE = Source(name="EHR@MMH", site="MMH")
HEADER = b"MSH|^~\\&|EHR|MMH|WL|WL|20261122023100||ADT^A01|%s|P|2.5.1%s\rPID|1\r"


def answers() -> Answers:
    return Answers(lambda: Instant(1_795_314_660_000))


def test_the_answer_swaps_sender_and_receiver_and_repeats_their_id() -> None:
    assert answers().to(HEADER % (b"A1", b""), SOURCE, safe=True) == (
        b"MSH|^~\\&|WL|WL|EHR|MMH|20261122023100+0000||ACK^A01^ACK|WL000000000001|P|2.5.1\r"
        b"MSA|AA|A1\r"
    )


def test_a_second_message_of_the_feed_gets_its_own_numbers() -> None:
    speaker = answers()
    speaker.to(HEADER % (b"A1", b""), SOURCE, safe=True)
    second = speaker.to(HEADER % (b"A\\T\\2", b""), SOURCE, safe=True)
    assert second.endswith(b"|WL000000000002|P|2.5.1\rMSA|AA|A\\T\\2\r")


@pytest.mark.parametrize(
    ("wish", "verdict"),
    [(b"|||AL|NE", b"CA"), (b"|||NE|AL", b"AA"), (b"|||SU|NE", b"CA"), (b"|||AL|AL", b"CA")],
)
def test_enhanced_mode_gets_the_one_answer_it_asks_for(wish: bytes, verdict: bytes) -> None:
    answer = answers().to(HEADER % (b"A1", wish), SOURCE, safe=True)
    assert answer.endswith(b"MSA|" + verdict + b"|A1\r")


@pytest.mark.parametrize("wish", [b"|||NE|NE", b"|||ER|ER"])
def test_a_sender_that_wants_no_answer_gets_none(wish: bytes) -> None:
    assert answers().to(HEADER % (b"A1", wish), SOURCE, safe=True) == b""


def test_an_answer_is_never_answered() -> None:
    ack = b"MSH|^~\\&|EHR|MMH|WL|WL|20261122||ORU^R01|7|P|2.5.1\rMSA|AA|7\r"
    assert answers().to(ack, SOURCE, safe=True) == b""


def test_a_trigger_only_in_evn_is_found() -> None:
    sent = b"MSH|^~\\&|EHR|MMH|WL|WL|20261122||ADT|7|P|2.3\rEVN|A08\rPID|1\r"
    assert b"||ACK^A08^ACK|" in answers().to(sent, SOURCE, safe=True)


def test_a_missing_id_is_answered_with_an_empty_one() -> None:
    assert answers().to(HEADER % (b"", b""), SOURCE, safe=True).endswith(b"MSA|AA|\r")
