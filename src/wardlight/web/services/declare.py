"""Declaring that a system is off, for real or as a drill, and that it is back.

Nobody has to declare anything for the feeds' silence to be shown: that is seen by itself. A
declaration says from when on people work here, and everybody's screen says so at once.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.record import catalogue
from wardlight.record.instants import Instant
from wardlight.record.staff_entry import staff_draft
from wardlight.rules.asking import Asked, Author, Fields
from wardlight.rules.times import TimeTrouble, when
from wardlight.views.services.downtimes import EHR, declaration, ending
from wardlight.web.entering.entries import author_of, ground_of
from wardlight.web.entering.forms import fields_of
from wardlight.web.entering.writing import NotKeptError
from wardlight.web.page import Content, Desk, Screen, answered, desk_of
from wardlight.web.times import Times

SYSTEMS = ("LAB", "PACS", "PHARMACY", "PHONES", "TRANSFUSION", "DISPENSING CABINETS", "NETWORK")
SEE_OTHER = 303
REASON_MAX = 300


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [
        Route("/declare", declare),
        Route("/declare/off", off, methods=["POST"]),
        Route("/declare/back", back, methods=["POST"]),
        Route("/declare/recovered", recovered, methods=["POST"]),
    ]


async def declare(request: Request) -> Response:
    """Show what is declared at every site, and the forms to declare or end it."""
    return await answered(request, _screen())


def _screen(wrong: str = "", status: int = 200) -> Screen:
    async def make(desk: Desk, _: Times) -> Content:
        rows = [(site, desk.views.downtimes.at(site.code)) for site in desk.sites.values()]
        return {"rows": rows, "systems": SYSTEMS, "wrong": wrong}

    return Screen(template="declare.html", make=make, status=status)


async def off(request: Request) -> Response:
    """Declare a system off since a time that has passed, at one site or at all of them."""
    fields = await fields_of(request)
    desk, author = desk_of(request), _author(request)
    system = fields.get("system", EHR)
    if system not in (EHR, *SYSTEMS):
        raise HTTPException(400, "This system is not one of those on the page.")
    if fields.get("sure") != "yes":
        return await answered(request, _screen("Tick that you are sure, then declare again.", 422))
    codes = [fields["site"]] if fields.get("site") else list(desk.sites)
    for code in codes:
        since = _since(desk, author, desk.site(code).code, fields)
        if isinstance(since, TimeTrouble):
            return await answered(request, _screen(since, 422))
        body = declaration(
            since,
            drill=fields.get("drill") == "yes",
            system=system,
            reason=fields.get("reason", "")[:REASON_MAX],
        )
        await _write(desk, author, (catalogue.DOWNTIME_DECLARED, code, body), since)
    return RedirectResponse("/declare", SEE_OTHER)


async def back(request: Request) -> Response:
    """Say that a system is back; after a real downtime the site goes on to back-entry."""
    fields = await fields_of(request)
    desk, author = desk_of(request), _author(request)
    code = desk.site(fields.get("site", "")).code
    system = fields.get("system", EHR)
    body = ending(system=system, recovery=system == EHR)
    await _write(desk, author, (catalogue.DOWNTIME_ENDED, code, body), desk.clock())
    return RedirectResponse("/declare", SEE_OTHER)


async def recovered(request: Request) -> Response:
    """Say that everything written meanwhile is typed back."""
    fields = await fields_of(request)
    desk, author = desk_of(request), _author(request)
    code = desk.site(fields.get("site", "")).code
    await _write(desk, author, (catalogue.RECOVERY_ENDED, code, b"{}"), desk.clock())
    return RedirectResponse("/declare", SEE_OTHER)


def _author(request: Request) -> Author:
    author = author_of(request, "")
    if author is None:
        raise HTTPException(403, "Sign in first.")
    return author


def _since(desk: Desk, author: Author, site: str, fields: dict[str, str]) -> Instant | TimeTrouble:
    asked = Asked(
        id="",
        kind=catalogue.DOWNTIME_DECLARED,
        site=site,
        author=author,
        fields=Fields(fields.items()),
    )
    return when(asked, ground_of(desk, site))


async def _write(desk: Desk, author: Author, what: tuple[str, str, bytes], at: Instant) -> None:
    kind, site, body = what
    draft = staff_draft(
        kind, body, site=site, author=author.account, recorded=desk.clock(), occurred=at
    )
    try:
        await desk.write(draft)
    except NotKeptError as error:
        raise HTTPException(503, str(error)) from error
