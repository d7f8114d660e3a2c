"""Content to pages: the typesetter, told how many pages each sheet has, and asked if that held.

A page that has to find out its own number makes the typesetter lay out everything twice. So the
number of pages of each sheet goes in with the content; where a sheet ended comes back, and only
when that differs is it laid out again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import typst
from msgspec import Struct

from wardlight.paper.documents import one_after_the_other
from wardlight.paper.fonts import Coverage
from wardlight.paper.packs.sheets import Pdf
from wardlight.paper.sheet_codes import PrintRun, drawn

TRIES_MAX = 4  # the numbers of pages do not change the layout, so that the second one fits


class Press(Struct, frozen=True):
    """What sheets are drawn with: templates by name, fonts, and what those can draw."""

    templates: Mapping[str, bytes]
    fonts: typst.Fonts
    families: tuple[str, ...]
    coverage: Coverage


class Sheet(Struct, frozen=True):
    """One sheet of a pack: its form, whose it is, and on how many pages."""

    form: str  # code and version, such as W3A
    place: int  # among the serials of the print job
    pages: int


class Part(Struct, frozen=True):
    """Sheets that are laid out at once: a few dozen patients of a pack."""

    content: dict[str, Any]
    sheets: Sequence[Sheet]


def typeset(parts: Sequence[Part], press: Press, run: PrintRun) -> tuple[Pdf, tuple[int, ...]]:
    """Return the sheets as PDF, in their order, every page numbered and coded, and their pages.

    Part by part: what is laid out at once takes longer than in proportion, and one sheet whose
    length was guessed wrongly has only its own part laid out again.
    """
    every = sum(len(part.sheets) for part in parts)
    bodies: list[bytes] = []
    pages: list[int] = []
    before = 0
    for part in parts:
        body, found = _typeset(part, press, run, (before, every))
        bodies.append(body)
        pages += found
        before += len(part.sheets)
    return Pdf(one_after_the_other(bodies), sum(pages)), tuple(pages)


def _typeset(
    part: Part, press: Press, run: PrintRun, place: tuple[int, int]
) -> tuple[bytes, list[int]]:
    sheets = part.sheets
    for _ in range(TRIES_MAX):
        files = _files(part.content, _numbered(sheets, run, place[0]), press, place[1])
        pages = _pages(files, press)
        if pages == [sheet.pages for sheet in sheets]:
            return _compiled(files, press), pages
        sheets = [
            msgspec.structs.replace(sheet, pages=count)
            for sheet, count in zip(sheets, pages, strict=True)
        ]
    raise AssertionError("the layout depends on the numbers of its pages")


def typeset_alone(template: str, files: Mapping[str, bytes], press: Press) -> bytes:
    """Return one template and its content as PDF: a page that belongs to no pack."""
    return _compiled({"main": press.templates[template], **files}, press)


def _compiled(files: dict[str, bytes], press: Press) -> bytes:
    body = typst.compile(  # type: ignore[call-overload]  # its stubs do not know files by name
        files, format="pdf", font_paths=press.fonts, pdf_tags=False
    )
    assert isinstance(body, bytes), "one document"
    return body


def _pages(files: dict[str, bytes], press: Press) -> list[int]:
    """Return how many pages each sheet took."""
    found = typst.query(  # type: ignore[type-var]  # its stubs do not know files by name
        files, "<ends>", field="value", one=True, font_paths=press.fonts
    )
    ends = msgspec.json.decode(found, type=list[int])
    return [end - before for before, end in zip([0, *ends], ends, strict=False)]


def _files(
    content: dict[str, Any], numbered: list[dict[str, Any]], press: Press, every: int
) -> dict[str, bytes]:
    frame = {**content["frame"], "sheets": every}
    told = {**content, "frame": frame, "sheets": numbered}
    return {
        "main": press.templates["pack.typ"],
        **press.templates,
        "pack.json": msgspec.json.encode(told),
    }


def _numbered(sheets: Sequence[Sheet], run: PrintRun, before: int) -> list[dict[str, Any]]:
    """Return what each sheet says of itself, and nothing of the others.

    What does not change is not laid out again.
    """
    return [
        {
            "form": sheet.form,
            "place": place,
            "serial": run.serial(sheet.place).text(),
            "codes": _codes(sheet, run),
        }
        for place, sheet in enumerate(sheets, before + 1)
    ]


def _codes(sheet: Sheet, run: PrintRun) -> list[list[dict[str, Any]]]:
    """Return the four codes of every page as outlines."""
    return [
        [outline(code) for code in run.codes(sheet.form, page, sheet.place)]
        for page in range(1, sheet.pages + 1)
    ]


def outline(code: str) -> dict[str, Any]:
    """Return a code as the templates draw it."""
    size, path = drawn(code)
    return {"size": size, "path": path}
