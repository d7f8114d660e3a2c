"""Forms on paper: for one patient or blank, one sheet or a pad, each with its serial and codes.

What is printed where is the layout's (`paper.form_layout`); this adds whose the sheet is, the facts
that are printed into it, and the codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, json, structs

from wardlight.paper.documents import Document, framed
from wardlight.paper.forms.form_facts import facts_of, rows_of
from wardlight.paper.forms.form_file import Form, Part, Whose
from wardlight.paper.forms.form_layout import Box, Layout, Words, layout_of
from wardlight.paper.head import banner, data_age, mode_line
from wardlight.paper.packs.pack import (
    NAME_MAX,
    TEXT_MAX,
    UndrawableError,
    WardPack,
    breakable,
    joined,
    mapped,
    shortened,
)
from wardlight.paper.packs.sheets import PatientSheets, Pdf, Undrawable, UnitPack
from wardlight.paper.sheet_codes import PrintRun
from wardlight.paper.typeset import Press, outline, typeset_alone
from wardlight.record.events.paperwork import SheetRun
from wardlight.record.instants import clinical_time

COPIES_MAX = 500  # of one form in one print job
FOR_DOWNTIME = "FOR USE WHILE THE EHR IS OFF"  # a pad is printed long before the day


class Wanted(Struct, frozen=True, kw_only=True):
    """One form of a print job, and how many sheets of it."""

    form: Form
    copies: int = 1
    document: Document | None = None


class FormJob(Struct, frozen=True, kw_only=True):
    """Forms to be printed at once: a set for one patient, a pad, or one sheet."""

    frame: UnitPack  # site, time, mode, paper and the serials
    wanted: tuple[Wanted, ...]
    patient: PatientSheets | None = None  # None: blank

    def sheets(self) -> int:
        """Return how many serials it takes."""
        return sum(one.copies for one in self.wanted)


def printed_forms(job: FormJob, press: Press, *, substitute: bool = False) -> WardPack:
    """Return the sheets as PDF, and as the register holds them.

    Raises UndrawableError when text holds characters the fonts cannot draw; with `substitute`
    they are printed as their numbers.
    """
    content = _content(job, press)
    missing = press.coverage.missing(joined(content))
    if missing and not substitute:
        bed = job.patient.stay.location.words() if job.patient else ""
        raise UndrawableError([Undrawable(bed or "any", "form", missing)])
    if missing:
        content = mapped(content, press.coverage.substituted)
    sheets, runs = _sheets(job)
    files = {
        "form.json": json.encode({**mapped(content, breakable), "sheets": sheets}),
        "page.typ": press.templates["page.typ"],
    }
    pages = sum(one["pages"] for one in sheets)
    body = typeset_alone("form.typ", files, press)
    if any(one.document for one in job.wanted):
        body = framed(body, _page_by_page(job))
    return WardPack(Pdf(body, pages), runs)


def _content(job: FormJob, press: Press) -> dict[str, Any]:
    frame, patient = job.frame, job.patient
    content = {
        "frame": {
            "site": frame.site,
            "unit": frame.unit,
            "paper": frame.paper,
            "mode": mode_line(frame) if patient or frame.serials().drill else FOR_DOWNTIME,
            "age": data_age(frame) if patient else "",
            "printed": clinical_time(frame.now, frame.zone),
            "head": "",
        },
        "fonts": list(press.families),
        "patient": banner(patient, frame) if patient else None,
        "forms": [_form(one, job) for one in job.wanted],
    }
    return {key: mapped(value, _shorter) for key, value in content.items()}


def _shorter(text: str) -> str:
    return shortened(text, NAME_MAX if "\n" not in text else TEXT_MAX)


def _form(wanted: Wanted, job: FormJob) -> dict[str, Any]:
    """Return one form as it is drawn on every sheet of it: page by page."""
    form = wanted.form
    layout = layout_of(form, job.frame.paper)
    facts = facts_of(job.patient, job.frame) if job.patient else {}
    lists = _lists(form, job)
    pages = wanted.document.pages if wanted.document else layout.pages
    return {
        "name": form.name(),
        "title": form.title.upper(),
        "log": form.whose is Whose.LOG,
        "approved": form.approved,
        "document": wanted.document is not None,
        "pages": [page_of(layout, number, facts, lists) for number in range(1, pages + 1)],
    }


def _lists(form: Form, job: FormJob) -> list[Sequence[Mapping[str, str]]]:
    """Return what fills the first rows of each part."""
    if job.patient is None:
        return [() for _ in form.part]
    return [_rows(part, job.patient, job.frame) if part.prefill else () for part in form.part]


def _rows(part: Part, patient: PatientSheets, frame: UnitPack) -> Sequence[Mapping[str, str]]:
    """Return the rows of one table; an empty list says so, and what has no room is counted."""
    rows = rows_of(part.prefill, patient, frame)
    first = next((field.prefill for field in part.field if field.prefill), "")
    if not rows:
        return [{first: "none known here"}]
    if len(rows) > part.rows:
        more = len(rows) - part.rows + 1
        return [*rows[: part.rows - 1], {first: f"AND {more} MORE: see the MAR"}]
    return rows


def page_of(
    layout: Layout,
    number: int,
    facts: Mapping[str, str],
    lists: Sequence[Sequence[Mapping[str, str]]],
) -> dict[str, Any]:
    """Return one page as it is drawn; `lists` has the rows of each part, of facts by name."""
    words = [_word(one, facts, lists) for one in layout.words if one.page == number]
    return {
        "boxes": [_drawn(one) for one in layout.boxes if one.page == number and one.part >= 0],
        "words": [one for one in words if one["text"]],
        "cells": [
            {"x": one.x, "y": one.y, "w": one.w, "h": one.h}
            for one in layout.cells
            if one.page == number
        ],
    }


def _drawn(box: Box) -> dict[str, Any]:
    return {"x": box.x, "y": box.y, "w": box.w, "h": box.h}


def _word(
    words: Words, facts: Mapping[str, str], lists: Sequence[Sequence[Mapping[str, str]]]
) -> dict[str, Any]:
    text = words.text
    if words.prefill and words.row < 0:
        text = facts.get(words.prefill, "")
    elif words.prefill:
        rows = lists[words.part]
        text = rows[words.row].get(words.prefill, "") if words.row < len(rows) else ""
    drawn = structs.asdict(words)
    return {key: drawn[key] for key in ("x", "y", "w", "h", "size", "bold", "fit")} | {"text": text}


def _sheets(job: FormJob) -> tuple[list[dict[str, Any]], tuple[SheetRun, ...]]:
    """Return every sheet with its codes, and the runs of serials they make."""
    told: list[dict[str, Any]] = []
    runs: list[SheetRun] = []
    place = 0
    for number, wanted in enumerate(job.wanted):
        layout = layout_of(wanted.form, job.frame.paper)
        pages = wanted.document.pages if wanted.document else layout.pages
        first = place
        for _ in range(wanted.copies):
            run = job.frame.serials()
            told.append(sheet_of(run, wanted.form.name(), number, (place, pages)))
            place += 1
        whose = (job.patient.stay.patient,) * wanted.copies if job.patient else ()
        first_code = job.frame.serials().serial(first).code()
        counts = (pages,) * wanted.copies
        runs.append(
            SheetRun(form=wanted.form.name(), first=first_code, pages=counts, patients=whose)
        )
    return told, tuple(runs)


def sheet_of(run: PrintRun, name: str, number: int, at: tuple[int, int]) -> dict[str, Any]:
    """Return one sheet with its codes; `at` is its place in the run, and its pages."""
    place, pages = at
    return {
        "form": number,
        "serial": run.serial(place).text(),
        "pages": pages,
        "codes": [
            [outline(code) for code in run.codes(name, page, place)] for page in range(1, pages + 1)
        ],
    }


def _page_by_page(job: FormJob) -> Iterator[tuple[Document, int] | None]:
    """Give for each printed page the document's page that stands on it; None for drawn forms."""
    for one in job.wanted:
        for _ in range(one.copies):
            if one.document is None:
                yield from (None,) * layout_of(one.form, job.frame.paper).pages
            else:
                yield from ((one.document, number) for number in range(one.document.pages))
