"""Rows of a table somebody made with a spreadsheet: commas or tabs, and columns by name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from math import isfinite

from wardlight.record.places import Position, is_position
from wardlight.record.problems import Problem
from wardlight.wire.file_text import file_text

BYTES_MAX = 16 * 1024 * 1024
CELL_MAX = 2_000  # characters
UNUSABLE = "region.unusable"
Cells = Mapping[str, str]


def rows_of(body: bytes, where: str) -> Problem | list[tuple[int, Cells]]:
    """Return the line number and the cells of each row by their column's name, in small letters.

    Lines that begin with # are remarks. A file that is no table is a problem.
    """
    if len(body) > BYTES_MAX:
        return Problem(UNUSABLE, where, f"The table is larger than {BYTES_MAX // 2**20} MiB.")
    text = file_text(body).replace("\0", "")
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if _is_told(line)]
    if not lines:
        return Problem(UNUSABLE, where, "The table is empty.")
    delimiter = "\t" if "\t" in lines[0][1] else ";" if lines[0][1].count(";") > 2 else ","  # noqa: PLR2004 -- a name may hold one
    try:
        return list(_cells(lines, delimiter))
    except csv.Error:
        return Problem(UNUSABLE, where, "The table cannot be read as commas or tabs.")


def _is_told(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _cells(lines: list[tuple[int, str]], delimiter: str) -> Iterator[tuple[int, Cells]]:
    names: list[str] = []
    for at, line in lines:
        cells = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
        if not names:
            names = [one.strip().casefold() for one in cells]
            continue
        trimmed = (one.strip()[:CELL_MAX] for one in cells)
        yield at, dict(zip(names, trimmed, strict=False))


def first_of(cells: Cells, names: tuple[str, ...]) -> str:
    """Return what stands in the first of these columns that has something."""
    return next((cells[name] for name in names if cells.get(name)), "")


def number_in(typed: str) -> float | None:
    """Return a finite number; None for anything else."""
    try:
        number = float(typed)
    except ValueError:
        return None
    return number if isfinite(number) else None


def position_in(cells: Cells) -> Position | None:
    """Return where a row is; None when nobody can tell. Nought and nought is a gap, no place."""
    latitude = number_in(first_of(cells, ("latitude", "lat", "y")))
    longitude = number_in(first_of(cells, ("longitude", "lon", "lng", "long", "x")))
    if latitude is None or longitude is None or not is_position(latitude, longitude):
        return None
    return None if latitude == 0 and longitude == 0 else Position(latitude, longitude)
