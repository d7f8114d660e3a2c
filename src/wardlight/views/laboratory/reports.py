"""Reports and documents: what each line says now, what it said before it was corrected.

HL7 v2.5.1 tables 0123 (OBR-25) and 0085 (OBX-11): a preliminary value never takes the place of
a final or corrected one; among the others the newer status time counts; what was withdrawn, or
belongs to another patient, loses its value and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, structs

from wardlight.record.codes import ResultState
from wardlight.record.events.charting import DocumentFiled, Observation, ResultsReported
from wardlight.record.instants import Instant, Moment
from wardlight.record.reading import Charted, Stamp
from wardlight.views.facts import DocumentFact, Measure, ObservationFact, ReportFact

HIDDEN = frozenset({ResultState.WITHDRAWN, ResultState.WRONG_PATIENT})
_RANK = {
    ResultState.PENDING: 0,
    ResultState.NOT_STATED: 0,
    ResultState.PRELIMINARY: 1,
    ResultState.FINAL: 2,
    ResultState.AMENDED: 3,
    ResultState.CORRECTED: 4,
    ResultState.WITHDRAWN: 5,
    ResultState.WRONG_PATIENT: 6,
}
_CORRECTING = frozenset({ResultState.CORRECTED, ResultState.AMENDED}) | HIDDEN
_SETTLED_FROM = _RANK[ResultState.FINAL]

WEIGHT_CODES = frozenset({"29463-7", "3141-9", "3142-7"})  # LOINC: body weight, measured, stated
WEIGHT_WORDS = frozenset({"weight", "body weight", "patient weight", "weight (kg)"})
HEIGHT_CODES = frozenset({"8302-2", "3137-7", "3138-5"})  # LOINC: body height, measured, stated
HEIGHT_WORDS = frozenset({"height", "body height", "patient height", "height (cm)"})

_LineKey = tuple[str, str, int]  # test, OBX-4, how many like it came before in the report
_Standing = tuple[bool, Instant, int]  # settled, status time, rank: the greater one counts
_ReportKey = tuple[str, str, Instant]  # number, test, collected


class _Line(Struct, frozen=True, gc=False):
    fact: ObservationFact
    standing: _Standing


class _Held(Struct, frozen=True, gc=False):
    report: ReportFact
    standing: _Standing
    lines: dict[_LineKey, _Line]


def fold_reports(charted: Sequence[Charted]) -> tuple[ReportFact, ...]:
    """Return reports with their lines, newest first."""
    held: dict[_ReportKey, _Held] = {}
    latest: dict[tuple[str, str], _ReportKey] = {}
    numbers: dict[str, str] = {}  # any number → the one the report is held under
    for said in charted:
        event = said.event
        if not isinstance(event, ResultsReported):
            continue
        number = numbers.get(event.number) or numbers.get(event.other_number) or event.number
        if event.number:
            numbers[event.number] = number
        key = _report_key(event, number, said.stamp)
        if key not in held and _concerns_latest(event):
            key = latest.get(key[:2], key)
        latest[key[:2]] = key
        held[key] = _after(held.get(key), event, said.stamp)
    return tuple(sorted((_whole(one) for one in held.values()), key=_newest_first))


def _report_key(event: ResultsReported, number: str, stamp: Stamp) -> _ReportKey:
    if event.collected is not None:
        return number or stamp.source, event.test.key(), event.collected.at
    unnumbered = stamp.occurred if not number else Instant(0)
    return number or stamp.source, event.test.key(), unnumbered


def _concerns_latest(event: ResultsReported) -> bool:
    """Return whether a report without a match by collection time speaks of the one before it.

    A meter that numbers every glucose alike must not overwrite its own history.
    """
    return bool(event.number) and (event.collected is None or event.state in _CORRECTING)


def _after(prior: _Held | None, event: ResultsReported, stamp: Stamp) -> _Held:
    at = event.reported.at if event.reported else stamp.occurred
    standing = _standing(event.state, at)
    stated = {
        key: _Line(fact, _standing(fact.observation.state, at))
        for key, fact in _numbered(event, stamp)
    }
    if prior is None:
        return _Held(_report(None, event, stamp), standing, stated)
    counts = standing >= prior.standing
    lines = _lines_after(prior.lines, stated)
    if event.state in HIDDEN and counts:
        lines = {
            key: _hidden_line(line, event.state, stamp, standing) for key, line in lines.items()
        }
    return _Held(
        _report(prior.report, event, stamp) if counts else prior.report,
        max(standing, prior.standing),
        lines,
    )


def _standing(state: ResultState, at: Instant) -> _Standing:
    rank = _RANK[state]
    return rank >= _SETTLED_FROM, at, rank


def _numbered(event: ResultsReported, stamp: Stamp) -> Iterable[tuple[_LineKey, ObservationFact]]:
    """Return each line under its key; a line without status has its report's."""
    seen: dict[tuple[str, str], int] = {}
    for observation in event.observations:
        at = (observation.test.key(), observation.sub)
        repeat = seen.get(at, 0)
        seen[at] = repeat + 1
        state = observation.state
        if event.state in HIDDEN or state is ResultState.NOT_STATED:
            state = event.state
        yield (*at, repeat), ObservationFact(_shown(observation, state), stamp, repeat=repeat)


def _shown(observation: Observation, state: ResultState) -> Observation:
    if state in HIDDEN:
        return structs.replace(
            observation, state=state, value="", unit="", range="", flags=(), notes=()
        )
    if state is observation.state:
        return observation
    return structs.replace(observation, state=state)


def _hidden_line(line: _Line, state: ResultState, stamp: Stamp, standing: _Standing) -> _Line:
    if line.fact.observation.state in HIDDEN:
        return line
    hidden = ObservationFact(_shown(line.fact.observation, state), stamp, repeat=line.fact.repeat)
    return _Line(hidden, standing)


def _lines_after(
    prior: Mapping[_LineKey, _Line], stated: Mapping[_LineKey, _Line]
) -> dict[_LineKey, _Line]:
    """Return the lines after a newer report; what it does not mention stays.

    Only text does not: when the first of several like lines is replaced, the surplus old ones
    go with it, or old and new wording would be read as one.
    """
    dropped = {
        key
        for key in prior
        if key[2] and key not in stated and _replaces(prior, stated, (key[0], key[1], 0))
    }
    kept = {key: line for key, line in prior.items() if key not in dropped}
    merged = {key: _line_after(kept.get(key), line) for key, line in stated.items()}
    if kept.keys() <= merged.keys():
        return merged
    return {**kept, **merged}


def _replaces(
    prior: Mapping[_LineKey, _Line], stated: Mapping[_LineKey, _Line], key: _LineKey
) -> bool:
    return key in stated and key in prior and stated[key].standing >= prior[key].standing


def _line_after(prior: _Line | None, line: _Line) -> _Line:
    if prior is None:
        return line
    if line.standing < prior.standing:
        return prior
    return _Line(_with_history(prior, line), line.standing)


def _with_history(prior: _Line, line: _Line) -> ObservationFact:
    """Return the new line with the settled value it changed; a hidden one leaves no trace."""
    was, now = prior.fact, line.fact
    settled = prior.standing[0]
    if now.observation.state in HIDDEN or was.observation.state in HIDDEN or not settled:
        return now
    changed = was.observation.value != now.observation.value
    return structs.replace(now, was=was.observation.value if changed else was.was)


def _report(prior: ReportFact | None, event: ResultsReported, stamp: Stamp) -> ReportFact:
    before = prior or ReportFact(
        number=event.number, test=event.test, state=event.state, stamp=stamp
    )
    hidden = event.state in HIDDEN
    return ReportFact(
        number=event.number or before.number,
        other_number=event.other_number or before.other_number,
        test=event.test if event.test.words() else before.test,
        state=event.state,
        stamp=stamp,
        collected=event.collected or before.collected,
        reported=event.reported or before.reported,
        section=event.section or before.section,
        specimen=event.specimen or before.specimen,
        notes=() if hidden else event.notes or before.notes,
        parent=event.parent or before.parent,
    )


def _whole(held: _Held) -> ReportFact:
    lines = tuple(line.fact for line in held.lines.values())
    return structs.replace(held.report, observations=lines)


def report_time(report: ReportFact) -> Moment:
    """Return when the specimen was taken, else reported, else when the message says it was."""
    return report.collected or report.reported or Moment(report.stamp.occurred)


def _newest_first(report: ReportFact) -> tuple[int, int, str, str]:
    return -report_time(report).at, -report.stamp.position, report.number, report.test.key()


def newest_measure(
    reports: Sequence[ReportFact], codes: frozenset[str], words: frozenset[str]
) -> Measure | None:
    """Return the newest value of a measure such as the weight; text exactly as sent.

    Only a value that begins with a digit counts: "refused" never hides the last weight.
    """
    found = [
        Measure(line.value, line.unit, line.at or report_time(report), fact.stamp)
        for report in reports
        for fact in report.observations
        if (line := fact.observation).value[:1].isdigit()
        and (line.test.code in codes or line.test.words().casefold() in words)
    ]
    return max(
        found,
        key=lambda one: (one.at.at, one.stamp.occurred, one.stamp.position, one.value),
        default=None,
    )


def fold_documents(charted: Sequence[Charted]) -> tuple[DocumentFact, ...]:
    """Return letters and notes, newest first; one that was replaced or removed is gone."""
    held: dict[str, DocumentFact] = {}
    for said in charted:
        event = said.event
        if not isinstance(event, DocumentFiled):
            continue
        written = event.written.at if event.written else said.stamp.occurred
        key = event.number or f"{event.title}|{written}"
        if event.replaces and event.replaces != key:
            held.pop(event.replaces, None)
        if event.removed:
            held.pop(key, None)
        else:
            held[key] = _document(held.get(key), event, said.stamp)
    return tuple(
        sorted(
            held.values(),
            key=lambda one: (
                -(one.written.at if one.written else one.stamp.occurred),
                -one.stamp.position,
                one.title,
            ),
        )
    )


def _document(prior: DocumentFact | None, event: DocumentFiled, stamp: Stamp) -> DocumentFact:
    return DocumentFact(
        number=event.number,
        title=event.title or (prior.title if prior else ""),
        stamp=stamp,
        state=event.state or (prior.state if prior else ""),
        written=event.written or (prior.written if prior else None),
        author=event.author or (prior.author if prior else ""),
        text=event.text or (prior.text if prior else ""),
    )
