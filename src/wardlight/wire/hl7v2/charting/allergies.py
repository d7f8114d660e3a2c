"""Allergies: AL1 and IAM to statements (HL7 v2.5.1 §3.4.6 AL1, §3.4.7 IAM; interop.md §6).

"No known allergies" is an assertion of somebody, never the absence of segments. "No known drug
allergies" (NKDA) counts as one where the message lists no allergy: wards write NKDA and mean the
whole list. Beside a listed allergy it says nothing about it. Statements on food, insects or the
environment alone assert nothing for the strip.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from wardlight.record.codes import Coded
from wardlight.record.events.charting import AllergiesReported, Allergy, AllergyChange, Change
from wardlight.wire.hl7v2.charting.fields import (
    coded,
    each_words,
    is_cleared,
    moment_of,
    number_of,
    short,
)
from wardlight.wire.hl7v2.encoding import Encoding
from wardlight.wire.hl7v2.received import Received

_NONE_CODES = frozenset({"716186003", "160244002", "nka"})
_NO_DRUG_CODES = frozenset({"409137002", "nkda", "nkma"})
_PARTIAL_CODES = frozenset({"429625007", "428607008", "428197003", "1003774007"})
"""SNOMED CT: no known allergy, no known drug allergy; food, environment, insects, latex."""

_NONE_WORDS = re.compile(
    r"nka|(?:no|nil|none) known(?: (?:any )?(?:allerg(?:y|ies)|adverse reactions?))?(?: known)?"
    r"|no (?:known )?allerg(?:y|ies)(?: known)?|patient has no known allerg(?:y|ies)"
    r"|denies (?:any )?allergies"
)
_NO_DRUG_WORDS = re.compile(
    r"nkda|nkma|(?:no|nil|none) known (?:drug|medication|medicine)s?(?: (?:allerg(?:y|ies)"
    r"|sensitivit(?:y|ies)))?|no (?:drug|medication|medicine) allerg(?:y|ies)"
)
_PARTIAL_WORDS = re.compile(
    r"no known (?:food|insect|environmental|latex|seasonal)s? allerg(?:y|ies)"
)
_NOT_A_LETTER = re.compile(r"[^a-z]+")
_QUALIFIER = re.compile(r"\((?:situation|finding|disorder|nkd?a)\)")

_ACTIONS = {"A": Change.ADD, "U": Change.UPDATE, "D": Change.END, "X": Change.NO_CHANGE}
_ERRONEOUS = "E"  # table 0438: entered in error
_NOT_STATED = Coded(text="agent not stated")


class _Line(Struct, frozen=True, gc=False):
    change: AllergyChange | None = None
    denies: str = ""  # "all", "drugs" or "some": a statement that there is none


def allergies(got: Received) -> list[AllergiesReported]:
    """Return a message's statement on allergies; none when it makes none."""
    message, encoding = got.message, got.message.encoding
    al1 = message.rows("AL1", 6)
    iam = message.rows("IAM", 18)
    lines = [_iam(row, got) for row in iam]
    known = {line.change.allergy.agent.key() for line in lines if line.change}
    for row in al1:
        line = _al1(row, got)
        if line.change is None or line.change.key not in known:
            lines.append(line)
    changes = tuple([line.change for line in lines if line.change])
    denials = {line.denies for line in lines}
    lists_any = any(change.change is not Change.END for change in changes)
    none_known = "all" in denials or ("drugs" in denials and not lists_any)
    emptied = any(is_cleared(row[3], encoding) for row in [*al1, *iam])
    cleared = emptied and not (changes or none_known)
    if not (changes or none_known or cleared):
        return []
    whole = got.source.allergies_complete and bool(al1) and not cleared
    return [
        AllergiesReported(changes=changes, replaces=whole, cleared=cleared, none_known=none_known)
    ]


def _al1(row: list[str], got: Received) -> _Line:
    encoding = got.message.encoding
    denies = _denial(row[3], encoding)
    if denies:
        return _Line(denies=denies)
    allergy = Allergy(
        agent=coded(row[3], encoding),
        category=short(row[2], encoding),
        severity=short(row[4], encoding),
        reactions=each_words(row[5], encoding),
        onset=moment_of(row[6], got),
    )
    named = _named(allergy)
    if named is None or is_cleared(row[3], encoding):
        return _Line()
    return _Line(AllergyChange(key=named.agent.key(), change=Change.ADD, allergy=named))


def _iam(row: list[str], got: Received) -> _Line:
    encoding = got.message.encoding
    action = short(row[6], encoding).upper()[:1]
    status = short(row[17], encoding)
    change = Change.END if status.upper() == _ERRONEOUS else _ACTIONS.get(action, Change.ADD)
    denies = _denial(row[3], encoding)
    if denies:
        return _Line(denies="" if change is Change.END else denies)
    number = number_of(row[7], encoding, got.source.default_authority())
    allergy = Allergy(
        agent=coded(row[3], encoding),
        category=short(row[2], encoding),
        severity=short(row[4], encoding),
        reactions=each_words(row[5], encoding),
        onset=moment_of(row[11], got),
        status=status,
    )
    named = allergy if number else _named(allergy)
    if named is None:
        return _Line()
    return _Line(AllergyChange(key=number or named.agent.key(), change=change, allergy=named))


def _named(allergy: Allergy) -> Allergy | None:
    """Return an allergy that has an agent, or at least a reaction to something not stated."""
    if allergy.agent.words():
        return allergy
    if not (allergy.reactions or allergy.severity):
        return None
    return Allergy(
        agent=_NOT_STATED,
        category=allergy.category,
        severity=allergy.severity,
        reactions=allergy.reactions,
        onset=allergy.onset,
    )


@lru_cache(maxsize=4096)
def _denial(value: str, encoding: Encoding) -> str:
    agent = coded(value, encoding)
    code = agent.code.casefold()
    text = _QUALIFIER.sub(" ", agent.words().casefold())
    text = _NOT_A_LETTER.sub(" ", text).strip()
    for denies, codes, pattern in (
        ("all", _NONE_CODES, _NONE_WORDS),
        ("drugs", _NO_DRUG_CODES, _NO_DRUG_WORDS),
        ("some", _PARTIAL_CODES, _PARTIAL_WORDS),
    ):
        if code in codes or pattern.fullmatch(text):
            return denies
    return ""
