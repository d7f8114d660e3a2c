"""Messages for others to send: harmless to a spreadsheet, and without anything of the visit."""

from __future__ import annotations

import csv
import io

import pytest

from wardlight.wire.notifications import Message, text_messages, vendor_messages

ADA = Message(
    reference="ab12",
    given="=cmd|' /C calc'!A0",
    family="+Sample",
    phone="+1 (555) 010-0199",
    language="en",
    text="@SUM(1)",
)


def rows(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode(), newline="")))


def test_no_cell_of_a_vendors_list_is_a_formula() -> None:
    [_, row] = rows(vendor_messages([ADA]))
    assert row == ["ab12", "'=cmd|' /C calc'!A0", "'+Sample", "15550100199", "en", "'@SUM(1)"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1"])
def test_whatever_begins_a_formula_is_made_harmless(text: str) -> None:
    message = Message(reference="r", given="", family="", phone="5", language="en", text=text)
    [_, row] = rows(text_messages([message]))
    assert row[2].startswith("'")
