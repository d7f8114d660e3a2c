"""Analyser files: values and labels come through as they were sent, damage is never believed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardlight.record.events.laboratory import Label, ResultEntered
from wardlight.record.instants import Instant
from wardlight.record.sources import Source
from wardlight.wire.analyser.found import RESULTS_MAX, AnalyserFile, AnalyserResult, gathered
from wardlight.wire.analyser.frames import checksum
from wardlight.wire.analyser.reading import read_analyser_file

NOW = Instant(1_795_314_660_000)  # 2026-11-22T02:31Z
BENCH = Source(name="bench", site="MMH", zone="UTC")
MESSAGE = (
    r"H|\^&|||Chemy 9^1.2|||||||P|E1394-97|20261122023000" + "\r"
    "P|1||704118||O'BRIEN^Siobhan||19580309|F\r"
    "O|1|LB-ZJMS-CXVZ||^^^K\\^^^NA|S\r"
    "R|1|^^^K|6.9|mmol/L|3.5-5.1|HH||F||mensah||20261122022900\r"
    "C|1|I|slightly haemolysed|G\r"
    "R|2|^^^NA|138|mmol/L|136-145|N||F||mensah||20261122022930\r"
    "L|1|N\r"
)
ORU = (
    "MSH|^~\\&|GASY|ICU|||20261122023000||ORU^R01|7|P|2.5.1\r"
    "PID|1||704118^^^MMH||O'BRIEN^Siobhan||19580309|F\r"
    "OBR|1||LB-ZJMS-CXVZ|ABG|||20261122022000\r"
    "OBX|1|NM|2744-1^pH^LN||7.19|[pH]|7.35-7.45|LL|||F|||20261122022900\r"
)


def read(raw: str | bytes) -> AnalyserFile:
    return read_analyser_file(raw.encode() if isinstance(raw, str) else raw, BENCH, NOW)


def framed(text: str, *, start: int = 1) -> bytes:
    """Return each record as a frame of its own."""
    out = [b"\x05"]
    for number, line in enumerate(text.split("\r")[:-1], start):
        body = b"%d" % (number % 8) + line.encode() + b"\r\x03"
        out.append(b"\x02" + body + checksum(body) + b"\r\n")
    return b"".join([*out, b"\x04"])


def test_a_plain_file_gives_values_with_label_and_accession_number() -> None:
    (found,) = read(MESSAGE).results
    assert found.result.accession == "LB-ZJMS-CXVZ"
    assert found.result.label == Label(name="O'BRIEN, Siobhan", birth="1958-03-09", number="704118")
    assert [(one.test.text, one.value, one.unit) for one in found.result.lines] == [
        ("K", "6.9", "mmol/L"),
        ("NA", "138", "mmol/L"),
    ]
    assert [one.flag for one in found.result.lines] == ["HH", ""]
    assert found.result.lines[0].note == "slightly haemolysed"
    assert found.completed is not None
    assert found.completed.at == NOW - 90_000


def test_frames_are_taken_off_and_checked() -> None:
    assert read(framed(MESSAGE)).results == read(MESSAGE).results


def test_a_damaged_frame_makes_its_whole_transmission_unbelieved() -> None:
    found = read(framed(MESSAGE).replace(b"6.9", b"3.9"))
    assert found.results == ()
    assert [one.code for one in found.problems] == ["analyser.frame-missing"]


def test_a_frame_that_was_sent_again_is_believed_once() -> None:
    good = framed(MESSAGE)
    at = good.index(b"\x024R")
    frame = good[at : good.index(b"\r\n", at) + 2]
    twice = good.replace(frame, frame.replace(b"6.9", b"3.9") + frame + frame)
    assert read(twice).results == read(MESSAGE).results


def test_what_broke_off_is_not_read_to_its_last_digit() -> None:
    cut = MESSAGE[: MESSAGE.index("|mmol/L|3.5")]
    found = read(cut[:-1])
    assert found.results == ()
    assert [one.code for one in found.problems] == ["analyser.cut"]


def test_a_value_without_a_specimen_is_nobodys_result() -> None:
    found = read("H|\\^&\rP|1||704118\rR|1|^^^K|6.9|mmol/L\rL|1|N\r")
    assert found.results == ()
    assert [one.code for one in found.problems] == ["analyser.no-specimen"]


def test_two_patients_of_one_message_keep_their_own_values() -> None:
    second = "P|2||704119||O'BRIEN^Sean||19490721|M\rO|1|LB-2\rR|1|^^^K|4.0|mmol/L\rL|1|N\r"
    found = read(MESSAGE.replace("L|1|N\r", second)).results
    assert [(one.result.label.number, one.result.lines[0].value) for one in found] == [
        ("704118", "6.9"),
        ("704119", "4.0"),
    ]


def test_delimiters_are_the_headers_own_and_escapes_are_read() -> None:
    own = "H!~*@\rP!1!!704118\rO!1!LB-1\rR!1!***K!6.9!mmol@F@L!@X33@-5\rL!1!N\r"
    (found,) = read(own).results
    assert (found.result.lines[0].unit, found.result.lines[0].range) == ("mmol!L", "3-5")


def test_an_hl7_file_gives_the_same_kind_of_result() -> None:
    (found,) = read(ORU).results
    assert found.result.accession == "LB-ZJMS-CXVZ"
    assert found.result.label == Label(name="O'BRIEN, Siobhan", birth="1958-03-09", number="704118")
    line = found.result.lines[0]
    assert (line.test.code, line.value, line.flag) == ("2744-1", "7.19", "LL")
    assert found.result.instrument == "GASY"


def test_a_withdrawn_hl7_value_is_left_out_and_said() -> None:
    found = read(ORU.replace("|||F|||", "|||X|||"))
    assert found.results == ()
    assert [one.code for one in found.problems] == ["analyser.no-value"]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "analyser.unknown"),
        (b"%PDF-1.7", "analyser.unknown"),
        (b"H" * (4 * 1024 * 1024 + 1), "analyser.too-long"),
        (b"Hello world\r", "analyser.header"),
    ],
)
def test_what_is_no_result_file_says_what_to_do(raw: bytes, code: str) -> None:
    assert code in [one.code for one in read(raw).problems]


def test_a_file_with_too_many_lines_is_cut_and_said() -> None:
    found = read("H|\\^&\r" + "C|1|I|x\r" * 60_000)
    assert "analyser.too-long" in [one.code for one in found.problems]


def test_hostile_text_comes_through_as_it_was_sent() -> None:
    text = "<script>\N{RIGHT-TO-LEFT OVERRIDE}'--"
    (found,) = read(MESSAGE.replace("6.9", text)).results
    assert found.result.lines[0].value == text


PIECES = (
    *(b"H|\\^&", b"\r", b"P|1", b"O|1|LB-1", b"R|1|^^^K|", b"6.9", b"&X3", b"&", b"^", b"L|1|N"),
    *(b"\x02", b"\x03", b"\x17", b"\x05", b"\x04", b"1", b"MSH|^~\\&", b"OBR|1", b"OBX|1|NM|"),
)
pieces = st.sampled_from(PIECES)


@given(st.one_of(st.binary(max_size=400), st.lists(pieces, max_size=40).map(b"".join)))
@settings(max_examples=300)
def test_nothing_an_analyser_sends_breaks_the_reader(raw: bytes) -> None:
    found = read(raw)
    assert len(found.results) <= 5_000
    assert all(one.result.lines for one in found.results)


@given(st.integers(0, 400), st.integers(0, 255))
@settings(max_examples=200)
def test_one_changed_byte_in_frames_never_changes_a_value(place: int, byte: int) -> None:
    good = bytearray(framed(MESSAGE))
    good[place % len(good)] = byte
    for found in read(bytes(good)).results:
        values = {one.value for one in found.result.lines}
        assert values <= {"6.9", "138"}


def test_results_beyond_the_limit_are_counted_and_one_file_may_hold_so_many() -> None:
    result = ResultEntered(request="", accession="", label=Label(), lines=())
    one = AnalyserResult(result=result, text="")
    assert gathered([one] * RESULTS_MAX).problems == ()
    (said,) = gathered([one] * (RESULTS_MAX + 3)).problems
    assert said.because == "3 results more than a file may hold: cut it"
