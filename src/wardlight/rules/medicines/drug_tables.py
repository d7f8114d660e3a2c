"""The drug tables of a site: read whole or not at all, every fault named by file and line.

Each file is tab-separated text. Lines that begin with `#` are its head: `# version:`, `# date:`
and one `# source KEY:` for each source a row may name. The shipped tables are a start that the
site's pharmacist confirms or replaces, file by file (docs/drug-table.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, get_type_hints

import msgspec
from msgspec import Struct

from wardlight.record.problems import Problem
from wardlight.rules.medicines.amounts import ward_unit
from wardlight.rules.medicines.drug_rows import (
    Combination,
    CrossReaction,
    DrugClass,
    HighAlert,
    HighAlertKind,
    Ingredient,
    UsualDose,
    WeightBand,
)

FILES: Mapping[str, type[Struct]] = {
    "drugs.tsv": Ingredient,
    "combinations.tsv": Combination,
    "drug_classes.tsv": DrugClass,
    "cross_reactions.tsv": CrossReaction,
    "high_alert.tsv": HighAlert,
    "doses.tsv": UsualDose,
    "body_weights.tsv": WeightBand,
}
BYTES_MAX = 2_000_000
UNUSABLE = "drug-table.unusable"
_HEAD = re.compile(r"#\s*(subject|version|date|confirm|source (\w+)):\s*(\S.*)")
_WORD = re.compile(r"[^\W_]+")

Words = tuple[str, ...]
Row = TypeVar("Row", bound=Struct)


class Named(Struct, frozen=True):
    """What a name stands for: ingredients, or a class."""

    ingredients: tuple[str, ...] = ()
    class_name: str = ""


class Tables(Struct, frozen=True, kw_only=True, eq=False):
    """The drug tables a site works with. One is only equal to itself: what a name means is kept."""

    ingredients: Mapping[str, Ingredient]
    classes: Mapping[str, DrugClass]
    crosses: tuple[CrossReaction, ...] = ()
    high_alerts: tuple[HighAlert, ...] = ()
    doses: tuple[UsualDose, ...] = ()
    weights: tuple[WeightBand, ...] = ()
    names: Mapping[Words, Named]  # every name, as the words it is made of
    codes: Mapping[str, str] = {}  # RxNorm code → ingredient
    versions: Mapping[str, str] = {}  # file → "version 1 of 2026-11-23"


class _Sheet(Struct):
    """One file while it is read."""

    file: str
    version: str = ""
    date: str = ""
    sources: set[str] = set()
    rows: list[tuple[int, Struct]] = []
    problems: list[Problem] = []

    def fault(self, line: int, because: str) -> None:
        self.problems.append(Problem(UNUSABLE, f"{self.file} line {line}", because))


def drug_tables(files: Mapping[str, bytes]) -> Tables | tuple[Problem, ...]:
    """Return the tables of the named files, or everything that is wrong with them."""
    missing = [
        Problem(UNUSABLE, name, "the file is missing") for name in FILES if name not in files
    ]
    if missing:
        return tuple(missing)
    sheets = {name: _sheet(name, files[name], row) for name, row in FILES.items()}
    tables = _tables(sheets)
    for sheet in sheets.values():
        _check_references(sheet, tables)
    _check_names(sheets)
    problems = tuple(problem for sheet in sheets.values() for problem in sheet.problems)
    return problems or tables


def words_of(text: str) -> Words:
    """Return the words of a name as they are compared: no case, no punctuation."""
    return tuple(_WORD.findall(text.casefold()))


def _sheet(file: str, content: bytes, row: type[Struct]) -> _Sheet:
    sheet = _Sheet(file)
    if len(content) > BYTES_MAX:
        sheet.fault(1, f"the file is larger than {BYTES_MAX} bytes")
        return sheet
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        sheet.fault(1, "the file is not UTF-8 text")
        return sheet
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    for _, line in lines:
        _read_head(sheet, line)
    _read_rows(sheet, [(at, line) for at, line in lines if not line.startswith("#")], row)
    if not (sheet.version and sheet.date and sheet.sources and sheet.rows):
        sheet.fault(1, "a version, a date, a source or every row is missing")
    return sheet


def _read_rows(sheet: _Sheet, lines: list[tuple[int, str]], row: type[Struct]) -> None:
    columns = row.__struct_fields__
    at, first = lines[0] if lines else (1, "")
    if tuple(cell.strip() for cell in first.split("\t")) != columns:
        sheet.fault(at, f"the columns have to be {', '.join(columns)}")
        return
    for number, line in lines[1:]:
        _read_row(sheet, number, line.split("\t"), row)


def _read_head(sheet: _Sheet, line: str) -> None:
    found = _HEAD.match(line)
    if found is None:
        return
    if found[2]:
        sheet.sources.add(found[2])
    elif found[1] in ("version", "date"):
        setattr(sheet, found[1], found[3].strip())


def _read_row(sheet: _Sheet, number: int, cells: Sequence[str], row: type[Struct]) -> None:
    columns = row.__struct_fields__
    if len(cells) != len(columns):
        sheet.fault(number, f"{len(cells)} columns instead of {len(columns)}")
        return
    types = get_type_hints(row)
    stated = {
        column: _several(cell) if types[column] == tuple[str, ...] else cell.strip()
        for column, cell in zip(columns, cells, strict=True)
        if cell.strip()
    }
    try:
        made = msgspec.convert(stated, row, strict=False)
    except msgspec.ValidationError as error:
        sheet.fault(number, str(error).replace("$.", "column "))
        return
    sheet.rows.append((number, made))
    if stated["source"] not in sheet.sources:
        sheet.fault(number, f"the head of the file does not name the source {stated['source']}")


def _several(cell: str) -> list[str]:
    return [one.strip() for one in cell.split(",") if one.strip()]


def _of(sheet: _Sheet, row: type[Row]) -> tuple[Row, ...]:
    return tuple(made for _, made in sheet.rows if isinstance(made, row))


def _tables(sheets: Mapping[str, _Sheet]) -> Tables:
    drugs = _of(sheets["drugs.tsv"], Ingredient)
    combinations = _of(sheets["combinations.tsv"], Combination)
    classes = _of(sheets["drug_classes.tsv"], DrugClass)
    return Tables(
        ingredients={drug.name: drug for drug in drugs},
        classes={one.name: one for one in classes},
        crosses=_of(sheets["cross_reactions.tsv"], CrossReaction),
        high_alerts=_of(sheets["high_alert.tsv"], HighAlert),
        doses=_of(sheets["doses.tsv"], UsualDose),
        weights=_of(sheets["body_weights.tsv"], WeightBand),
        names=dict(_names((*drugs, *combinations, *classes))),
        codes={drug.rxnorm: drug.name for drug in drugs if drug.rxnorm},
        versions={
            name: f"version {sheet.version} of {sheet.date}" for name, sheet in sheets.items()
        },
    )


def _names(rows: Iterable[Struct]) -> Iterator[tuple[Words, Named]]:
    for row in rows:
        match row:
            case Ingredient():
                meant, called = Named((row.name,)), (row.name, *row.names)
            case Combination():
                meant, called = Named(row.ingredients), (row.name, *row.names)
            case DrugClass():
                meant, called = Named(class_name=row.name), (row.name, row.words, *row.names)
            case _:
                continue
        for name in called:
            yield words_of(name), meant


def _check_names(sheets: Mapping[str, _Sheet]) -> None:
    """One name stands for one thing: a name that means two would be a guess."""
    taken: dict[Words, Named] = {}
    for sheet in sheets.values():
        for number, row in sheet.rows:
            for words, meant in _names((row,)):
                if taken.setdefault(words, meant) != meant:
                    sheet.fault(number, f"the name {' '.join(words)} is taken by another row")


def _check_references(sheet: _Sheet, tables: Tables) -> None:
    for number, row in sheet.rows:
        for kind, name in _references(row):
            known = tables.classes if kind == "class" else tables.ingredients
            if name not in known:
                sheet.fault(number, f"there is no {kind} {name}")
        if isinstance(row, UsualDose):
            _check_dose(sheet, number, row)


def _references(row: Struct) -> Iterator[tuple[str, str]]:
    match row:
        case Ingredient():
            yield from (("class", name) for name in row.classes)
        case Combination():
            yield from (("ingredient", name) for name in row.ingredients)
        case CrossReaction():
            yield from (("class", row.allergy), ("class", row.drug))
        case HighAlert() if row.kind is not HighAlertKind.ROUTE:
            yield str(row.kind), row.name
        case UsualDose():
            yield "ingredient", row.ingredient
        case _:
            return


def _check_dose(sheet: _Sheet, number: int, row: UsualDose) -> None:
    if row.low is not None and row.high is not None and row.low > row.high:
        sheet.fault(number, "the low dose is above the high one")
    if not ward_unit(row.unit):
        sheet.fault(number, f"the unit {row.unit} is not understood")
