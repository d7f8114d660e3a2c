"""Documents in a field, as their bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.wire.hl7v2.documents import ED, ed
from wardlight.wire.hl7v2.encoding import STANDARD

PDF = b"%PDF-1.4 invented"


@given(st.text(alphabet="^~&\\ab0=+/ \n", max_size=40))
def test_no_value_is_beyond_reading(value: str) -> None:
    assert isinstance(ed(value, STANDARD), ED)


@pytest.mark.parametrize(
    "data",
    [
        "JVBERi0xLjQgaW52ZW50ZWQ=",
        "JVBERi0xLjQgaW52ZW50ZWQ",
        "JVBERi0xLjQg\\.br\\aW52ZW50ZWQ=",
        "JVBERi0xLjQg\naW52 ZW50ZWQ=",
        "255044462D312E3420696E76656E746564",
    ],
)
def test_t16_a_document_is_decoded_however_it_is_broken(data: str) -> None:
    assert ed(f"^Application^PDF^Base64^{data}") == ED("Application", "PDF", "Base64", PDF)


def test_t16_base64_without_a_stated_coding_is_recognised() -> None:
    assert ed("^AP^PDF^^JVBERi0xLjQgaW52ZW50ZWQ=").content == PDF


def test_t16_words_stay_words() -> None:
    assert ed("^text^plain^A^see the chart").content == b"see the chart"
    assert ed("see the chart").content == b"see the chart"


def test_t16_damaged_base64_has_no_content() -> None:
    assert ed("^AP^PDF^Base64^not! base64").content is None
    assert ed("^AP^PDF^Hex^xyz").content is None
