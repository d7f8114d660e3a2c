"""Messages for others to send: harmless to a spreadsheet, and without anything of the visit."""

from __future__ import annotations

import csv
import io
from email import message_from_bytes
from email.policy import default
from mailbox import mbox
from pathlib import Path

import pytest
from icalendar import Calendar

from wardlight.record.instants import Instant
from wardlight.wire.notifications import (
    Mail,
    Message,
    NewDate,
    mail_rows,
    mailbox,
    text_messages,
    vendor_messages,
)

AT = Instant(1_795_507_200_000)  # 2026-11-24T08:00Z

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


MAIL = Mail(
    reference="ab12",
    address="ada@example.org",
    language="es",
    subject="Sample\r\nBcc: other@example.org",
    text="From the hospital: llámenos.\nFrom there on",
    dates=(NewDate(reference="ab12", starts=AT, minutes=30, where="Room 1", text="never pay"),),
)


def test_a_vendors_list_of_mails_has_one_line_a_patient() -> None:
    [_, row] = rows(mail_rows([MAIL]))
    assert row[:3] == ["ada@example.org", "es", "Sample Bcc: other@example.org"]


def test_another_program_reads_every_mail_of_a_mailbox_with_its_new_date(tmp_path: Path) -> None:
    path = tmp_path / "mails.mbox"
    path.write_bytes(mailbox([MAIL, MAIL], AT))
    found = list(mbox(path))
    assert [one["To"] for one in found] == ["ada@example.org"] * 2
    assert found[0]["Bcc"] is None
    text, attached = message_from_bytes(found[0].as_bytes(), policy=default).iter_parts()
    assert "llámenos" in text.get_content()
    assert attached.get_content_type() == "text/calendar"
    [event] = Calendar.from_ical(str(attached.get_content())).walk("VEVENT")
    assert str(event["UID"]) == "ab12@wardlight"
