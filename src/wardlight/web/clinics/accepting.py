"""From a proposed time to an entry: what a line would warn of, and each ticked line written.

A time that warns (after the harm date, for another service, a list that gets too long) is not
ticked by itself and is not written without a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qsl

from msgspec import Struct
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from wardlight.plan.visits.visit_desk import waits
from wardlight.record import catalogue
from wardlight.record.events.triage import Decision
from wardlight.record.sources import Site
from wardlight.rules.asking import OVERRIDE, Refusal
from wardlight.rules.judging import judged
from wardlight.views.clinics.cases import Case
from wardlight.web.clinics.lines import visit_line
from wardlight.web.entering.entries import Offered, asked_of, author_of, ground_of, taken
from wardlight.web.entering.entry_form import body_of
from wardlight.web.page import Content, Desk, Screen, answered, desk_of
from wardlight.web.times import Times

ACCEPT_MAX = 400
REASON_NEEDED = "It needs a reason: {}"
GONE = ("a visit that waits no longer", "It has a time, or was decided anew.")


class Doubt(Struct, frozen=True):
    """What speaks against a time: warnings that ask for a reason, or why it is refused."""

    words: str = ""
    codes: tuple[str, ...] = ()
    refused: bool = False


def reference(key: str) -> str:
    """Return a name for a visit that says nothing of it."""
    return sha256(key.encode()).hexdigest()[:16]


def waiting_at(desk: Desk, site: str, *, theatre: bool) -> tuple[Case, ...]:
    """Return who was decided to move and has no time, however long ago the visit would be."""
    triage = desk.views.triage
    found = []
    for key in triage.decided(site):
        verdict = triage.verdict(key)
        if verdict is None or triage.move(key) is not None:
            continue
        if verdict.line.decision not in (Decision.POSTPONE, Decision.TRANSFER):
            continue
        case = desk.views.cases.case(key)
        if case is not None and bool(case.appointment.procedure) is theatre and waits(case):
            found.append(case)
    return tuple(sorted(found, key=lambda one: (one.urgency(), one.starts(), one.key)))


async def doubts_of(
    request: Request, site: str, proposed: Iterable[tuple[Case, str]]
) -> Mapping[str, Doubt]:
    """Return what speaks against each proposed time, by key of the case; nothing is written."""
    desk = desk_of(request)
    author = author_of(request, "")
    found: dict[str, Doubt] = {}
    for case, slot in proposed:
        if author is None:
            break
        asked = await asked_of(desk, _move(case, slot, site), author)
        answer = judged(asked, ground_of(desk, site))
        if isinstance(answer, Refusal):
            words = "; ".join(answer.fields.values()) or answer.because
            found[case.key] = Doubt(words, refused=True)
            continue
        warned = [one for one in answer.warnings if one.asks]
        if warned:
            words = " ".join(one.words for one in warned)
            found[case.key] = Doubt(words, tuple(one.code for one in warned))
    return found


async def accept_ticked(request: Request, site: Site, *, theatre: bool, back: str) -> Response:
    """Write each ticked line as an entry; say which were not written, and why."""
    pairs = parse_qsl((await body_of(request)).decode("utf-8", "replace"))
    fields = dict(pairs)
    chosen = [value.partition(" ") for name, value in pairs if name == "take"][:ACCEPT_MAX]
    waiting = waiting_at(desk_of(request), site.code, theatre=theatre)
    cases = {reference(one.key): one for one in waiting}
    reason = " ".join(fields.get("reason", "").split())
    accepted = 0
    refused: list[tuple[Case | str, str]] = []
    for ref, _, slot in chosen:
        case = cases.get(ref)
        if case is None:
            refused.append(GONE)
            continue
        doubt = (await doubts_of(request, site.code, [(case, slot)])).get(case.key, Doubt())
        if doubt.codes and not reason:
            refused.append((case, REASON_NEEDED.format(doubt.words)))
            continue
        offered = _move(case, slot, site.code, [(OVERRIDE + one, reason) for one in doubt.codes])
        answer = await taken(request, replace(offered, by=fields.get("by", "")))
        accepted += bool(answer.told.get("ok"))
        if not answer.told.get("ok"):
            refused.append((case, _because(answer.told)))
    return await _told(request, site, accepted, refused, back)


async def _told(
    request: Request,
    site: Site,
    accepted: int,
    refused: Sequence[tuple[Case | str, str]],
    back: str,
) -> Response:
    async def make(desk: Desk, t: Times) -> Content:
        told = [
            (visit_line(desk, who, t).name if isinstance(who, Case) else who, why)
            for who, why in refused
        ]
        return {"accepted": accepted, "refused": told, "here": back}

    screen = Screen(template="reschedule_done.html", make=make, site=site.code)
    return await answered(request, screen)


def _move(case: Case, slot: str, site: str, reasons: Iterable[tuple[str, str]] = ()) -> Offered:
    said = [("appointment", case.key), ("slot", slot), ("why", "accepted from the proposal")]
    return Offered(
        id=token_hex(16), kind=catalogue.VISIT_MOVED, site=site, fields=[*said, *reasons]
    )


def _because(told: Mapping[str, Any]) -> str:
    fields: dict[str, str] = told.get("fields") or {}
    return "; ".join(fields.values()) or str(told.get("because", ""))
