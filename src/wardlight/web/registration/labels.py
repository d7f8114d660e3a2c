"""Wristbands and labels of one patient, as PDF for any printer and ZPL for a label printer."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.labels.labels import label_roll
from wardlight.paper.labels.wearer import CannotPrintError, Wearer, numbered
from wardlight.paper.labels.wristband import wristband
from wardlight.paper.labels.zpl import band_zpl, label_zpl
from wardlight.record.downtime_number import DowntimeNumber, read_downtime_number
from wardlight.views.rows import StayState
from wardlight.views.words import number_groups, number_of
from wardlight.web.banner import Opened, open_patient, site_of
from wardlight.web.page import Desk, desk_of
from wardlight.wire.entered.registration import DOWNTIME_KIND

LABELS = 10
DPI = (203, 300)


def routes() -> list[BaseRoute]:
    """Return the addresses of what is printed."""
    return [
        Route("/patient/{handle}/wristband.pdf", band_pdf),
        Route("/patient/{handle}/labels.pdf", labels_pdf),
        Route("/patient/{handle}/wristband.zpl", band_text),
        Route("/patient/{handle}/labels.zpl", labels_text),
    ]


async def band_pdf(request: Request) -> Response:
    """Hand out the wristband, 25 by 279 mm."""
    desk, wearer = await _asked(request)
    try:
        return Response(wristband(wearer, desk.press()).body, media_type="application/pdf")
    except CannotPrintError as error:
        return _cannot(error)


async def labels_pdf(request: Request) -> Response:
    """Hand out ten labels on a roll, 57 by 32 mm each."""
    desk, wearer = await _asked(request)
    try:
        body = label_roll(wearer, desk.press(), count=LABELS).body
        return Response(body, media_type="application/pdf")
    except CannotPrintError as error:
        return _cannot(error)


async def band_text(request: Request) -> Response:
    """Hand out the wristband as ZPL II."""
    _, wearer = await _asked(request)
    try:
        return Response(band_zpl(wearer, dpi=_dpi(request)), media_type="text/plain")
    except CannotPrintError as error:
        return _cannot(error)


async def labels_text(request: Request) -> Response:
    """Hand out ten labels as ZPL II."""
    _, wearer = await _asked(request)
    try:
        text = label_zpl(wearer, dpi=_dpi(request), count=LABELS)
        return Response(text, media_type="text/plain")
    except CannotPrintError as error:
        return _cannot(error)


def _dpi(request: Request) -> int:
    asked = request.query_params.get("dpi", "203")
    return int(asked) if asked in map(str, DPI) else DPI[0]


def _cannot(error: CannotPrintError) -> Response:
    return Response(f"{error} Nothing was printed.", 409, media_type="text/plain")


async def _asked(request: Request) -> tuple[Desk, Wearer]:
    opened = await open_patient(request)
    desk = desk_of(request)
    return desk, wearer_of(desk, opened)


def wearer_of(desk: Desk, opened: Opened) -> Wearer:
    """Return what stands on a patient's band and labels."""
    person, site = opened.person, site_of(desk, opened)
    prefix = desk.sites[site].gs1_prefix if site in desk.sites else ""
    called = person.name.family if person.name.kind == "S" else ""
    alike = has_namesake(desk, opened)
    return Wearer(
        **_numbered(opened, prefix),
        name=person.name,
        called=called,
        birth=person.birth,
        sex=person.sex,
        relation=f"Newborn of {person.mother}" if person.mother else "",
        allergies=opened.chart.allergies.state,
        unconfirmed=person.unconfirmed,
        name_alert=alike,
    )


def _numbered(opened: Opened, prefix: str) -> dict[str, Any]:
    for one in opened.person.identifiers:
        number = read_downtime_number(one.value) if one.kind == DOWNTIME_KIND else None
        if isinstance(number, DowntimeNumber):
            return numbered(number, prefix=prefix)
    label, number_text = number_of(opened.patient, opened.person)
    return {
        "number": " ".join(number_groups(number_text)),
        "code": number_text,
        "number_label": label,
    }


def has_namesake(desk: Desk, opened: Opened) -> bool:
    """Return whether somebody with a like name lies on the same unit."""
    stay = opened.stay
    if stay is None or stay.state is not StayState.PRESENT:
        return False
    people = desk.views.people
    there = desk.views.census.present(stay.site, stay.location.unit)
    return opened.patient in people.similar([people.resolve(one.patient) for one in there])
