"""A ward pack: unit census, then summary and MAR of every patient, ordered by bed, as one PDF.

What came in messages reaches the typesetter as data, never as markup. Before anything is
drawn, every character is looked up in the fonts; a name that cannot be drawn is told, not
printed as a box.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import typst
from msgspec import Struct

from wardlight.paper import census as census_sheet
from wardlight.paper import mar as mar_sheet
from wardlight.paper import summary as summary_sheet
from wardlight.paper.fonts import Coverage
from wardlight.paper.head import banner, data_age, mode_line
from wardlight.paper.sheet_codes import BLANK, drawn, sheet_code
from wardlight.paper.sheets import PatientSheets, Pdf, Undrawable, UnitPack
from wardlight.record.instants import clinical_time

MORE_CODES_NEEDED = "more codes needed"
TRIES_MAX = 4
_ROWS_A_PAGE = {census_sheet.FORM: 4, summary_sheet.FORM: 12, mar_sheet.FORM: 2}


class Press(Struct, frozen=True):
    """What sheets are drawn with: templates by name, font files, and what those can draw."""

    templates: Mapping[str, bytes]
    font_paths: tuple[str, ...]
    families: tuple[str, ...]
    coverage: Coverage


class UndrawableError(Exception):
    """The fonts cannot draw some of the text; nothing was printed."""

    def __init__(self, found: Sequence[Undrawable]) -> None:
        super().__init__("; ".join(one.sentence() for one in found))
        self.found = tuple(found)


def ward_pack(pack: UnitPack, press: Press, *, substitute: bool = False) -> Pdf:
    """Return the pack of one unit.

    Raises UndrawableError when text holds characters the fonts cannot draw; with `substitute`
    they are printed as their numbers, `[U+0E01]`, for a ward that cannot wait for a font.
    """
    found = undrawable(pack, press.coverage)
    if found and not substitute:
        raise UndrawableError(found)
    content = _content(pack, press)
    if found:
        content = _mapped(content, press.coverage.substituted)
    for spare in range(1, TRIES_MAX + 1):
        try:
            return _printed({**content, **_codes(pack, 2 ** (spare - 1))}, press)
        except typst.TypstError as error:
            if MORE_CODES_NEEDED not in str(error) or spare == TRIES_MAX:
                raise
    raise AssertionError("the last try returns or raises")


def undrawable(pack: UnitPack, coverage: Coverage) -> list[Undrawable]:
    """Return what the fonts cannot draw, bed by bed, without the text itself."""
    found: list[Undrawable] = []
    for sheets in pack.patients:
        for where, part in _parts(sheets, pack).items():
            missing = coverage.missing(_joined(part))
            if missing:
                bed = sheets.stay.location.words() or "none"
                found.append(Undrawable(bed, where, missing))
    return found


def _parts(sheets: PatientSheets, pack: UnitPack) -> dict[str, Any]:
    return {
        "banner": banner(sheets, pack),
        "summary": summary_sheet.summary(sheets, pack),
        "mar": mar_sheet.mar(sheets, pack),
    }


def _content(pack: UnitPack, press: Press) -> dict[str, Any]:
    return {
        "site": pack.site,
        "unit": pack.unit,
        "paper": pack.paper,
        "number": pack.number,
        "mode": mode_line(pack),
        "age": data_age(pack),
        "printed": clinical_time(pack.now, pack.zone),
        "fonts": list(press.families),
        "forms": {
            "census": census_sheet.FORM,
            "summary": summary_sheet.FORM,
            "mar": mar_sheet.FORM,
        },
        "census": census_sheet.census(pack),
        "patients": [_parts(sheets, pack) for sheets in pack.patients],
    }


def _codes(pack: UnitPack, factor: int) -> dict[str, Any]:
    """Return codes for at least as many pages as each sheet is likely to have."""
    per_patient = [
        {
            "summary_codes": _code_list(
                summary_sheet.FORM, one.handle, pack, rows=_summary_rows(one), factor=factor
            ),
            "mar_codes": _code_list(
                mar_sheet.FORM, one.handle, pack, rows=len(one.mar.rows), factor=factor
            ),
        }
        for one in pack.patients
    ]
    rows = len(pack.patients)
    codes = _code_list(census_sheet.FORM, BLANK, pack, rows=rows, factor=factor)
    return {"codes": codes, "patient_codes": per_patient}


def _summary_rows(sheets: PatientSheets) -> int:
    results = sheets.results
    text = sum(
        len(line.observation.value) // 60 + 1 for r in results.reports for line in r.observations
    )
    chart = sheets.chart
    return len(results.analytes) + text // 3 + len(chart.problems) + len(chart.contacts)


def _code_list(
    form: str, handle: str, pack: UnitPack, *, rows: int, factor: int
) -> list[dict[str, Any]]:
    pages = (rows // _ROWS_A_PAGE[form] + 2) * factor
    found = [drawn(sheet_code(form, page, handle, pack.number)) for page in range(1, pages + 1)]
    return [{"size": size, "path": path} for size, path in found]


def _printed(content: dict[str, Any], press: Press) -> Pdf:
    codes = content.pop("patient_codes")
    content["patients"] = [
        {**patient, **own} for patient, own in zip(content["patients"], codes, strict=True)
    ]
    files = {
        "main": press.templates["pack.typ"],
        **press.templates,
        "pack.json": msgspec.json.encode(content),
    }
    body = typst.compile(  # type: ignore[call-overload]  # takes files by name too, unstated
        files,
        format="pdf",
        font_paths=list(press.font_paths),
        ignore_system_fonts=True,
        pdf_tags=False,
    )
    assert isinstance(body, bytes), "one document"
    return Pdf(body, body.count(b"/Type /Page\n") or body.count(b"/Type/Page/"))


def _joined(part: Any) -> str:
    """Return all text of a part of the content."""
    if isinstance(part, str):
        return part
    if isinstance(part, dict):
        return "".join(map(_joined, part.values()))
    return "".join(map(_joined, part)) if isinstance(part, list) else ""


def _mapped(part: Any, change: Callable[[str], str]) -> Any:
    if isinstance(part, str):
        return change(part)
    if isinstance(part, dict):
        return {key: _mapped(value, change) for key, value in part.items()}
    if isinstance(part, list):
        return [_mapped(value, change) for value in part]
    return part
