"""Sheets of paper: what was printed for whom, and what became of every sheet (domain.md W11, H1).

A print job is one entry, however many sheets it has. A sheet is never taken out of the register;
what became of it is said, and may be said otherwise later.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.identity import PatientKey


class SheetMark(StrEnum):
    """What somebody, or the reader of scans, said became of a sheet."""

    RETURNED = "returned"  # handed in, by hand
    SCANNED = "scanned"  # a picture of it is kept
    ENTERED = "entered"  # what stands on it is in the record
    MISSING = "missing"  # looked for and not found
    DESTROYED = "destroyed"  # spoilt, never used, or shredded after sign-off


class Origin(StrEnum):
    """Where sheets came from."""

    PACK = "pack"  # a ward pack, taken from the node
    DISK = "disk"  # a ward pack, printed from the disk with no node: found out on return
    SCREEN = "screen"  # printed for one patient at a screen
    PAD = "pad"  # blank sheets, printed before or on the day
    REPRINT = "reprint"


class SheetRun(Struct, frozen=True, kw_only=True, gc=False):
    """Sheets of one form, one after the other: their serials count up from `first`."""

    form: str  # code and version: W3A
    first: str  # the eleven characters of the first serial
    pages: tuple[int, ...]  # of each sheet
    patients: tuple[PatientKey, ...] = ()  # of each sheet; none at all: blank


class SheetsIssued(Struct, frozen=True, kw_only=True, gc=False, tag="sheets.issued"):
    """One print job left the printer, or the file of it left the node."""

    runs: tuple[SheetRun, ...]
    unit: str = ""  # issued to
    to: str = ""  # person or place, in words
    origin: Origin
    as_of: str = ""  # what the sheets say of the age of their facts, ISO; "" for blank ones
    replaces: str = ""  # serial of the sheet that a reprint stands in for
    because: str = ""  # of a reprint
    again: bool = False  # the same file was printed before: two papers wear each serial


class SheetSaid(Struct, frozen=True, gc=False):
    """One sheet, or some of its pages."""

    serial: str  # eleven characters
    pages: tuple[int, ...] = ()  # () means all of it


class SheetsMarked(Struct, frozen=True, kw_only=True, gc=False, tag="sheets.marked"):
    """What became of one or more sheets."""

    mark: SheetMark
    sheets: tuple[SheetSaid, ...]
    where: str = ""  # box, folder, room
    reason: str = ""


PaperworkSaid = SheetsIssued | SheetsMarked
