"""Visits as the lists of clinics and calls show them: what is needed to decide or to call."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from wardlight.record.events.contact import Speaker
from wardlight.record.instants import HOUR, Instant, local
from wardlight.rules.clinics.triage_rules import Proposal
from wardlight.views.clinics.cases import Case, prepares
from wardlight.views.services.clinic_status import clinic_of
from wardlight.views.words import number_groups, number_of
from wardlight.web.page import Desk
from wardlight.web.times import Times
from wardlight.web.wards.board import MASKED, listed_name

SOON_MS = 48 * HOUR
SPEAKERS = tuple(map(str, Speaker))


class VisitLine(Struct, frozen=True, kw_only=True):
    """One visit of a list."""

    key: str
    handle: str  # "" while nobody is named
    when: str
    starts: Instant
    name: str
    born: str
    number: tuple[str, ...]
    clinic: str
    what: tuple[str, ...]
    prep: tuple[str, ...]
    state: str
    urgency: str = ""
    decision: str = ""
    harm_by: str = ""
    harm_passed: bool = False
    why: tuple[str, ...] = ()
    rule: str = ""
    proposed: str = ""
    decided: str = ""
    moved: str = ""
    told: str = ""
    plan: str = ""
    soon: bool = False


def visit_line(desk: Desk, case: Case, t: Times, proposal: Proposal | None = None) -> VisitLine:
    """Return one visit; a protected name is masked."""
    person = desk.views.people.person(case.patient) if case.patient else None
    masked = person is not None and person.protected
    number = number_of(case.patient, person)[1] if case.patient and not masked else ""
    visit = case.appointment
    harm_by = case.verdict.line.harm_by if case.verdict else (proposal.harm_by if proposal else "")
    return VisitLine(
        key=case.key,
        handle=desk.handles.of(case.patient) if case.patient and person else "",
        when=str(t.full(visit.starts.at)) if visit.starts else "time not stated",
        starts=case.starts(),
        name=MASKED if masked else listed_name(person),
        born="withheld" if masked else t.born(person),
        number=tuple(number_groups(number)),
        clinic=clinic_of(visit),
        what=_what(case),
        prep=_prep(case) if prepares(visit) else (),
        state=case.state,
        harm_by=harm_by,
        harm_passed=bool(harm_by) and harm_by < t.iso_day(),
        plan=case.plan,
        soon=case.starts() - t.now < SOON_MS,
        **_verdict(case, t),
        **_proposal(proposal),
    )


def _verdict(case: Case, t: Times) -> dict[str, Any]:
    if case.verdict is None:
        return {}
    told = case.told
    return {
        "urgency": case.verdict.line.urgency,
        "decision": case.verdict.line.decision,
        "decided": f"{case.verdict.by}, {t.at(case.verdict.at)}",
        "moved": moved_words(case, t),
        "told": f"{told.by}, {t.at(told.at)}" if told else "",
    }


def _proposal(proposal: Proposal | None) -> dict[str, Any]:
    if proposal is None:
        return {}
    return {
        "why": proposal.why,
        "rule": proposal.rule,
        "proposed": str(proposal.urgency or ""),
        "decision": str(proposal.decision),
    }


def moved_words(case: Case, t: Times) -> str:
    """Return the new time of a visit; "" while it has none."""
    if case.move is None:
        return ""
    said = case.move.said
    place = ", ".join(one for one in (said.partner, said.where) if one)
    return f"{t.full(said.starts)}{f', {place}' if place else ''}"


def _what(case: Case) -> tuple[str, ...]:
    visit = case.appointment
    found = (
        visit.procedure,
        visit.service.words(),
        visit.kind.words(),
        visit.reason.words(),
        *(f"with {one}" for one in visit.staff),
        *(f"also {one}" for one in visit.linked),
    )
    return tuple(dict.fromkeys(one for one in found if one)) or ("Not recorded",)


def _prep(case: Case) -> tuple[str, ...]:
    visit = case.appointment
    found = [visit.prep] if visit.prep else []
    if visit.travel_minutes:
        found.append(f"travels {visit.travel_minutes} min")
    if visit.transport:
        found.append(f"transport: {visit.transport}")
    return tuple(found)


_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
}


_NO_DAY = {"en": "the day you were given", "es": "día que le dieron", "pt": "dia que lhe deram"}


def spoken(at: Instant | None, zone: str, language: str = "en") -> str:
    """Return a time as it is read out to a patient: `Tuesday 24 November 2026, 09:00`.

    A language without names of its own has the date in figures, year first. A visit of which no
    message states the time still has words there, never a gap.
    """
    if at is None:
        return _NO_DAY.get(language, _NO_DAY["en"])
    when = local(at, zone)
    if language not in _DAYS:
        return f"{when:%Y-%m-%d %H:%M}"
    day = _DAYS[language].split()[when.weekday()]
    month = _MONTHS[language].split()[when.month - 1]
    of = " " if language == "en" else " de "
    return f"{day} {when.day}{of}{month}{of}{when.year}, {when:%H:%M}"
