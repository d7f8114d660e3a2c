"""How long a sheet most likely is: a good guess saves the press laying it out a second time.

Only speed depends on it: the press is asked afterwards where every sheet really ended. All
lengths are in millimetres; letters are counted as they stand in the templates' columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Any

SHEET = {"a4": 297.0, "letter": 279.4}
FRAME = 48.0  # what head and foot of each page leave no room for
LINE, SMALL, LARGE = 3.55, 2.9, 4.7
LINE_OF_CENSUS, INSET_OF_CENSUS = 3.4, 2.2
INSET_OF_RESULT = 1.4
LOG_HEAD = 23.0
INSET = 2.7
SECTION = 6.0
WHOLE_MAX = 90.0
DOUBT = 4.0  # how far these estimates are off
WRITTEN_BY_HAND = 56.0  # the lines at the end of a MAR stay together
DUE_BOX, DUE_BOXES_A_LINE = 11.9, 3


def pages(height: float, paper: str) -> int:
    """Return how many pages hold a sheet of this height."""
    return max(1, ceil(height / (SHEET[paper] - FRAME)))


def census_height(rows: Iterable[dict[str, Any]]) -> float:
    """Return the height of a unit census (`paper.census.census`)."""
    return SECTION + sum(map(census_row_height, rows)) + LOG_HEAD


def census_row_height(row: dict[str, Any]) -> float:
    """Return the height of one patient in a unit census."""
    return max(_cells(row)) * LINE_OF_CENSUS + INSET_OF_CENSUS


def medicine_height(row: dict[str, Any]) -> float:
    """Return the height of one medicine on a MAR."""
    return max(_medicine(row), _last(row), _next(row)) + INSET


def may_break(height: float) -> bool:
    """Say whether a row is so high that it may go on over the page; others stay whole."""
    return height > WHOLE_MAX


def mar_height(mar: dict[str, Any]) -> float:
    """Return the height of a MAR's content (`paper.mar.mar`)."""
    height = LINE + (14 if mar["blind"] else 0) + (0 if mar["dose_feed"] else 8)
    for section in mar["sections"]:
        height += SECTION
        height += sum(map(medicine_height, section["rows"]))
    height += _block(mar["unmatched"], 110)
    return height + WRITTEN_BY_HAND


def mar_pages(mar: dict[str, Any], paper: str) -> int:
    """Return on how many pages a MAR most likely goes."""
    if mar["apart"]:
        return pages(mar_height(mar) - WRITTEN_BY_HAND, paper) + 1
    return pages(mar_height(mar), paper)


def end_apart(mar: dict[str, Any], paper: str) -> bool:
    """Say whether the lines at the end of a MAR go onto a page of their own.

    Where it is doubtful whether they still fit, they do: a sheet whose number of pages is known
    beforehand is laid out once.
    """
    room = SHEET[paper] - FRAME
    over = mar_height(mar) % room
    return room - DOUBT < over or over < DOUBT


def summary_height(summary: dict[str, Any]) -> float:
    """Return the height of a summary's content (`paper.summary.summary`)."""
    contacts = [f"{one['name']} {one['rest']}" for one in summary["contacts"]]
    left = _block(summary["stay"], 50), _block(summary["problems"] or ["none"], 50)
    right = (
        _block(summary["code_status"] + summary["alerts"] + summary["person"], 50) + SECTION,
        _block(contacts or ["none"], 50),
    )
    height = sum(map(max, zip(left, right, strict=True)))
    height += _block([f"{one['name']} — {one['reaction']}" for one in summary["allergies"]], 110)
    height += 2 * SECTION + sum(map(_analyte, summary["analytes"]))
    height += _block([one["what"] for one in summary["pending"]], 110)
    height += sum(_block(one["lines"], 110) for one in summary["reports"])
    return height + _block([one["what"] for one in summary["appointments"]], 110)


def in_one_line(result: dict[str, Any]) -> bool:
    """Say whether a result surely fits one line of the results' table."""
    return max(_result_lines(result)) == 1


def _lines(text: str, letters: int) -> int:
    return ceil(len(text) / letters)


def _block(rows: Iterable[object], letters: int) -> float:
    """Return the height of a section with its title; nothing for one that has no rows."""
    count = sum(max(1, _lines(" ".join(map(str, _parts(row))), letters)) for row in rows)
    return SECTION + count * LINE if count else 0


def _parts(row: object) -> Iterable[object]:
    return row if isinstance(row, list | tuple) else (row,)


def _cells(row: dict[str, Any]) -> tuple[int, ...]:
    """Return how many lines each cell of a census row takes."""
    agents = "; ".join(f"{one['name']} — {one['reaction']}" for one in row["allergies"]["agents"])
    others = [*row["other_alerts"], "; ".join(row["diet"])]
    return (
        2 + _lines(row["name"], 24) + bool(row["alerts"]) + _lines("; ".join(row["place"]), 28),
        2 + _lines(row["attending"], 26) + _lines(row["reason"], 26) - 1,
        _lines(agents or row["allergies"]["heading"], 24),
        _lines("; ".join(row["code_status"]), 22) + sum(_lines(one, 22) for one in others),
        2 + _lines(f"Results pending: {'; '.join(row['pending'])}", 20) * bool(row["pending"]),
    )


def _medicine(row: dict[str, Any]) -> float:
    head = _lines(f"{row['dose']} {row['drug']} {row['form']}", 30) * LARGE
    said = (
        f"{row['rate']} {row['route']} {row['frequency']}",
        row["state"],
        "; ".join(row["components"]),
        row["indication"],
        row["instructions"],
    )
    return head + sum(_lines(one, 40) for one in said) * LINE + _lines(row["origin"], 52) * SMALL


def _last(row: dict[str, Any]) -> float:
    past = (
        " ".join((one["when"], one["amount"], one["words"], one["reason"], one["by"]))
        for one in row["past"]
    )
    said = (f"Last: {row['last']}", f"Next due: {row['next']}" if row["next"] else "", *past)
    return sum(_lines(one, 28) for one in said) * LINE


def _next(row: dict[str, Any]) -> float:
    boxes: int = len(row["due"]) + row["blanks"]
    if not boxes:
        return LINE * (1 + _lines(row["schedule"], 40))
    return ceil(boxes / DUE_BOXES_A_LINE) * DUE_BOX + (SMALL if row["derived"] else 0)


def _analyte(row: dict[str, Any]) -> float:
    return max(_result_lines(row)) * LINE + INSET_OF_RESULT


def _result_lines(row: dict[str, Any]) -> tuple[int, ...]:
    """Return how many lines each column of a result takes."""
    notes = " ".join(row["notes"])
    return (
        1,
        _lines(row["test"], 26),
        _lines(f"{row['value']} {row['flags']} ({row['range']})", 34),
        _lines(row["when"], 18),
        _lines(f"{row['state']} {'; '.join(row['earlier'])}", 26) + _lines(notes, 26),
    )
