"""How sheets are shown on lists: which, whose, where, since when, and what was said of them."""

from __future__ import annotations

from urllib.parse import quote

from msgspec import Struct

from wardlight.record.events.paperwork import Origin
from wardlight.record.identity import PatientKey
from wardlight.record.instants import age_words
from wardlight.views.paperwork.sheets import IssuedSheet, SheetState
from wardlight.web.access.sight import Sight
from wardlight.web.page import Desk
from wardlight.web.times import Times
from wardlight.web.wards.board import MASKED, listed_name

ELSEWHERE = "a patient of another ward"
_ORIGINS = {
    Origin.PACK: "ward pack",
    Origin.DISK: "printed from the disk",
    Origin.SCREEN: "printed for the patient",
    Origin.PAD: "blank pad",
    Origin.REPRINT: "reprint",
}


class SheetLine(Struct, frozen=True, kw_only=True):
    """One sheet on a list."""

    serial: str
    href: str
    title: str
    form: str
    name: str  # of the patient; "" for a blank sheet
    patient: str  # address of their page; "" where that is not theirs to see who look
    unit: str
    to: str
    origin: str
    printed: str
    age: str
    state: SheetState
    pages: str
    notes: tuple[str, ...]
    asks: bool  # for a person to look at it


def line_of(desk: Desk, sheet: IssuedSheet, t: Times, sight: Sight) -> SheetLine:
    """Return the line of a sheet; nobody reads the name of another ward's patient here."""
    name, href = whose(desk, sheet.patient, sight)
    library = desk.forms()
    asks = _asks(sheet, old=library.is_old(sheet.form))
    told = ("replaced by a reprint",) if sheet.replaced_by else ()
    return SheetLine(
        serial=sheet.serial.text(),
        href=f"/paper/{quote(sheet.job.site, safe='')}/sheet/{sheet.serial.text()}",
        title=library.title(sheet.form),
        form=sheet.form,
        name=name,
        patient=href,
        unit=sheet.job.unit or "no unit",
        to=sheet.job.to,
        origin=_ORIGINS[sheet.job.origin],
        printed=t.at(sheet.job.at),
        age=age_words(max(0, t.now - sheet.job.at)),
        state=sheet.state,
        pages=f"{len(sheet.pages_in)} of {sheet.pages}" if sheet.pages_in else str(sheet.pages),
        notes=(*asks, *told),
        asks=bool(asks),
    )


def whose(desk: Desk, patient: PatientKey | None, sight: Sight) -> tuple[str, str]:
    """Return name and address of a sheet's patient, as far as they are theirs to see."""
    if patient is None:
        return "", ""
    key = desk.views.people.resolve(patient)
    if not sight.patient(desk, key):
        return ELSEWHERE, ""
    person = desk.views.people.person(key)
    masked = person is not None and person.protected
    return MASKED if masked else listed_name(person), desk.patient_url(key)


def _asks(sheet: IssuedSheet, *, old: bool) -> list[str]:
    """Return what a person has to look at."""
    said = []
    if old:
        said.append("OLD VERSION of this form")
    if sheet.is_incomplete():
        said.append(f"{sheet.pages - len(sheet.pages_in)} of {sheet.pages} pages are not back")
    if sheet.came_back:
        said.append("CAME BACK after it was said to be destroyed")
    if sheet.copies > 1:
        said.append(f"PRINTED {sheet.copies} TIMES: {sheet.copies} papers wear this serial")
    return said
