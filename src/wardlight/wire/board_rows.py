"""The board as CSV: one line a service, one a count of beds; a spreadsheet opens it (RFC 4180)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from wardlight.record.instants import MINUTE, Instant
from wardlight.wire.outside import ToldBoard, ToldHospital, ToldService, told_time
from wardlight.wire.spreadsheet import inert

COLUMNS = (
    "hospital",
    "hospital_name",
    "what",
    "name",
    "state",
    "category",
    "reason",
    "since",
    "expires",
    "at_expiry",
    "counts_until",
    "stated",
    "age_min",
    "authorised_by",
    "comment",
    "heard_from",
    "available",
    "baseline",
    "phone",
    "radio",
    "as_of",
)


def board_csv(board: ToldBoard) -> bytes:
    """Return the board in UTF-8 with the names of the columns first.

    A text that a spreadsheet would take for a formula is quoted (CWE-1236).
    """
    out = StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for hospital in board.hospitals:
        for row in _rows(hospital, board):
            writer.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue().encode("utf-8", "replace")


def _cell(value: str | int) -> str | int:
    return inert(value) if isinstance(value, str) else value


def _rows(one: ToldHospital, board: ToldBoard) -> Iterator[dict[str, str | int]]:
    head: dict[str, str | int] = {
        "hospital": one.code,
        "hospital_name": one.name,
        "phone": one.phone,
        "radio": one.radio,
        "as_of": told_time(board.now, board.zone),
    }
    for service in one.services:
        yield head | _service(service, board)
    for beds in one.beds:
        count: dict[str, str | int] = {"what": "beds", "name": beds.kind}
        count |= {"available": beds.available, **_age(beds.counted, board)}
        yield head | count | ({"baseline": beds.baseline} if beds.baseline is not None else {})
    if one.nedocs is not None and one.nedocs_counted is not None:
        yield head | {"what": "NEDOCS", "state": one.nedocs, **_age(one.nedocs_counted, board)}
    if one.last_said() is None:
        yield head | {"what": "hospital", "state": "no report"}


def _service(one: ToldService, board: ToldBoard) -> dict[str, str | int]:
    return {
        "what": str(one.key.service),
        "name": one.key.name,
        "state": str(one.state),
        "category": str(one.category) if one.category else "",
        "reason": one.reason,
        "since": told_time(one.since, board.zone) if one.since is not None else "",
        "expires": told_time(one.expires, board.zone) if one.expires is not None else "",
        "at_expiry": str(one.at_expiry) if one.expires is not None else "",
        "counts_until": told_time(one.good_until, board.zone) if one.good_until is not None else "",
        "authorised_by": one.authorised_by,
        "comment": one.comment,
        "heard_from": one.heard,
        **(_age(one.stated, board) if one.stated is not None else {}),
    }


def _age(at: Instant, board: ToldBoard) -> dict[str, str | int]:
    return {"stated": told_time(at, board.zone), "age_min": max(board.now - at, 0) // MINUTE}
