"""The same entries from a plain form, for a browser without scripts: never a lost form.

What cannot be written comes back with everything that was typed, the words at each field and a
place for each reason that is asked for. A plain form has no id of a device, so a form sent twice
makes two entries; the answer says when the same was entered a minute ago.
"""

from __future__ import annotations

from secrets import token_hex
from urllib.parse import parse_qsl

from msgspec import Struct, structs
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from wardlight.record import catalogue
from wardlight.record.events.entered import Warned
from wardlight.record.instants import MINUTE, Instant, clinical_time
from wardlight.rules.asking import OVERRIDE, Refusal
from wardlight.rules.judging import judged
from wardlight.web.access.glass import GlassNeededError
from wardlight.web.banner import Opened, banner_of, open_key
from wardlight.web.entering.entries import (
    BYTES_MAX,
    FIELDS_MAX,
    Offered,
    asked_of,
    author_of,
    ground_with_sheets,
    reasons_for,
    taken,
)
from wardlight.web.entering.entry_again import fields_again
from wardlight.web.page import Content, Desk, Screen, answered, desk_of, patient_of, who_of
from wardlight.web.times import Times

AROUND = frozenset({"id", "kind", "patient", "site", "by", "next", "corrects"})
SEE_OTHER, UNAUTHORIZED = 303, 401
SAME_LATELY = "same-lately"
SAME_WITHIN_MS = MINUTE
REMEMBERED_MAX = 1_000
PLAIN_FORM = "application/x-www-form-urlencoded"
RECEIVED = "#received"  # where every page says that an entry is in the log
SIGN_IN = "Nobody is signed in at this station. Sign in in another tab, then save again here."


class Typed(Struct, frozen=True):
    """One form as a browser sent it."""

    around: dict[str, str]
    fields: list[tuple[str, str]]

    def sure(self) -> bool:
        """Return whether the person says that the same was done twice."""
        return any(name == OVERRIDE + SAME_LATELY and value for name, value in self.fields)

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
        return await _again(request, typed, Refusal(SIGN_IN), (), status=401)
    if offered.site not in desk.sites:
        raise HTTPException(422, "This site is not on this node.")
    typed = await _numbered(desk, typed)
    offered = typed.offered()
    asked = await asked_of(desk, offered, author)
    found = judged(asked, await ground_with_sheets(desk, asked))
    if isinstance(found, Refusal):
        return await _again(request, typed, found, ())
    open_ = tuple(one for one in found.warnings if one.asks and not one.reason)
    if open_:
        return await _again(request, typed, Refusal(""), open_)
    same = _same_lately(request, desk, offered)
    if same and not typed.sure():
        return await _again(request, typed, Refusal(""), (Warned(SAME_LATELY, same),))
    answer = await taken(request, offered)
    if answer.status not in (200, 409):
        refusal = Refusal(answer.told["because"])
        return await _again(request, typed, refusal, (), status=answer.status)
    _remember(request, desk, offered)
    return RedirectResponse(_next(typed) + RECEIVED, SEE_OTHER)


def _typed(body: bytes) -> Typed:
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FIELDS_MAX
        )
    except ValueError as error:
        raise HTTPException(400, "This form has too many fields.") from error
    around = {name: value for name, value in pairs if name in AROUND}
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


def _same_lately(request: Request, desk: Desk, offered: Offered) -> str:
    """Return when the same was entered at this node, in words; "" when it was not lately."""
    lately: dict[str, Instant] = request.app.state.lately
    before = lately.get(_said(offered))
    if before is None or desk.clock() - before >= SAME_WITHIN_MS:
        return ""
    when = clinical_time(before, desk.zone(offered.site), now=desk.clock())
    return f"This looks the same as an entry that was received at {when}."


def _remember(request: Request, desk: Desk, offered: Offered) -> None:
    lately: dict[str, Instant] = request.app.state.lately
    lately[_said(offered)] = desk.clock()
    while len(lately) > REMEMBERED_MAX:
        del lately[next(iter(lately))]


def _said(offered: Offered) -> str:
    """Return what tells one entry from another, whatever reasons were given for going on."""
    fields = [pair for pair in offered.fields if not pair[0].startswith(OVERRIDE)]
    return structs.replace(offered, fields=fields).content()


async def _again(
    request: Request,
    typed: Typed,
    refusal: Refusal,
    warnings: tuple[Warned, ...],
    *,
    status: int = 422,
) -> Response:
    """Show a form again, whole, with what is missing and whose chart it is for."""
    opened = await _whose(request, typed)
    asked = {OVERRIDE + one.code for one in warnings}

    async def make(desk: Desk, t: Times) -> Content:
        return {
            "tab": "",
            "banner": banner_of(desk, opened, t) if opened else None,
            "what": typed.around.get("kind", "").replace(".", " "),
            "around": typed.around.items(),
            "fields": list(fields_again(typed.fields, refusal, asked)),
            "refusal": refusal,
            "warnings": warnings,
            "reasons": reasons_for(typed.around.get("kind", "")),
            "sign_in": status == UNAUTHORIZED,
        }

    screen = Screen(
        template="entry_again.html", make=make, site=typed.around.get("site", ""), status=status
    )
    return await answered(request, screen)


async def _whose(request: Request, typed: Typed) -> Opened | None:
    """Return the patient to show above the form; None where that is not for this person to see."""
    desk, handle = desk_of(request), typed.around.get("patient", "")
    if not handle or (desk.access is not None and who_of(request) is None):
        return None
    try:
        return open_key(request, await patient_of(desk, handle))
    except (GlassNeededError, HTTPException):
        return None


def _next(typed: Typed) -> str:
    wanted = typed.around.get("next", "").partition("#")[0]
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
