"""One transfer: every step so far, the gates, and a short form for each step that may come next."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.transfers import (
    Basis,
    BedClass,
    Consent,
    Need,
    TransportLevel,
    Urgency,
    Why,
)
from wardlight.views.bedside.mar import mar
from wardlight.views.bedside.medication_words import drug_words
from wardlight.views.laboratory.loops import Step
from wardlight.views.transfers.still_out import exam_words, specimen_words, still_out
from wardlight.views.transfers.transfer_board import case_of, open_case, row_of
from wardlight.views.transfers.transfers import OPEN, Case, cases_of
from wardlight.web.banner import Opened, banner_of, open_key, open_patient, site_of
from wardlight.web.laboratory.lines import step_lines
from wardlight.web.page import NOT_FOUND, Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times
from wardlight.web.transfers.lines import (
    hospital_words,
    hospitals,
    offer_lines,
    transfer_line,
    transfer_url,
)

NEEDS = tuple(map(str, Need))
CHOICES: dict[str, tuple[str, ...]] = {
    "whys": tuple(map(str, Why)),
    "beds": tuple(map(str, BedClass)),
    "needs": NEEDS,
    "urgencies": tuple(map(str, Urgency)),
    "levels": tuple(map(str, TransportLevel)),
    "bases": tuple(map(str, Basis)),
    "consents": tuple(map(str, Consent)),
    "hows": ("phone", "radio", "in person", "fax"),
}


def routes() -> list[BaseRoute]:
    """Return the addresses of these screens."""
    return [
        Route("/patient/{handle}/transfer", of_patient),
        Route("/transfers/{site}/{request}", single),
        Route("/transfers/{site}/{request}/certificate", certificate),
    ]


async def of_patient(request: Request) -> Response:
    """Show a patient's transfers, and the form that asks for one."""
    opened = await open_patient(request)

    async def make(desk: Desk, t: Times) -> Content:
        views = desk.views
        mine = cases_of(views.loops, opened.patient, views.people.resolve)
        running = open_case(views, opened.patient)
        return {
            **_patient(desk, opened, t),
            "home": site_of(desk, opened),
            "lines": [transfer_line(desk, row_of(views, one, t.now), t) for one in reversed(mine)],
            "running": running,
            "hospitals": hospitals(desk, site_of(desk, opened)),
            **CHOICES,
        }

    site = site_of(desk_of(request), opened)
    return await shown(request, Screen(template="transfer_ask.html", make=make, site=site))


async def single(request: Request) -> Response:
    """Show one transfer."""
    return await _page(request, "transfer.html")


async def certificate(request: Request) -> Response:
    """Show the certificate with every element the law names, and the form for it."""
    return await _page(request, "transfer_certificate.html")


def found_case(request: Request) -> tuple[Case, Opened]:
    """Return the transfer of an address with its patient; raises 404, or asks to break glass."""
    desk = desk_of(request)
    site = desk.site(request.path_params["site"])
    found = case_of(desk.views, request.path_params["request"])
    if found is None or found.site != site.code:
        raise HTTPException(NOT_FOUND, "No transfer of this site has this address.")
    return found, open_key(request, found.patient)


async def _page(request: Request, template: str) -> Response:
    found, opened = found_case(request)

    async def make(desk: Desk, t: Times) -> Content:
        return _content(desk, found.request, opened, t)

    return await shown(request, Screen(template=template, make=make, site=found.site))


def _content(desk: Desk, number: str, opened: Opened, t: Times) -> Content:
    case = case_of(desk.views, number)
    assert case is not None, "found above"
    row = row_of(desk.views, case, t.now)
    steps = desk.views.loops.steps(number)
    planned = case.accepted.said.hospital if case.accepted else ""
    return {
        **_patient(desk, opened, t),
        "case": case,
        "line": transfer_line(desk, row, t),
        "is_open": row.state in OPEN,
        "missing": [str(gate) for gate in row.missing],
        "here": transfer_url(case.site, number),
        "home": case.site,
        "offers": offer_lines(desk, case, t),
        "hospitals": hospitals(desk, case.site),
        "planned": planned,
        "planned_words": hospital_words(desk, planned),
        "heading": case.heading(),
        "packet_for": hospital_words(desk, case.packet.said.hospital) if case.packet else "",
        "steps": step_lines(steps, t),
        "back": [(one.id, _back_words(one, t)) for one in reversed(steps)],
        "last_doses": _last_doses(desk, opened, case, t),
        "pending": _pending(desk, opened, t),
        **CHOICES,
    }


def _patient(desk: Desk, opened: Opened, t: Times) -> Content:
    return {
        "tab": "transfer",
        "banner": banner_of(desk, opened, t),
        "handle": desk.handles.of(opened.patient),
        "family": opened.person.name.family or "Patient",
    }


def _back_words(step: Step, t: Times) -> str:
    what = str(type(step.said).__struct_config__.tag).partition(".")[2].replace("-", " ")
    return f"{what}, {t.at(step.occurred)}, {step.by}"


def _last_doses(desk: Desk, opened: Opened, case: Case, t: Times) -> list[dict[str, str]]:
    """Return the last dose of every running medicine, and what belongs to none."""
    record = mar(
        opened.chart,
        now=t.now,
        zone=t.zone,
        blind=None,
        charts_here=desk.views.charts_here(case.site),
    )
    lines = [
        {
            "drug": drug_words(row.order.words()),
            "dose": f"{row.last_given.amount} {row.last_given.unit}".strip(),
            "at": t.moment(row.last_given.at),
            "by": row.last_given.by,
        }
        if row.last_given
        else {"drug": drug_words(row.order.words()), "dose": "", "at": "", "by": ""}
        for row in record.rows
    ]
    lines += [
        {
            "drug": drug_words(one.drug.words()),
            "dose": f"{one.amount} {one.unit}".strip(),
            "at": t.moment(one.at),
            "by": one.by,
        }
        for one in record.unmatched
    ]
    return lines


def _pending(desk: Desk, opened: Opened, t: Times) -> list[str]:
    """Return what is not resulted yet, in words."""
    out = still_out(desk.views, opened.patient)
    specimens = [f"{specimen_words(one)}, {t.at(one.started)}" for one in out.specimens]
    return [*specimens, *(f"{exam_words(one)}, {t.at(one.started)}" for one in out.exams)]
