"""XML from outside cannot do more than be read; what we write can hold any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.record.problems import Problem
from wardlight.wire.edxl.tree import BYTES_MAX, Tag, plain, read, tag, written

BOMB = (
    b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<HospitalStatus>&b;</HospitalStatus>"
)
FROM_DISK = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        FROM_DISK,
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x/>',
        b"<x>" * 60 + b"</x>" * 60,
        b"<x>" + b"y" * 30_000 + b"</x>",
        b"<x>" + b" " * BYTES_MAX + b"</x>",
        b"<x><y></x>",
        b"",
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="no-such"?><x/>',
    ],
)
def test_what_attacks_a_reader_is_refused_with_a_reason(body: bytes) -> None:
    found = read(body)
    assert isinstance(found, Problem)
    assert found.because


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    assert isinstance(read(body), Tag | Problem)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_comes_back_as_it_was_or_as_the_replacement_sign(text: str, name: str) -> None:
    made = tag("a", Tag("b", text, attributes=(("c", name),)))
    found = read(written(made, {}))
    assert isinstance(found, Tag)
    (inner,) = found.children
    assert inner.text == plain(text).replace("\r\n", "\n").replace("\r", "\n")
