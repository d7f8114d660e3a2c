"""Results of an analyser that speaks HL7: ORU^R01 and OUL^R22, one specimen for each OBR.

The accession number is OBR-3, else OBR-2, else SPM-2 where the message has one specimen alone
(HL7 v2.5.1 §7.4.1, §7.4.3). Lines that were withdrawn are left out and said.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from wardlight.record.codes import ResultState
from wardlight.record.events.charting import Observation, ResultsReported
from wardlight.record.events.laboratory import Label, ResultEntered, ResultLine
from wardlight.record.instants import Instant
from wardlight.record.problems import Problem
from wardlight.record.sources import Source
from wardlight.wire.analyser.found import (
    LINES_MAX,
    TEXT_MAX,
    AnalyserFile,
    AnalyserResult,
    gathered,
    problem,
)
from wardlight.wire.hl7v2.batch import split
from wardlight.wire.hl7v2.charting import chart_events
from wardlight.wire.hl7v2.message import Message, Segment
from wardlight.wire.hl7v2.received import patient_groups
from wardlight.wire.hl7v2.times import birth_date

_GONE = frozenset({ResultState.WITHDRAWN, ResultState.WRONG_PATIENT})
_NOT_YET = frozenset({ResultState.PENDING, ResultState.PRELIMINARY, ResultState.CORRECTED})


def read_hl7(raw: bytes, source: Source, received: Instant) -> AnalyserFile:
    """Return the results of every message of a file."""
    messages = enumerate(split(raw).messages, 1)
    found = (_results(one, f"message {at}", source, received) for at, one in messages)
    return gathered(chain.from_iterable(found))


def _results(
    raw: bytes, where: str, source: Source, received: Instant
) -> Iterator[AnalyserResult | Problem]:
    message = Message.parse(raw, source.charset)
    if isinstance(message, Problem):
        yield message
        return
    if any(one.code == "segment-cut" for one in message.anomalies):
        yield problem("cut", where, "the message broke off: have it sent again")
    for group in patient_groups(message):
        for event in chart_events(group, source, received):
            if isinstance(event, ResultsReported):
                yield from _result(group, event, where)


def _result(
    group: Message, event: ResultsReported, where: str
) -> Iterator[AnalyserResult | Problem]:
    shown = [one for one in event.observations if one.state not in _GONE and one.value]
    if len(shown) < len(event.observations):
        yield problem("no-value", where, "a test has no value, or its value was withdrawn")
    if not shown:
        return
    lines = tuple(_line(one) for one in shown[:LINES_MAX])
    header = group.segment("MSH")
    yield AnalyserResult(
        result=ResultEntered(
            request="",
            accession=_accession(group, event),
            label=_label(group.segment("PID")),
            lines=lines,
            specimen=event.specimen,
            instrument=header.text(3),
            verified_by=shown[0].by,
        ),
        text="\n".join(_words(line) for line in lines),
        completed=event.reported or shown[0].at,
    )


def _line(one: Observation) -> ResultLine:
    state = str(one.state) if one.state in _NOT_YET else ""
    return ResultLine(
        test=one.test,
        value=one.value[:TEXT_MAX],
        unit=one.unit,
        range=one.range,
        flag=next((flag for flag in one.flags if flag.upper() != "N"), ""),
        note="; ".join(part for part in (state, *one.notes) if part)[:TEXT_MAX],
    )


def _words(line: ResultLine) -> str:
    return " ".join(
        part for part in (line.test.words(), line.value, line.unit, line.range, line.flag) if part
    )


def _accession(group: Message, event: ResultsReported) -> str:
    number = (event.number or event.other_number).rpartition("|")[2]
    specimens = group.segments("SPM")
    if not number and len(specimens) == 1:
        number = specimens[0].text(2)
    return number


def _label(patient: Segment) -> Label:
    """Return PID-3, PID-5 and PID-7 as the analyser has them."""
    family, given = patient.components(5, 2)
    born = birth_date(patient.text(7), Instant(0)).day
    return Label(
        name=", ".join(part for part in (family, given) if part),
        birth=born.iso() if born and born.day else patient.text(7),
        number=patient.text(3),
    )
