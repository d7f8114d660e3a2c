"""The same entries from a plain form, for a browser without scripts: never a lost form.

What cannot be written comes back with everything that was typed, the words at each field and a
place for each reason that is asked for. A plain form has no id of a device, so a form sent twice
makes two entries; the answer says when the same was entered a minute ago.
"""

from __future__ import annotations

from secrets import token_hex
from urllib.parse import parse_qsl

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from wardlight.record import catalogue
from wardlight.record.events.entered import Warned
from wardlight.record.instants import MINUTE, Instant
from wardlight.rules.asking import OVERRIDE, Refusal
from wardlight.rules.judging import judged
from wardlight.web.entries import (
    BYTES_MAX,
    FIELDS_MAX,
    REASONS,
    Offered,
    asked_of,
    author_of,
    ground_of,
    taken,
)
from wardlight.web.page import Content, Desk, Screen, answered, desk_of
from wardlight.web.times import Times

AROUND = frozenset({"id", "kind", "patient", "site", "by", "next", "corrects"})
SEE_OTHER = 303
SAME_LATELY = "same-lately"
SAME_WITHIN_MS = MINUTE
REMEMBERED_MAX = 1_000
PLAIN_FORM = "application/x-www-form-urlencoded"


class Typed(Struct, frozen=True):
    """One form as a browser sent it."""

    around: dict[str, str]
    fields: list[tuple[str, str]]

    def offered(self) -> Offered:
        """Return the entry; a form that was drawn without a device gets its id here."""
        around = self.around
        return Offered(
            id=around.get("id") or token_hex(16),
            kind=around.get("kind", ""),
            site=around.get("site", ""),
            patient=around.get("patient", ""),
            by=around.get("by", ""),
            corrects=around.get("corrects", ""),
            fields=self.fields,
        )


async def take_form(request: Request, body: bytes) -> Response:
    """Write a plain form's entry and go on, or show it again with what is missing."""
    typed = _typed(body)
    desk, offered = desk_of(request), typed.offered()
    author = author_of(request, offered.by)
    if author is None:
        raise HTTPException(401, "Sign in again, then go back: the form still holds your words.")
    if offered.site not in desk.sites:
        raise HTTPException(422, "This site is not on this node.")
    typed = await _numbered(desk, typed)
    offered = typed.offered()
    found = judged(await asked_of(desk, offered, author), ground_of(desk, offered.site))
    if isinstance(found, Refusal):
        return await _again(request, typed, found, ())
    open_ = tuple(one for one in found.warnings if one.asks and not one.reason)
    if open_:
        return await _again(request, typed, Refusal(""), open_)
    if typed.around.get("sure") != "yes" and _same_lately(request, desk, offered):
        same = Warned(SAME_LATELY, "This looks the same as an entry of a minute ago.")
        return await _again(request, typed, Refusal(""), (same,))
    answer = await taken(request, offered)
    if answer.status not in (200, 409):
        return await _again(request, typed, Refusal(answer.told["because"]), ())
    return RedirectResponse(_next(typed), SEE_OTHER)


def _typed(body: bytes) -> Typed:
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FIELDS_MAX
        )
    except ValueError as error:
        raise HTTPException(400, "This form has too many fields.") from error
    around = {name: value for name, value in pairs if name in AROUND}
    if any(name == OVERRIDE + SAME_LATELY and value for name, value in pairs):
        around["sure"] = "yes"
    return Typed(around, [pair for pair in pairs if pair[0] not in AROUND])


async def _numbered(desk: Desk, typed: Typed) -> Typed:
    """Give a registration without a device its downtime number."""
    if typed.around.get("kind") != catalogue.PATIENT_REGISTERED or desk.numbers is None:
        return typed
    if any(name == "number" and value.strip() for name, value in typed.fields):
        return typed
    site = typed.around["site"]
    number = await desk.numbers.one(site, drill=desk.views.downtimes.at(site).drill)
    kept = [pair for pair in typed.fields if pair[0] != "number"]
    return Typed(typed.around, [*kept, ("number", number)])


def _same_lately(request: Request, desk: Desk, offered: Offered) -> bool:
    """Return whether the same was entered at this node within a minute; remember this one."""
    lately: dict[str, Instant] = request.app.state.lately
    now, said = desk.clock(), offered.content()
    before = lately.get(said)
    lately[said] = now
    while len(lately) > REMEMBERED_MAX:
        del lately[next(iter(lately))]
    return before is not None and now - before < SAME_WITHIN_MS


async def _again(
    request: Request, typed: Typed, refusal: Refusal, warnings: tuple[Warned, ...]
) -> Response:
    async def make(_: Desk, __: Times) -> Content:
        return {
            "around": [(name, value) for name, value in typed.around.items() if name in AROUND],
            "fields": [
                (name, value) for name, value in typed.fields if not name.startswith(OVERRIDE)
            ],
            "missing": [
                name for name in refusal.fields if name not in {one for one, _ in typed.fields}
            ],
            "refusal": refusal,
            "warnings": warnings,
            "reasons": REASONS,
        }

    screen = Screen(template="entry_again.html", make=make, status=422)
    return await answered(request, screen)


def _next(typed: Typed) -> str:
    wanted = typed.around.get("next", "")
    if wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted:
        return wanted
    patient = typed.around.get("patient", "")
    return f"/patient/{patient}" if patient.isalnum() else "/my-entries"


async def body_of(request: Request) -> bytes:
    """Return the body of a request; raises 413 for more than a form can hold."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BYTES_MAX:
            raise HTTPException(413, "That is more than a form can hold.")
    return bytes(body)
