"""Where other systems read what is published (docs/interfaces.md). No patient is in any of it."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.outputs.fhir.answers import answer, outcome
from wardlight.outputs.outside.documents import (
    ATOM,
    CAP_ALERT,
    DRAFT,
    HAVE,
    Document,
    Documents,
)
from wardlight.outputs.outside.status_page import StatusPage

NOTHING_SAID = "Nothing was said of any hospital yet."
WITHHELD = "Not published: it did not pass its check. Ask the hospital."
NOTHING_APPROVED = "Nothing is approved for the public here."
NO_SUCH_PAGE = "There is no such page. What is open now is said at /status/."
CAP_TYPE, ATOM_TYPE = "application/cap+xml", "application/atom+xml"
_SECOND_MS = 1_000


def outside_routes(
    documents: Documents, page: StatusPage, figures: Callable[[], str]
) -> list[BaseRoute]:
    """Return the addresses of what is published; `figures` are those of /metrics."""

    def read(path: str, name: str, make: Callable[[], Document | None], kind: str) -> Route:
        async def endpoint(_: Request) -> Response:
            found = make()
            return _shown(found, kind) if found else _missing(documents, name, NOTHING_SAID)

        return Route(path, endpoint)

    async def alert(request: Request) -> Response:
        name = request.path_params["name"].removesuffix(".xml")
        found = documents.alert(name)
        if found is not None:
            return _shown(found, CAP_TYPE)
        return _missing(documents, f"{CAP_ALERT}{name}", "There is no such alert.")

    async def table(_: Request) -> Response:
        headers = {"content-disposition": 'attachment; filename="board.csv"'}
        return Response(documents.board_csv(), headers=headers, media_type="text/csv")

    async def metrics(_: Request) -> Response:
        return PlainTextResponse(figures(), media_type="text/plain; version=0.0.4")

    return [
        read("/edxl/have.xml", HAVE, documents.have, "application/xml"),
        read("/edxl/have-2.0-draft.xml", DRAFT, documents.have_draft, "application/xml"),
        Route("/edxl/board.csv", table),
        read("/cap/alerts.atom", ATOM, documents.atom, ATOM_TYPE),
        Route("/cap/alerts/{name}", alert),
        Route("/metrics", metrics),
        *_reports(documents),
        *_page(page),
    ]


def _missing(documents: Documents, name: str, nothing: str) -> Response:
    """Say why a document is not there: nobody spoke, or it did not pass its check."""
    if documents.is_withheld(name):
        return PlainTextResponse(WITHHELD, HTTPStatus.SERVICE_UNAVAILABLE)
    return PlainTextResponse(nothing, HTTPStatus.NOT_FOUND)


def _shown(found: Document, kind: str) -> Response:
    made = formatdate(found.made / _SECOND_MS, usegmt=True)
    return Response(found.body, headers={"last-modified": made}, media_type=kind)


def _reports(documents: Documents) -> list[BaseRoute]:
    async def every(request: Request) -> Response:
        base = f"{str(request.base_url).rstrip('/')}/fhir/MeasureReport"
        found = documents.measure_reports()
        entries = [
            {"fullUrl": f"{base}/{one['id']}", "resource": one, "search": {"mode": "match"}}
            for one in found
        ]
        bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(found)}
        return answer(bundle | ({"entry": entries} if entries else {}))

    async def one(request: Request) -> Response:
        name = request.path_params["name"]
        for report in documents.measure_reports():
            if report["id"] == name:
                return answer(report)
        return answer(outcome("not-found", "There is no such report."), HTTPStatus.NOT_FOUND)

    return [Route("/fhir/MeasureReport", every), Route("/fhir/MeasureReport/{name}", one)]


def _page(page: StatusPage) -> list[BaseRoute]:
    async def home(_: Request) -> Response:
        return RedirectResponse("/status/", HTTPStatus.TEMPORARY_REDIRECT)

    async def shown(request: Request) -> Response:
        name = request.path_params.get("name", "index.html")
        files = page.files()
        body = files.get(name)
        if body is None:
            return PlainTextResponse(
                NO_SUCH_PAGE if files else NOTHING_APPROVED, HTTPStatus.NOT_FOUND
            )
        kind = _KINDS.get(name.rpartition(".")[2], "text/plain")
        return Response(body, media_type=f"{kind}; charset=utf-8")

    return [Route("/status", home), Route("/status/", shown), Route("/status/{name}", shown)]


_KINDS = {"html": "text/html", "css": "text/css", "svg": "image/svg+xml"}
