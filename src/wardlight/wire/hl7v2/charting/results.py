"""Reports: OBR with its OBX, NTE and SPM lines (HL7 v2.5.1 §7.4; interop.md §6).

Observations without an OBR (weight and height in ADT) are a report of their own, "Observations".
Flags, units and ranges are kept as sent.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct, structs

from wardlight.record.codes import Coded, ResultState
from wardlight.record.events.charting import Observation, ResultsReported
from wardlight.record.instants import Moment
from wardlight.wire.hl7v2.charting.fields import (
    Remembered,
    coded,
    each_words,
    moment_of,
    note,
    number_of,
    parent_of,
    repetitions,
    short,
    words,
)
from wardlight.wire.hl7v2.charting.groups import EMPTY, Row, padded
from wardlight.wire.hl7v2.charting.values import value_of
from wardlight.wire.hl7v2.encoding import Encoding
from wardlight.wire.hl7v2.received import Received
from wardlight.wire.hl7v2.text import first_reader
from wardlight.wire.hl7v2.visit import doctor

OBSERVATIONS = Coded(text="Observations")

_AROUND = frozenset({"ORC", "OBR", "NTE", "SPM"})
_LINE_FIELDS = 16
_LINE_PADDING = [""] * (_LINE_FIELDS + 1)
_NOW_FINAL = "U"  # table 0085

_OF_LINE = {
    **dict.fromkeys(("F", "U", "V"), ResultState.FINAL),
    **dict.fromkeys(("P", "R", "S"), ResultState.PRELIMINARY),
    **dict.fromkeys(("I", "O"), ResultState.PENDING),
    **dict.fromkeys(("A", "B"), ResultState.AMENDED),
    **dict.fromkeys(("D", "X"), ResultState.WITHDRAWN),
    "C": ResultState.CORRECTED,
    "W": ResultState.WRONG_PATIENT,
}
"""Table 0085. U says that a preliminary value, not sent again, is now final."""

_OF_REPORT = {
    **dict.fromkeys(("O", "I", "S", "N"), ResultState.PENDING),
    **dict.fromkeys(("P", "R", "A"), ResultState.PRELIMINARY),
    **dict.fromkeys(("C", "M"), ResultState.CORRECTED),
    **dict.fromkeys(("D", "X"), ResultState.WITHDRAWN),
    "F": ResultState.FINAL,
    "W": ResultState.WRONG_PATIENT,
}
"""Table 0123: A has some of the results, S is scheduled, X a cancelled order."""


class _Report(Struct, gc=False):
    """A report while its lines are read."""

    obr: Row
    orc: Row
    spm: Row
    collected: Moment | None
    observations: list[Observation]
    notes: list[str]
    line_notes: dict[int, list[str]]  # by the observation they stand behind


def report_state(value: str) -> ResultState:
    """Return what OBR-25 says of a report (table 0123)."""
    return _OF_REPORT.get(value.strip().upper()[:1], ResultState.NOT_STATED)


def results(got: Received, *, reports: bool) -> list[ResultsReported]:
    """Return the reports of a message; `reports` is false where its OBR only order something."""
    book = _Book(got, reports=reports)
    mark = got.message.encoding.field
    for name, line in zip(got.message.names, got.message.lines, strict=True):
        if name == "OBX":
            row = line.split(mark)
            book.line(row if len(row) > _LINE_FIELDS else row + _LINE_PADDING[len(row) :])
        elif name in _AROUND:
            book.other(name, padded(line.split(mark)))
    return [_reported(one, got) for one in book.found if one.obr is not EMPTY or one.observations]


class _Readers(Struct, frozen=True, gc=False):
    """How the fields of an OBX are read, each remembering what it has read before."""

    test: Remembered[Coded]
    unit: Remembered[str]
    range: Remembered[str]
    flags: Remembered[tuple[str, ...]]
    status: Remembered[str]


@lru_cache(maxsize=64)
def _readers(encoding: Encoding) -> _Readers:
    return _Readers(
        Remembered(coded, encoding),
        Remembered(_unit, encoding),
        Remembered(_range, encoding),
        Remembered(_flags, encoding),
        Remembered(_status, encoding),
    )


class _Book:
    """The reports of a message while its segments are read in order."""

    def __init__(self, got: Received, *, reports: bool) -> None:
        self.found: list[_Report] = []
        self._got = got
        self._encoding = got.message.encoding
        self._read = _readers(self._encoding)
        self._sub = first_reader(self._encoding)
        self._reports = reports
        self._orc = self._spm = EMPTY
        self._after_line = False
        self._moments: dict[str, Moment | None] = {"": None}

    def line(self, row: Row) -> None:
        """Read one OBX; one before any OBR begins a report without a test.

        "Now final" (U) without a value is left out: it must not erase the value sent before.
        """
        if not self.found:
            self.found.append(_begun(EMPTY, EMPTY, self._spm, self._got))
        report = self.found[-1]
        read = self._read
        kind, value, at, observer = row[2], row[5], row[14], row[16]
        if not kind.isupper():
            kind = kind.strip().upper()
        if not value.isalnum():
            value = value_of(kind, value, self._encoding)
        status = read.status[row[11]]
        self._after_line = bool(value) or status != _NOW_FINAL
        if not self._after_line:
            return
        moments = self._moments
        if at not in moments:
            moments[at] = moment_of(at, self._got)
        observation = Observation(
            test=read.test[row[3]],
            sub=self._sub(row[4]),
            value=value,
            unit=read.unit[row[6]],
            range=read.range[row[7]],
            flags=read.flags[row[8]],
            state=_OF_LINE.get(status, ResultState.NOT_STATED),
            at=moments[at] or report.collected,
            kind=kind,
            by=doctor(observer, self._encoding) if observer else "",
        )
        report.observations.append(observation)

    def other(self, name: str, row: Row) -> None:
        """Read a segment that is no OBX."""
        if name == "NTE":
            if self.found:
                _add_note(
                    self.found[-1], note(row, self._got.message.encoding), to_line=self._after_line
                )
        elif name == "SPM":
            self._specimen(row)
        else:
            self._after_line = False
            if name == "ORC":
                self._orc = row
            elif name == "OBR" and self._reports:
                self.found.append(_begun(row, self._orc, self._spm, self._got))
                self._orc = EMPTY

    def _specimen(self, row: Row) -> None:
        """Keep a specimen for its report: behind the OBR in ORU, before it in OUL."""
        self._spm = row
        if self.found and self.found[-1].spm is EMPTY:
            self.found[-1].spm = row


def _begun(obr: Row, orc: Row, spm: Row, got: Received) -> _Report:
    return _Report(obr, orc, spm, moment_of(obr[7], got), [], [], {})


def _reported(one: _Report, got: Received) -> ResultsReported:
    encoding, authority = got.message.encoding, got.source.default_authority()
    obr, orc = one.obr, one.orc
    filler = number_of(obr[3], encoding, authority) or number_of(orc[3], encoding, authority)
    placer = number_of(obr[2], encoding, authority) or number_of(orc[2], encoding, authority)
    return ResultsReported(
        number=filler or placer,
        other_number=placer if filler else "",
        test=coded(obr[4], encoding) if obr is not EMPTY else OBSERVATIONS,
        state=report_state(obr[25]),
        collected=one.collected,
        reported=moment_of(obr[22], got),
        section=short(obr[24], encoding),
        parent=parent_of(obr[29], encoding, authority) or words(obr[26], encoding),
        specimen=words(one.spm[4], encoding) or _old_specimen(obr[15], encoding),
        observations=_lines(one),
        notes=tuple(one.notes),
    )


def _add_note(report: _Report, text: str, *, to_line: bool) -> None:
    if not text:
        return
    if to_line:
        report.line_notes.setdefault(len(report.observations) - 1, []).append(text)
    else:
        report.notes.append(text)


def _lines(report: _Report) -> tuple[Observation, ...]:
    for at, notes in report.line_notes.items():
        line = report.observations[at]
        report.observations[at] = structs.replace(line, notes=tuple(notes))
    return tuple(report.observations)


def _old_specimen(value: str, encoding: Encoding) -> str:
    """Return the specimen of OBR-15 (§7.4.1.15): its first component, itself a code."""
    if not value:
        return ""
    parts = value.split(encoding.component, 1)[0]
    mark = encoding.subcomponent
    return words(parts.replace(mark, encoding.component) if mark else parts, encoding)


def _status(value: str, encoding: Encoding) -> str:
    return short(value, encoding)[:1].upper()


def _unit(value: str, encoding: Encoding) -> str:
    found = coded(value, encoding)
    return found.code or found.text


def _range(value: str, encoding: Encoding) -> str:
    return "; ".join(each_words(value, encoding))


def _flags(value: str, encoding: Encoding) -> tuple[str, ...]:
    found = (coded(one, encoding) for one in repetitions(value, encoding))
    return tuple([one.code or one.text for one in found if one.words()])
