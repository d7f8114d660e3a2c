"""One sheet of paper as the register has it, and what state follows from what was said of it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from wardlight.record.events.paperwork import Origin, SheetMark, SheetRun, SheetsIssued
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.record.sheet_serial import SheetSerial, serial_in


class SheetState(StrEnum):
    """Where a sheet is. A returned one may be scanned, and a scanned one entered."""

    OUT = "out"
    RETURNED = "returned"
    SCANNED = "scanned"
    ENTERED = "entered"
    MISSING = "missing"
    DESTROYED = "destroyed"


BACK = (SheetState.RETURNED, SheetState.SCANNED, SheetState.ENTERED)
"""What counts as returned, the furthest last."""


class Marked(Struct, frozen=True, gc=False):
    """One thing that was said of a sheet."""

    mark: SheetMark
    at: Instant
    entry: str  # name of the entry
    by: str
    pages: tuple[int, ...] = ()
    where: str = ""
    reason: str = ""
    site: str = ""  # where it was said
    row: str = ""  # of the page: only this row was entered, or closed
    of: int = 0  # rows of the sheet that become entries, as its form has them
    closed: str = ""  # why nothing more is entered from the row; "" where an entry was made


class FormRow(Struct, frozen=True, gc=False):
    """One row of a form whose file says which entry of the ward it becomes."""

    page: int
    row: str  # part and row, both from 0: "1.3"
    kind: str


class Job(Struct, frozen=True, kw_only=True, gc=False):
    """What all sheets of one print job share."""

    site: str
    unit: str
    to: str
    at: Instant
    by: str
    origin: Origin
    as_of: str = ""
    replaces: str = ""
    because: str = ""


class IssuedSheet(Struct, frozen=True, kw_only=True):
    """One sheet as the register has it."""

    serial: SheetSerial
    form: str
    pages: int
    patient: PatientKey | None  # as printed; None: blank
    job: Job
    state: SheetState
    pages_in: tuple[int, ...] = ()  # scanned so far, of a sheet that is not complete
    marks: tuple[Marked, ...] = ()  # oldest first
    came_back: bool = False  # after it was said to be destroyed: a person must look
    copies: int = 1  # papers that wear this serial
    replaced_by: str = ""  # serial of its reprint

    def is_incomplete(self) -> bool:
        """Return whether some of its pages are in and others are not."""
        return bool(self.pages_in) and self.state is SheetState.OUT


def ranges_of(said: SheetsIssued) -> str:
    """Return the serials of a print job as people type them: `first..last`, run by run."""
    found = []
    for run in said.runs:
        first = serial_in(run.first)
        if first is not None and run.pages:
            last = first.after(len(run.pages) - 1)
            found.append(first.text() if last == first else f"{first.text()}..{last.text()}")
    return " ".join(found)


def place_in(said: SheetsIssued, serial: SheetSerial) -> tuple[SheetRun, int] | None:
    """Return in which run of a print job a sheet is, and where; None when it is none of its."""
    for run in said.runs:
        first = serial_in(run.first)
        at = serial.number - first.number if first and first.lane == serial.lane else -1
        if 0 <= at < len(run.pages):
            return run, at
    return None


def first_issued(serial: SheetSerial, said: SheetsIssued, job: Job) -> IssuedSheet | None:
    """Return a sheet as a print job issues it; None when it is none of the job's."""
    found = place_in(said, serial)
    if found is None:
        return None
    run, at = found
    return IssuedSheet(
        serial=serial,
        form=run.form,
        pages=run.pages[at],
        patient=run.patients[at] if run.patients else None,
        job=job,
        state=SheetState.OUT,
    )


def job_of(said: SheetsIssued, site: str, at: Instant, by: str) -> Job:
    """Return what the sheets of a print job share."""
    return Job(
        site=site,
        unit=said.unit,
        to=said.to,
        at=at,
        by=by,
        origin=said.origin,
        as_of=said.as_of,
        replaces=said.replaces,
        because=said.because,
    )


class Tally(Struct, frozen=True):
    """How many sheets were issued, and how many are where."""

    issued: int = 0
    out: int = 0
    returned: int = 0  # by hand, not yet scanned
    scanned: int = 0
    entered: int = 0
    missing: int = 0
    destroyed: int = 0

    def back(self) -> int:
        """Return how many came back, however far they are."""
        return self.returned + self.scanned + self.entered

    def adds_up(self) -> bool:
        """Return whether every issued sheet is accounted for."""
        return self.issued == self.back() + self.missing + self.destroyed + self.out


def state_of(marks: list[Marked], all_in: bool) -> SheetState:  # noqa: FBT001 -- one fact of two
    """Return the state: the last "missing" or "destroyed", unless the sheet came back after it.

    A row is entered from a picture too, when the paper is long gone: that brings no sheet back.
    """
    gone = next(
        (one for one in reversed(marks) if one.mark in (SheetMark.MISSING, SheetMark.DESTROYED)),
        None,
    )
    whole = [one for one in marks if not one.row and (not one.pages or all_in)]
    if gone is not None and not any(one in whole for one in marks[marks.index(gone) + 1 :]):
        return SheetState(gone.mark.value)
    said = {SheetState(one.mark.value) for one in whole}
    if all_in and all_rows_done(marks):
        said.add(SheetState.ENTERED)
    reached = [state for state in BACK if state in said]
    return reached[-1] if reached else SheetState.OUT


def all_rows_done(marks: Iterable[Marked]) -> bool:
    """Return whether every row that becomes an entry was entered or closed."""
    rows = {(one.pages, one.row): one.of for one in marks if one.row}
    return bool(rows) and len(rows) >= max(rows.values())


def came_back(marks: list[Marked]) -> bool:
    """Return whether a sheet was handed in or scanned after somebody said it was destroyed."""
    kinds = [one.mark for one in marks if not one.row]
    if SheetMark.DESTROYED not in kinds:
        return False
    return any(kind.value in BACK for kind in kinds[kinds.index(SheetMark.DESTROYED) + 1 :])
