"""Diagnoses and problems: DG1 and PRB (HL7 v2.5.1 §6.5.2 DG1, §12.4.2 PRB; interop.md §6)."""

from __future__ import annotations

from wardlight.record.codes import Coded
from wardlight.record.events.charting import Change, ProblemChange, ProblemsReported
from wardlight.wire.hl7v2.charting.fields import coded, moment_of, number_of, short, words
from wardlight.wire.hl7v2.received import Received, kind_of
from wardlight.wire.hl7v2.visit import visit_number

_DG1_ACTIONS = {"A": Change.ADD, "U": Change.UPDATE, "D": Change.END, "X": Change.NO_CHANGE}
_PRB_ACTIONS = {
    "DE": Change.END,
    "UC": Change.NO_CHANGE,
    **dict.fromkeys(("CO", "LI", "UN", "UP"), Change.UPDATE),
}
_WHOLE_SETS = frozenset({"ADT", "BAR"})  # elsewhere DG1 says why an order or charge was made
_OVER = ("resolv", "inactiv")  # PRB-14, the sender's own words


def problems(got: Received) -> list[ProblemsReported]:
    """Return one statement for each type of diagnosis of the visit, one for the problem list."""
    found = _diagnoses(got)
    listed = [one for row in got.message.rows("PRB", 16) if (one := _problem(row, got))]
    if listed:
        found.append(ProblemsReported(changes=tuple(listed), group="problem list"))
    return found


def _diagnoses(got: Received) -> list[ProblemsReported]:
    rows = got.message.rows("DG1", 21)
    if not rows:
        return []
    by_kind: dict[str, list[ProblemChange]] = {}
    by_action = any(row[21].strip() for row in rows)
    for row in rows:
        change = _diagnosis(row, got)
        if change is not None:
            by_kind.setdefault(change.kind, []).append(change)
    whole = got.source.problems_complete and kind_of(got)[0] in _WHOLE_SETS and not by_action
    visit = visit_number(got.message, got.source)
    return [
        ProblemsReported(changes=tuple(changes), replaces=whole, group=f"{visit}|{kind}")
        for kind, changes in by_kind.items()
    ]


def _diagnosis(row: list[str], got: Received) -> ProblemChange | None:
    encoding = got.message.encoding
    problem = coded(row[3], encoding)
    if not problem.text and row[4]:
        problem = Coded(problem.code, words(row[4], encoding), problem.system)
    number = number_of(row[20], encoding, got.source.default_authority())
    if not (number or problem.words()):
        return None
    kind = short(row[6], encoding).upper()
    action = short(row[21], encoding).upper()[:1]
    return ProblemChange(
        key=number or f"{problem.key()}|{kind}",
        change=_DG1_ACTIONS.get(action, Change.ADD),
        problem=problem,
        kind=kind,
        since=moment_of(row[5], got),
    )


def _problem(row: list[str], got: Received) -> ProblemChange | None:
    encoding = got.message.encoding
    problem = coded(row[3], encoding)
    number = number_of(row[4], encoding, got.source.default_authority())
    if not (number or problem.words()):
        return None
    change = _PRB_ACTIONS.get(short(row[1], encoding).upper(), Change.ADD)
    if any(word in words(row[14], encoding).casefold() for word in _OVER):
        change = Change.END
    return ProblemChange(
        key=number or problem.key(),
        change=change,
        problem=problem,
        since=moment_of(row[16], got) or moment_of(row[7], got),
        resolved=moment_of(row[9], got),
    )
