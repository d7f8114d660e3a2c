"""Where tablets and forms hand in what staff enter: checked, made durable, then acknowledged.

The device makes the id, so that sending twice has one effect; an answer always echoes it, so
that nothing else on the way (a captive portal, a cache) can be taken for an acknowledgement.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.events.entered import Warned
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.rules.asking import Accepted, Asked, Author, Fields, Ground, Refusal
from wardlight.rules.judging import draft_of, judged
from wardlight.rules.paperwork.paper_rows import IMAGE
from wardlight.rules.paperwork.paperwork import serials_named
from wardlight.views.paperwork.sheets import FormRow
from wardlight.web.access.glass import note_reading
from wardlight.web.access.sight import sight_of
from wardlight.web.entering.writing import NotKeptError
from wardlight.web.page import Desk, desk_of, patient_of, who_of
from wardlight.web.paperwork.form_rows import form_name, rows_of_page, rows_of_sheet

BYTES_MAX = 128 * 1024
FIELDS_MAX = 500
SEAL_HEX = 16
HANDLES_IN = frozenset({"same_as", "mother_key"})  # fields that name another patient
ACCESS_ENDED = "The author's access had ended when this arrived: ask whether it is theirs."
NOT_YOUR_HOSPITAL = "You do not work at this hospital: its own people say what it takes."
NOT_YOUR_VISITS = "You do not work at this hospital: its own people see to its visits."
REASONS = ("Prescriber told", "Patient known to tolerate it", "Emergency", "Checked again, right")
VISIT_REASONS = (
    *(
        "Checked again, right",
        "It will be there before the visit",
        "Nothing sooner, here or elsewhere",
    ),
    *("Agreed with the treating physician", "Agreed with the patient", "Emergency"),
)


class Offered(Struct, frozen=True, kw_only=True):
    """One entry as a device sends it."""

    id: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    kind: Annotated[str, Meta(max_length=40)]
    site: Annotated[str, Meta(max_length=40)]
    patient: Annotated[str, Meta(max_length=40)] = ""
    made: int | None = None
    skew: int | None = None
    corrects: Annotated[str, Meta(max_length=60)] = ""
    by: Annotated[str, Meta(max_length=2_000)] = ""
    drill: bool = False  # the page said DRILL when it was filled in
    fields: Annotated[list[tuple[str, str]], Meta(max_length=FIELDS_MAX)] = []

    def content(self) -> str:
        """Return the digest of what was entered, whoever sends it and however often."""
        said = (self.kind, self.site, self.patient, self.corrects, self.fields)
        return sha256(msgspec.json.encode(said)).hexdigest()[:32]


class Answer(Struct, frozen=True):
    """What the device is told; it always echoes the id."""

    status: int
    told: dict[str, Any]

    def response(self) -> Response:
        """Return the answer as JSON."""
        return JSONResponse(self.told, self.status)


_DECODER = msgspec.json.Decoder(Offered)


async def take(request: Request) -> Response:
    """Write an entry of a tablet and acknowledge it."""
    offered = await _offered(request)
    if isinstance(offered, Answer):
        return offered.response()
    answer = await taken(request, offered)
    return answer.response()


async def taken(request: Request, offered: Offered) -> Answer:
    """Write one entry, or say why not. The same entry offered twice at once is written once."""
    writing: dict[str, asyncio.Future[Answer]] = request.app.state.writing
    key = offered.id + offered.content()
    if key not in writing:
        writing[key] = asyncio.ensure_future(_write(request, offered))
        writing[key].add_done_callback(lambda _: writing.pop(key, None))
    return await asyncio.shield(writing[key])


async def _write(request: Request, offered: Offered) -> Answer:
    desk = desk_of(request)
    author = author_of(request, offered.by)
    if author is None:
        return _no(offered, 401, "Sign in again. What you entered stays on this device.")
    foreign = _of_another_hospital(request, offered)
    if foreign:
        return _no(offered, 422, foreign)
    content = offered.content()
    made = desk.views.entries.made(offered.id)
    for one in made:
        if one.content == content:
            return _acknowledged(desk, offered, one.position, again=True, conflict=len(made) > 1)
    asked = await asked_of(desk, offered, author)
    claimed: set[str] = request.app.state.claimed
    ground = replace(await ground_with_sheets(desk, asked), claimed=claimed)
    found = judged(asked, ground)
    if isinstance(found, Refusal):
        return _no(offered, 422, found.because, fields=found.fields)
    if desk.access is not None and desk.access.left_since(author.account):
        found = replace(found, warnings=(*found.warnings, Warned("access-ended", ACCESS_ENDED)))
    claimed.update(found.claims)  # nothing waits between the judging and this
    try:
        await _know_sheets(desk, ground, author)
        entry = await desk.write(draft_of(asked, found, ground, content))
    except NotKeptError as error:
        return _no(offered, 503, str(error))
    finally:
        claimed.difference_update(found.claims)
    words = [one.words for one in found.warnings if one.asks and not one.reason]
    return _kept(offered, entry, words, conflict=bool(made))


async def check(request: Request) -> Response:
    """Say what would be refused and what a person is to be warned of; nothing is written."""
    offered = await _offered(request)
    if isinstance(offered, Answer):
        return offered.response()
    desk = desk_of(request)
    author = author_of(request, offered.by)
    if author is None:
        return _no(offered, 401, "Sign in again.").response()
    foreign = _of_another_hospital(request, offered)
    if foreign:
        return _no(offered, 422, foreign).response()
    asked = await asked_of(desk, offered, author)
    if asked.patient:
        note_reading(request, desk, asked.patient)  # what it warns of stands in the chart
    found = judged(asked, await ground_with_sheets(desk, asked))
    if isinstance(found, Refusal):
        told = {"ok": False, "because": found.because, "fields": found.fields, "warnings": []}
    else:
        told = {"ok": True, "because": "", "fields": {}, "warnings": _shown(found, offered.kind)}
    return JSONResponse({"id": offered.id, **told})


def _of_another_hospital(request: Request, offered: Offered) -> str:
    """Return why an entry about a site's services or visits is not theirs to make; "" if it is."""
    if sight_of(request).site(offered.site):
        return ""
    if offered.kind in catalogue.SERVICES:
        return NOT_YOUR_HOSPITAL
    return NOT_YOUR_VISITS if offered.kind in catalogue.CLINICS else ""


def reasons_for(kind: str) -> tuple[str, ...]:
    """Return the reasons to choose from for going on in spite of a warning, by kind of entry."""
    return VISIT_REASONS if kind in catalogue.CLINICS else REASONS


def _shown(found: Accepted, kind: str) -> list[dict[str, Any]]:
    return [_warning(one, kind) for one in found.warnings]


def _warning(one: Warned, kind: str) -> dict[str, Any]:
    return {
        "code": one.code,
        "words": one.words,
        "reason": one.reason,
        "asks": one.asks,
        "reasons": reasons_for(kind),
    }


async def ping(request: Request) -> Response:
    """Say that this is the server, its time, and whether it still holds what it acknowledged."""
    desk = desk_of(request)
    who = who_of(request)
    told = {
        "now": desk.clock(),
        "holds": _holds(desk, request.query_params.get("ack", "")),
        "who": who.name if who else "",
        "station": who.station if who else "",
    }
    return JSONResponse(told, headers={"wardlight-now": str(desk.clock())})


def _holds(desk: Desk, ack: str) -> bool | None:
    """Return whether the log has this seal at this position; None when nothing was asked."""
    position, _, seal = ack.partition(".")
    if not position.isascii() or not position.isdigit() or len(position) > 15:  # noqa: PLR2004 -- no log is that long
        return None
    return desk.seal_at(int(position)) == seal


def author_of(request: Request, grant: str) -> Author | None:
    """Return whose entry it is: whom the page was made for, else who is signed in now."""
    desk = desk_of(request)
    who = who_of(request)
    if desk.access is None:
        return Author(account="visitor", name="Visitor", role="", station="")
    if who is None:
        return None
    return desk.access.author_of(grant) if grant else _as_author(who)


def _as_author(who: Any) -> Author:
    return Author(account=who.account, name=who.name, role=who.role, station=who.station)


async def asked_of(desk: Desk, offered: Offered, author: Author) -> Asked:
    """Return what is asked, with handles turned into patients."""
    patient = PatientKey("")
    if offered.patient:
        patient = await _patient(desk, offered.patient)
    pairs = [
        (name, str(await _patient(desk, value)) if name in HANDLES_IN and value else value)
        for name, value in offered.fields
    ]
    return Asked(
        id=offered.id,
        kind=offered.kind,
        site=offered.site,
        author=author,
        fields=Fields(pairs),
        patient=patient,
        made=Instant(offered.made) if offered.made is not None else None,
        skew=offered.skew,
        corrects=offered.corrects,
        drill=offered.drill,
    )


async def _patient(desk: Desk, handle: str) -> PatientKey:
    """Return whose handle it is; nobody's is left to the rules to refuse in words."""
    try:
        return await patient_of(desk, handle)
    except HTTPException:
        return PatientKey("unknown|unknown")


def ground_of(desk: Desk, site: str) -> Ground:
    """Return what rules may look at."""
    return Ground(
        views=desk.views,
        now=desk.clock(),
        zone=desk.zone(site),
        site=site,
        tables=desk.tables,
    )


async def ground_with_sheets(desk: Desk, asked: Asked) -> Ground:
    """Return what rules may look at, with the sheets an entry names by their serials.

    A pack printed from the disk is in no register until an entry that names one of its sheets is
    kept (decision 0026); until then nothing is written of it.
    """
    ground = replace(ground_of(desk, asked.site), rows=_rows_meant(desk, asked))
    named = serials_named(asked) if desk.scans is not None else []
    if not named or desk.scans is None:
        return ground
    return replace(ground, printed_past=await desk.scans.printed_past(named))


def _rows_meant(desk: Desk, asked: Asked) -> dict[str, tuple[FormRow, ...]]:
    """Return what the forms of a page or of sheets say their rows become."""
    forms = desk.forms().forms
    if asked.kind == catalogue.SHEETS_MARKED:
        found = (desk.views.paperwork.sheet(one) for one in serials_named(asked))
        sheets = {one.form: one.pages for one in found if one is not None}
        return {form: rows_of_sheet(forms, form, pages) for form, pages in sheets.items()}
    image = asked.fields.one(IMAGE)
    if asked.kind == catalogue.PAGE_ROWS_CLOSED:
        image = asked.fields.one("image")
    page = desk.views.scans.page(image) if image else None
    if page is None:
        return {}
    rows = rows_of_page(forms, desk.views, page)
    return {form_name(desk.views, page): rows}


async def _know_sheets(desk: Desk, ground: Ground, author: Author) -> None:
    """Put the packs of such sheets into the register, before the entry that names them."""
    if ground.printed_past and desk.scans is not None:
        await desk.scans.know(ground.printed_past, author)


async def _offered(request: Request) -> Offered | Answer:
    """Return the entry of a request, whatever way it came; an answer when it is none."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BYTES_MAX:
            return Answer(413, {"id": "", "because": "That is more than a form can hold."})
    try:
        offered = _DECODER.decode(body)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return Answer(400, {"id": _id_in(bytes(body)), "because": "This is not an entry of ours."})
    if offered.site not in desk_of(request).sites:
        return _no(offered, 422, "This site is not on this node.")
    return offered


def _id_in(body: bytes) -> str:
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    return str(told.get("id", ""))[:32] if isinstance(told, dict) else ""


def _no(offered: Offered, status: int, because: str, **more: Any) -> Answer:
    return Answer(status, {"id": offered.id, "ok": False, "because": because, **more})


def _kept(offered: Offered, entry: Entry, warnings: Iterable[str], *, conflict: bool) -> Answer:
    told = {
        "id": offered.id,
        "ok": not conflict,
        "position": entry.position,
        "seal": entry.chain.hex()[:SEAL_HEX],
        "recorded": entry.recorded,
        "warnings": list(warnings),
        "again": False,
    }
    if conflict:
        told["because"] = CONFLICT
    return Answer(409 if conflict else 200, told)


CONFLICT = "The same form was sent twice with different values. Both are kept: a person must look."


def _acknowledged(
    desk: Desk, offered: Offered, position: int, *, again: bool, conflict: bool
) -> Answer:
    told = {
        "id": offered.id,
        "ok": not conflict,
        "position": position,
        "seal": desk.seal_at(position),
        "recorded": desk.clock(),
        "warnings": [],
        "again": again,
    }
    if conflict:
        told["because"] = CONFLICT
    return Answer(409 if conflict else 200, told)
