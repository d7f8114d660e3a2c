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
    coded,
    each_words,
    note,
    number_of,
    parent_of,
    short,
    words,
)
from wardlight.wire.hl7v2.charting.groups import EMPTY, Row, rows
from wardlight.wire.hl7v2.charting.values import value_of
from wardlight.wire.hl7v2.encoding import Encoding
from wardlight.wire.hl7v2.received import Received
from wardlight.wire.hl7v2.text import first_reader
from wardlight.wire.hl7v2.visit import doctor

OBSERVATIONS = Coded(text="Observations")

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


def report_state(value: str) -> ResultState:
    """Return what OBR-25 says of a report (table 0123)."""
    return _OF_REPORT.get(value.strip().upper()[:1], ResultState.NOT_STATED)


def results(got: Received, *, reports: bool) -> list[ResultsReported]:
    """Return the reports of a message; `reports` is false where its OBR only order something."""
    book = _Book(got, reports=reports)
    for name, row in rows(got.message):
        if name == "OBX":
            book.line(row)
        else:
            book.other(name, row)
    return [_reported(one, got) for one in book.found if one.obr is not EMPTY or one.observations]


class _Book:
    """The reports of a message while its segments are read in order."""

    def __init__(self, got: Received, *, reports: bool) -> None:
        self.found: list[_Report] = []
        self._got = got
        self._reports = reports
        self._orc = self._spm = EMPTY
        self._after_line = False

    def line(self, row: Row) -> None:
        """Read one OBX; one before any OBR begins a report without a test."""
        if not self.found:
            self.found.append(_begun(EMPTY, EMPTY, self._spm, self._got))
        report = self.found[-1]
        observation = _observation(row, report, self._got)
        self._after_line = observation is not None
        if observation is not None:
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
    return _Report(obr, orc, spm, got.moment(_time(obr[7])), [], [])


def _time(value: str) -> str:
    """Return a time field without repetitions and components."""
    return value if value.isdigit() else value.split("^", 1)[0].split("~", 1)[0].strip()


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
        reported=got.moment(_time(obr[22])),
        section=short(obr[24], encoding),
        parent=parent_of(obr[29], encoding, authority) or words(obr[26], encoding),
        specimen=words(one.spm[4], encoding) or _old_specimen(obr[15], encoding),
        observations=tuple(one.observations),
        notes=tuple(one.notes),
    )


def _observation(row: Row, report: _Report, got: Received) -> Observation | None:
    """Return one line; None for "now final" without a value, which must not erase the value."""
    encoding = got.message.encoding
    read = first_reader(encoding)
    kind = row[2].upper()
    value = value_of(kind, row[5], encoding)
    status = read(row[11])[:1].upper()
    if status == "U" and not value:
        return None
    at = row[14]
    observer = row[16]
    return Observation(
        test=coded(row[3], encoding),
        sub=read(row[4]),
        value=value,
        unit=_unit(row[6], encoding),
        range=_range(row[7], encoding),
        flags=_flags(row[8], encoding),
        state=_OF_LINE.get(status, ResultState.NOT_STATED),
        at=(got.moment(_time(at)) if at else None) or report.collected,
        kind=kind,
        by=doctor(observer, encoding) if observer else "",
    )


def _add_note(report: _Report, text: str, *, to_line: bool) -> None:
    if not text:
        return
    if to_line and report.observations:
        line = report.observations[-1]
        report.observations[-1] = structs.replace(line, notes=(*line.notes, text))
    else:
        report.notes.append(text)


def _old_specimen(value: str, encoding: Encoding) -> str:
    """Return the specimen of OBR-15 (§7.4.1.15): its first component, itself a code."""
    if not value:
        return ""
    parts = value.split(encoding.component, 1)[0]
    mark = encoding.subcomponent
    return words(parts.replace(mark, encoding.component) if mark else parts, encoding)


@lru_cache(maxsize=2048)
def _unit(value: str, encoding: Encoding) -> str:
    found = coded(value, encoding)
    return found.code or found.text


@lru_cache(maxsize=4096)
def _range(value: str, encoding: Encoding) -> str:
    return "; ".join(each_words(value, encoding))


@lru_cache(maxsize=512)
def _flags(value: str, encoding: Encoding) -> tuple[str, ...]:
    found = (coded(one, encoding) for one in value.split(encoding.repetition or "~"))
    return tuple([one.code or one.text for one in found if one.words()])
