"""The table of sentences the public may read, language beside language; a site replaces it.

It is read by a person before it is approved, and kept with the approval as it then was.
"""

from __future__ import annotations

import re

from wardlight.record.events.public import PublicText, Sentence
from wardlight.record.problems import Problem

FILE = "public_sentences.tsv"
UNUSABLE = "public-sentences.unusable"
TEXT_MAX = 300
LANGUAGES_MAX = 12
MONTHS, HALVES = 12, 2
KEYS = (
    *("language", "direction", "title", "problem", "emergency", "medicines", "card"),
    *("hotline", "wait", "updated", "next", "late", "old", "withdrawn"),
    *("heading.emergency", "heading.visits"),
    *(f"ed.{state}" for state in ("open", "limited", "divert", "closed", "no report")),
    *(f"visit.{state}" for state in ("open", "limited", "divert", "closed", "no report")),
    *(f"service.{one}" for one in ("ED", "urgent care", "OB", "paediatrics", "dialysis")),
    *("service.psych", "service.electives"),
    *("phone.welcome", "phone.press", "phone.person", "phone.repeat"),
    *("date.months", "date.long", "date.halves"),
)
PLACES = {
    "hotline": {"phone"},
    "wait": {"minutes"},
    "updated": {"time"},
    "next": {"time"},
    "phone.welcome": {"network"},
    "phone.press": {"number", "what"},
    "date.long": {"month", "day", "year", "clock12", "clock24", "half"},
}
"""What a sentence may have filled in; every other stands as it is."""
_LANGUAGE = re.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_PLACE = re.compile(r"\{([^{}]*)\}")


def read_public_sentences(text: str) -> tuple[PublicText, ...] | Problem:
    """Return the sentences by language, or the first thing about the table that is wrong."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        return _unusable("the table", "it is empty")
    head, *rows = [[cell.strip() for cell in line.split("\t")] for line in lines]
    languages = head[1:]
    wrong = _wrong_head(head) or _wrong_rows(rows, len(head))
    if wrong is not None:
        return wrong
    return tuple(
        PublicText(
            language=language,
            sentences=tuple(Sentence(row[0], row[at]) for row in rows),
        )
        for at, language in enumerate(languages, 1)
    )


def _unusable(where: str, because: str) -> Problem:
    return Problem(UNUSABLE, f"{FILE}, {where}", because)


def _wrong_head(head: list[str]) -> Problem | None:
    named = head[1:]
    if head[0] != "key" or not 1 <= len(named) <= LANGUAGES_MAX or len(set(named)) < len(named):
        return _unusable("first line", "the columns are key and one for each language")
    strange = next((one for one in named if not _LANGUAGE.fullmatch(one)), None)
    return _unusable("first line", f"{strange[:20]} is no language tag") if strange else None


def _wrong_rows(rows: list[list[str]], columns: int) -> Problem | None:
    """Return what is wrong: a sentence missing in one language must not be found at 3 a.m."""
    for row in rows:
        wrong = _wrong_row(row, columns)
        if wrong:
            return _unusable(row[0][:40], wrong)
    found = [row[0] for row in rows]
    missing = next((key for key in KEYS if found.count(key) != 1), None)
    return _unusable(missing, "it has to be there once") if missing else None


def _wrong_row(row: list[str], columns: int) -> str:
    key = row[0]
    if len(row) != columns or not all(row):
        return "a sentence is missing in a language"
    if any(len(cell) > TEXT_MAX for cell in row):
        return f"a sentence is longer than {TEXT_MAX} signs"
    filled = {place for cell in row[1:] for place in _PLACE.findall(cell)}
    if not filled <= PLACES.get(key, set()):
        return "a word in {} that nothing stands for"
    if key == "direction" and not {*row[1:]} <= {"ltr", "rtl"}:
        return "it is ltr or rtl"
    return _wrong_date(key, row[1:])


def _wrong_date(key: str, cells: list[str]) -> str:
    wanted = {"date.months": MONTHS, "date.halves": HALVES}.get(key)
    counted = all(cell.count(",") == wanted - 1 for cell in cells) if wanted else True
    return "" if counted else f"it names {wanted}, with commas between them"
