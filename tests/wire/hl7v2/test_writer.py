"""Writing: what is written reads back the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.wire.hl7v2.samples import parsed

from wardlight.wire.hl7v2 import writer
from wardlight.wire.hl7v2.encoding import STANDARD, Encoding

HEADER = writer.segment("MSH", {3: "SIM", 9: ("ADT", "A01")})


def test_a_segment_is_written_by_position() -> None:
    fields: dict[int, writer.Field] = {
        1: "1",
        3: [("77", "", "", ("GEN", "1.2")), "8|8"],
        8: writer.DELETE,
    }
    assert writer.segment("PID", fields) == 'PID|1||77^^^GEN&1.2~8\\F\\8|||||""'


def test_the_header_names_its_separators() -> None:
    assert HEADER == "MSH|^~\\&|SIM||||||ADT^A01"
    assert writer.segment("MSH", {3: "A"}, Encoding("%", "~", "^", "$", "@")) == "MSH%~^$@%A"


def test_a_message_ends_every_segment_and_uses_the_charset() -> None:
    assert (
        writer.message(["MSH|^~\\&", "PID|é"], Encoding(charset="cp1252"))
        == b"MSH|^~\\&\rPID|\xe9\r"
    )


@given(st.text(min_size=1, max_size=30).filter(lambda text: "\r" not in text and text != '""'))
def test_a_name_is_read_as_it_was_written(name: str) -> None:
    raw = writer.message([HEADER, writer.segment("PID", {5: (name, "x")})], STANDARD)
    assert parsed(raw).segment("PID").text(5) == name.strip()
