"""Reading a neighbour's EDXL-HAVE file: each of its words judged and written as an entry."""

from __future__ import annotations

from msgspec import Struct
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.problems import Problem
from wardlight.rules.asking import Refusal
from wardlight.rules.judging import draft_of, judged
from wardlight.rules.services.received_status import Heard, heard_of
from wardlight.web.entering.entries import author_of, ground_of
from wardlight.web.entering.writing import NotKeptError
from wardlight.web.page import Content, Desk, Screen, answered, desk_of
from wardlight.web.times import Times
from wardlight.wire.edxl.have_reading import HeardHospital, read_have
from wardlight.wire.edxl.tree import BYTES_MAX

AROUND_MAX = 4_096  # of the form around the file


class Outcome(Struct):
    """What came of a file."""

    written: int = 0
    again: int = 0
    left_out: list[tuple[str, str]] = []
    because: str = ""  # why nothing, or not the rest, was written


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/neighbours/received", read, methods=["POST"])]


async def read(request: Request) -> Response:
    """Read a file and say what came of every hospital in it."""
    desk = desk_of(request)
    author = author_of(request, "")
    if author is None:
        raise HTTPException(401, "Sign in first.")
    found = read_have(await _uploaded(request))
    outcome = Outcome()
    if isinstance(found, Problem):
        outcome.because = f"{found.where}: {found.because}."
    else:
        await _take_all(request, found, outcome)

    async def make(_: Desk, __: Times) -> Content:
        return {"outcome": outcome}

    home = next(iter(desk.sites))
    return await answered(request, Screen(template="received.html", make=make, site=home))


async def _uploaded(request: Request) -> bytes:
    """Return the file of the form; raises 413 or 422."""
    if int(request.headers.get("content-length") or BYTES_MAX * 2) > BYTES_MAX + AROUND_MAX:
        raise HTTPException(413, f"A file here has at most {BYTES_MAX // 1024**2} MB.")
    async with request.form(max_files=1, max_fields=4) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise HTTPException(422, "Choose a file first.")
        return await file.read(BYTES_MAX + 1)


async def _take_all(request: Request, found: tuple[HeardHospital, ...], outcome: Outcome) -> None:
    desk = desk_of(request)
    author = author_of(request, "")
    assert author is not None, "asked before"
    home = next(iter(desk.sites))
    neighbours = desk.views.service_status.neighbours()
    try:
        for one in heard_of(found, neighbours, desk.sites, author, (home, desk.clock())):
            await _take(desk, one, outcome)
    except NotKeptError as error:
        outcome.because = str(error)


async def _take(desk: Desk, one: Heard, outcome: Outcome) -> None:
    """Write one word, unless the same was written before."""
    if one.asked is None:
        outcome.left_out.append((one.hospital, one.because))
        return
    if desk.views.entries.made(one.asked.id):
        outcome.again += 1
        return
    ground = ground_of(desk, one.asked.site)
    judgement = judged(one.asked, ground)
    if isinstance(judgement, Refusal):
        why = next(iter(judgement.fields.values()), judgement.because)
        outcome.left_out.append((f"{one.hospital}: {one.asked.fields.one('service')}", why))
        return
    await desk.write(draft_of(one.asked, judgement, ground, content=""))
    outcome.written += 1
