"""Messages: exact bytes kept, every segment and field found, nothing raised."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.wire.hl7v2.samples import HEAD, codes, parsed

from wardlight.record.problems import Problem
from wardlight.wire.hl7v2.encoding import STANDARD, Oddity
from wardlight.wire.hl7v2.message import NO_SEGMENT, Message, Segment

SHREDS = st.sampled_from(
    [
        b"MSH",
        b"|",
        b"^~\\&",
        b"\r",
        b"\n",
        b"PID|1||",
        b"pid|",
        b'""',
        b"\\",
        b"\\X",
        b"\\F\\",
        b" ",
        b"8859/1",
        b"||||||||||||",
        b"\xff",
        b"\xc3\xa9",
        b"\x0b",
        b"\x1b$B",
        b"\xef\xbb\xbf",
    ]
)
WILD = st.lists(SHREDS, max_size=25).map(b"".join) | st.binary(max_size=120)


@given(WILD)
@settings(max_examples=examples(500))
def test_any_bytes_are_a_message_with_the_same_bytes_or_a_problem(raw: bytes) -> None:
    message = Message.parse(raw)
    if isinstance(message, Problem):
        return
    assert bytes(message) == raw
    for segment in message:
        for n in range(20):
            segment.text(n), segment.stated(n, 2), segment.components(n, 3), segment.prose(n)
    assert message.type is not None


@given(st.binary(max_size=80))
@settings(max_examples=examples(300))
def test_any_bytes_behind_a_header_are_read(tail: bytes) -> None:
    message = parsed(HEAD.encode() + tail)
    assert bytes(message) == HEAD.encode() + tail
    assert message.control_id.startswith("M1")


def test_fields_of_the_header_count_the_separator_as_field_1() -> None:
    header = parsed(HEAD).segment("MSH")
    assert (header.field(1), header.field(2), header.text(3), header.text(10)) == (
        "|",
        "^~\\&",
        "HIS",
        "M1",
    )


def test_components_repetitions_and_positions_that_are_not_there_are_empty() -> None:
    person = parsed(HEAD + "PID|1||77^^^GEN~88\r").segment("PID")
    assert person.text(3, 4) == "GEN"
    assert person.text(3, 1, 2) == "88"
    assert (person.text(3, 9), person.text(3, 1, 3), person.text(99), person.field(99)) == (
        "",
        "",
        "",
        "",
    )
    assert person.repetitions(3) == ["77^^^GEN", "88"]
    assert person.components(3, 5) == ["77", "", "", "GEN", ""]
    assert person.components(3, 1, 2) == ["88"]


def test_a_segment_that_is_not_there_is_false_and_empty() -> None:
    missing = parsed(HEAD).segment("PV1")
    assert not missing
    assert (missing.text(3), missing.repetitions(3), missing.components(3, 2)) == ("", [], ["", ""])
    assert NO_SEGMENT.text(1) == ""


def test_rows_are_padded_so_that_no_index_fails() -> None:
    rows = parsed(HEAD + "OBX|1|NM\rNTE|1\rOBX|2\r").rows("OBX", 4)
    assert rows == [["OBX", "1", "NM", "", ""], ["OBX", "2", "", "", ""]]


def test_segments_come_in_the_order_sent() -> None:
    message = parsed(HEAD + "OBR|1\rOBX|1\rNTE|1\rOBR|2\r")
    assert [segment.name for segment in message] == ["MSH", "OBR", "OBX", "NTE", "OBR"]
    assert [segment.text(1) for segment in message.segments("OBR")] == ["1", "2"]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r", "\n\r\n"])
def test_t1_any_run_of_cr_and_lf_ends_a_segment(end: str) -> None:
    message = parsed(HEAD.replace("\r", end) + f"PID|1||77{end}PV1|1|I{end}  {end}")
    assert message.names == ["MSH", "PID", "PV1"]
    assert message.segment("PID").text(3) == "77"


def test_t2_a_line_that_is_no_segment_continues_the_field_before() -> None:
    message = parsed(HEAD + "OBX|1|TX|||first\nsecond line\nDNR\nthird|||F\rPV1|1\r")
    assert message.segment("OBX").text(5) == "first\nsecond line\nDNR\nthird"
    assert message.names == ["MSH", "OBX", "PV1"]
    assert codes(message) == ["line-continues-field"]


def test_t2_a_segment_name_alone_is_a_segment() -> None:
    assert parsed(HEAD + "PV1\nNTE\n").names == ["MSH", "PV1", "NTE"]


def test_t3_a_byte_order_mark_is_no_part_of_the_header() -> None:
    raw = b"\xef\xbb\xbf" + HEAD.encode()
    assert parsed(raw).control_id == "M1"
    assert bytes(parsed(raw)) == raw


def test_t4_custom_separators_are_read() -> None:
    message = parsed("MSH%~^$@%A%%%%%%ADT~A01%9\rPID%1%%77~~~GEN@1^88\r")
    assert message.type == ("ADT", "A01")
    assert message.segment("PID").text(3, 4) == "GEN"
    assert message.segment("PID").text(3, 1, 2) == "88"


def test_t4_a_separator_that_is_not_named_does_not_exist() -> None:
    person = parsed("MSH|^~|A\rPID|1||a\\F\\b&c^2~d\r").segment("PID")
    assert (person.text(3), person.text(3, 2), person.text(3, 1, 2)) == ("a\\F\\b&c", "2", "d")


def test_t4_a_fifth_character_is_the_truncation_mark() -> None:
    assert parsed("MSH|^~\\&#|A\r").encoding.truncation == "#"
    assert parsed("MSH|^~\\&#").encoding.truncation == "#"


@pytest.mark.parametrize("damaged", ["^\u02dc\\&", "^~\\&amp;", "^~\\\\&", "&&&&", "", "^"])
def test_t5_damaged_separators_are_read_as_the_usual_ones(damaged: str) -> None:
    message = parsed(f"MSH|{damaged}|HIS||||||ADT^A01|M1\rPID|1||77^^^GEN\r")
    assert message.type == ("ADT", "A01")
    assert message.segment("PID").text(3, 4) == "GEN"
    assert "separators-damaged" in codes(message)


@pytest.mark.parametrize("version", ["", "|2.3.z", "|2.999", "|2.5^M"])
def test_t6_no_version_is_needed(version: str) -> None:
    assert (
        parsed(f"MSH|^~\\&|A||||||ADT^A01|M1|P{version}\rPID|1||77\r").segment("PID").text(3)
        == "77"
    )


@pytest.mark.parametrize(
    ("field", "expected"),
    [("ORU", ("ORU", "R09")), ("ADT^A01^ADT_A05", ("ADT", "A01")), ("ADT~A01", ("ADT", "R09"))],
)
def test_t7_the_trigger_is_msh_9_2_or_evn_1(field: str, expected: tuple[str, str]) -> None:
    assert parsed(f"MSH|^~\\&|||||||{field}|M1\rEVN|R09\r").type == expected


def test_t8_lower_case_names_are_found_upper_cased() -> None:
    message = parsed(HEAD + "pid|1||77\rOBX|1\r")
    assert message.segment("PID").text(3) == "77"
    assert codes(message) == ["name-lower-case"]


def test_t8_repeated_segments_out_of_order_are_all_kept() -> None:
    assert parsed(HEAD + "PV1|1\rPID|1\rPV1|2\r").names == ["MSH", "PV1", "PID", "PV1"]


def test_t9_unknown_segments_are_read_like_any_other() -> None:
    message = parsed(HEAD + "ZBE|77|20260101\rZ99|x\r")
    assert message.segment("ZBE").text(2) == "20260101"
    assert message.anomalies == ()


def test_t10_fields_past_the_standards_end_are_read() -> None:
    assert parsed(HEAD + "PID" + "|" * 200 + "last\r").segment("PID").text(200) == "last"


@pytest.mark.parametrize(
    ("value", "expected"), [("", None), ("  ", None), ('""', ""), (' "" ', ""), ("x", "x")]
)
def test_t11_empty_says_nothing_and_two_quotes_delete(value: str, expected: str | None) -> None:
    segment = Segment("PID", ["PID", value], STANDARD)
    assert segment.stated(1) == expected
    assert segment.text(1) == (expected or "")
    assert segment.repetitions(1) == (["x"] if value == "x" else [])


def test_t11_one_component_can_be_deleted_alone() -> None:
    segment = Segment("PID", ["PID", 'Doe^""^Q'], STANDARD)
    assert [segment.stated(1, n) for n in (1, 2, 3, 4)] == ["Doe", "", "Q", None]
    assert not segment.cleared(1)


def test_t11_a_field_beyond_the_end_says_nothing() -> None:
    assert Segment("PID", ["PID"], STANDARD).stated(8) is None


def test_t12_blanks_around_a_code_are_trimmed_and_kept_in_the_field() -> None:
    segment = Segment("PV1", ["PV1", " I ^ x"], STANDARD)
    assert (segment.text(1), segment.text(1, 2), segment.field(1)) == ("I", "x", " I ^ x")


def test_t15_text_with_bare_separators_is_rejoined() -> None:
    segment = Segment("NTE", ["NTE", "AT&T ^ R&D ~ \\T\\"], STANDARD)
    assert segment.prose(1) == "AT&T ^ R&D ~ &"


@pytest.mark.parametrize(
    ("declared", "body", "name", "odd"),
    [
        ("UNICODE UTF-8", "é".encode(), "é", []),
        ("8859/1", b"\xe9", "é", []),
        ("8859/15", b"\xa4", "€", []),
        ("", "é".encode(), "é", []),
        ("", b"\xe9", "é", ["charset-guessed"]),
        ("ASCII", "é".encode(), "é", ["charset-wrong"]),
        ("ASCII", b"\xe9", "é", ["charset-wrong"]),
        ("ISO IR 999", "é".encode(), "é", ["charset-unknown"]),
        ("8859/1", "é".encode(), "Ã©", ["mojibake-likely"]),
        ("", b"\x81\x92", "\x81\u2019", ["charset-guessed"]),
        ("8859/1~UNICODE UTF-8", b"\xe9", "é", []),
        ("ISO IR87", b"\x1b$B;3ED\x1b(B", "山田", []),
    ],
)
def test_t17_the_charset_is_msh_18_then_utf_8_then_windows(
    declared: str, body: bytes, name: str, odd: list[str]
) -> None:
    raw = b"MSH|^~\\&|||||||ADT^A01|1|P|2.5||||||%b\rPID|1||||%b\r" % (declared.encode(), body)
    message = parsed(raw)
    assert message.segment("PID").text(5) == name.strip()
    assert codes(message) == odd


def test_t17_the_sources_own_charset_comes_before_windows() -> None:
    message = parsed(b"MSH|^~\\&|\rPID|1||||\xb3\r", "8859/2")
    assert message.segment("PID").text(5) == "ł"


def test_t18_a_segment_cut_in_its_name_is_told_and_spoils_nothing() -> None:
    message = parsed(HEAD + "PV1|1|I\rDG")
    assert message.segment("PV1").text(2) == "I"
    assert message.names == ["MSH", "PV1"]
    assert codes(message) == ["segment-cut"]


def test_t18_a_cut_header_is_read_as_far_as_it_goes() -> None:
    message = parsed("MSH|^~\\&|HIS|GE")
    assert message.segment("MSH").text(4) == "GE"
    assert message.type == ("", "")


@pytest.mark.parametrize(
    "raw", [b"", b"MSH", b"MSHA", b"GET / HTTP/1.1\r\n\r\n", b"\x00\xff", b"PID|1\r", b"MSH\r|"]
)
def test_t19_what_is_not_hl7_is_a_problem(raw: bytes) -> None:
    problem = Message.parse(raw)
    assert isinstance(problem, Problem)
    assert problem.code == "not-hl7"


def test_t19_comment_lines_before_the_header_are_skipped_and_told() -> None:
    message = parsed("# exported\n# by hand\n" + HEAD)
    assert message.control_id == "M1"
    assert codes(message) == ["lines-before-header"]


def test_t21_any_text_in_a_numeric_result_is_text() -> None:
    assert parsed(HEAD + "OBX|1|NM|X||see report\r").segment("OBX").text(5) == "see report"


def test_a_second_header_is_told() -> None:
    assert codes(parsed(HEAD + HEAD)) == ["header-repeated"]


@pytest.mark.parametrize("end", [b"\r", b"\r\r"])  # UTF-16 takes two bytes at a time
def test_a_header_in_single_bytes_is_not_utf_16_whatever_it_says(end: bytes) -> None:
    raw = b"MSH|^~\\&|EHR|GEN|WL|GEN|20261122080000||ADT^A01|M1|P|2.5.1||||||UNICODE UTF-16\r"
    message = Message.parse(raw + b"PID|1||7^^^GEN^MR||M\xfcller^Testa" + end)
    assert isinstance(message, Message)
    assert message.segment("PID").text(5) == "Müller"
    assert Oddity.CHARSET_WRONG in {one.code for one in message.anomalies}
