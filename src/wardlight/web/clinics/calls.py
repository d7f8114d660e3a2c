"""The agent's screen: one patient at a time, what to say beside it, how the call ended below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.contact import REACHED, ContactAttempted, Outcome
from wardlight.record.identity import PatientKey
from wardlight.rules.access import May
from wardlight.rules.clinics.call_sheets import SHEET_MAX
from wardlight.rules.clinics.contact_texts import LANGUAGES, language_of
from wardlight.views.clinics.call_sheets import CallSheet
from wardlight.views.clinics.cases import TOLD, Case, CaseState, Reach, plain_phone
from wardlight.views.clinics.worklist import Moment
from wardlight.views.kept_rows import Row
from wardlight.views.paperwork.sheets import BACK, SheetState
from wardlight.web.clinics.doors import account_of, does, reads_name, site_for
from wardlight.web.clinics.lines import SPEAKERS, visit_line
from wardlight.web.clinics.scripts import Scripts
from wardlight.web.page import Content, Desk, Screen, answered
from wardlight.web.times import Times
from wardlight.web.wards.board import listed_name

NEXT_SHOWN = 8
NURSE_SHOWN_MAX = 100
OUTCOMES = tuple(str(one) for one in Outcome if one not in (Outcome.LETTER, Outcome.MESSAGE))


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/calls/{site}", calls)]


async def calls(request: Request) -> Response:
    """Show an agent the patient they have, or the way to the next one."""
    site = site_for(request, May.CONTACT)
    account, nurse = account_of(request), does(request, May.ADVISE)

    async def make(desk: Desk, t: Times) -> Content:
        now = desk.clock()  # a lease is over to the second, not to the minute
        held = desk.views.contacts.held_by(account, now)
        moment = Moment(site.code, now, t.zone)
        return {
            "held": person_of(desk, held, site.code, t) if held is not None else None,
            "upcoming": _next(desk, moment, t),
            "open": desk.views.worklist.length(moment),
            **(_for_nurse(desk, site.code, t, request) if nurse else {}),
            "is_nurse": nurse,
            "outcomes": OUTCOMES,
            "speakers": SPEAKERS,
            "languages": tuple(LANGUAGES.items()),
            "sheet_max": SHEET_MAX,
            **sheet_counts(desk, site.code, t),
            "answers": answers(desk, site.code, t, "en"),
            "scam": Scripts(desk, site.code, t).scam("en"),
            "here": f"/calls/{site.code}",
        }

    return await answered(request, Screen(template="calls.html", make=make, site=site.code))


def where_of(desk: Desk, one: CallSheet, t: Times) -> str:
    """Return where a sheet is: entered, back, out, late (out for longer than its shift), gone."""
    if not one.is_open():
        return "entered"
    held = desk.views.paperwork.sheet(one.serial)
    state = held.state if held is not None else SheetState.OUT
    if state in (SheetState.MISSING, SheetState.DESTROYED):
        return "gone"
    if state in BACK:
        return "back"
    return "late" if one.is_late(t.now) else "out"


def sheet_counts(desk: Desk, site: str, t: Times) -> dict[str, int]:
    """Return how many call sheets of a site are back and not entered, out, and out for long."""
    found = Counter(where_of(desk, one, t) for one in desk.views.contacts.sheets(site))
    return {"back": found["back"], "late": found["late"], "out": found["out"] + found["late"]}


def person_of(desk: Desk, patient: PatientKey, site: str, t: Times) -> dict[str, Any]:
    """Return what an agent needs to call somebody; what proves who they are is not among it."""
    reach = desk.views.cases.reach(patient)
    cases = desk.views.cases.of_reach(reach, site)
    language = language_of(reach.language()) or "en"
    scripts = Scripts(desk, site, t)
    return {
        "handle": desk.handles.of(reach.patient),
        "name": listed_name(reach.person),
        "language": reach.language(),
        "code": language,
        "phones": [_phone(one, reach.attempts) for one in reach.phones()],
        "rules": reach.rules,
        "protected": reach.person is not None and reach.person.protected,
        "symptoms": reach.nurse_since() is not None,
        "opening": scripts.script("opening", language),
        "voicemail": scripts.script("voicemail", language),
        "scam": scripts.scam(language),
        "worse": scripts.script("worse", language),
        "visits": [_visit(desk, one, scripts, language, t) for one in cases if _matters(one, t)],
        "tries": [_try(one, t) for one in reversed(reach.attempts)],
        "advice": [_advice(one, t) for one in reversed(reach.advice)],
    }


def _matters(case: Case, t: Times) -> bool:
    return case.state is not CaseState.OFF and (case.state not in TOLD or case.starts() > t.now)


def _visit(desk: Desk, case: Case, scripts: Scripts, language: str, t: Times) -> dict[str, Any]:
    return {
        "line": visit_line(desk, case, t),
        "script": scripts.of_case(case, language),
        "known": case.state in TOLD,
    }


def _phone(number: str, attempts: Sequence[Row[ContactAttempted]]) -> dict[str, Any]:
    tried = [one for one in attempts if plain_phone(one.said.phone) == plain_phone(number)]
    return {"number": number, "tried": len(tried)}


def _try(row: Row[ContactAttempted], t: Times) -> dict[str, Any]:
    said = row.said
    return {
        "at": t.at(row.occurred),
        "by": row.by,
        "outcome": str(said.outcome),
        "phone": said.phone,
        "note": " · ".join(one for one in (said.symptoms, said.note) if one),
        "good": said.outcome in REACHED,
    }


def _advice(row: Row[Any], t: Times) -> dict[str, Any]:
    return {"at": t.at(row.occurred), "by": row.by, "said": row.said}


def _next(desk: Desk, moment: Moment, t: Times) -> list[dict[str, Any]]:
    """Return who stands at the head of the list, without names: nobody chooses whom to ring."""
    found = islice(desk.views.worklist.waiting(moment), NEXT_SHOWN)
    return [
        {
            "points": one.points.words(),
            "total": one.points.total(),
            "when": visit_line(desk, one.cases[0], t).when,
            "language": one.reach.language() or "not recorded",
            "urgency": str(one.cases[0].urgency()),
            "visits": len(one.cases),
        }
        for one in found
    ]


def _for_nurse(desk: Desk, site: str, t: Times, request: Request) -> Content:
    """Return the patients a nurse has to ring: symptoms, and class A nobody reached.

    Those of clinics that are not hers are counted, so that nobody takes her list for the whole.
    """
    found: dict[PatientKey, tuple[Case, Reach]] = {}
    for key in desk.views.triage.decided(site):
        case = desk.views.cases.case(key)
        if case is not None and case.state is CaseState.NURSE and case.patient is not None:
            found.setdefault(case.patient, (case, desk.views.cases.reach(case.patient)))
    rows = sorted(found.values(), key=lambda one: one[1].nurse_since() or t.now)
    mine = [one for one in rows if reads_name(request, one[1].patient)]
    return {
        "nurse": [_nurse_line(desk, case, reach, t) for case, reach in mine[:NURSE_SHOWN_MAX]],
        "nurse_count": len(rows),
        "nurse_others": len(rows) - len(mine),
    }


def _nurse_line(desk: Desk, case: Case, reach: Reach, t: Times) -> dict[str, Any]:
    since = reach.nurse_since()
    said = [one.said.symptoms for one in reach.attempts if one.said.symptoms]
    return {
        "line": visit_line(desk, case, t),
        "since": t.at(since) if since is not None else "",
        "why": said[-1] if since is not None and said else f"class A, {case.tries} tries",
        "phones": reach.phones(),
    }


def answers(desk: Desk, site: str, t: Times, language: str) -> list[dict[str, Any]]:
    """Return the approved answers to what callers ask."""
    scripts = Scripts(desk, site, t)
    names = desk.tables.texts.names("answer") if desk.tables else ()
    return [
        {"question": name.partition(": ")[2], "script": scripts.script(name, language)}
        for name in names
    ]
