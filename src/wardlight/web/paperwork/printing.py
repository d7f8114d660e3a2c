"""The print centre: packs by ward, printers and whether they are ready, what became of each job.

Packs are made at the moment they are printed; the very pages of an older job only with a word that
their age is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.record import catalogue
from wardlight.record.instants import HOUR
from wardlight.rules.access import may_enter
from wardlight.rules.asking import Author
from wardlight.web.access.sight import Sight, sight_of
from wardlight.web.entering.entries import author_of
from wardlight.web.entering.forms import fields_of
from wardlight.web.page import Content, Desk, Screen, answered, desk_of
from wardlight.web.paperwork.bands import band_printers
from wardlight.web.paperwork.print_centre import JobRow, PackRow, PrintCentre
from wardlight.web.times import Times

JOBS_SHOWN_MAX = 50
PRINTED_SHOWN_MAX = 100
OLD_MS = HOUR  # pages whose data are older are printed again only with a word that this is known
SEE_OTHER = 303
NOT_HERE = "Nothing is printed from this node."
SAY_SO = "These pages hold old data. Tick that you know it, or make the pack anew."


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [
        Route("/printers/{site}", centre),
        Route("/printers/{site}/packs", packs, methods=["POST"]),
        Route("/printers/{site}/test", test, methods=["POST"]),
        Route("/printers/{site}/labels", labels, methods=["POST"]),
        Route("/printers/{site}/again", again, methods=["POST"]),
        Route("/printers/{site}/settle", settle, methods=["POST"]),
    ]


async def centre(request: Request) -> Response:
    """Show what can be printed, on what, and what became of what was."""
    return await answered(request, _screen(request))


def _screen(request: Request, wrong: Sequence[str] = ()) -> Screen:
    site = desk_of(request).site(request.path_params["site"])
    sight = sight_of(request)

    async def make(desk: Desk, t: Times) -> Content:
        return _content(desk, site.code, sight, t) | {"wrong": wrong}

    status = 422 if wrong else 200
    return Screen(template="printing.html", make=make, site=site.code, status=status)


def _content(desk: Desk, site: str, sight: Sight, t: Times) -> Content:
    place = desk.printing
    jobs = [one for one in place.jobs(site) if sight.unit(site, one.unit)] if place else []
    printers = place.printers(site) if place else ()
    return {
        "packs": seen_packs(place, site, sight),
        "printers": [(one, desk.views.printing.last_test(one.name)) for one in printers],
        "sheet_printers": [one.name for one in printers if one.sheets],
        "band_printers": band_printers(desk, site),
        "wards": [
            one
            for one in desk.views.census.units(site)
            if one.patients and sight.unit(site, one.unit)
        ],
        "asks": [one for one in jobs if one.ask or one.state == "failed"][:JOBS_SHOWN_MAX],
        "open": [one for one in jobs if not one.over and not one.ask][:JOBS_SHOWN_MAX],
        "again": [one for one in jobs if one.again and one.over][:JOBS_SHOWN_MAX],
        "old": {one.id for one in jobs if is_old(one, t)},
        "printed": [one for one in desk.views.printing.of(site) if sight.unit(site, one.said.unit)][
            :PRINTED_SHOWN_MAX
        ],
    }


def seen_packs(place: PrintCentre | None, site: str, sight: Sight) -> list[PackRow]:
    """Return the packs of somebody's wards."""
    return [one for one in place.packs(site) if sight.unit(site, one.unit)] if place else []


def is_old(job: JobRow, t: Times) -> bool:
    """Return whether a job's pages hold data that may have changed since."""
    return job.as_of is not None and t.now - job.as_of > OLD_MS


async def packs(request: Request) -> Response:
    """Print the pack of one ward, or of every ward that somebody sees, as it is now."""
    place, site, fields, author = await _asked(request)
    sight = sight_of(request)
    census = desk_of(request).views.census
    units = [one.unit for one in census.units() if one.site == site and sight.unit(site, one.unit)]
    if "unit" in fields:
        units = [fields["unit"]]
        if not sight.unit(site, fields["unit"]):
            raise HTTPException(403, "This is not one of your wards.")
    wrong = await place.print_packs(site, units, fields.get("printer", ""), author)
    return await _done(request, site, wrong)


async def test(request: Request) -> Response:
    """Print a test page."""
    place, site, fields, author = await _asked(request)
    return await _done(request, site, await place.print_test(site, fields["printer"], author))


test.__test__ = False  # type: ignore[attr-defined]  # pytest takes it for a test


async def labels(request: Request) -> Response:
    """Print a roll of new downtime numbers."""
    place, site, fields, author = await _asked(request)
    if author.role and not may_enter(author.role, catalogue.PATIENT_REGISTERED):
        raise HTTPException(403, "Numbers are printed by those who register patients.")
    return await _done(request, site, await place.print_labels(site, fields["printer"], author))


async def again(request: Request) -> Response:
    """Print the very pages of a job again; old ones only when somebody says that they know."""
    place, site, fields, author = await _asked(request)
    job = _job(request, place, site, fields.get("job", ""))
    now = Times(now=desk_of(request).clock(), zone="UTC")
    if is_old(job, now) and fields.get("sure") != "yes":
        return await answered(request, _screen(request, (SAY_SO,)))
    wrong = await place.print_again(site, job.id, fields.get("printer", ""), author)
    return await _done(request, site, wrong)


async def settle(request: Request) -> Response:
    """Take a person's word for what became of a job."""
    place, site, fields, _ = await _asked(request)
    job = _job(request, place, site, fields.get("job", ""))
    wrong = await place.settle(site, job.id, printed=fields.get("printed") == "yes")
    return await _done(request, site, wrong)


def _job(request: Request, place: PrintCentre, site: str, job_id: str) -> JobRow:
    """Return a job of somebody's wards; raises 404 for any other."""
    sight = sight_of(request)
    for one in place.jobs(site):
        if one.id == job_id and sight.unit(site, one.unit):
            return one
    raise HTTPException(404, "This job is no longer kept. Make the pages anew.")


async def _asked(request: Request) -> tuple[PrintCentre, str, dict[str, str], Author]:
    desk = desk_of(request)
    site = desk.site(request.path_params["site"])
    author = author_of(request, "")
    if author is None:
        raise HTTPException(401, "Sign in first.")
    if desk.printing is None:
        raise HTTPException(404, NOT_HERE)
    fields = await fields_of(request)
    return desk.printing, site.code, {"printer": "", **fields}, author


async def _done(request: Request, site: str, wrong: Sequence[str]) -> Response:
    if wrong:
        return await answered(request, _screen(request, wrong))
    return RedirectResponse(f"/printers/{quote(site, safe='')}", SEE_OTHER)
