"""Letters, text messages, a list for a vendor, calendar entries: made for those who do not know.

Each that is handed out is written down as sent, patient by patient, through the one path of
entries; nobody counts as told by it. Whom nothing may be sent to is left out and counted.
"""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.contact import LETTERS_MAX, Letter, letters
from wardlight.record import catalogue
from wardlight.record.events.contact import Outcome
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.rules.access import May
from wardlight.rules.clinics.contact_texts import language_of
from wardlight.views.clinics.cases import Case, CaseState, Reach
from wardlight.views.words import name_words
from wardlight.web.clinics.accepting import reference
from wardlight.web.clinics.doors import reads_name, site_for
from wardlight.web.clinics.lines import spoken
from wardlight.web.clinics.numbers import cases_of
from wardlight.web.clinics.scripts import Scripts
from wardlight.web.entering.entries import Offered, taken
from wardlight.web.entering.forms import fields_of
from wardlight.web.page import Desk, desk_of, whole_minute
from wardlight.web.times import Times
from wardlight.wire.notifications import (
    Mail,
    Message,
    NewDate,
    calendar,
    mail_rows,
    mailbox,
    text_messages,
    vendor_messages,
)

UNREACHED = frozenset({CaseState.NOT_REACHED, CaseState.CALL_BACK, CaseState.NO_NUMBER})
WHICH = {"unreached": UNREACHED, "no-number": frozenset({CaseState.NO_NUMBER})}
KINDS = {
    "letters": ("letters.pdf", "application/pdf"),
    "text": ("messages.csv", "text/csv"),
    "mail": ("mails.csv", "text/csv"),
    "mailbox": ("mails.mbox", "application/mbox"),
    "vendor": ("notification.csv", "text/csv"),
    "calendar": ("new-dates.ics", "text/calendar"),
}
SUBJECT = "message-subject"
MAILS = ("mail", "mailbox")
NOBODY = "Nobody is left to whom this may be sent."


class To(Struct, frozen=True):
    """One patient and the visits they do not know about."""

    reach: Reach
    cases: tuple[Case, ...]
    language: str


def routes() -> list[BaseRoute]:
    """Return the address of this hand-out."""
    return [Route("/contact-numbers/{site}/send", send, methods=["POST"])]


async def send(request: Request) -> Response:
    """Hand out letters or messages, and write down to whom."""
    site = site_for(request, May.CONTACT)
    fields = await fields_of(request)
    what = fields.get("what", "")
    if what not in KINDS or fields.get("which") not in WHICH:
        raise HTTPException(422, "Choose what is to be made, and for whom.")
    desk = desk_of(request)
    t = Times(now=whole_minute(desk.clock()), zone=desk.zone(site.code))
    every = _chosen(desk, site.code, t, fields)
    chosen = [one for one in every if reads_name(request, one.reach.patient)]
    outcome = Outcome.LETTER if what == "letters" else Outcome.MESSAGE
    # Who was sent nothing yet comes first: what is more than one hand-out holds is in the next.
    chosen.sort(key=lambda one: _was_sent(desk, one, outcome))
    chosen = [one for one in chosen if _can(what, one)][:LETTERS_MAX]
    if not chosen:
        raise HTTPException(409, NOBODY)
    body = _made(desk, site.code, t, what, chosen)
    for one in chosen:
        await _written(request, site.code, one, outcome, fields.get("by", ""))
    name, kind = KINDS[what]
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
    }
    return Response(body, media_type=kind, headers=headers)


def _chosen(desk: Desk, site: str, t: Times, fields: dict[str, str]) -> list[To]:
    """Return to whom something may be sent; a protected name or a wish not to is respected."""
    wanted, language = WHICH[fields["which"]], fields.get("language", "")
    by_patient: dict[PatientKey, list[Case]] = {}
    for case in cases_of(desk, site, t.now):
        if case.state in wanted and case.patient is not None:
            by_patient.setdefault(case.patient, []).append(case)
    found = []
    for patient, cases in by_patient.items():
        reach = desk.views.cases.reach(patient)
        code = language_of(reach.language()) or "en"
        protected = reach.person is None or reach.person.protected
        if protected or reach.rules.do_not_disclose or language not in ("", code):
            continue
        found.append(To(reach, tuple(cases), code))
    return sorted(found, key=_soonest)


def _soonest(to: To) -> tuple[Instant, str]:
    """Return what puts hand-outs in order: the next visit; of two at one time, the same first."""
    return min(case.starts() for case in to.cases), to.cases[0].key


def _was_sent(desk: Desk, to: To, outcome: Outcome) -> bool:
    """Return whether all that somebody does not know was sent to them so before."""
    return all(
        any(
            (one.outcome, one.told.plan) == (outcome, case.plan)
            for one in desk.views.contacts.told(case.key)
        )
        for case in to.cases
    )


def _can(what: str, to: To) -> bool:
    """Return whether there is an address, a number, a date: what this hand-out needs."""
    person = to.reach.person
    if what == "letters":
        return person is not None and bool(person.address)
    if what in MAILS:
        return bool(to.reach.emails())
    if what == "calendar":
        return any(one.move is not None for one in to.cases)
    return to.reach.may_be_rung()


def _made(desk: Desk, site: str, t: Times, what: str, chosen: list[To]) -> bytes:
    scripts = Scripts(desk, site, t)
    if what == "letters":
        paper = desk.sites[site].paper
        made = [_letter(desk, site, scripts, one, t) for one in chosen]
        return letters(made, desk.press(), paper=paper)
    if what == "calendar":
        return calendar([date for one in chosen for date in _dates(one, scripts)], t.now)
    if what in MAILS:
        mails = [_mail(one, scripts) for one in chosen]
        return mail_rows(mails) if what == "mail" else mailbox(mails, t.now)
    messages = [_message(one, scripts) for one in chosen]
    return text_messages(messages) if what == "text" else vendor_messages(messages)


def _letter(desk: Desk, site: str, scripts: Scripts, to: To, t: Times) -> Letter:
    person, language = to.reach.person, to.language
    assert person is not None, "chosen with an address"
    name = f"{person.name.given} {person.name.family}".strip() or name_words(person.name)
    told = [scripts.of_case(one, language) for one in to.cases]
    return Letter(
        name=name,
        address=(person.address,),
        site=desk.sites[site].name,
        date=str(t.full(t.now)).split(" ", maxsplit=1)[0],
        language=told[0].language,
        opening=scripts.script("letter-opening", language, name=name).words,
        paragraphs=tuple(one.words for one in told),
        closing=scripts.script("letter-closing", language).words,
        scam=scripts.scam(language).words,
        approved="; ".join(dict.fromkeys(f"{one.name}, {one.approved}" for one in told)),
    )


def _message(to: To, scripts: Scripts) -> Message:
    person = to.reach.person
    assert person is not None, "chosen with a number"
    starts = min(to.cases, key=Case.starts)
    text = scripts.script("message", to.language, when=_day(starts, scripts, to.language))
    return Message(
        reference=reference(starts.key),
        given=person.name.given,
        family=person.name.family,
        phone=to.reach.phones()[0],
        language=text.language,
        text=text.words,
    )


def _mail(to: To, scripts: Scripts) -> Mail:
    starts = min(to.cases, key=Case.starts)
    text = scripts.script("message", to.language, when=_day(starts, scripts, to.language))
    return Mail(
        reference=reference(starts.key),
        address=to.reach.emails()[0],
        language=text.language,
        subject=scripts.script(SUBJECT, to.language).words,
        text=text.words,
        dates=tuple(_dates(to, scripts)),
    )


def _day(case: Case, scripts: Scripts, language: str) -> str:
    """Return the day of a visit as a message names it; words for one without a time, no gap."""
    starts = case.appointment.starts
    if starts is None:
        return spoken(None, scripts.t.zone, language)
    return str(scripts.t.full(starts.at)).split(" ", maxsplit=1)[0]


def _dates(to: To, scripts: Scripts) -> list[NewDate]:
    return [
        NewDate(
            reference=reference(one.key),
            starts=one.move.said.starts,
            minutes=one.move.said.minutes,
            where=", ".join(part for part in (one.move.said.partner, one.move.said.where) if part),
            text=scripts.scam(to.language).words,
        )
        for one in to.cases
        if one.move is not None
    ]


async def _written(request: Request, site: str, to: To, outcome: Outcome, by: str) -> None:
    """Write down that something was sent to one patient."""
    fields: list[tuple[str, Any]] = [("outcome", str(outcome)), ("language", to.language)]
    for one in to.cases:
        fields += [("plan_of", one.key), ("plan", one.plan), ("told", one.key)]
    desk = desk_of(request)
    offered = Offered(
        id=token_hex(16),
        kind=catalogue.CONTACT_ATTEMPTED,
        site=site,
        patient=desk.handles.of(to.reach.patient),
        by=by,
        fields=fields,
    )
    answer = await taken(request, offered)
    if not answer.told.get("ok"):
        raise HTTPException(409, str(answer.told["because"]))
