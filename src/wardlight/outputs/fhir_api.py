"""The FHIR R4 read interface: read, search, a patient's summary, and what can be done.

Nothing can be written here. Every error is an OperationOutcome with a sentence; no sentence and
no link repeats a patient's number that was not in the request (hl7.org/fhir/R4/http.html).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from wardlight.outputs.fhir.answers import (
    Unanswerable,
    answer,
    invalid,
    not_found,
    refusal,
    versioned,
)
from wardlight.outputs.fhir.capability import capability
from wardlight.outputs.fhir.kept_copy import NOBODY, HandleOf, KeptCopy, KeptViews, KeyOf
from wardlight.outputs.fhir.parameters import TYPES
from wardlight.outputs.fhir.query import Cursor, Pairs, Query, cursor_text, read_query
from wardlight.outputs.fhir.remembered import Remembered
from wardlight.outputs.fhir.search import Page, search
from wardlight.outputs.fhir.summary import summary
from wardlight.record.instants import Clock, iso
from wardlight.record.sources import Site
from wardlight.wire.fhir.types import Element, extension, filled

FORM_BYTES_MAX = 64 * 1024
_ANY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_READS = frozenset({"GET", "HEAD"})
_JSON = frozenset(
    {"*/*", "application/*", "application/fhir+json", "application/json", "text/json", "json"}
)

_Endpoint = Callable[[KeptCopy, Request], Awaitable[Response]]


def fhir_routes(
    *,
    views: KeptViews,
    sites: Mapping[str, Site],
    clock: Clock,
    handle_of: HandleOf,
    key_of: KeyOf,
    systems: Mapping[str, str] | None = None,
) -> list[BaseRoute]:
    """Return the routes of the read interface, all below /fhir.

    `handle_of` and `key_of` turn a patient's key into the opaque id that stands in addresses and
    back. `systems` gives the URI of an assigning authority, where a site has set one.
    """
    copy = KeptCopy(
        views=views,
        sites=sites,
        clock=clock,
        handle_of=handle_of,
        key_of=key_of,
        systems=systems or {},
        remembered=Remembered(clock),
    )
    table: tuple[tuple[str, _Endpoint], ...] = (
        ("/metadata", _metadata),
        ("/Patient/{name}/$summary", _summary),
        ("/{kind}/_search", _posted_search),
        ("/{kind}/{name}", _read),
        ("/{kind}", _search),
        ("/{rest:path}", _nothing_here),
    )
    routes = [Route(path, _answered(copy, run), methods=_ANY_METHOD) for path, run in table]
    return [Mount("/fhir", routes=routes)]


def _answered(copy: KeptCopy, run: _Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            _check_format(request)
            return await run(copy, request)
        except Unanswerable as problem:
            return refusal(problem)

    return endpoint


def _check_format(request: Request) -> None:
    asked = request.query_params.get("_format") or request.headers.get("accept") or "*/*"
    ranges = [part.partition(";")[0].strip().replace(" ", "+") for part in asked.lower().split(",")]
    if not _JSON & {*ranges}:
        raise Unanswerable(
            HTTPStatus.NOT_ACCEPTABLE,
            "not-supported",
            "Only JSON is spoken here: ask for application/fhir+json.",
        )


def _only(request: Request, methods: frozenset[str]) -> None:
    if request.method not in methods:
        raise Unanswerable(
            HTTPStatus.METHOD_NOT_ALLOWED,
            "not-supported",
            "This is the kept copy of another system: it can be read, not written.",
        )


def _kind(request: Request) -> str:
    kind = str(request.path_params["kind"])
    if kind not in TYPES:
        raise Unanswerable(
            HTTPStatus.NOT_FOUND,
            "not-supported",
            f"This resource type is not served here. Served are: {', '.join(TYPES)}.",
        )
    return kind


async def _metadata(copy: KeptCopy, request: Request) -> Response:
    _only(request, _READS)
    return answer(capability(copy.clock(), _base(request)))


async def _nothing_here(_: KeptCopy, request: Request) -> Response:
    _only(request, _READS)
    raise not_found("There is nothing under this address; /fhir/metadata lists what there is.")


async def _read(copy: KeptCopy, request: Request) -> Response:
    kind = _kind(request)
    _only(request, _READS)
    resource = versioned(_resource(copy, kind, str(request.path_params["name"])))
    meta = resource["meta"]
    headers = {"ETag": f'W/"{meta["versionId"]}"'}
    if "lastUpdated" in meta:
        headers["Last-Modified"] = _http_date(meta["lastUpdated"])
    if headers["ETag"] in (request.headers.get("if-none-match") or "").split(", "):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return answer(resource, headers=headers)


def _resource(copy: KeptCopy, kind: str, name: str) -> Element:
    """Return the resource of an id; it begins with the handle of its patient."""
    handle = name if kind == "Patient" else name.rpartition("-")[0]
    key = copy.key_of(handle)
    known = copy.known(handle)
    if known is not None and known != key:
        record = copy.joined_record(handle) if kind == "Patient" else None
        if record is None:
            raise Unanswerable(
                HTTPStatus.GONE,
                "deleted",
                "The patient's record was joined with another one: search again by patient"
                f" Patient/{copy.handle_of(known)}.",
            )
        return record.resource
    for row in copy.rows(kind, NOBODY if known is None else known):
        if row.resource["id"] == name:
            return row.resource
    raise not_found(f"No {kind} is known under this id.")


async def _search(copy: KeptCopy, request: Request) -> Response:
    kind = _kind(request)
    _only(request, _READS)
    return await _found(copy, request, kind, request.query_params.multi_items())


async def _posted_search(copy: KeptCopy, request: Request) -> Response:
    kind = _kind(request)
    _only(request, frozenset({"POST"}))
    return await _found(
        copy, request, kind, [*request.query_params.multi_items(), *await _form(request)]
    )


async def _form(request: Request) -> list[tuple[str, str]]:
    media = (request.headers.get("content-type") or "").partition(";")[0].strip().lower()
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > FORM_BYTES_MAX:
            raise Unanswerable(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-long", "The search is too long."
            )
    if body and media != "application/x-www-form-urlencoded":
        raise Unanswerable(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "not-supported",
            "A posted search is a form: send it as application/x-www-form-urlencoded.",
        )
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise invalid("The posted search is no form that can be read.") from None


async def _found(copy: KeptCopy, request: Request, kind: str, pairs: Pairs) -> Response:
    strict = "handling=strict" in (request.headers.get("prefer") or "").replace(" ", "")
    query = read_query(copy, kind, pairs, strict=strict)
    page = await search(copy, query)
    return answer(_bundle(copy, query, page, _base(request)))


def _bundle(copy: KeptCopy, query: Query, page: Page, base: str) -> Element:
    now, as_of = copy.clock(), copy.as_of()
    heard = iso(as_of, copy.zone()) if as_of is not None else ""
    meta = {
        "extension": extension("as-of", heard, "valueInstant"),
        "lastUpdated": iso(now, copy.zone()),
    }
    return filled(
        {
            "resourceType": "Bundle",
            "meta": filled(meta),
            "type": "searchset",
            "total": page.total,
            "link": _links(copy, query, page, base),
            "entry": [
                {
                    "fullUrl": f"{base}/{query.kind}/{one.resource['id']}",
                    "resource": versioned(one.resource),
                    "search": {"mode": "match"},
                }
                for one in page.found
            ],
        }
    )


def _links(copy: KeptCopy, query: Query, page: Page, base: str) -> list[Element]:
    links = [{"relation": "self", "url": _address(base, query.kind, query.used)}]
    others: tuple[tuple[str, Cursor | None], ...] = (
        ("next", page.after),
        ("previous", page.before),
    )
    for relation, cursor in others:
        if cursor is not None:
            pairs = (*query.carried, ("_cursor", cursor_text(copy, cursor)))
            links.append({"relation": relation, "url": _address(base, query.kind, pairs)})
    return links


def _address(base: str, kind: str, pairs: Pairs) -> str:
    return f"{base}/{kind}?{urlencode(pairs)}" if pairs else f"{base}/{kind}"


async def _summary(copy: KeptCopy, request: Request) -> Response:
    _only(request, _READS | {"POST"})
    key = copy.known(str(request.path_params["name"]))
    person = copy.views.people.person(key) if key is not None else None
    if key is None or person is None:
        raise not_found("No Patient is known under this id.")
    document = summary(person, copy.views.chart(key), copy.subject(key), copy.clock())
    return answer(document)


def _base(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}/fhir"


def _http_date(recorded: str) -> str:
    """Return a FHIR instant as HTTP writes it (RFC 9110 §5.6.7)."""
    return format_datetime(datetime.fromisoformat(recorded).astimezone(UTC), usegmt=True)
