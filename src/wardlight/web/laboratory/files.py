"""Reading an analyser's file: each result to its specimen, or onto the list to be matched."""

from __future__ import annotations

from msgspec import Struct
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.laboratory import SpecimenUnmatched
from wardlight.record.problems import Problem
from wardlight.record.sources import Source
from wardlight.rules.asking import Author
from wardlight.rules.judging import draft_of
from wardlight.rules.laboratory.analyser_results import asked_by_analyser, placed
from wardlight.web.entering.entries import author_of, ground_of
from wardlight.web.entering.writing import NotKeptError
from wardlight.web.laboratory.doors import assert_runs_tests
from wardlight.web.page import Content, Desk, Screen, answered, desk_of
from wardlight.web.times import Times
from wardlight.wire.analyser.found import BYTES_MAX, AnalyserResult
from wardlight.wire.analyser.reading import read_analyser_file


class Outcome(Struct):
    """What came of a file, one count for each thing that can."""

    filed: int = 0
    to_look_at: int = 0  # filed, with something a person has to look at
    unmatched: int = 0
    again: int = 0  # written before
    problems: tuple[Problem, ...] = ()
    because: str = ""  # why the rest was not written


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/laboratory/{site}/file", read, methods=["POST"])]


async def read(request: Request) -> Response:
    """Read a file and say what came of every result in it."""
    assert_runs_tests(request)
    desk = desk_of(request)
    site = desk.site(request.path_params["site"])
    author = author_of(request, "")
    if author is None:
        raise HTTPException(401, "Sign in first.")
    raw = await _uploaded(request)
    source = Source(name="analyser", site=site.code, zone=site.zone)
    found = read_analyser_file(raw, source, desk.clock())
    outcome = Outcome(problems=found.problems)
    try:
        for result in found.results:
            await _take(desk, result, author, site.code, outcome)
    except NotKeptError as error:
        outcome.because = str(error)

    async def make(_: Desk, __: Times) -> Content:
        return {"outcome": outcome, "all": len(found.results)}

    return await answered(
        request, Screen(template="laboratory_file.html", make=make, site=site.code)
    )


async def _uploaded(request: Request) -> bytes:
    """Return the file of the form; raises 413 or 422."""
    if int(request.headers.get("content-length") or BYTES_MAX * 2) > BYTES_MAX + 4_096:
        raise HTTPException(413, "This file is too long. Export a shorter time and read it again.")
    async with request.form(max_files=1, max_fields=4) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise HTTPException(422, "Choose a file first.")
        return await file.read(BYTES_MAX + 1)


async def _take(
    desk: Desk, result: AnalyserResult, author: Author, site: str, outcome: Outcome
) -> None:
    """Write one result, unless the same lines were written before."""
    asked = asked_by_analyser(result, author, site)
    if desk.views.entries.made(asked.id):
        outcome.again += 1
        return
    ground = ground_of(desk, site)
    accepted = placed(result, asked, ground)
    await desk.write(draft_of(asked, accepted, ground, content=""))
    if isinstance(accepted.said, SpecimenUnmatched):
        outcome.unmatched += 1
    else:
        outcome.filed += 1
        outcome.to_look_at += bool(accepted.warnings)
