"""A sheet of observations, printed for a patient, filled in by a pen, scanned and read for real."""

from __future__ import annotations

import asyncio
from functools import cache

import numpy as np
from PIL import Image, ImageDraw
from tests.paper.forms.forms import job, library, ward
from tests.paper.scans.scanned import Gray
from tests.run.paperwork.scan_desk import CLERK
from tests.web.kept_copy import KeptCopy
from tests.web.screens import NUMBER
from tests.web.ward_of_28 import NOW, key_of

from wardlight.paper.forms.form import printed_forms
from wardlight.paper.forms.form_layout import LEFT, TOP, Box, Use, layout_of
from wardlight.paper.scans.forms import boxes_of, names_of
from wardlight.paper.scans.pictures import pages_of
from wardlight.record.events.paperwork import Origin, SheetRun, SheetsIssued
from wardlight.record.events.scans import BoxSaid, Outcome, PageScanned
from wardlight.record.sheet_serial import serial_in
from wardlight.rules.asking import Author
from wardlight.rules.paperwork.paperwork import issue_draft
from wardlight.rules.paperwork.scans import CodeFound, Placed, drafts_of
from wardlight.run.paperwork.press import load_press
from wardlight.run.paperwork.scan_answers import Layouts, PageOut
from wardlight.run.paperwork.scan_room import ScanRoom
from wardlight.run.paperwork.scan_worker import read_page

FORM = "OBSA"
PX = 150 / 25.4
ROUNDS = (
    ("22 NOV", "0130", "18", "96", "1", "", "128", "74", "88", "36.9", "A", "2", "", "AM"),
    ("22 NOV", "0230", "22", "93", "2", "2", "118", "70", "104", "38.1", "A", "4", "", "AM"),
)


@cache
def filled_in() -> tuple[Gray, SheetRun]:
    """Return the sheet as a scanner of 150 dpi sees it, and its serial."""
    patient = next(one for one in ward("a4").patients if one.stay.patient == key_of(NUMBER))
    made = printed_forms(job(FORM, patient=patient, paper="a4"), load_press())
    image = Image.fromarray(next(iter(pages_of(made.pdf.body))))
    pen = ImageDraw.Draw(image)
    boxes = layout_of(library().forms[FORM], "a4").boxes
    for row, values in enumerate(ROUNDS):
        _write(pen, [one for one in boxes if one.part == 0 and one.row == row], values)
    turned = image.rotate(0.7, resample=Image.Resampling.BICUBIC, fillcolor=255)
    return np.array(turned), made.runs[0]


def _write(pen: ImageDraw.ImageDraw, boxes: list[Box], values: tuple[str, ...]) -> None:
    """Write a round into its row: words where there is room for them, a tick into a box."""
    left = iter(values)
    ticks = [one for one in boxes if one.use is Use.TICK]
    for box in boxes:
        x, y = (box.x + LEFT) * PX, (box.y + TOP) * PX
        if box.use is Use.WRITE:
            pen.text((x + 6, y + 18), next(left), fill=40, font_size=24)
        elif box is ticks[0]:
            box = ticks[int(next(left)) - 1]  # noqa: PLW2901 -- the one that was meant
            x, y, side = (box.x + LEFT) * PX, (box.y + TOP) * PX, box.w * PX
            pen.line((x + 4, y + side / 2, x + side / 2, y + side - 4), fill=30, width=2)
            pen.line((x + side / 2, y + side - 4, x + side - 3, y + 3), fill=30, width=2)


@cache
def read() -> PageOut:
    """Return what the reader of scans makes of it."""
    layouts = Layouts("a4", boxes_of([library().forms[FORM]], "a4"))
    return read_page(filled_in()[0], 1, layouts)


def file_handwritten(copy: KeptCopy, room: ScanRoom) -> str:
    """File the page on its patient, its boxes compared; return its picture's digest."""
    out, (_, run) = read(), filled_in()
    serial = serial_in(run.first)
    assert serial is not None
    boxes = tuple(BoxSaid(one.name, one.tick.value, one.place) for one in out.boxes)
    said = PageScanned(
        image=room._files.keep_picture(out.jpeg),  # noqa: SLF001 -- as the room itself does
        file="0" * 64,
        number=1,
        outcome=Outcome.FILED,
        serial=run.first,
        form=FORM,
        page=1,
        corners="ABCD",
        boxes=boxes,
        lies=out.lies,
    )
    by = Author(account="sample", name="Clerk B. Sample")
    issued = SheetsIssued(runs=(run,), unit="4E", origin=Origin.SCREEN)
    where = Placed(CodeFound(serial, FORM, 1, "A", drill=False), key_of(NUMBER))

    async def write() -> None:
        await copy.write(issue_draft(issued, CLERK, site="MMH", now=NOW))
        for draft in drafts_of(said, where, by, site="MMH", now=NOW, intake="handwritten"):
            await copy.write(draft)

    asyncio.run(write())
    return said.image


def names() -> set[str]:
    """Return the boxes that were ticked, as the reader names them."""
    boxes = [one for one in layout_of(library().forms[FORM], "a4").boxes if one.use is Use.TICK]
    ticks = names_of(boxes)
    meant = {(row, "yes" if values[4] == "2" else "no") for row, values in enumerate(ROUNDS)}
    return {name for name, box in ticks.items() if (box.row, box.value) in meant}
