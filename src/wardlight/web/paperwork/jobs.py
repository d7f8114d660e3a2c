"""Printing forms: blank pads, sheets for one patient, sets of a unit, reprints.

The serials are on disk and the sheets in the register before the paper leaves the node.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.forms.form import COPIES_MAX
from wardlight.paper.forms.form_file import Form, Whose
from wardlight.paper.packs.patient_sheets import patient_sheets
from wardlight.paper.packs.sheets import PatientSheets
from wardlight.record.events.paperwork import Origin
from wardlight.record.sheet_serial import SheetSerial, serial_on_paper
from wardlight.rules.access import May, may
from wardlight.rules.asking import Fields
from wardlight.views.paperwork.sheets import IssuedSheet
from wardlight.web.access.sight import assert_sees_site, assert_sees_unit
from wardlight.web.banner import open_key, open_patient
from wardlight.web.entering.entry_form import body_of
from wardlight.web.page import Desk, answered, desk_of, patient_of, who_of
from wardlight.web.paperwork.centre import centre_screen
from wardlight.web.paperwork.ticket import Ticket, printed
from wardlight.web.registration.labels import has_namesake

FIELDS_MAX = 200
SHEETS_MAX = 1_000  # of one print job
WORDS_MAX = 120
FROM_PACK = "A sheet of a ward pack is printed anew with its pack, under Printers or on the ward."
FROM_CALLS = "Say that this call sheet is missing: its patient is on the list of calls again."


def routes() -> list[BaseRoute]:
    """Return the addresses forms are sent to."""
    return [
        Route("/paper/{site}/print", blank, methods=["POST"]),
        Route("/patient/{handle}/paper/print", for_patient, methods=["POST"]),
        Route("/patient/{handle}/paper/summary", summary, methods=["POST"]),
        Route("/paper/{site}/reprint", reprint, methods=["POST"]),
    ]


async def blank(request: Request) -> Response:
    """Print blank sheets: forms one by one, or the set of a unit."""
    desk = desk_of(request)
    site = desk.site(request.path_params["site"])
    fields = await _fields(request)
    unit = fields.one("unit")
    if unit:
        assert_sees_unit(request, site.code, unit)
    else:
        assert_sees_site(request, site.code)
    forms = _chosen(desk, fields)
    copies = _copies(fields)
    if not forms:
        return await answered(request, centre_screen(request, "Choose a form or a set first."))
    if not copies or copies * len(forms) > SHEETS_MAX:
        words = f"Write how many of each: 1 to {COPIES_MAX}, {SHEETS_MAX:,} sheets at once."
        return await answered(request, centre_screen(request, words))
    ticket = Ticket(
        site=site.code,
        unit=unit,
        to=fields.one("to")[:WORDS_MAX],
        forms=tuple(forms),
        copies=copies,
        printer=fields.one("printer"),
    )
    return await printed(request, ticket)


async def for_patient(request: Request) -> Response:
    """Print forms for one patient, with what is known of them."""
    bare, fields = await _patients(request)
    forms = [one for one in _chosen(desk_of(request), fields) if one.whose is Whose.PATIENT]
    if not forms:
        raise HTTPException(422, "Choose a form first. Nothing was printed.")
    copies = min(_copies(fields) or 1, COPIES_MAX)
    return await printed(request, replace(bare, forms=tuple(forms), copies=copies))


async def summary(request: Request) -> Response:
    """Print the summary and the MAR of one patient as they are now, without the ward's pack."""
    bare, _ = await _patients(request)
    return await printed(request, bare)


async def _patients(request: Request) -> tuple[Ticket, Fields]:
    """Return a ticket of one patient's sheets, and what else was sent. Raises 403 and 409."""
    opened = await open_patient(request)
    desk, who = desk_of(request), who_of(request)
    if who is not None and not may(who.role, May.KEEP_PAPER):
        raise HTTPException(403, "Sheets are printed by the ward, its clerks and pharmacists.")
    if opened.stay is None:
        raise HTTPException(409, "No stay of this patient is known: print a blank sheet.")
    site = desk.site(opened.stay.site)
    fields = await _fields(request)
    sheets = patient_sheets(desk.views, site, opened.stay, now=desk.clock())
    ticket = Ticket(
        site=site.code,
        unit=opened.stay.location.unit,
        to=fields.one("to")[:WORDS_MAX],
        patient=replace(sheets, name_alert=has_namesake(desk, opened)),
        origin=Origin.SCREEN,
        printer=fields.one("printer"),
    )
    return ticket, fields


async def reprint(request: Request) -> Response:
    """Print a sheet anew, in its newest version; the old one stays out until somebody says."""
    desk = desk_of(request)
    site = desk.site(request.path_params["site"])
    assert_sees_site(request, site.code)
    fields = await _fields(request)
    serial = serial_on_paper(fields.one("serial"))
    found = desk.views.paperwork.sheet(serial) if isinstance(serial, SheetSerial) else None
    if found is None or found.job.site != site.code:
        raise HTTPException(404, "This sheet is not in the register.")
    because = fields.one("because")[:WORDS_MAX]
    if not because:
        raise HTTPException(422, "Say why it is printed again. Nothing was printed.")
    form = desk.forms().newest_of(found.form)
    if form is None or form.whose is Whose.CALL:
        raise HTTPException(409, FROM_PACK if form is None else FROM_CALLS)
    ticket = Ticket(
        site=site.code,
        unit=found.job.unit,
        to=found.job.to,
        forms=(form,),
        patient=await _patient_again(request, desk, found),
        origin=Origin.REPRINT,
        replaces=found.serial.code(),
        because=because,
        printer=fields.one("printer"),
    )
    return await printed(request, ticket)


async def _patient_again(request: Request, desk: Desk, found: IssuedSheet) -> PatientSheets | None:
    """Return whose reprint it is; None for a blank sheet. Raises 403 where it is not for them."""
    if found.patient is None:
        return None
    opened = open_key(request, await patient_of(desk, desk.handles.of(found.patient)))
    if opened.stay is None:
        raise HTTPException(409, "No stay of this patient is known: print a blank sheet.")
    site = desk.site(opened.stay.site)
    sheets = patient_sheets(desk.views, site, opened.stay, now=desk.clock())
    return replace(sheets, name_alert=has_namesake(desk, opened))


async def _fields(request: Request) -> Fields:
    body = (await body_of(request)).decode("utf-8", "replace")
    try:
        return Fields(parse_qsl(body, max_num_fields=FIELDS_MAX))
    except ValueError as error:
        raise HTTPException(400, "This form has too many fields.") from error


def _chosen(desk: Desk, fields: Fields) -> list[Form]:
    """Return the forms that were ticked, and those of a set that was chosen, each once."""
    codes, wanted = set(fields.many("form")), fields.one("set")
    return [
        one
        for one in desk.forms().printable()
        if one.code in codes or (wanted and wanted in one.sets)
    ]


def _copies(fields: Fields) -> int:
    """Return how many of each; 0 for what is no such number."""
    typed = fields.one("copies") or "1"
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 3):  # noqa: PLR2004 -- up to 500
        return 0
    return int(typed) if int(typed) <= COPIES_MAX else 0
