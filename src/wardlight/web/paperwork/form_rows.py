"""Rows of forms as a page of a scan shows them: which entry each becomes, and where it is drawn.

Millimetres of a form are the same on every paper; where they lie in a picture, its four corner
codes said when it was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from wardlight.paper.forms.form_file import BoxKind, Field, Form, Whose
from wardlight.paper.forms.form_layout import LABEL_LINE, Box, Use, layout_of
from wardlight.paper.packs.mar import FORM as PACK_MAR
from wardlight.paper.scans.forms import names_of
from wardlight.record.events.scans import Outcome
from wardlight.record.sheet_serial import serial_in
from wardlight.views.fold import Views
from wardlight.views.paperwork.scans import ScannedPage
from wardlight.views.paperwork.sheets import FormRow

PAPER = "a4"  # boxes stand in the same place on every paper
AROUND_MM = 1.0
LIES = 9  # numbers of a projective map
MEDICINES = "medicines"  # no entry of this name: many doses stand on a page, each charted by itself


class Crop(Struct, frozen=True):
    """A part of a picture, in its pixels."""

    x: int
    y: int
    w: int
    h: int


class Drawn(Struct, frozen=True):
    """One field of a row, its boxes and what was ticked in them."""

    field: Field
    boxes: tuple[Box, ...]
    ticked: tuple[str, ...]


def rows_of(form: Form | None) -> tuple[FormRow, ...]:
    """Return which rows of a form become which entries; none of a site's own document.

    A call sheet is entered as a whole, on its own page (`web/clinics/call_sheets.py`).
    """
    if form is None or form.pdf or form.whose is Whose.CALL:
        return ()
    boxes = layout_of(form, PAPER).boxes
    rows = {(one.page, f"{one.part}.{one.row}"): one.kind for one in boxes if one.kind}
    return tuple(FormRow(page, row, kind) for (page, row), kind in rows.items())


def rows_of_page(forms: Mapping[str, Form], views: Views, page: ScannedPage) -> tuple[FormRow, ...]:
    """Return the rows of all pages of the sheet a page is of.

    A MAR of the pack has one a page: how many doses were written into its boxes nobody knows, so
    they are charted on the medicines page and a person says when all of them are.
    """
    serial = serial_in(page.serial) if page.serial else None
    sheet = views.paperwork.sheet(serial) if serial else None
    pages = max(sheet.pages if sheet else 1, page.page)
    return rows_of_sheet(forms, sheet.form if sheet else page.said.form, pages)


def rows_of_sheet(forms: Mapping[str, Form], form: str, pages: int) -> tuple[FormRow, ...]:
    """Return the rows of a sheet of so many pages that was printed from a form or by a pack."""
    if form != PACK_MAR:
        return rows_of(forms.get(form))
    return tuple(FormRow(number, "0.0", MEDICINES) for number in range(1, pages + 1))


def form_name(views: Views, page: ScannedPage) -> str:
    """Return code and version of the form a page is of: as its sheet was printed.

    A page that was filed by its own code is of the form in it: the two were compared then.
    """
    if page.said.outcome is Outcome.FILED and page.serial == page.said.serial:
        return page.said.form
    serial = serial_in(page.serial) if page.serial else None
    sheet = views.paperwork.sheet(serial) if serial else None
    return sheet.form if sheet else page.said.form


def box_words(form: Form | None, page: int) -> dict[str, str]:
    """Return what a person reads of each tick box of a page: its row, and the word beside it.

    The name a box was kept under says its value ("yes"); on paper stands an option ("O2").
    """
    if form is None or form.pdf:
        return {}
    boxes = [one for one in layout_of(form, PAPER).boxes if one.use is Use.TICK]
    named = names_of(one for one in boxes if one.page == page)
    return {name: _words(form, box) for name, box in named.items()}


def _words(form: Form, box: Box) -> str:
    part = form.part[box.part]
    asked = [one for one in part.field if (one.to, one.label) == (box.to, box.label)]
    said = [dict(zip(one.values_of(), one.options, strict=True)) for one in asked]
    word = next((one[box.value] for one in said if box.value in one), box.value)
    words = ": ".join(filter(None, (box.label or box.to, word)))
    return f"Row {box.row + 1}, {words}" if part.rows else words


def fields_of_row(form: Form, page: ScannedPage, row: str) -> tuple[Drawn, ...]:
    """Return the fields of a row with their boxes and the ticks a person confirmed."""
    boxes = layout_of(form, PAPER).boxes
    ticks = names_of(one for one in boxes if one.use is Use.TICK and one.page == page.page)
    said = page.checked.ticked if page.checked else ()
    ticked = [ticks[name] for name in said if name in ticks]
    part = form.part[int(row.partition(".")[0])]
    mine = [one for one in boxes if f"{one.part}.{one.row}" == row]
    found, at = [], 0
    for field in part.field:  # boxes stand in the order of the fields, one for each option
        count = len(field.options) if field.box is BoxKind.TICK else 1
        of_field = tuple(one for one in mine[at : at + count] if one.page == page.page)
        values = tuple(one.value for one in of_field if one in ticked)
        if of_field:
            found.append(Drawn(field, of_field, values))
        at += count
    return tuple(found)


def crop_of(
    page: ScannedPage, boxes: Iterable[Box], *, above: float = 0, beside: float = 0
) -> Crop | None:
    """Return where boxes are in a picture; None where its corners did not say how it lies."""
    boxes = list(boxes)
    if len(page.said.lies) != LIES or not boxes:
        return None
    left = min(one.x for one in boxes) - AROUND_MM
    top = min(one.y for one in boxes) - AROUND_MM - above
    right = max(one.x + one.w for one in boxes) + AROUND_MM + beside
    below = max(one.y + one.h for one in boxes) + AROUND_MM
    corners = [(x, y) for x in (left, right) for y in (top, below)]
    found = [_in_picture(page.said.lies, x, y) for x, y in corners]
    across, down = [x for x, _ in found], [y for _, y in found]
    x, y = max(int(min(across)), 0), max(int(min(down)), 0)
    return Crop(x, y, int(max(across)) - x + 1, int(max(down)) - y + 1)


def crop_of_row(form: Form, page: ScannedPage, drawn: Sequence[Drawn], row: str) -> Crop | None:
    """Return where a whole row is in a picture, with its labels where it is a block."""
    part = form.part[int(row.partition(".")[0])]
    boxes = [box for one in drawn for box in one.boxes]
    return crop_of(page, boxes, above=0 if part.rows else LABEL_LINE)


def _in_picture(lies: tuple[float, ...], x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f, g, h, i = lies
    whole = g * x + h * y + i
    return (a * x + b * y + c) / whole, (d * x + e * y + f) / whole
