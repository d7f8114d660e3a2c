"""A policy as a file people read, change and sign: its head, and rows that each name a source."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from wardlight.wire.file_text import file_text

BYTES_MAX = 100_000
_COLUMNS = ("name", "value", "source", "note")
_HEAD = re.compile(r"#\s*(version|date|signed|source (\w+)):[ \t]*(.*)")


class Row(Struct, frozen=True):
    """One line of a policy as it is shown to people."""

    name: str
    value: str
    source: str
    note: str


class PolicyTable(Struct, frozen=True, kw_only=True):
    """A file of rows that each stand once and name a source of the head."""

    rows: Mapping[str, Row]
    sources: Mapping[str, str]
    version: str
    date: str
    signed: str  # who, as what, when; "" for nobody


class WrongError(ValueError):
    """A file or line that cannot be used; its text is a sentence."""


def policy_table(body: bytes) -> PolicyTable:
    """Return a policy file in rows. Raises WrongError for the first thing that is wrong."""
    if len(body) > BYTES_MAX:
        raise WrongError(f"longer than {BYTES_MAX} bytes")
    lines = file_text(body).splitlines()
    found = [said for one in lines if (said := _HEAD.match(one))]
    head = {one[1]: one[3].strip() for one in found if not one[2]}
    sources = {one[2]: one[3].strip() for one in found if one[2] and one[3].strip()}
    return PolicyTable(
        rows=_rows(lines, sources),
        sources=sources,
        version=head.get("version", ""),
        date=head.get("date", ""),
        signed=head.get("signed", ""),
    )


def _rows(lines: list[str], sources: Mapping[str, str]) -> dict[str, Row]:
    told = [(at, _cells(one)) for at, one in enumerate(lines, 1) if one.strip() and one[0] != "#"]
    if not told or told[0][1] != _COLUMNS:
        raise WrongError("the columns are to be name, value, source, note")
    rows: dict[str, Row] = {}
    for at, cells in told[1:]:
        if not len(_COLUMNS) - 1 <= len(cells) <= len(_COLUMNS):  # the note may be left out
            raise WrongError(f"line {at} has not the four columns")
        row = Row(cells[0], cells[1], cells[2], cells[3] if cells[3:] else "")
        if row.source not in sources:
            raise WrongError(f"line {at}, {row.name}: the head names no source “{row.source}”")
        if row.name in rows:
            raise WrongError(f"line {at}: {row.name} stands there twice")
        rows[row.name] = row
    return rows


def _cells(line: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in line.split("\t"))
