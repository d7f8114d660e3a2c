"""Reading a schedule file in: kept as it came, with what of it could not be used."""

from __future__ import annotations

from msgspec import Struct
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record import catalogue
from wardlight.record.entry import Draft
from wardlight.record.instants import Instant
from wardlight.record.sources import Site
from wardlight.rules.access import May
from wardlight.web.clinics.doors import account_of, site_for
from wardlight.web.page import Content, Desk, Screen, answered, desk_of
from wardlight.web.times import Times
from wardlight.wire.schedule.reading import read_schedule
from wardlight.wire.schedule.rows import BYTES_MAX, Found, Origin

SOURCE = "schedule file"
AROUND_BYTES = 4_096  # of a form around its file
REFUSED_SHOWN = 200


class Taken(Struct, frozen=True):
    """What came of one file."""

    found: Found
    kept: bool  # False: nothing of it can be read, and nothing was written


def routes() -> list[BaseRoute]:
    """Return the address of this form."""
    return [Route("/clinics/{site}/file", read, methods=["POST"])]


async def read(request: Request) -> Response:
    """Keep a file and say what stands in it."""
    site = site_for(request, May.SCHEDULE, May.ADMINISTER, May.DECLARE)
    body = await _uploaded(request)
    taken = await take_file(desk_of(request), site, body, account_of(request))

    async def make(_: Desk, __: Times) -> Content:
        return {"taken": taken, "refused": taken.found.refused[:REFUSED_SHOWN]}

    status = 200 if taken.kept else 422
    screen = Screen(template="schedule_file.html", make=make, site=site.code, status=status)
    return await answered(request, screen)


async def take_file(desk: Desk, site: Site, body: bytes, author: str) -> Taken:
    """Write a file into the log unless nothing of it can be read. Raises NotKeptError."""
    now = desk.clock()
    found = read_schedule(body, Origin(site.code, site.zone, site.code, now))
    if not found.unreadable:
        await desk.write(file_draft(site.code, body, author, now))
    return Taken(found, not found.unreadable)


def file_draft(site: str, body: bytes, author: str, now: Instant) -> Draft:
    """Return a schedule file as the log keeps it: bytes as received."""
    return Draft(
        site=site,
        source=SOURCE,
        author=author,
        subject="",
        kind=catalogue.SCHEDULE_FILE,
        version=catalogue.VERSIONS[catalogue.SCHEDULE_FILE],
        occurred=now,
        recorded=now,
        body=body,
    )


async def _uploaded(request: Request) -> bytes:
    """Return the file of the form; raises 413 or 422."""
    length = int(request.headers.get("content-length") or BYTES_MAX * 2)
    if length > BYTES_MAX + AROUND_BYTES:
        raise HTTPException(413, "This file is too long. Export fewer days and read it again.")
    async with request.form(max_files=1, max_fields=4) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise HTTPException(422, "Choose a file first.")
        return await file.read(BYTES_MAX + 1)
