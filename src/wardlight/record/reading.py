"""What one entry means: worked out by `wire` whenever it is read, folded by `views`.

Two depths. A *headline* is read on arrival: whose message, who moved where, what is not
understood. The *chart events* are read when somebody opens the chart, so that a burst of
results costs the intake nothing and a better reader improves the past as well.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, msgpack

from wardlight.record.entry import Entry
from wardlight.record.events.charting import ChartEvent
from wardlight.record.events.entered import Entered
from wardlight.record.events.schedule import AppointmentChanged, SlotOffered
from wardlight.record.events.stays import StayEvent
from wardlight.record.identity import PatientKey, Person
from wardlight.record.instants import Instant
from wardlight.record.problems import Problem
from wardlight.record.sheet_serial import serial_in


class Stamp(Struct, frozen=True, gc=False):
    """Where a fact comes from and how old it is; every fact on a screen or sheet has one."""

    occurred: Instant
    recorded: Instant
    source: str
    position: int
    author: str = ""
    entry: str = ""  # id of an entry of staff; "" for what a feed said
    corrects: str = ""  # id of the entry this one takes the place of
    by: str = ""  # who entered it, as the ward knows them: "RN A. Mensah"
    station: str = ""
    paper: str = ""  # serial of the sheet it was typed from, as the sheet has it

    def said_by(self) -> str:
        """Return whose word it is: the person who entered it, from which paper, else the feed."""
        said = self.by or self.source
        return f"{said}, from paper sheet {self.paper}" if self.paper else said


def stamp_of(entry: Entry, entered: Entered) -> Stamp:
    """Return the stamp of what a person entered."""
    return Stamp(
        entry.occurred,
        entry.recorded,
        entry.source,
        entry.position,
        entry.author,
        entered.name(),
        entered.corrects,
        entered.by,
        entered.station,
        _sheet_of(entered),
    )


def _sheet_of(entered: Entered) -> str:
    serial = serial_in(entered.paper.serial) if entered.paper else None
    return serial.text() if serial else ""


class Headline(Struct, frozen=True, kw_only=True, gc=False):
    """What the intake needs to know of an entry at once."""

    what: str  # "ADT^A01"
    control_id: str = ""  # MSH-10
    identity: bytes = b""  # digest of (source, MSH-3, MSH-4, MSH-10); b"" when MSH-10 is missing
    content: bytes = b""  # digest of the message without MSH-7
    occurred: Instant = Instant(0)
    sent: Instant | None = None  # MSH-7, for comparing clocks
    persons: tuple[Person, ...] = ()
    stays: tuple[StayEvent, ...] = ()
    appointments: tuple[AppointmentChanged, ...] = ()
    slots: tuple[SlotOffered, ...] = ()
    charted: tuple[PatientKey, ...] = ()  # patients whose chart this entry has something for
    anomalies: tuple[str, ...] = ()  # names of oddities survived: "late admission", "mojibake" …
    unread: Problem | None = None  # set: on the unread list, with its reason


class Charted(Struct, frozen=True, gc=False):
    """One chart event with its patient and its stamp."""

    patient: PatientKey
    stamp: Stamp
    event: ChartEvent


class Meaning(Struct, frozen=True, gc=False):
    """Everything that was understood of a message whose raw bytes are kept no longer."""

    headline: Headline
    charted: tuple[Charted, ...] = ()

    def packed(self) -> bytes:
        """Return the meaning as it is kept in place of the bytes."""
        return msgpack.encode(self)

    @staticmethod
    def unpacked(kept: bytes) -> Meaning:
        """Return what was kept. Raises ValidationError for bytes that are no meaning."""
        return _UNPACK(kept)


_UNPACK = msgpack.Decoder(Meaning).decode

ReadHeadline = Callable[[Entry], Headline]
ReadChart = Callable[[Entry], tuple[Charted, ...]]
