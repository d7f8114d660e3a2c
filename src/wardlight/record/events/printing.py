"""What was printed: asked for by whom, on which printer, from data of which age, and how it ended.

No name or number of a patient stands in it: a ward's pack is named by the ward.
"""

from __future__ import annotations

from msgspec import DecodeError, Struct, ValidationError, json

from wardlight.record.instants import Instant
from wardlight.record.problems import Problem

KIND = "print"


class PrintAsked(Struct, frozen=True, kw_only=True, gc=False, tag="print.asked"):
    """Body of `print.asked`, version 1: somebody had something printed."""

    job: str
    what: str  # "ward pack", "test page", "label roll", "blank pad"
    printer: str
    by: str
    unit: str = ""
    pages: int = 0
    as_of: Instant | None = None  # of the data on the pages; None: there is none
    again_of: str = ""  # the job whose very pages were printed once more


class PrintEnded(Struct, frozen=True, kw_only=True, gc=False, tag="print.ended"):
    """Body of `print.ended`, version 1: what became of it, as far as printer or person can say."""

    job: str
    state: str  # "printed", "handed over", "failed", "look at the tray", "dropped"
    because: str = ""


PrintSaid = PrintAsked | PrintEnded


_DECODER: json.Decoder[PrintSaid] = json.Decoder(PrintSaid)


def packed(said: PrintSaid) -> bytes:
    """Return the event as the log keeps it."""
    return json.encode(said)


def unpacked(body: bytes) -> PrintSaid | Problem:
    """Return an event of the log, or why it cannot be one."""
    try:
        return _DECODER.decode(body)
    except (DecodeError, ValidationError):
        return Problem("print.unreadable", KIND, "What was printed cannot be read.")
