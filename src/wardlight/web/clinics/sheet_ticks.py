"""What was ticked on a call sheet that came back: an offer for the form, and never an entry.

Of a question with one answer two ticks say nothing; a box the reader was not sure of is named, so
that a person looks at the picture. Words written by hand are read by nobody but a person.
"""

from __future__ import annotations

from msgspec import Struct

from wardlight.paper.forms.form_file import Form
from wardlight.paper.forms.form_layout import Box, Use, layout_of
from wardlight.paper.scans.forms import names_of
from wardlight.views.clinics.call_sheets import CallSheet
from wardlight.views.paperwork.scans import TICKED, UNSURE, ScannedPage
from wardlight.web.page import Desk


class Read(Struct, frozen=True, kw_only=True):
    """What the boxes of a sheet say."""

    images: tuple[str, ...] = ()  # every picture of it, the one that was read first
    outcome: str = ""
    speaker: str = ""
    phone: str = ""
    told: frozenset[int] = frozenset()  # rows of its visits
    look: tuple[str, ...] = ()  # what a person has to decide from the picture


def read_off(desk: Desk, sheet: CallSheet, paper: str) -> Read:
    """Return what was read on the newest picture of a sheet; nothing while none is there."""
    pages = desk.views.scans.of_sheet(sheet.serial.code(), 1)
    if not pages:
        return Read()
    page = next((one for one in reversed(pages) if one.said.boxes), pages[-1])
    images = dict.fromkeys((page.said.image, *(one.said.image for one in pages)))
    form = desk.forms().forms.get(page.said.form)
    boxes = tick_boxes(form, paper) if form is not None else {}
    ticked, unsure = _boxes(page)
    found = [boxes[name] for name in ticked if name in boxes]
    look = [f"{name}: ticked or not?" for name in unsure]
    one = {field: _single(found, field, look) for field in ("outcome", "speaker", "phone")}
    at = int(one["phone"]) if one["phone"] else 0
    phones = sheet.lines.phones
    return Read(
        images=tuple(images),
        outcome=one["outcome"],
        speaker=one["speaker"],
        phone=phones[at - 1] if 0 < at <= len(phones) else "",
        told=frozenset(box.row for box in found if box.to == "told"),
        look=tuple(look if page.said.boxes else ["No box was read: type it from the picture."]),
    )


def tick_boxes(form: Form, paper: str) -> dict[str, Box]:
    """Return the boxes to tick of a call sheet by the names the reader of scans gives them."""
    return names_of(one for one in layout_of(form, paper).boxes if one.use is Use.TICK)


def _boxes(page: ScannedPage) -> tuple[list[str], list[str]]:
    """Return the names of the ticked boxes, and of those nobody is sure of."""
    if page.checked is not None:
        return list(page.checked.ticked), []
    boxes = page.said.boxes
    return (
        [one.name for one in boxes if one.tick == TICKED],
        [one.name for one in boxes if one.tick == UNSURE],
    )


def _single(found: list[Box], field: str, look: list[str]) -> str:
    """Return the one answer to a question; two are noted and say nothing."""
    said = [box for box in found if box.to == field]
    if len(said) > 1:
        look.append(f"{said[0].label}: {len(said)} boxes are ticked")
    return said[0].value if len(said) == 1 else ""
