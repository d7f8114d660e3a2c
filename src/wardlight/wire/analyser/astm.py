"""Results of an ASTM E1394 (LIS2-A) message: which specimen, whose label, which values.

H begins, P names the patient as the analyser has them, O the specimen, R each value, C a comment,
L ends. A value without a specimen is a problem, never somebody's result.
"""

from __future__ import annotations

from collections.abc import Iterator

from wardlight.record.codes import Coded
from wardlight.record.events.laboratory import Label, ResultEntered, ResultLine
from wardlight.record.instants import Instant, Moment
from wardlight.record.problems import Problem
from wardlight.wire.analyser.found import (
    LINES_MAX,
    AnalyserFile,
    AnalyserResult,
    gathered,
    problem,
)
from wardlight.wire.analyser.records import Record, messages_of
from wardlight.wire.hl7v2.times import birth_date, moment

_FLAGS = frozenset({"L", "H", "LL", "HH", "A", "AA", "<", ">"})
_NOT_FINAL = {"P": "preliminary", "I": "in the instrument, pending", "X": "could not be done"}
_CORRECTION = frozenset({"C"})


def read_astm(text: str, zone: str, received: Instant) -> AnalyserFile:
    """Return the results of every message of a file."""
    return gathered(_found(text, zone, received))


def _found(text: str, zone: str, received: Instant) -> Iterator[AnalyserResult | Problem]:
    for number, records in enumerate(messages_of(text), 1):
        if isinstance(records, Problem):
            yield records
        else:
            yield from _results(records, f"message {number}", zone, received)


class _Specimen:
    """The records of one specimen while they are gathered."""

    def __init__(self, patient: Record | None, order: Record, header: Record | None) -> None:
        self.patient, self.order, self.header = patient, order, header
        self.lines: list[ResultLine] = []
        self.records: list[Record] = [one for one in (patient, order) if one]
        self.completed: Moment | None = None
        self.operator = ""

    def add(self, record: Record, at: Moment | None) -> None:
        """Take one value in."""
        self.records.append(record)
        self.lines.append(_line(record))
        self.completed = at or self.completed
        self.operator = record.text(11) or self.operator

    def comment(self, record: Record) -> None:
        """Put a comment to the value before it."""
        self.records.append(record)
        if self.lines:
            last = self.lines[-1]
            note = "; ".join(part for part in (last.note, record.text(4)) if part)
            self.lines[-1] = ResultLine(
                test=last.test,
                value=last.value,
                unit=last.unit,
                range=last.range,
                flag=last.flag,
                note=note,
            )

    def result(self) -> AnalyserResult:
        """Return the specimen's values."""
        return AnalyserResult(
            result=ResultEntered(
                request="",
                accession=self.order.component(3, 1),
                label=_label(self.patient),
                lines=tuple(self.lines),
                instrument=_instrument(self.header),
                verified_by=self.operator,
            ),
            text="\n".join(one.line for one in self.records),
            completed=self.completed,
        )


def _results(
    records: tuple[Record, ...], where: str, zone: str, received: Instant
) -> Iterator[AnalyserResult | Problem]:
    if records[-1].letter != "L":
        records = records[:-1]  # what broke off may end in the middle of a value
        yield problem("cut", where, "the message broke off: what follows has to be sent again")
    header = records[0] if records and records[0].letter == "H" else None
    patient: Record | None = None
    open_: _Specimen | None = None
    for record in records:
        if record.letter in "PO" and open_ is not None and open_.lines:
            yield open_.result()
        match record.letter:
            case "P":
                patient, open_ = record, None
            case "O":
                open_ = _Specimen(patient, record, header)
            case "R" | "C":
                yield from _added(
                    open_, record, where, moment(record.text(13), zone, received).moment
                )
    if open_ is not None and open_.lines:
        yield open_.result()


def _added(
    open_: _Specimen | None, record: Record, where: str, at: Moment | None
) -> Iterator[Problem]:
    if open_ is None:
        if record.letter == "R":
            yield problem("no-specimen", where, "a value names no specimen: file it by hand")
    elif record.letter == "C":
        open_.comment(record)
    elif len(open_.lines) >= LINES_MAX:
        yield problem("too-many", where, "more values than one specimen may have")
    elif not record.text(4) and record.text(9) != "X":
        yield problem("no-value", where, "a test has no value")
    else:
        open_.add(record, at)


def _line(record: Record) -> ResultLine:
    status = record.text(9).upper()
    flag = record.text(7).upper()
    notes = [_NOT_FINAL.get(status, ""), "a correction" if status in _CORRECTION else ""]
    return ResultLine(
        test=_test(record),
        value=record.text(4) or _NOT_FINAL["X"],
        unit=record.text(5),
        range=record.text(6),
        flag=flag if flag in _FLAGS else "",
        note="; ".join(note for note in notes if note),
    )


def _test(record: Record) -> Coded:
    """Return R-3: the universal code where there is one, else the manufacturer's own."""
    code, name, system = (record.component(3, place) for place in (1, 2, 3))
    return Coded(code, name, system) if code else Coded(text=record.component(3, 4) or name)


def _label(patient: Record | None) -> Label:
    """Return P-3 to P-5 (numbers), P-6 (name) and P-8 (birth date) as the analyser has them."""
    if patient is None:
        return Label()
    family, given = patient.component(6, 1), patient.component(6, 2)
    born = birth_date(patient.text(8), Instant(0)).day
    return Label(
        name=", ".join(part for part in (family, given) if part),
        birth=born.iso() if born and born.day else patient.text(8),
        number=next((number for n in (3, 4, 5) if (number := patient.component(n, 1))), ""),
    )


def _instrument(header: Record | None) -> str:
    return header.text(5) if header else ""
