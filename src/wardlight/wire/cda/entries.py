"""Entries of a transfer summary: allergies, medicines, problems, results and vital signs.

Each function returns what writes one entry into its place. Template ids are those of C-CDA R2.1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from wardlight.record.codes import Coded, ResultState
from wardlight.record.events.charting import Allergy, Observation
from wardlight.record.instants import Moment
from wardlight.wire.cda.parts import (
    SNOMED,
    add,
    code,
    identified,
    measured,
    span,
    template,
    time,
    typed,
)

if TYPE_CHECKING:
    from wardlight.wire.cda.transfer_summary import Found, Medicine, Problem

ACT_CLASS, ACT_CODE = "2.16.840.1.113883.5.6", "2.16.840.1.113883.5.4"
INTERPRETATION = "2.16.840.1.113883.5.83"
ALLERGY_CONCERN = "2.16.840.1.113883.10.20.22.4.30"
PROBLEM_CONCERN = "2.16.840.1.113883.10.20.22.4.3"
_FLAGS = frozenset({"L", "H", "LL", "HH", "A", "AA", "N"})
UNSAID = frozenset({ResultState.WITHDRAWN, ResultState.WRONG_PATIENT})

Write = Callable[[Element], None]


def allergy(one: Allergy, document: str, zone: str) -> Write:
    """Return what writes one allergy: a concern with an observation, and its reactions."""

    def write(entry: Element) -> None:
        seen = _concern(entry, ALLERGY_CONCERN, (document, one.agent.key()), zone)
        template(seen, "2.16.840.1.113883.10.20.22.4.7", "2014-06-09")
        identified(seen, document, "allergy", one.agent.key())
        _asserted(seen, one.onset, zone)
        typed(seen, "CD", code="419199007", codeSystem=SNOMED, displayName="Allergy to substance")
        agent = _agent(seen)
        code(agent, "code", one.agent)
        add(agent, "name", one.agent.words() or "agent not stated")
        for reaction in one.reactions:
            related = add(seen, "entryRelationship", typeCode="MFST", inversionInd="true")
            shown = add(related, "observation", classCode="OBS", moodCode="EVN")
            template(shown, "2.16.840.1.113883.10.20.22.4.9", "2014-06-09")
            identified(shown, document, "reaction", one.agent.key(), reaction)
            _asserted(shown, None, zone)
            code(shown, "value", Coded(text=reaction), kind="CD")

    return write


def no_allergy(document: str) -> Write:
    """Return what writes that somebody said there are no known allergies."""

    def write(entry: Element) -> None:
        seen = _concern(entry, ALLERGY_CONCERN, (document, "no known allergy"), "UTC")
        seen.set("negationInd", "true")
        template(seen, "2.16.840.1.113883.10.20.22.4.7", "2014-06-09")
        identified(seen, document, "no known allergy")
        _asserted(seen, None, "UTC")
        typed(seen, "CD", code="419199007", codeSystem=SNOMED, displayName="Allergy to substance")
        add(_agent(seen), "code", nullFlavor="NA")

    return write


def _agent(seen: Element) -> Element:
    part = add(seen, "participant", typeCode="CSM")
    role = add(part, "participantRole", classCode="MANU")
    return add(role, "playingEntity", classCode="MMAT")


def _concern(entry: Element, kind: str, named: tuple[str, str], zone: str) -> Element:
    """Add an active concern, and return the observation in it that is still to be filled."""
    act = add(entry, "act", classCode="ACT", moodCode="EVN")
    template(act, kind, "2015-08-01")
    identified(act, *named, "concern", kind)
    add(act, "code", code="CONC", codeSystem=ACT_CLASS)
    add(act, "statusCode", code="active")
    span(act, None, zone)
    related = add(act, "entryRelationship", typeCode="SUBJ")
    return add(related, "observation", classCode="OBS", moodCode="EVN")


def _asserted(seen: Element, since: Moment | None, zone: str) -> None:
    add(seen, "code", code="ASSERTION", codeSystem=ACT_CODE)
    add(seen, "statusCode", code="completed")
    span(seen, since, zone)


def medicine(one: Medicine, document: str, zone: str) -> Write:
    """Return what writes one medicine; dose and frequency are in its words, as they were sent."""

    def write(entry: Element) -> None:
        given = add(entry, "substanceAdministration", classCode="SBADM", moodCode="INT")
        template(given, "2.16.840.1.113883.10.20.22.4.16", "2014-06-09")
        identified(given, document, "medicine", one.number)
        add(given, "text", one.line)
        add(given, "statusCode", code="suspended" if one.held else "active")
        held = add(given, "effectiveTime")
        held.set("{http://www.w3.org/2001/XMLSchema-instance}type", "IVL_TS")
        time(held, "low", one.started, zone)
        product = add(add(given, "consumable"), "manufacturedProduct", classCode="MANU")
        template(product, "2.16.840.1.113883.10.20.22.4.23", "2014-06-09")
        code(add(product, "manufacturedMaterial"), "code", one.drug)

    return write


def problem(one: Problem, document: str, zone: str) -> Write:
    """Return what writes one problem as a concern."""

    def write(entry: Element) -> None:
        seen = _concern(entry, PROBLEM_CONCERN, (document, one.problem.key()), zone)
        template(seen, "2.16.840.1.113883.10.20.22.4.4", "2015-08-01")
        identified(seen, document, "problem", one.problem.key())
        add(seen, "code", code="55607006", codeSystem=SNOMED, displayName="Problem")
        add(seen, "statusCode", code="completed")
        span(seen, one.since, zone)
        code(seen, "value", one.problem, kind="CD")

    return write


def results(one: Found, document: str, zone: str) -> Write:
    """Return what writes one report with its lines."""
    kinds = ("2.16.840.1.113883.10.20.22.4.1", "2.16.840.1.113883.10.20.22.4.2")
    return _organised(one, kinds, ("BATTERY", document, zone))


def signs(one: Found, document: str, zone: str) -> Write:
    """Return what writes one set of vital signs."""
    kinds = ("2.16.840.1.113883.10.20.22.4.26", "2.16.840.1.113883.10.20.22.4.27")
    return _organised(one, kinds, ("CLUSTER", document, zone))


def _organised(one: Found, kinds: tuple[str, str], about: tuple[str, str, str]) -> Write:
    shape, document, zone = about

    def write(entry: Element) -> None:
        group = add(entry, "organizer", classCode=shape, moodCode="EVN")
        template(group, kinds[0], "2015-08-01")
        identified(group, document, "report", one.number)
        if shape == "CLUSTER":
            words = "Vital signs"
            add(group, "code", code="46680005", codeSystem=SNOMED, displayName=words)
        else:
            code(group, "code", one.test)
        add(group, "statusCode", code="completed")
        for place, line in enumerate(one.lines):
            seen = add(add(group, "component"), "observation", classCode="OBS", moodCode="EVN")
            template(seen, kinds[1], "2015-08-01" if shape == "BATTERY" else "2014-06-09")
            identified(seen, document, "line", one.number, str(place))
            _line(seen, line, line.at or one.at, zone)

    return write


def _line(seen: Element, line: Observation, at: Moment | None, zone: str) -> None:
    code(seen, "code", line.test)
    add(seen, "statusCode", code="completed")
    time(seen, "effectiveTime", at, zone)
    if line.state in UNSAID:
        typed(seen, "ST", nullFlavor="NI")
    else:
        measured(seen, line.value, line.unit)
    flag = next((one for one in line.flags if one in _FLAGS), "")
    if flag:
        add(seen, "interpretationCode", code=flag, codeSystem=INTERPRETATION)
    if line.range:
        limits = add(add(seen, "referenceRange"), "observationRange")
        add(limits, "text", line.range)
