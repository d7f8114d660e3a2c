"""High, low, critical: what a value is by its own range and by the site's table of limits.

The shipped table is a start, each row with its source; the laboratory director of a site confirms
or replaces it. A value that cannot be compared is never called normal: a person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from wardlight.record.codes import Coded
from wardlight.record.events.laboratory import ResultLine
from wardlight.record.problems import Problem
from wardlight.rules.table_lines import numbered
from wardlight.views.laboratory.results import CRITICAL

COLUMNS = ("test", "loinc", "unit", "low", "high", "from_years", "to_years", "source", "note")
ANY_UNIT = "*"
_NUMBER = re.compile(r"([<>]?)=?\s*(-?\d{1,9}(?:\.\d{1,6})?)")
_BETWEEN = re.compile(
    r"(-?\d{1,9}(?:\.\d{1,6})?)\s*(?:-|to|\N{EN DASH})\s*(-?\d{1,9}(?:\.\d{1,6})?)"
)
_ONE_SIDED = re.compile(r"([<>])=?\s*(-?\d{1,9}(?:\.\d{1,6})?)")


class CriticalLimit(Struct, frozen=True, kw_only=True, gc=False):
    """One row: a value at or beyond a limit is critical. No limit at all: a person decides."""

    test: str
    codes: frozenset[str]
    units: frozenset[str]
    low: float | None = None
    high: float | None = None
    from_years: int = 0
    to_years: int = 200
    source: str = ""
    note: str = ""

    def is_of(self, test: Coded, age_years: int | None) -> bool:
        """Return whether the row speaks of this test in somebody of this age (None: unknown)."""
        named = (
            test.code in self.codes if test.code else test.text.casefold() == self.test.casefold()
        )
        return named and (age_years is None or self.from_years <= age_years < self.to_years)

    def beyond(self, sign: str, number: float) -> str:
        """Return LL or HH for a value at or beyond a limit, "" between them.

        `<2.0` is at most 2.0 and `>9.0` at least 9.0: how far beyond is not known.
        """
        if self.low is not None and number <= self.low and sign != ">":
            return "LL"
        if self.high is not None and number >= self.high and sign != "<":
            return "HH"
        return ""


class Flag(Struct, frozen=True, gc=False):
    """The flag of a value, and what a person has to be told of it."""

    code: str  # HL7 table 0078
    words: str = ""


def read_critical_values(text: str) -> tuple[CriticalLimit, ...] | Problem:
    """Return the rows of a table; a problem names the first line that cannot be used."""
    lines = numbered(text)
    if not lines or tuple(lines[0][1].split("\t")) != COLUMNS:
        return _unusable(1, "the columns are not those of a table of critical values")
    rows = []
    for number, line in lines[1:]:
        row = _row(line)
        if row is None:
            return _unusable(number, "a limit or an age is no number, or a column is missing")
        rows.append(row)
    return tuple(rows)


def _unusable(line: int, because: str) -> Problem:
    return Problem("critical-values.unusable", f"line {line}", because)


def _row(line: str) -> CriticalLimit | None:
    cells = dict(zip(COLUMNS, (cell.strip() for cell in line.split("\t")), strict=False))
    if len(cells) != len(COLUMNS) or not cells["test"] or not cells["source"]:
        return None
    try:
        low, high = (float(cells[one]) if cells[one] else None for one in ("low", "high"))
        ages = int(cells["from_years"] or 0), int(cells["to_years"] or 200)
    except ValueError:
        return None
    return CriticalLimit(
        test=cells["test"],
        codes=frozenset(cells["loinc"].split(",")),
        units=frozenset(_unit(one) for one in cells["unit"].split(",")),
        low=low,
        high=high,
        from_years=ages[0],
        to_years=ages[1],
        source=cells["source"],
        note=cells["note"],
    )


def flag_of(line: ResultLine, limits: tuple[CriticalLimit, ...], age_years: int | None) -> Flag:
    """Return the flag of a line: what was typed, its range and the limits, the gravest wins."""
    typed = line.flag.strip().upper()
    if typed in CRITICAL:
        return Flag(typed)
    mine = [one for one in limits if one.is_of(line.test, age_years)]
    number = _NUMBER.fullmatch(line.value.strip())
    if mine and number is None:
        return Flag(typed, f"{line.test.words()}: this value was not compared with the limits")
    if mine and number is not None:
        critical, words = _beyond(line, mine, number)
        if critical or words:
            return Flag(critical or typed, words)
    return Flag(typed or (_by_range(line.range, number) if number else ""))


def _beyond(
    line: ResultLine, limits: list[CriticalLimit], number: re.Match[str]
) -> tuple[str, str]:
    fitting = [one for one in limits if _unit(line.unit) in one.units or ANY_UNIT in one.units]
    if not fitting:
        return "", f"{line.test.words()}: no critical limit is known in this unit, look yourself"
    if all(one.low is None and one.high is None for one in fitting):
        return "", f"{line.test.words()}: this site has set no critical limit, look yourself"
    found = [one.beyond(number[1], float(number[2])) for one in fitting]
    critical = next((one for one in found if one), "")
    if not critical and any(_open_ended(one, number[1]) for one in fitting):
        return "", f"{line.test.words()}: beyond what was measured, look yourself"
    return critical, ""


def _open_ended(limit: CriticalLimit, sign: str) -> bool:
    return (sign == "<" and limit.low is not None) or (sign == ">" and limit.high is not None)


def _by_range(range_: str, number: re.Match[str]) -> str:
    """Return L or H by the range printed with the value, "" inside it or where there is none."""
    value = float(number[2])
    for low, high in _limits(range_):
        if low is not None and value < low and number[1] != ">":
            return "L"
        if high is not None and value > high and number[1] != "<":
            return "H"
    return ""


def _limits(range_: str) -> Iterator[tuple[float | None, float | None]]:
    between = _BETWEEN.fullmatch(range_.strip())
    if between:
        yield float(between[1]), float(between[2])
    one_sided = _ONE_SIDED.fullmatch(range_.strip())
    if one_sided:
        limit = float(one_sided[2])
        yield (None, limit) if one_sided[1] == "<" else (limit, None)


def _unit(text: str) -> str:
    """Return a unit as it is compared: no case, no blanks, one spelling of powers of ten."""
    plain = "".join(text.split()).casefold().replace("\N{MICRO SIGN}", "u").replace("x10", "10")
    return plain.replace("^", "*").replace("109/l", "10*9/l").replace("103/ul", "10*3/ul")
