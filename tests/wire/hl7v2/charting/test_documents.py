"""TXA and its text."""

from __future__ import annotations

from tests.wire.hl7v2.charting.told import at, only

from wardlight.record.events.charting import DocumentFiled

TXA = "TXA|1|DS|TX|202611220300|||||7^Reed^Sam|||D9^HIS|||||AU"
OBX = ("OBX|1|TX|||Stable.", "OBX|2|TX|||Home tomorrow.")


def test_a_letter_is_told_with_title_author_and_text() -> None:
    assert only(DocumentFiled, "MDM^T02", TXA, *OBX) == DocumentFiled(
        number="HIS|D9",
        title="Discharge summary",
        state="AU",
        written=at("2026-11-22 03:00"),
        author="Reed, Sam",
        text="Stable.\nHome tomorrow.",
    )


def test_a_replacement_names_the_document_before_it() -> None:
    txa = "TXA|1|DS||||||||||D10^HIS|D9^HIS"
    assert only(DocumentFiled, "MDM^T10", txa, *OBX).replaces == "HIS|D9"


def test_an_addendum_does_not_replace_what_it_adds_to() -> None:
    txa = "TXA|1|DS||||||||||D10^HIS|D9^HIS"
    assert only(DocumentFiled, "MDM^T06", txa, *OBX).replaces == ""


def test_a_cancelled_document_is_removed() -> None:
    assert only(DocumentFiled, "MDM^T11", TXA).removed


def test_the_text_of_a_restricted_document_is_not_repeated() -> None:
    found = only(DocumentFiled, "MDM^T02", TXA + "|R", *OBX)
    assert found.text == "Restricted document: its text is not shown here."


def test_a_time_with_a_raised_digit_is_no_time() -> None:
    txa = "TXA|1|DS|TX|2026112203³0||||||||D9^HIS|||||AU"
    found = only(DocumentFiled, "MDM^T02", txa, *OBX)
    assert (found.number, found.written) == ("HIS|D9", None)
