"""Files and frames to messages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardlight.wire.hl7v2.batch import Batch, split
from wardlight.wire.mllp import frame

ONE = b"MSH|^~\\&|A|||||||1\rPID|1\r"
TWO = b"MSH|^~\\&|MSH|||||||2\nPID|2\n"


def test_a_single_message_is_itself() -> None:
    assert split(ONE) == Batch([ONE])


def test_f6_several_messages_in_one_frame_are_cut_at_the_header() -> None:
    assert split(ONE + TWO + ONE).messages == [ONE, TWO, ONE]


def test_f6_a_batch_is_taken_out_of_its_envelope() -> None:
    found = split(b"FHS|^~\\&|A\rBHS|^~\\&|A\r" + ONE + ONE + b"BTS|2\rFTS|1\r")
    assert found == Batch([ONE, ONE])


def test_f6_wrong_counts_are_told_and_every_message_read() -> None:
    found = split(b"FHS|^~\\&\nBHS|^~\\&\n" + TWO + b"BTS|7\nFTS|3\n")
    assert found.messages == [TWO]
    assert [(str(odd.code), odd.where) for odd in found.anomalies] == [
        ("batch-count-wrong", "BTS-1"),
        ("batch-count-wrong", "FTS-1"),
    ]


def test_f6_two_batches_in_a_file_are_counted_apart() -> None:
    batch = b"BHS|^~\\&\r" + ONE + b"BTS|1\r"
    assert split(b"FHS|^~\\&\r" + batch + batch + b"FTS|2\r") == Batch([ONE, ONE])


def test_a_recorded_stream_is_unframed() -> None:
    assert split(frame(ONE) + frame(ONE + TWO)).messages == [ONE, ONE, TWO]


def test_a_recorded_stream_that_broke_off_keeps_the_rest_apart() -> None:
    found = split(frame(ONE) + b"\x0bMSH|^~")
    assert found.messages == [ONE]
    assert found.stray == b"MSH|^~"


def test_comments_between_messages_stay_with_the_message_before() -> None:
    found = split(b"# exported\r" + ONE)
    assert found.messages == [ONE]
    assert found.stray == b"# exported\r"
    assert [str(odd.code) for odd in found.anomalies] == ["batch-stray-lines"]


def test_t19_bytes_without_a_header_are_stray() -> None:
    assert split(b"GET / HTTP/1.1\r\n") == Batch([], (), b"GET / HTTP/1.1\r\n")


def test_the_name_of_a_hospital_in_a_note_cuts_nothing() -> None:
    note = ONE + b"NTE|1||moved to\nMSH\nyesterday\r"
    assert split(note).messages == [note]


@given(
    st.lists(
        st.sampled_from(
            [
                b"MSH|",
                b"BHS|",
                b"BTS",
                b"FTS|9",
                b"\r",
                b"\n",
                b"x",
                b" ",
                b"\x0b",
                b"\x1c",
                b"\xef\xbb\xbf",
            ]
        ),
        max_size=20,
    ).map(b"".join)
)
def test_every_message_is_a_part_of_the_bytes_in_order(raw: bytes) -> None:
    at = 0
    for message in split(raw).messages:
        at = raw.index(message, at) + len(message)
    assert at <= len(raw)
