"""The rules that propose how urgent a visit is, as a table a site reads and replaces.

A proposal is never more than that: it names its rule, the words it found and what is off, and a
clinician decides. Where no rule fits, nothing is proposed and the visit is shown as unsorted.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from msgspec import Struct

from wardlight.record.events.triage import Decision, UrgencyClass
from wardlight.record.instants import local
from wardlight.record.problems import Problem
from wardlight.rules.table_lines import numbered
from wardlight.views.rows import Appointment
from wardlight.wire.schedule.rows import is_number

COLUMNS = ("rule", "class", "words", "harm_days", "needs", "if_off", "source", "note")
HARM_DAYS_MAX = 400


class TriageRule(Struct, frozen=True, kw_only=True, gc=False):
    """One row: words that stand in a visit, the class they mean, what it cannot do without.

    A word fits where one begins with it; a blank behind it asks for the whole. `harm_days` count
    from the day the visit was to be.
    """

    name: str
    urgency: UrgencyClass
    words: tuple[str, ...]
    harm_days: int
    needs: str = ""  # a system; "" when it can be done on paper
    if_off: Decision = Decision.POSTPONE
    source: str = ""
    note: str = ""


class TriageRules(Struct, frozen=True):
    """The table and which version of it it is: the first line of the file says so."""

    rules: tuple[TriageRule, ...]
    version: str


class Proposal(Struct, frozen=True, kw_only=True):
    """What the rules propose for one visit, and why, in words."""

    urgency: UrgencyClass | None = None  # None: no rule fits
    decision: Decision = Decision.POSTPONE
    harm_by: str = ""
    rule: str = ""
    why: tuple[str, ...] = ()


def read_triage_rules(text: str) -> TriageRules | Problem:
    """Return the rules of a table; a problem names the first line that cannot be used."""
    first = text.lstrip().partition("\n")[0]
    version = first.lstrip("# ").partition(".")[0] if first.startswith("#") else ""
    rows = numbered(text)
    if not rows or tuple(rows[0][1].split("\t")) != COLUMNS:
        return _unusable(1, "the columns are not those of a table of triage rules")
    rules = []
    for number, line in rows[1:]:
        rule = _rule(line)
        if rule is None:
            return _unusable(number, "a class, a decision or a number of days is not one")
        rules.append(rule)
    return TriageRules(tuple(rules), version or "site")


def _rule(line: str) -> TriageRule | None:
    cells = [one.strip() for one in line.split("\t")]
    if len(cells) != len(COLUMNS):
        return None
    name, urgency, words, days, needs, if_off, source, note = cells
    known = urgency in tuple(UrgencyClass) and if_off in tuple(Decision)
    if not (known and is_number(days, HARM_DAYS_MAX)):
        return None
    return TriageRule(
        name=name,
        urgency=UrgencyClass(urgency),
        words=tuple(_plain(one.lstrip()) for one in words.split("|") if one.strip()),
        harm_days=int(days),
        needs=needs,
        if_off=Decision(if_off),
        source=source,
        note=note,
    )


def _unusable(line: int, because: str) -> Problem:
    return Problem("table.unusable", f"triage_rules.tsv, line {line}", because)


def proposed(
    visit: Appointment, table: TriageRules, *, off: Collection[str], closed: str, zone: str
) -> Proposal:
    """Return what the rules propose for a visit.

    `off` are the systems that are off, `closed` says what of its clinic does not take place.
    A class or harm date that the clinic itself stated stands before the table's.
    """
    said = f" {_words(visit)} "
    rule, word = next(
        ((rule, word) for rule in table.rules for word in rule.words if f" {word}" in said),
        (None, ""),
    )
    if rule is None:
        stated = visit.urgency in tuple(UrgencyClass)
        return Proposal(
            urgency=UrgencyClass(visit.urgency) if stated else None,
            decision=Decision.POSTPONE if closed else Decision.GO,
            harm_by=visit.harm_by,
            rule="stated by the clinic" if stated else "",
            why=("The clinic stated the class.",)
            if stated
            else ("No rule fits: a person sorts it.",),
        )
    return _explained(visit, rule, word, (table.version, zone, closed, _is_off(rule, off)))


def _explained(
    visit: Appointment, rule: TriageRule, word: str, around: tuple[str, str, str, bool]
) -> Proposal:
    version, zone, closed, off = around
    urgency = rule.urgency
    why = [f"“{word.strip()}” stands in it: {rule.name} ({rule.source})."]
    if visit.urgency in tuple(UrgencyClass):
        urgency = UrgencyClass(visit.urgency)
        why.append(f"The clinic stated class {urgency}.")
    harm_by = visit.harm_by
    if harm_by:
        why.append("The clinic stated the harm date.")
    elif visit.starts is not None:
        day = local(visit.starts.at, zone).date() + timedelta(days=rule.harm_days)
        harm_by = day.isoformat()
        why.append(f"Harm after {rule.harm_days} days.")
    if off:
        why.append(f"It needs {rule.needs}, which is off.")
    if closed:
        why.append(closed)
    if rule.note:
        why.append(rule.note)
    decision = rule.if_off if off or closed else Decision.GO
    if decision is Decision.GO and closed:
        decision = Decision.TRANSFER if urgency in "AB" else Decision.POSTPONE
    return Proposal(
        urgency=urgency,
        decision=decision,
        harm_by=harm_by,
        rule=f"{rule.name} ({version})",
        why=tuple(why),
    )


def _is_off(rule: TriageRule, off: Collection[str]) -> bool:
    return bool(rule.needs) and rule.needs.casefold() in {one.casefold() for one in off}


def _words(visit: Appointment) -> str:
    parts = (
        visit.service.words(),
        visit.kind.words(),
        visit.reason.words(),
        visit.procedure,
        visit.place.words(),
        *visit.notes,
    )
    return " ".join(_plain(" ".join(parts)).split())


def _plain(text: str) -> str:
    return "".join(one if one.isalnum() else " " for one in text.casefold())
