from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardlight.record.problems import Problem
from wardlight.wire import ipp

URI = "ipp://10.1.2.3/ipp/print"


def test_a_print_job_begins_as_the_standard_prescribes() -> None:
    asked = ipp.print_job(URI, "Wardlight ab12")
    assert asked[:9] == b"\x01\x01\x00\x02\x00\x00\x00\x01\x01"
    assert asked[9:37] == b"\x47\x00\x12attributes-charset\x00\x05utf-8"
    assert b"\x42\x00\x08job-name\x00\x0eWardlight ab12" in asked
    assert asked.endswith(b"\x03")


def test_an_answer_is_read_group_by_group() -> None:
    body = b"\x01\x01\x00\x00\x00\x00\x00\x01\x01\x47\x00\x12attributes-charset\x00\x05utf-8"
    body += b"\x04\x44\x00\x15printer-state-reasons\x00\x09media-jam\x44\x00\x00\x00\x09toner-low"
    body += b"\x23\x00\x0dprinter-state\x00\x04\x00\x00\x00\x05\x03"
    answer = ipp.read_answer(body)
    assert isinstance(answer, ipp.Answered)
    assert answer.good()
    assert answer.every("printer-state-reasons") == ("media-jam", "toner-low")
    assert answer.first("printer-state") == ipp.PrinterState.STOPPED


def test_an_answer_that_is_cut_off_is_told() -> None:
    body = b"\x01\x01\x00\x00\x00\x00\x00\x01\x01\x47\x00\x12attributes"
    found = ipp.read_answer(body)
    assert isinstance(found, Problem)
    assert found.code == "printer.unreadable"


@given(st.binary(max_size=300))
def test_no_answer_of_a_printer_breaks_the_reader(body: bytes) -> None:
    assert isinstance(ipp.read_answer(body), ipp.Answered | Problem)


@given(st.binary(max_size=200))
def test_no_attributes_of_a_printer_break_the_reader(body: bytes) -> None:
    found = ipp.read_answer(b"\x01\x01\x00\x00\x00\x00\x00\x01" + body)
    assert isinstance(found, ipp.Answered | Problem)
