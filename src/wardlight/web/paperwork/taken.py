"""Pages that are handed out to be printed, and the sheets they are for the register."""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.events.paperwork import SheetsIssued


class Taken(Struct, frozen=True):
    """A pack, or sheets of one print job, handed out to be printed."""

    body: bytes  # PDF
    said: SheetsIssued | None  # its sheets; None where they are not known: it was handed out before
    drill: bool = False
