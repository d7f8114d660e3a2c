"""Call sheets: the next patients printed for a shift, and what stands on a sheet entered again.

A sheet is found by its serial or its codes, never by a name. What was ticked fills the form beside
the picture; a person enters it, through the one path, and how the call ended counts once.
"""

from __future__ import annotations

import asyncio
from secrets import token_hex
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.call_sheets import CallJob, CallPatient, CallVisit, call_sheets
from wardlight.paper.forms.form_file import Whose
from wardlight.paper.sheet_codes import PrintRun
from wardlight.record import catalogue
from wardlight.record.events.contact import ToTell
from wardlight.record.events.paperwork import Origin, SheetRun, SheetsIssued
from wardlight.record.identity import PatientKey
from wardlight.record.problems import Problem
from wardlight.record.sheet_serial import SheetSerial, serial_on_paper
from wardlight.rules.access import May
from wardlight.rules.clinics.call_sheets import SHEET_MAX
from wardlight.rules.clinics.contact_texts import NOT_APPROVED
from wardlight.rules.clinics.identity_check import hints
from wardlight.views.clinics.call_sheets import CallSheet
from wardlight.web.clinics.calls import OUTCOMES, person_of, where_of
from wardlight.web.clinics.doors import reads_name, site_for
from wardlight.web.clinics.lines import SPEAKERS, visit_line
from wardlight.web.clinics.scripts import Scripts
from wardlight.web.clinics.sheet_ticks import Read, read_off
from wardlight.web.entering.entries import Offered, taken
from wardlight.web.entering.forms import fields_of
from wardlight.web.modes import bar_of
from wardlight.web.page import Content, Desk, Screen, answered, desk_of, who_of, whole_minute
from wardlight.web.paperwork.issuing import issued
from wardlight.web.times import Times

SEE_OTHER, FORBIDDEN, NOT_FOUND, CONFLICT = 303, 403, 404, 409
SHOWN_MAX = 200  # of each list
SECRET = {"cache-control": "no-store"}
NO_SHEET = "No call sheet of this site has this serial."
OTHERS = "of another clinic"
NOT_YOURS = "This call sheet is of another clinic: its own people, or a call agent, enter it."
NO_FORM = "No form for call sheets is here, so nothing is printed."


def routes() -> list[BaseRoute]:
    """Return the addresses of call sheets."""
    return [
        Route("/calls/{site}/sheets", sheets, methods=["GET"]),
        Route("/calls/{site}/sheets", printed, methods=["POST"]),
        Route("/calls/{site}/sheet", find),
        Route("/calls/{site}/sheet/{serial}", sheet),
        Route("/calls/{site}/sheet/{serial}/picture/{image}", picture),
    ]


async def printed(request: Request) -> Response:
    """Put the next patients on paper and hand it out; nobody else rings them meanwhile."""
    site = site_for(request, May.CONTACT)
    fields, desk = await fields_of(request), desk_of(request)
    forms = [one for one in desk.forms().newest() if one.whose is Whose.CALL]
    if desk.serials is None or not forms:
        raise HTTPException(NOT_FOUND, NO_FORM)
    drill = desk.views.downtimes.at(site.code).drill
    run = await asyncio.to_thread(desk.serials.begin, site.code, SHEET_MAX, drill=drill)
    first = run.serial(0)
    offered = Offered(
        id=token_hex(16),
        kind=catalogue.CONTACT_LEASED,
        site=site.code,
        by=fields.get("by", ""),
        drill=drill,
        fields=[("sheets", fields.get("sheets", "")), ("serial", first.code())],
    )
    answer = await taken(request, offered)
    if not answer.told.get("ok"):
        raise HTTPException(CONFLICT, str(answer.told["because"]))
    found = desk.views.contacts.sheet(first.code())
    assert found is not None, "it was written a moment ago"
    said, who = found.lease.said, who_of(request)
    agent = who.name if who else found.lease.by
    pages = SheetRun(
        form=forms[0].name(),
        first=first.code(),
        pages=(1,) * len(said.patients),
        patients=said.patients,
    )
    register = SheetsIssued(runs=(pages,), to=f"Calls: {agent}", origin=Origin.SCREEN)
    await issued(request, site.code, register, drill=drill)
    job = _job(desk, site.code, found, run, agent)
    body = await asyncio.to_thread(call_sheets, job, desk.press())
    headers = {**SECRET, "content-disposition": f'inline; filename="calls-{first.text()}.pdf"'}
    return Response(body, media_type="application/pdf", headers=headers)


def _job(desk: Desk, site: str, first: CallSheet, run: PrintRun, agent: str) -> CallJob:
    """Return the sheets of a lease as they are drawn."""
    said = first.lease.said
    now = whole_minute(desk.clock())
    bar = bar_of(desk.views, desk.sites, site, now)
    t = Times(now=now, zone=desk.zone(site), off_since=bar.off_since)
    given = [desk.views.contacts.sheet(run.serial(at).code()) for at in range(len(said.patients))]
    return CallJob(
        form=next(one for one in desk.forms().newest() if one.whose is Whose.CALL),
        run=run,
        site=desk.sites[site].name,
        paper=desk.sites[site].paper,
        mode=bar.word(),
        printed=str(t.full(first.lease.recorded)),
        agent=agent,
        until=str(t.full(said.until)),
        patients=tuple(
            _patient(desk, one, site, t, f"{at} of {len(given)}")
            for at, one in enumerate(given, 1)
            if one is not None
        ),
    )


def _patient(desk: Desk, one: CallSheet, site: str, t: Times, place: str) -> CallPatient:
    person = person_of(desk, one.patient, site, t)
    scripts = Scripts(desk, site, t)
    return CallPatient(
        name=person["name"],
        language=person["language"],
        phones=one.lines.phones,
        place=place,
        compare=_compare(desk, one.patient),
        opening=person["opening"].words,
        scam=person["scam"].words,
        alone=person["rules"].do_not_disclose,
        visits=tuple(_visit(desk, told, scripts, person["code"]) for told in one.lines.visits),
    )


def _compare(desk: Desk, patient: PatientKey) -> str:
    person = desk.views.people.person(patient)
    found = hints(person) if person is not None else ()
    return " · ".join(found) or "nothing on record: a nurse or the clinic has to ring"


def _visit(desk: Desk, told: ToTell, scripts: Scripts, language: str) -> CallVisit:
    case = desk.views.cases.case(told.appointment)
    assert case is not None, "it was on the list a moment ago"
    line = visit_line(desk, case, scripts.t)
    script = scripts.of_case(case, language)
    return CallVisit(
        when=line.when,
        what=" · ".join((line.clinic, *line.what[:2], *line.prep)),
        say=script.words,
        text=f"{told.text}, {script.approved}" if script.approved == NOT_APPROVED else told.text,
    )


async def sheets(request: Request) -> Response:
    """List the call sheets of a site: what came back and waits, what is out, what is lost."""
    site = site_for(request, May.CONTACT)

    async def make(desk: Desk, t: Times) -> Content:
        lists: dict[str, list[dict[str, Any]]] = {"back": [], "late": [], "out": [], "gone": []}
        counts = dict.fromkeys((*lists, "entered"), 0)
        for one in desk.views.contacts.sheets(site.code):
            where = where_of(desk, one, t)
            counts[where] += 1
            if where in lists and len(lists[where]) < SHOWN_MAX:
                named = reads_name(request, one.patient)
                lists[where].append(_line(desk, one, site.code, t, named=named))
        return {"lists": lists, "counts": counts, "here": f"/calls/{site.code}/sheets"}

    return await answered(request, Screen(template="call_sheets.html", make=make, site=site.code))


def _line(desk: Desk, one: CallSheet, site: str, t: Times, *, named: bool) -> dict[str, Any]:
    person = person_of(desk, one.patient, site, t)
    return {
        "named": named,
        "serial": one.serial.text(),
        "code": one.serial.code(),
        "name": person["name"] if named else OTHERS,
        "agent": one.lease.by,
        "printed": t.at(one.lease.recorded),
        "until": t.at(one.lease.said.until),
        "when": [visit["line"].when for visit in person["visits"]],
    }


async def find(request: Request) -> Response:
    """Open a sheet by its serial, typed or scanned off one of its codes."""
    site = site_for(request, May.CONTACT)
    serial = serial_on_paper(request.query_params.get("number", ""))
    if isinstance(serial, Problem):
        raise HTTPException(NOT_FOUND, serial.because)
    found = _known(desk_of(request), site.code, serial)
    return RedirectResponse(f"/calls/{site.code}/sheet/{found.serial.text()}", SEE_OTHER)


def _known(desk: Desk, site: str, serial: SheetSerial) -> CallSheet:
    found = desk.views.contacts.sheet(serial.code())
    if found is None or found.lease.site != site:
        raise HTTPException(NOT_FOUND, NO_SHEET)
    return found


def _asked(request: Request, site: str) -> CallSheet:
    serial = serial_on_paper(request.path_params["serial"])
    if isinstance(serial, Problem):
        raise HTTPException(NOT_FOUND, serial.because)
    found = _known(desk_of(request), site, serial)
    if not reads_name(request, found.patient):
        raise HTTPException(FORBIDDEN, NOT_YOURS)
    return found


async def sheet(request: Request) -> Response:
    """Show one sheet: its picture, and the form filled with what was ticked on it."""
    site = site_for(request, May.CONTACT)
    found = _asked(request, site.code)

    async def make(desk: Desk, t: Times) -> Content:
        one = desk.views.contacts.sheet(found.serial.code()) or found
        read = read_off(desk, one, site.paper)
        here = f"/calls/{site.code}/sheet/{one.serial.text()}"
        return {
            "one": one,
            "serial": one.serial.text(),
            "code": one.serial.code(),
            "held": person_of(desk, one.patient, site.code, t),
            "visits": [_told(desk, told, read, at, t) for at, told in enumerate(one.lines.visits)],
            "where": where_of(desk, one, t),
            "agent": one.lease.by,
            "printed": t.full(one.lease.recorded),
            "entered": one.entered,
            "read": read,
            "pictures": [f"{here}/picture/{image}" for image in read.images],
            "outcomes": OUTCOMES,
            "speakers": SPEAKERS,
            "next": f"/calls/{site.code}/sheets",
        }

    return await answered(request, Screen(template="call_sheet.html", make=make, site=site.code))


def _told(desk: Desk, told: ToTell, read: Read, at: int, t: Times) -> dict[str, Any]:
    """Return one visit with the plan that was printed, and whether it still holds."""
    case = desk.views.cases.case(told.appointment)
    return {
        "told": told,
        "line": visit_line(desk, case, t) if case is not None else None,
        "ticked": at in read.told,
        "changed": case is None or case.plan != told.plan,
    }


async def picture(request: Request) -> Response:
    """Hand out the picture of a call sheet to those who ring."""
    site = site_for(request, May.CONTACT)
    found, desk = _asked(request, site.code), desk_of(request)
    pages = desk.views.scans.of_sheet(found.serial.code(), 1)
    image = request.path_params["image"]
    if image not in {one.said.image for one in pages} or desk.scans is None:
        raise HTTPException(NOT_FOUND, "This picture is not of this sheet.")
    body = desk.scans.image(image)
    if body is None:
        return Response("The picture is gone or was altered.", NOT_FOUND, media_type="text/plain")
    return Response(body, media_type="image/jpeg", headers=SECRET)
