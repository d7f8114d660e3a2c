"""Wristbands of a ward or of one patient, on a printer of wristbands or as PDF for their stock.

Each band carries what `paper.labels.wearer` demands: name, birth date, sex and number, never
shortened. Where one cannot be printed nothing is, until somebody has seen which is to be written by
hand and asks for the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.documents import one_after_the_other
from wardlight.paper.labels.wearer import CannotPrintError, Wearer
from wardlight.paper.labels.wristband import wristband
from wardlight.paper.labels.zpl import band_zpl
from wardlight.rules.access import May, may
from wardlight.rules.asking import Author
from wardlight.views.rows import Stay
from wardlight.web.access.sight import sight_of
from wardlight.web.addresses import site_url
from wardlight.web.banner import Opened, banner_of, open_patient, site_of
from wardlight.web.entering.entries import author_of
from wardlight.web.entering.forms import fields_of
from wardlight.web.page import Content, Desk, Screen, answered, desk_of
from wardlight.web.paperwork.print_centre import PrinterRow
from wardlight.web.registration.labels import wearer_of
from wardlight.web.times import Times

BANDS_MAX = 200  # of one action: no ward has more beds
BANDS = "wristbands"
SEE_OTHER, UNAUTHORIZED, FORBIDDEN, WRONG = 303, 401, 403, 422
NOBODY = "Nobody is on this ward now."
TOO_MANY = f"At most {BANDS_MAX} wristbands at once."
NO_PRINTER = "This is no printer of wristbands. Choose another, or the PDF."
NOT_YOURS = "Wristbands are printed by those who keep paper."


class Band(Struct, frozen=True):
    """One wristband to be printed, and where its wearer lies."""

    bed: str
    wearer: Wearer


class Unprinted(Struct, frozen=True):
    """A band that cannot be printed, and why, without the patient's name."""

    bed: str
    because: str


class Printing(Struct, frozen=True, kw_only=True):
    """Whose bands are printed, where, and on what."""

    site: str
    unit: str
    bands: tuple[Band, ...]
    printer: str  # "": as PDF
    rest: bool  # somebody has seen which cannot be printed, and asks for the others
    by: Author
    here: str  # the address it was asked from
    opened: Opened | None = None  # the one patient; None: a ward


def routes() -> list[BaseRoute]:
    """Return the addresses where wristbands are printed."""
    return [
        Route("/printers/{site}/wristbands", of_ward, methods=["POST"]),
        Route("/patient/{handle}/wristband", of_patient, methods=["POST"]),
    ]


def band_printers(desk: Desk, site: str) -> list[str]:
    """Return the printers of a site that hold wristbands, by name."""
    found: Sequence[PrinterRow] = desk.printing.printers(site) if desk.printing else ()
    return [one.name for one in found if one.bands]


async def of_ward(request: Request) -> Response:
    """Print a wristband of everybody who is on a ward now, in the order of the beds."""
    desk = desk_of(request)
    site = desk.site(request.path_params["site"]).code
    author = _author(request)
    fields = await fields_of(request)
    unit = fields.get("unit", "")
    if not sight_of(request).unit(site, unit):
        raise HTTPException(FORBIDDEN, "This is not one of your wards.")
    stays = desk.views.census.present(site, unit)
    asked = Printing(
        site=site,
        unit=unit,
        bands=tuple(_band(desk, _opened(desk, one)) for one in stays[:BANDS_MAX]),
        printer=fields.get("printer", ""),
        rest=fields.get("rest") == "yes",
        by=author,
        here=site_url("printers", site),
    )
    if not stays or len(stays) > BANDS_MAX:
        return await _told(request, asked, (), TOO_MANY if stays else NOBODY)
    return await _printed(request, asked)


async def of_patient(request: Request) -> Response:
    """Print the wristband of one patient."""
    opened = await open_patient(request)
    desk = desk_of(request)
    author = _author(request)
    fields = await fields_of(request)
    asked = Printing(
        site=site_of(desk, opened),
        unit=opened.stay.location.unit if opened.stay else "",
        bands=(_band(desk, opened),),
        printer=fields.get("printer", ""),
        rest=False,
        by=author,
        here=f"{desk.patient_url(opened.patient)}/paper",
        opened=opened,
    )
    return await _printed(request, asked)


def _author(request: Request) -> Author:
    author = author_of(request, "")
    if author is None:
        raise HTTPException(UNAUTHORIZED, "Sign in first.")
    if author.role and not may(author.role, May.KEEP_PAPER):
        raise HTTPException(FORBIDDEN, NOT_YOURS)
    return author


def _opened(desk: Desk, stay: Stay) -> Opened:
    """Return a patient of the ward; the ward itself is what somebody may see, or may not."""
    patient = desk.views.people.resolve(stay.patient)
    person = desk.views.people.person(patient)
    assert person is not None, "who is in the census is known"
    return Opened(patient, person, stay, desk.views.chart(patient))


def _band(desk: Desk, opened: Opened) -> Band:
    bed = opened.stay.location.words() if opened.stay else ""
    return Band(bed or "No bed", wearer_of(desk, opened))


async def _printed(request: Request, asked: Printing) -> Response:
    """Make every band first; print them when all are made, or when the others are asked for."""
    desk = desk_of(request)
    if asked.printer and asked.printer not in band_printers(desk, asked.site):
        return await _told(request, asked, (), NO_PRINTER)
    made: list[bytes] = []
    cannot: list[Unprinted] = []
    for one in asked.bands:
        try:
            made.append(await asyncio.to_thread(_made, desk, one.wearer, asked))
        except CannotPrintError as error:
            cannot.append(Unprinted(one.bed, str(error)))
    if not made or (cannot and not asked.rest):
        return await _told(request, asked, cannot)
    if not asked.printer:
        return Response(one_after_the_other(made), media_type="application/pdf")
    assert desk.printing is not None, "a printer was found"
    wrong = await desk.printing.print_bands(asked.site, asked.printer, asked.unit, made, asked.by)
    if wrong:
        return await _told(request, asked, (), " ".join(wrong))
    return RedirectResponse(site_url("printers", asked.site), SEE_OTHER)


def _made(desk: Desk, wearer: Wearer, asked: Printing) -> bytes:
    """Return one band as its printer takes it; raises CannotPrintError."""
    if not asked.printer:
        return wristband(wearer, desk.press()).body
    assert desk.printing is not None, "a printer was found"
    dpi = next(one.dpi for one in desk.printing.printers(asked.site) if one.name == asked.printer)
    return band_zpl(wearer, dpi=dpi).encode()


async def _told(
    request: Request, asked: Printing, cannot: Sequence[Unprinted], wrong: str = ""
) -> Response:
    """Say what was not printed and why, and offer the others."""

    async def make(desk: Desk, t: Times) -> Content:
        return {
            "asked": asked,
            "cannot": cannot,
            "wrong": wrong,
            "others": len(asked.bands) - len(cannot) if cannot else 0,
            "banner": banner_of(desk, asked.opened, t) if asked.opened else None,
            "tab": "paper",
        }

    screen = Screen(template="wristbands.html", make=make, site=asked.site, status=WRONG)
    return await answered(request, screen)
