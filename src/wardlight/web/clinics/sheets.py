"""Paper call sheets: the next patients printed for a shift, and typed back under their number."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.contact import CallSheet, SheetPatient, SheetVisit, call_sheet
from wardlight.record import catalogue
from wardlight.record.events.contact import ContactLeased
from wardlight.record.identity import PatientKey
from wardlight.rules.access import May
from wardlight.rules.clinics.contact import SHEET_NUMBER
from wardlight.views.kept_rows import Row
from wardlight.web.clinics.calls import OUTCOMES, person_of
from wardlight.web.clinics.doors import site_for
from wardlight.web.clinics.lines import SPEAKERS
from wardlight.web.clinics.scripts import Scripts
from wardlight.web.entering.entries import Offered, taken
from wardlight.web.entering.forms import fields_of
from wardlight.web.modes import bar_of
from wardlight.web.page import Content, Desk, Screen, answered, desk_of, who_of, whole_minute
from wardlight.web.times import Times

NOT_FOUND, CONFLICT = 404, 409
SECRET = {"cache-control": "no-store"}


def routes() -> list[BaseRoute]:
    """Return the addresses of call sheets."""
    return [
        Route("/calls/{site}/sheet", printed, methods=["POST"]),
        Route("/calls/{site}/sheet", find, methods=["GET"]),
        Route("/calls/{site}/sheet/{number}", typed_back),
    ]


async def printed(request: Request) -> Response:
    """Lease the next patients to a sheet and hand it out; nobody else rings them this shift."""
    site = site_for(request, May.CONTACT)
    fields = await fields_of(request)
    desk = desk_of(request)
    offered = Offered(
        id=token_hex(16),
        kind=catalogue.CONTACT_LEASED,
        site=site.code,
        by=fields.get("by", ""),
        fields=[("sheet", fields.get("sheet", ""))],
    )
    answer = await taken(request, offered)
    if not answer.told.get("ok"):
        raise HTTPException(CONFLICT, str(answer.told["because"]))
    row = desk.views.contacts.sheet(offered.id[:SHEET_NUMBER].upper())
    assert row is not None, "it was written a moment ago"
    now = whole_minute(desk.clock())
    bar = bar_of(desk.views, desk.sites, site.code, now)
    t = Times(now=now, zone=desk.zone(site.code), off_since=bar.off_since)
    who = who_of(request)
    sheet = _sheet(desk, site.code, row, t, (who.name if who else row.by, bar.word()))
    body = call_sheet(sheet, desk.press(), paper=site.paper)
    return Response(body, media_type="application/pdf", headers=SECRET)


def _sheet(
    desk: Desk, site: str, row: Row[ContactLeased], t: Times, said: tuple[str, str]
) -> CallSheet:
    agent, mode = said
    scripts = Scripts(desk, site, t)
    return CallSheet(
        number=row.said.sheet,
        site=desk.sites[site].name,
        agent=agent,
        printed=str(t.full(row.recorded)),
        until=str(t.full(row.said.until)),
        opening=scripts.script("opening", "en").words,
        scam=scripts.scam("en").words,
        mode=mode,
        outcomes=OUTCOMES,
        patients=tuple(_patient(desk, one, site, t) for one in row.said.patients),
    )


def _patient(desk: Desk, patient: PatientKey, site: str, t: Times) -> SheetPatient:
    person = person_of(desk, patient, site, t)
    return SheetPatient(
        name=person["name"],
        language=person["language"],
        phones=tuple(one["number"] for one in person["phones"]),
        alone=person["rules"].do_not_disclose,
        visits=tuple(
            SheetVisit(
                when=one["line"].when,
                clinic=one["line"].clinic,
                what=", ".join((*one["line"].what, *one["line"].prep)),
                say=one["script"].words,
            )
            for one in person["visits"]
            if not one["known"]
        ),
    )


async def find(request: Request) -> Response:
    """Open a sheet by its number, as a bar-code scanner types it."""
    number = request.query_params.get("number", "").strip().upper()[:20]
    return await _typed_back(request, number)


async def typed_back(request: Request) -> Response:
    """Show the patients of a sheet, each with the form to type in what was written."""
    return await _typed_back(request, request.path_params["number"].upper())


async def _typed_back(request: Request, number: str) -> Response:
    site = site_for(request, May.CONTACT)
    row = desk_of(request).views.contacts.sheet(number)
    if row is None or row.site != site.code:
        raise HTTPException(NOT_FOUND, "No call sheet of this site has this number.")

    async def make(desk: Desk, t: Times) -> Content:
        attempts = {
            one.patient
            for one in desk.views.contacts.all_attempts(site.code)
            if one.said.sheet == number
        }
        people: list[dict[str, Any]] = [
            {**person_of(desk, one, site.code, t), "written": one in attempts}
            for one in row.said.patients
        ]
        return {
            "number": number,
            "agent": row.by,
            "printed": t.at(row.recorded),
            "people": people,
            "left": sum(not one["written"] for one in people),
            "outcomes": OUTCOMES,
            "speakers": SPEAKERS,
            "here": f"/calls/{site.code}/sheet/{number}",
        }

    return await answered(request, Screen(template="call_sheet.html", make=make, site=site.code))
