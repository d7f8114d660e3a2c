"""What a page says, offered as entries: the picture of each row beside a form to be confirmed.

Ticks that a person confirmed are filled in; what was written by hand is read by a person. Each row
goes the one way every entry goes, with the sheet, page and row it was typed from, and once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.forms.form_file import BoxKind, Field, Form
from wardlight.paper.forms.form_layout import LETTER
from wardlight.record import catalogue
from wardlight.record.sheet_serial import serial_in
from wardlight.rules.bedside.observations import CHOICES
from wardlight.rules.times import BACK_DAYS_MAX
from wardlight.views.facts import Chart
from wardlight.views.paperwork.scans import ScannedPage
from wardlight.views.paperwork.sheets import Marked
from wardlight.web.banner import Opened, banner_of, open_patient
from wardlight.web.page import Content, Desk, Screen, answered, desk_of
from wardlight.web.paperwork.form_rows import (
    MEDICINES,
    Crop,
    Drawn,
    crop_of,
    crop_of_row,
    fields_of_row,
    form_name,
    rows_of_page,
)
from wardlight.web.times import Times

NOT_FOUND = 404
TIMES = ("on", "at")  # always asked for, whether the form has a place for them or not
HERE: Mapping[str, str] = {
    catalogue.VITALS_CHARTED: "Observations",
    catalogue.FLUID_CHARTED: "Fluid",
    catalogue.NOTE_WRITTEN: "Note",
    catalogue.DOSE_CHARTED: "Dose",
    catalogue.ORDER_WRITTEN: "Order",
}
"""What is entered beside the picture. The rest has a screen with steps of its own."""

ELSEWHERE: tuple[tuple[str, str, str], ...] = (
    ("patient.left", "", "the patient's page"),
    ("patient.", "", "registration"),
    ("specimen.", "/laboratory", "the laboratory page of the patient"),
    ("result.", "/laboratory", "the laboratory page of the patient"),
    ("imaging.", "/laboratory", "the laboratory page of the patient"),
    ("blood.", "/laboratory", "the laboratory page of the patient"),
    ("transfusion.", "/laboratory", "the laboratory page of the patient"),
    ("transfer.", "/transfer", "the transfer desk"),
)
_UNIT = ("unit", "Unit, in full")
_BEHALF = ("on_behalf_of", "Written on the sheet by")
FURTHER: Mapping[str, tuple[tuple[str, str], ...]] = {
    catalogue.VITALS_CHARTED: (("note", "Note"),),
    catalogue.FLUID_CHARTED: (),
    catalogue.NOTE_WRITTEN: (_BEHALF,),
    catalogue.DOSE_CHARTED: (_UNIT, ("route", "Route"), _BEHALF),
    catalogue.ORDER_WRITTEN: (
        ("drug", "Medicine, generic name"),
        ("amount", "Dose"),
        _UNIT,
        ("route", "Route"),
        ("pattern", "How often"),
        ("indication", "What for"),
        ("text", "In words"),
        ("prescriber", "Prescriber"),
        ("read_back_by", "Read back by"),
    ),
}
"""What an entry may need that a form has no box for."""
SPOKEN = ("spoken", (("yes", "spoken, read back"), ("no", "written and signed")))
LONG_MM = 12.0  # a box as high as this holds sentences


class Asked(Struct, frozen=True, kw_only=True):
    """One field of a proposed entry: what is asked, what was ticked, and its picture."""

    name: str
    label: str
    crop: Crop | None = None
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    is_long: bool = False
    note: str = ""


class Row(Struct, frozen=True, kw_only=True):
    """One row of a page."""

    row: str
    id: str  # for an address within the page
    title: str
    kind: str
    words: str  # what it becomes; "" for what is entered at a screen of its own
    screen: tuple[str, str] = ("", "")  # that screen: below the patient's address, and its name
    crop: Crop | None = None
    asked: tuple[Asked, ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()
    done: Marked | None = None
    is_ticked: bool = False


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/patient/{handle}/scans/{image}/enter", proposals)]


async def proposals(request: Request) -> Response:
    """Show a page of a patient, row by row, with what can be entered from it."""
    opened = await open_patient(request)
    page = _page_of(desk_of(request), opened, request.path_params["image"])

    async def make(desk: Desk, t: Times) -> Content:
        rows = rows_on(desk, page, opened.chart)
        here = f"{desk.patient_url(opened.patient)}/scans"
        waiting = [one for one in rows if one.done is None]
        return {
            "tab": "scans",
            "banner": banner_of(desk, opened, t),
            "handle": desk.handles.of(opened.patient),
            "base": here,
            "picture": f"{here}/{page.said.image}",
            "page": page,
            "gone": desk.scans is None or desk.scans.image(page.said.image) is None,
            "rows": rows,
            "waiting": waiting,
            "days": days_of(t),
            "compare": page.proposes(),
            **_sheet_words(desk, page),
        }

    screen = Screen(template="scan_rows.html", make=make, site=page.site)
    return await answered(request, screen)


def _page_of(desk: Desk, opened: Opened, image: str) -> ScannedPage:
    page = desk.views.scans.page(image)
    if page is None or page.is_aside() or desk.views.people.resolve(page.patient) != opened.patient:
        raise HTTPException(NOT_FOUND, "This page is not filed on this patient.")
    return page


def _sheet_words(desk: Desk, page: ScannedPage) -> Content:
    """Return what the top of the page says of the sheet, and of whose it was printed."""
    serial = serial_in(page.serial) if page.serial else None
    sheet = desk.views.paperwork.sheet(serial) if serial else None
    return {
        "serial": serial.text() if serial else "",
        "title": desk.forms().title(form_name(desk.views, page)),
        "pages": sheet.pages if sheet else 0,
        "blank": sheet is not None and sheet.patient is None,
        "copies": sheet.copies if sheet else 1,
        "others": desk.views.scans.others(page),
    }


def days_of(t: Times) -> tuple[tuple[str, str], ...]:
    """Return the days a form offers, none of them chosen: a sheet says its own."""
    return ((t.iso_day(), "today"), *t.past_days(BACK_DAYS_MAX))


def rows_on(desk: Desk, page: ScannedPage, chart: Chart | None = None) -> list[Row]:
    """Return the rows of a page that become entries, those done among them."""
    forms, done = desk.forms().forms, desk.views.paperwork.rows(page.serial, page.page)
    every = rows_of_page(forms, desk.views, page)
    mine = [one for one in every if one.page == page.page]
    form = forms.get(form_name(desk.views, page))
    if form is None:  # a MAR of the pack, or nothing
        return [_doses(one.row, done.get(one.row)) for one in mine]
    return [_row(form, page, (one.row, one.kind), done.get(one.row), chart) for one in mine]


def _doses(row: str, done: Marked | None) -> Row:
    """Return the doses of a page of the pack's MAR: charted one by one on the medicines page."""
    return Row(
        row=row,
        id="row-0-0",
        title="Doses and new orders of this page",
        kind=MEDICINES,
        words="",
        screen=("/medicines", "the medicines page of the patient"),
        done=done,
    )


def _row(
    form: Form,
    page: ScannedPage,
    of: tuple[str, str],
    done: Marked | None,
    chart: Chart | None,
) -> Row:
    row, kind = of
    number = [int(one) for one in row.split(".")]
    part = form.part[number[0]]
    drawn = fields_of_row(form, page, row)
    words = HERE.get(kind, "")
    open_ = words and done is None
    return Row(
        row=row,
        id=f"row-{number[0]}-{number[1]}",
        title=f"{words or part.title}, row {number[1] + 1}" if part.rows else words or part.title,
        kind=kind,
        words=words,
        screen=next((one[1:] for one in ELSEWHERE if kind.startswith(one[0])), ("", "its screen")),
        crop=crop_of_row(form, page, drawn, row),
        asked=tuple(_asked(page, kind, drawn, chart)) if open_ else (),
        fixed=tuple(part.fixed.items()),
        done=done,
        is_ticked=any(one.ticked for one in drawn),
    )


def _asked(
    page: ScannedPage, kind: str, drawn: Sequence[Drawn], chart: Chart | None
) -> Iterable[Asked]:
    """Give the fields of a proposed entry: day and time first, and never filled in."""
    by_name = {one.field.to: one for one in drawn if one.field.to}
    for name, label in zip(TIMES, ("Day on the sheet", "Time on the sheet, 24-h"), strict=True):
        one = by_name.get(name) or by_name.get("at")
        yield Asked(name=name, label=label, crop=crop_of(page, one.boxes) if one else None)
    if kind == catalogue.DOSE_CHARTED:
        yield Asked(name="order", label="Which order", options=tuple(_orders(chart)))
    for one in drawn:
        if one.field.to and one.field.to not in TIMES:
            yield _of_field(page, one)
    for name, label in FURTHER.get(kind, ()):
        if name not in by_name:
            yield Asked(name=name, label=label)
    if kind == catalogue.ORDER_WRITTEN:
        yield Asked(name=SPOKEN[0], label="How it was ordered", options=SPOKEN[1])


def _of_field(page: ScannedPage, drawn: Drawn) -> Asked:
    field = drawn.field
    several = len(drawn.ticked) > 1
    return Asked(
        name=field.to,
        label=field.label,
        crop=crop_of(
            page, drawn.boxes, beside=LETTER * len(field.options[-1]) + 1 if field.options else 0
        ),
        value=drawn.ticked[0] if len(drawn.ticked) == 1 else "",
        options=_options(field),
        is_long=field.box is BoxKind.WRITE and field.height > LONG_MM,
        note=f"Ticked: {', '.join(drawn.ticked)}. Which is meant?" if several else "",
    )


def _options(field: Field) -> tuple[tuple[str, str], ...]:
    if field.box is BoxKind.TICK:
        return tuple(zip(field.values_of(), field.options, strict=True))
    return tuple((one, one) for one in CHOICES.get(field.to, ()))


def _orders(chart: Chart | None) -> Iterable[tuple[str, str]]:
    """Give the medicines of the chart, so that a dose is counted under its order."""
    for one in chart.orders if chart else ():
        if one.detail is not None and one.number:
            dose = " ".join(filter(None, (one.detail.dose, one.detail.unit)))
            yield one.number, " ".join(filter(None, (one.what.words(), dose)))
