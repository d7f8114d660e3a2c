"""Labels for a patient's papers and for specimens: on a roll of 57 x 32 mm or on sheets of 30."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from wardlight.paper.labels.symbols import linear, matrix
from wardlight.paper.labels.wearer import Specimen, Wearer, drawable, facts, specimen_facts
from wardlight.paper.labels.wristband import set_in_place
from wardlight.paper.packs.sheets import Pdf
from wardlight.paper.typeset import Press

PATIENT_LABELS = 10  # that go with a new patient
LABELS_MAX = 300  # of one printing


class Form(Struct, frozen=True, kw_only=True):
    """Where labels lie on a page; lengths in millimetres."""

    page_width: float
    page_height: float
    width: float
    height: float
    columns: int = 1
    rows: int = 1
    left: float = 0.0
    top: float = 0.0
    step_x: float = 0.0
    step_y: float = 0.0


ROLL = Form(page_width=57, page_height=32, width=57, height=32)
SHEETS = {
    "letter": Form(  # as Avery 5160: 1 x 2 5/8 inches
        page_width=215.9,
        page_height=279.4,
        width=66.675,
        height=25.4,
        columns=3,
        rows=10,
        left=4.7625,
        top=12.7,
        step_x=69.85,
        step_y=25.4,
    ),
    "a4": Form(  # as Avery 3489: 70 x 29.7 mm, edge to edge
        page_width=210,
        page_height=297,
        width=70,
        height=29.7,
        columns=3,
        rows=10,
        step_x=70,
        step_y=29.7,
    ),
}


def label_roll(what: Wearer | Specimen, press: Press, *, count: int = PATIENT_LABELS) -> Pdf:
    """Return labels for a roll, one on each page; raises CannotPrintError."""
    return _printed([what] * count, ROLL, press, skip=0)


def label_sheet(
    what: Sequence[Wearer | Specimen], press: Press, *, paper: str = "letter", skip: int = 0
) -> Pdf:
    """Return labels on sheets of 30, the first `skip` places of the first sheet left free.

    Raises CannotPrintError.
    """
    return _printed(what, SHEETS[paper], press, skip=skip)


def _printed(what: Sequence[Wearer | Specimen], form: Form, press: Press, *, skip: int) -> Pdf:
    places = form.columns * form.rows
    assert 0 < len(what) <= LABELS_MAX, "a printing has 1 to 300 labels"
    assert 0 <= skip < places, "a sheet has a free place"
    cells: dict[Wearer | Specimen, dict[str, Any]] = {one: _cell(one, press) for one in what}
    pages: list[list[tuple[int, dict[str, Any]]]] = []
    for number, one in enumerate(what, skip):
        page, at = divmod(number, places)
        if page == len(pages):
            pages.append([])
        pages[page].append((at, cells[one]))
    content = {"form": form, "pages": pages, "fonts": press.families}
    files = {
        "labels.json": msgspec.json.encode(content),
        "label.typ": press.templates["label.typ"],
    }
    return Pdf(set_in_place("labels.typ", files, press), len(pages))


def _cell(what: Wearer | Specimen, press: Press) -> dict[str, Any]:
    if isinstance(what, Specimen):
        said = drawable(specimen_facts(what), press.coverage)
        return {**said, "kind": "specimen", "code": linear(what.accession)}
    said = drawable(facts(what), press.coverage)
    return {**said, "kind": "patient", "code": matrix(what.code)}
