"""Framing: any cutting of the stream gives the same messages, and no sender stops the feed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from wardlight.wire.mllp import Frame, Trouble, TroubleCode, Unframer, frame

MESSAGE = b"MSH|^~\\&|HIS\rPID|1||77\r"
PLAIN = st.binary(max_size=40).map(lambda raw: raw.replace(b"\x0b", b"v").replace(b"\x1c", b"f"))


def fed(stream: bytes, step: int, **limits: int) -> list[Frame | Trouble]:
    unframer = Unframer(**limits)
    found = [
        one for at in range(0, len(stream), step) for one in unframer.feed(stream[at : at + step])
    ]
    return found + unframer.end()


@given(st.lists(PLAIN, max_size=6), st.integers(1, 9))
def test_messages_survive_any_cutting_of_the_stream(sent: list[bytes], step: int) -> None:
    assert fed(b"".join(frame(one) for one in sent), step) == [Frame(one) for one in sent]


@given(
    st.lists(
        st.sampled_from([b"\x0b", b"\x0bab", b"x\r", b" ", b"\r\x1c", b"\r\x1c\r", b"yy"]),
        max_size=12,
    ),
    st.integers(1, 5),
)
def test_broken_frames_are_reported_alike_however_the_stream_is_cut(
    parts: list[bytes], step: int
) -> None:
    stream = b"".join(parts)
    limits = {"max_bytes": 5, "kept_bytes": 3}
    assert fed(stream, step, **limits) == fed(stream, 1, **limits)


@given(st.binary(max_size=300), st.integers(1, 64))
@settings(max_examples=examples(300))
def test_no_bytes_are_beyond_the_unframer(stream: bytes, step: int) -> None:
    for one in fed(stream, step, max_bytes=50, kept_bytes=10):
        assert len(one.message if isinstance(one, Frame) else one.part) <= 50


def test_f1_a_frame_ends_at_fs_without_waiting_for_the_cr() -> None:
    assert Unframer().feed(b"\x0b" + MESSAGE + b"\x1c") == [Frame(MESSAGE)]


def test_f1_the_cr_that_comes_in_the_next_packet_is_no_junk() -> None:
    unframer = Unframer()
    unframer.feed(b"\x0b" + MESSAGE + b"\x1c")
    assert unframer.feed(b"\r" + frame(MESSAGE)) == [Frame(MESSAGE)]
    assert unframer.skipped == 0


def test_f1_frames_closed_by_fs_alone_follow_each_other() -> None:
    assert fed(b"\x0bMSH|1\x1c\x0bMSH|2\x1c", 100) == [Frame(b"MSH|1"), Frame(b"MSH|2")]


def test_f2_blanks_before_a_frame_are_counted_and_not_reported() -> None:
    unframer = Unframer()
    assert unframer.feed(b"\r\n   " + frame(MESSAGE)) == [Frame(MESSAGE)]
    assert unframer.skipped == 5


def test_f2_junk_before_a_frame_is_reported_and_the_frame_still_read() -> None:
    assert Unframer().feed(b"hello" + frame(MESSAGE)) == [
        Trouble(TroubleCode.UNFRAMED, b"hello", 5),
        Frame(MESSAGE),
    ]


def test_f3_a_message_without_framing_is_reported_and_never_read() -> None:
    assert fed(MESSAGE, 7) == [Trouble(TroubleCode.UNFRAMED, MESSAGE, len(MESSAGE))]


def test_f3_endless_unframed_bytes_raise_one_alarm_and_keep_a_bounded_part() -> None:
    found = fed(b"x" * 1_000_000, 10_000)
    assert [(len(one.part), one.size) for one in found if isinstance(one, Trouble)] == [
        (4096, 65_536)
    ]


def test_f4_fs_inside_a_field_is_data_when_the_true_end_is_at_hand() -> None:
    broken = b"MSH|^~\\&|\rOBX|1|ED|||ab\x1ccd\r"
    assert Unframer().feed(frame(broken)) == [Frame(broken)]


def test_f4_a_new_vt_inside_a_frame_closes_the_old_one_as_truncated() -> None:
    assert Unframer().feed(b"\x0bMSH|old" + frame(MESSAGE)) == [
        Trouble(TroubleCode.TRUNCATED, b"MSH|old", 7),
        Frame(MESSAGE),
    ]


def test_f5_a_dropped_connection_leaves_a_truncated_part() -> None:
    assert fed(b"\x0b" + MESSAGE, 5) == [Trouble(TroubleCode.TRUNCATED, MESSAGE, len(MESSAGE))]


def test_one_whole_frame_above_the_limit_is_oversized() -> None:
    [found] = Unframer(max_bytes=20).feed(frame(b"MSH|" + b"x" * 30))
    assert isinstance(found, Trouble)
    assert (found.code, found.size) == (TroubleCode.OVERSIZED, 34)


def test_f7_a_frame_over_the_limit_is_skipped_to_its_end() -> None:
    stream = frame(b"MSH|" + b"A" * 100) + frame(MESSAGE)
    expected = [Trouble(TroubleCode.OVERSIZED, b"MSH|AAAA", 104), Frame(MESSAGE)]
    assert fed(stream, 9, max_bytes=60, kept_bytes=8) == expected


def test_f7_sixty_megabytes_in_small_reads_come_out_whole() -> None:
    message = b"MSH|^~\\&|\rOBX|1|ED|||" + b"A" * 60_000_000 + b"\r"
    assert fed(frame(message), 65_536) == [Frame(message)]


def test_f8_pipelined_messages_come_out_in_order() -> None:
    assert Unframer().feed(frame(b"1") + frame(b"2") + frame(b"3")) == [
        Frame(b"1"),
        Frame(b"2"),
        Frame(b"3"),
    ]


def test_t19_an_empty_frame_is_a_frame() -> None:
    assert Unframer().feed(b"\x0b\x1c\r") == [Frame(b"")]
