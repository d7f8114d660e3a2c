"""Call sheets: one patient each, printed for whoever rings without a computer, and what came of it.

A sheet holds its patient as a lease does, and longer: nobody knows how the call ended until the
paper says so. It is over when what stands on it is entered, when it is given back unrung, and when
it is said to be missing or destroyed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from wardlight.record.events.contact import ContactAttempted, ContactLeased, SheetLines
from wardlight.record.events.paperwork import SheetMark, SheetsMarked
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.record.sheet_serial import SheetSerial, serial_in
from wardlight.views.kept_rows import Row

GONE = (SheetMark.MISSING, SheetMark.DESTROYED)
"""Marks after which nobody waits for a sheet any more."""


class CallSheet(Struct, frozen=True, kw_only=True, gc=False):
    """One patient's sheet as it was given out."""

    serial: SheetSerial
    patient: PatientKey
    lines: SheetLines
    lease: Row[ContactLeased]  # of the whole stack
    entered: Row[ContactAttempted] | None = None  # what was written on it
    unrung: bool = False  # given back as it was

    def is_open(self) -> bool:
        """Return whether nobody has entered yet how it ended."""
        return self.entered is None and not self.unrung

    def is_late(self, now: Instant) -> bool:
        """Return whether it is out for longer than the shift it was printed for."""
        return self.is_open() and now >= self.lease.said.until


class CallSheets:
    """Every call sheet that was given out, by its serial."""

    def __init__(self) -> None:
        self._sheets: dict[str, CallSheet] = {}

    def give_out(self, row: Row[Any], said: ContactLeased) -> tuple[str, ...]:
        """Note the sheets of a lease; return the serial of each of its patients' sheets."""
        codes = serials_of(said)
        if is_given_back(row):
            self._change(codes, unrung=True)
            return codes
        for at, code in enumerate(codes):
            serial, lines = serial_in(code), said.lines
            assert serial is not None, "made from one"
            self._sheets[code] = CallSheet(
                serial=serial,
                patient=said.patients[at],
                lines=lines[at] if at < len(lines) else SheetLines(),
                lease=row,
            )
        return codes

    def enter(self, row: Row[Any]) -> None:
        """Note how a call ended, if it was written on a sheet."""
        known = self._sheets.get(row.said.sheet)
        if known is not None and known.entered is None:
            self._change((row.said.sheet,), entered=row)

    def _change(self, codes: Iterable[str], **to: Any) -> None:
        for code in codes:
            if code in self._sheets:
                self._sheets[code] = replace(self._sheets[code], **to)

    def sheet(self, code: str) -> CallSheet | None:
        """Return a sheet by the eleven characters of its serial; None for no call sheet."""
        return self._sheets.get(code)

    def of(self, site: str) -> tuple[CallSheet, ...]:
        """Return the sheets of a site, in the order they were given out."""
        return tuple(one for one in self._sheets.values() if one.lease.site == site)


def serials_of(said: ContactLeased) -> tuple[str, ...]:
    """Return the serial of each patient's sheet, in their order; none where nothing was printed."""
    first = serial_in(said.sheet)
    if first is None:
        return ()
    return tuple(first.after(at).code() for at in range(len(said.patients)))


def is_given_back(row: Row[Any]) -> bool:
    """Return whether a lease says that patients are nobody's any more."""
    return bool(row.said.until <= row.recorded)


def gone(said: SheetsMarked) -> tuple[str, ...]:
    """Return the serials of sheets nobody waits for any more."""
    return tuple(one.serial for one in said.sheets) if said.mark in GONE else ()
