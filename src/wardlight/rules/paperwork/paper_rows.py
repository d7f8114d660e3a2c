"""From paper into the record: a row of a scanned page becomes an entry once, by a person.

A form's file says which entry a row becomes; a person reads the picture, types what is written and
answers for it. Nothing of a page is charted by itself, no time is guessed, and the patient is the
one whose sheet it is (domain.md H1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardlight.record.events.entered import PaperRow
from wardlight.record.events.scans import Closed, RowsClosed
from wardlight.record.sheet_serial import serial_in
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.times import time_words

if TYPE_CHECKING:
    from wardlight.views.paperwork.scans import ScannedPage
    from wardlight.views.paperwork.sheets import FormRow, Marked

IMAGE, ROW = "paper_image", "paper_row"  # the fields that name a row
REASON_MAX = 300
NO_PAGE = "This page is not on a patient's sheet any more: look at it again."
OTHER_PATIENT = "This page is another patient's. Nothing was entered: look whose sheet it is."
NO_ROW = "This row of the sheet does not become such an entry: use the screen for it."
BEING_ENTERED = "Somebody is entering this row at this moment: look at the page again."
WRITE_TIME = "Write the time that stands on the sheet. One that nobody wrote is not made up."
WRITE_DAY = "Choose the day that stands on the sheet."
NOTHING_YET = "Nothing was entered yet: look at the marked fields."


def from_paper(asked: Asked, ground: Ground) -> PaperRow | Refusal | None:
    """Return the row an entry is typed from, or why it cannot be; None for one without paper."""
    image, row = asked.fields.one(IMAGE), asked.fields.one(ROW)
    if not image and not row:
        return None
    page = _page(image, asked, ground)
    if isinstance(page, Refusal):
        return page
    of = rows_of_page(page, ground)
    if not any(one.row == row and one.kind == asked.kind for one in of):
        return Refusal(NO_ROW)
    paper = PaperRow(
        image=image, serial=page.serial, page=page.page, row=row, of=_rows_in_all(page, ground)
    )
    done = ground.views.paperwork.rows(page.serial, page.page).get(row)
    if done is not None:
        return Refusal(already(done, ground))
    if paper.claim() in ground.claimed:
        return Refusal(BEING_ENTERED)
    wrong = _no_time(asked)
    return Refusal(NOTHING_YET, wrong) if wrong else paper


def _no_time(asked: Asked) -> dict[str, str]:
    """Return what is missing of when it happened: an empty field never means now, from paper."""
    needed = {"at": WRITE_TIME, "on": WRITE_DAY}
    return {name: words for name, words in needed.items() if not asked.fields.one(name)}


def already(done: Marked, ground: Ground) -> str:
    """Return in words that a row was dealt with before, by whom and when."""
    what = f"closed ({done.closed})" if done.closed else "entered"
    return f"This row was {what} by {done.by}, {time_words(done.at, ground)}. It counts once."


def _page(image: str, asked: Asked, ground: Ground) -> ScannedPage | Refusal:
    """Return the page that is meant, if it is filed on the patient the entry is for."""
    page = ground.views.scans.page(image)
    if page is None or page.site != asked.site or page.unmatched() or page.is_aside():
        return Refusal(NO_PAGE)
    people = ground.views.people
    if not page.patient or people.resolve(page.patient) != people.resolve(asked.patient):
        return Refusal(OTHER_PATIENT)
    return page


def rows_of_page(page: ScannedPage, ground: Ground) -> tuple[FormRow, ...]:
    """Return which rows of a page become which entries, as the form of its sheet says."""
    return tuple(one for one in _form_rows(page, ground) if one.page == page.page)


def _rows_in_all(page: ScannedPage, ground: Ground) -> int:
    return len(_form_rows(page, ground))


def _form_rows(page: ScannedPage, ground: Ground) -> tuple[FormRow, ...]:
    serial = serial_in(page.serial)
    sheet = ground.sheet(serial) if serial else None
    return ground.rows.get(sheet.form if sheet else page.said.form, ())


def close(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Say that nothing more is to be entered from rows of a page; no entry is undone by it."""
    page = _page(asked.fields.one("image"), asked, ground)
    if isinstance(page, Refusal):
        return page
    how, reason = asked.fields.one("how"), asked.fields.one("reason")[:REASON_MAX]
    done = ground.views.paperwork.rows(page.serial, page.page)
    known = [one.row for one in rows_of_page(page, ground)]
    rows = tuple(one for one in known if one in asked.fields.many("row") and one not in done)
    wrong = _wrong_closing(how, reason)
    if not rows:
        return Refusal("These rows were entered or closed already, or are not on this page.")
    if wrong:
        return Refusal("Nothing was closed yet.", wrong)
    said = RowsClosed(
        image=page.said.image,
        serial=page.serial,
        page=page.page,
        rows=rows,
        of=_rows_in_all(page, ground),
        how=Closed(how),
        reason=reason,
    )
    return Accepted(said=said, occurred=ground.now)


def _wrong_closing(how: str, reason: str) -> dict[str, str]:
    if how not in tuple(Closed):
        return {"how": "Say why nothing more is entered from it."}
    if how == Closed.CANNOT and not reason:
        return {"reason": "Say what keeps it from being entered: not readable, no time on it …"}
    return {}
