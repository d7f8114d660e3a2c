"""The board as CSV, for a spreadsheet that must not be talked into anything."""

from __future__ import annotations

import csv
from io import StringIO

from hypothesis import given, settings
from tests.wire.edxl.boards import BOARDS, board, told

from wardlight.record.services import ServiceState
from wardlight.wire.board_rows import COLUMNS, board_csv
from wardlight.wire.outside import ToldBoard, ToldHospital


def test_a_state_has_its_age_and_its_end() -> None:
    lakeside = ToldHospital(code="LKS", name="Lakeside", services=(told(ServiceState.DIVERT),))
    (row,) = csv.DictReader(board_csv(board(lakeside)).decode().splitlines())
    assert (row["state"], row["age_min"]) == ("divert", "120")
    assert row["expires"] == "2026-11-22T01:00:00-05:00"
    assert row["as_of"] == "2026-11-21T23:00:00-05:00"


def test_a_hospital_nobody_spoke_of_is_a_line_that_says_so() -> None:
    silent = ToldHospital(code="GRV", name="Green Valley")
    (row,) = csv.DictReader(board_csv(board(silent)).decode().splitlines())
    assert (row["what"], row["state"]) == ("hospital", "no report")


def test_a_reason_that_looks_like_a_formula_is_text() -> None:
    said = told(ServiceState.CLOSED, reason="=HYPERLINK(0)", comment="@cmd")
    hostile = ToldHospital(code="LKS", name="-1+1", services=(said,))
    (row,) = csv.DictReader(board_csv(board(hostile)).decode().splitlines())
    assert row["reason"] == "'=HYPERLINK(0)"
    assert row["comment"] == "'@cmd"
    assert row["hospital_name"] == "'-1+1"


@settings(max_examples=40, deadline=None)
@given(BOARDS)
def test_every_board_is_a_table(said: ToldBoard) -> None:
    text = board_csv(said).decode()
    rows = list(csv.reader(StringIO(text, newline="")))
    assert {len(row) for row in rows} == {len(COLUMNS)}
