"""A ward pack: unit census, then summary and MAR of every patient, ordered by bed, as one PDF.

What came in messages reaches the typesetter as data, never as markup. Before anything is
drawn, every character is looked up in the fonts; a name that cannot be drawn is told, not
printed as a box.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from msgspec import Struct

from wardlight.paper import lengths
from wardlight.paper.fonts import Coverage
from wardlight.paper.head import banner, data_age, mode_line
from wardlight.paper.log_head import printed_head, short_head
from wardlight.paper.packs import census as census_sheet
from wardlight.paper.packs import mar as mar_sheet
from wardlight.paper.packs import summary as summary_sheet
from wardlight.paper.packs.sheets import PatientSheets, Pdf, Undrawable, UnitPack
from wardlight.paper.typeset import Part, Press, Sheet, typeset
from wardlight.record.events.paperwork import SheetRun
from wardlight.record.instants import clinical_time

WORD_MAX = 20  # characters; a longer one may be broken, so that no cell cuts it off
WORD_PIECE = 10
AT_ONCE = 32  # patients laid out at once: most wards in one piece
HEAD_MAX, NAME_MAX, CELL_MAX, TEXT_MAX = 120, 500, 600, 6_000  # characters of one text
CUT = " … [cut: {:,} characters, read the rest on a screen]"
_MOST = {"banner": NAME_MAX, "summary": TEXT_MAX, "mar": TEXT_MAX}
BREAK_HERE = "\u200b"
_PIECES = re.compile(r"[^/\-_,;+&]*[/\-_,;+&]+|[^/\-_,;+&]+")


class UndrawableError(Exception):
    """The fonts cannot draw some of the text; nothing was printed."""

    def __init__(self, found: Sequence[Undrawable]) -> None:
        super().__init__("; ".join(one.sentence() for one in found))
        self.found = tuple(found)


class WardPack(Struct, frozen=True):
    """A finished pack, and the sheets it is made of for the register."""

    pdf: Pdf
    runs: tuple[SheetRun, ...]


def ward_pack(pack: UnitPack, press: Press, *, substitute: bool = False) -> WardPack:
    """Return the pack of one unit.

    Raises UndrawableError when text holds characters the fonts cannot draw; with `substitute`
    they are printed as their numbers, `[U+0E01]`, for a ward that cannot wait for a font.
    """
    content = _fitting(_content(pack, press))
    found = _undrawable(content, press.coverage)
    if found and not substitute:
        raise UndrawableError(found)
    if found:
        content = mapped(content, press.coverage.substituted)
    lead = _lead(pack)
    parts = _parts_of(mapped(content, breakable), _sheets(pack, content), lead)
    pdf, pages = typeset(parts, press, pack.serials())
    return WardPack(pdf, _runs(pack, pages))


def _fitting(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content without texts that would be pages long where a line is meant.

    HL7 v2.5.1 gives a name 250 characters; a sender that gives it 10,000 must not keep a ward
    from its pack.
    """
    cut = {
        "frame": partial(shortened, most=HEAD_MAX),
        "census": partial(shortened, most=CELL_MAX),
    }
    fitted = {key: mapped(content[key], change) for key, change in cut.items()}
    patients = [
        {key: mapped(part, partial(shortened, most=_MOST[key])) for key, part in parts.items()}
        for parts in content["patients"]
    ]
    return content | fitted | {"patients": patients}


def shortened(text: str, most: int) -> str:
    """Return text up to a length, and said so where something of it is missing."""
    return text if len(text) <= most else f"{text[:most]}{CUT.format(len(text))}"


def breakable(text: str) -> str:
    """Return text whose overlong words may be broken at the end of a line."""
    if len(text) <= WORD_MAX or max(map(len, text.split()), default=0) <= WORD_MAX:
        return text
    return " ".join(map(_in_pieces, text.split(" ")))


def _in_pieces(word: str) -> str:
    """Return a word with places to break it: after its own marks, within a name only if it must."""
    if len(word) <= WORD_MAX:
        return word
    return BREAK_HERE.join(map(_cut, _PIECES.findall(word)))


def _cut(piece: str) -> str:
    if len(piece) <= WORD_MAX:
        return piece
    starts = range(0, len(piece), WORD_PIECE)
    return BREAK_HERE.join(piece[start : start + WORD_PIECE] for start in starts)


def _undrawable(content: dict[str, Any], coverage: Coverage) -> list[Undrawable]:
    """Return what the fonts cannot draw, bed by bed, without the text itself."""
    found: list[Undrawable] = []
    if missing := coverage.missing(joined(content["frame"])):
        found.append(Undrawable("any", "site or unit", missing))
    for row, parts in zip(content["census"], content["patients"], strict=True):
        for where, part in {**parts, "census": row}.items():
            missing = coverage.missing(joined(part))
            if missing:
                found.append(Undrawable(row["bed"], where, missing))
    return found


def _parts(sheets: PatientSheets, pack: UnitPack) -> dict[str, Any]:
    return {
        "banner": banner(sheets, pack),
        "summary": summary_sheet.summary(sheets, pack),
        "mar": mar_sheet.mar(sheets, pack),
    }


def _content(pack: UnitPack, press: Press) -> dict[str, Any]:
    return {
        "frame": {
            "site": pack.site,
            "unit": pack.unit,
            "paper": pack.paper,
            "mode": mode_line(pack),
            "age": data_age(pack),
            "printed": clinical_time(pack.now, pack.zone),
            "head": short_head(pack.head),
        },
        "fonts": list(press.families),
        "head": printed_head(pack.head),
        "census": census_sheet.census(pack),
        "patients": [_parts(sheets, pack) for sheets in pack.patients],
    }


def _sheets(pack: UnitPack, content: dict[str, Any]) -> list[Sheet]:
    """Return every sheet with the pages it is likely to take."""
    sheets: list[Sheet] = []
    if not pack.alone:
        likely = lengths.pages(lengths.census_height(content["census"]), pack.paper)
        sheets = [Sheet(census_sheet.FORM, 0, likely)]
    summaries, mars = _places(pack)
    for summary, mar, parts in zip(summaries, mars, content["patients"], strict=True):
        likely = lengths.pages(lengths.summary_height(parts["summary"]), pack.paper)
        sheets.append(Sheet(summary_sheet.FORM, summary, likely))
        sheets.append(Sheet(mar_sheet.FORM, mar, lengths.mar_pages(parts["mar"], pack.paper)))
    return sheets


def _parts_of(content: dict[str, Any], sheets: list[Sheet], lead: int) -> list[Part]:
    """Return the pack in parts of some patients each; the census is in the first."""
    patients = content["patients"]
    parts: list[Part] = []
    for first in range(0, max(1, len(patients)), AT_ONCE):
        begins = lead > 0 and first == 0
        some = content | {"patients": patients[first : first + AT_ONCE], "begins": begins}
        start = lead + 2 * first if first else 0
        parts.append(Part(some, sheets[start : lead + 2 * (first + AT_ONCE)]))
    return parts


SHEETS_ALONE = 2
"""Serials for the summary and the MAR of one patient, without a pack."""


def _lead(pack: UnitPack) -> int:
    """Return how many sheets stand before those of the first patient: the census, or none."""
    return 0 if pack.alone else 1


def sheets_of(patients: int) -> int:
    """Return how many serials a pack for so many patients takes."""
    return 1 + 2 * patients


def _places(pack: UnitPack) -> tuple[range, range]:
    """Return the places of summaries and MARs: each form counts up, whatever stands between."""
    count, lead = len(pack.patients), _lead(pack)
    return range(lead, lead + count), range(lead + count, lead + 2 * count)


def _runs(pack: UnitPack, pages: Sequence[int]) -> tuple[SheetRun, ...]:
    """Return the sheets of a pack as the register holds them: three runs, however many patients."""
    lead = _lead(pack)
    summaries, mars = _places(pack)
    patients = tuple(sheets.stay.patient for sheets in pack.patients)
    runs = (
        (census_sheet.FORM, 0, pages[:lead], ()),
        (summary_sheet.FORM, summaries.start, pages[lead::2], patients),
        (mar_sheet.FORM, mars.start, pages[lead + 1 :: 2], patients),
    )
    return tuple(
        SheetRun(
            form=form, first=pack.serials().serial(at).code(), pages=tuple(counts), patients=whose
        )
        for form, at, counts, whose in runs
        if counts
    )


def joined(part: Any) -> str:
    """Return all text of a part of the content."""
    if isinstance(part, str):
        return part
    if isinstance(part, dict):
        return "".join(map(joined, part.values()))
    return "".join(map(joined, part)) if isinstance(part, list) else ""


def mapped(part: Any, change: Callable[[str], str]) -> Any:
    """Return content with every text in it changed."""
    if isinstance(part, str):
        return change(part)
    if isinstance(part, dict):
        return {key: mapped(value, change) for key, value in part.items()}
    if isinstance(part, list):
        return [mapped(value, change) for value in part]
    return part
