"""One print job of sheets: serials, drawing, the register, and then out as PDF or to a printer.

The serials are on disk and the sheets in the register before the paper leaves the node.
"""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from wardlight.paper.forms.form import FormJob, Wanted, printed_forms
from wardlight.paper.forms.form_file import Form
from wardlight.paper.forms.form_library import Library
from wardlight.paper.packs.pack import SHEETS_ALONE, UndrawableError, WardPack, ward_pack
from wardlight.paper.packs.patient_sheets import page_frame
from wardlight.paper.packs.sheets import PatientSheets, UnitPack
from wardlight.paper.typeset import Press
from wardlight.record.events.paperwork import Origin, SheetsIssued
from wardlight.record.instants import iso
from wardlight.web.entering.entries import author_of
from wardlight.web.page import Desk, answered, desk_of
from wardlight.web.paperwork.centre import centre_screen, printers_of
from wardlight.web.paperwork.issuing import issued
from wardlight.web.paperwork.taken import Taken

SEE_OTHER = 303
FORMS, SUMMARY = "forms", "summary and MAR"  # as the list of what was printed names them


class Ticket(Struct, frozen=True, kw_only=True):
    """What is to be printed, before it has serials."""

    site: str
    unit: str
    to: str
    forms: tuple[Form, ...] = ()  # none: the patient's summary and MAR
    copies: int = 1
    patient: PatientSheets | None = None
    origin: Origin = Origin.PAD
    replaces: str = ""
    because: str = ""
    printer: str = ""  # "" gives the PDF to whoever asked

    def sheets(self) -> int:
        """Return how many serials it takes."""
        return self.copies * len(self.forms) or SHEETS_ALONE


async def printed(request: Request, ticket: Ticket) -> Response:
    """Give the sheets their serials, draw them, put them into the register, hand them out."""
    desk = desk_of(request)
    if desk.serials is None:
        raise HTTPException(404, "Nothing is printed here.")
    if ticket.printer and ticket.printer not in printers_of(desk, ticket.site):
        raise HTTPException(422, "The settings name no such printer. Nothing was printed.")
    drill = desk.views.downtimes.at(ticket.site).drill
    run = await asyncio.to_thread(desk.serials.begin, ticket.site, ticket.sheets(), drill=drill)
    frame = page_frame(desk.views, desk.site(ticket.site), ticket.unit, now=desk.clock())
    frame = replace(frame, run=run)
    made = await asyncio.to_thread(_drawn, ticket, frame, desk.forms(), desk.press())
    said = SheetsIssued(
        runs=made.runs,
        unit=ticket.unit,
        to=ticket.to,
        origin=ticket.origin,
        as_of=iso(frame.as_of) if ticket.patient and frame.as_of is not None else "",
        replaces=ticket.replaces,
        because=ticket.because,
    )
    if ticket.printer:
        return await _queued(request, ticket, Taken(made.pdf.body, said, drill=drill))
    await issued(request, ticket.site, said, drill=drill)
    name = f"sheets-{run.first.text()}.pdf"
    headers = {"content-disposition": f'inline; filename="{name}"', "cache-control": "no-store"}
    return Response(made.pdf.body, media_type="application/pdf", headers=headers)


async def _queued(request: Request, ticket: Ticket, sheets: Taken) -> Response:
    """Send sheets to a printer, and show the list where it is said what becomes of them."""
    desk: Desk = desk_of(request)
    author = author_of(request, "")
    if author is None:
        raise HTTPException(401, "Sign in first.")
    assert desk.printing is not None, "a printer was named"
    what = FORMS if ticket.forms else SUMMARY
    wrong = await desk.printing.print_sheets(ticket.site, ticket.printer, what, sheets, author)
    if wrong:
        return await answered(request, centre_screen(request, " ".join(wrong), ticket.site))
    return RedirectResponse(f"/printers/{quote(ticket.site, safe='')}", SEE_OTHER)


def _drawn(ticket: Ticket, frame: UnitPack, library: Library, press: Press) -> WardPack:
    """Return the sheets; what no font can draw is printed as its number, for care comes first."""
    try:
        return _sheets(ticket, frame, library, press)
    except UndrawableError:
        return _sheets(ticket, frame, library, press, substitute=True)


def _sheets(
    ticket: Ticket, frame: UnitPack, library: Library, press: Press, *, substitute: bool = False
) -> WardPack:
    if not ticket.forms:
        assert ticket.patient is not None, "a summary is somebody's"
        alone = replace(frame, patients=(ticket.patient,), alone=True)
        return ward_pack(alone, press, substitute=substitute)
    wanted = tuple(
        Wanted(form=one, copies=ticket.copies, document=library.documents.get(one.name()))
        for one in ticket.forms
    )
    job = FormJob(frame=frame, wanted=wanted, patient=ticket.patient)
    return printed_forms(job, press, substitute=substitute)
