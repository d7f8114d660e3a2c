"""What staff enter while the EHR is off: one form, one person, one station, one statement.

The statement itself (`said`) is one of the events of the ward; this is what is around it. It is
kept as JSON, so that a reader in thirty years needs nothing of ours to read it.
"""

from __future__ import annotations

from msgspec import Struct, json

from wardlight.record.events.case_checks import CaseStated
from wardlight.record.events.charting import EntrySeen, EntryVoided, OrderChecked
from wardlight.record.events.contact import ContactSaid
from wardlight.record.events.destinations import DestinationsSaid
from wardlight.record.events.imaging import ImagingSaid
from wardlight.record.events.laboratory import LaboratorySaid
from wardlight.record.events.observations import IntakeOutput, NoteWritten, VitalsCharted
from wardlight.record.events.ordering import DoseCharted, OrderEnded, OrderWritten
from wardlight.record.events.paperwork import PaperworkSaid
from wardlight.record.events.public import PublicSaid
from wardlight.record.events.registration import (
    AllergiesAsked,
    IdentityFound,
    PatientLeft,
    PatientPlaced,
    PatientRegistered,
)
from wardlight.record.events.scans import ScanSaid
from wardlight.record.events.services import ServicesSaid
from wardlight.record.events.transfers import TransferSaid
from wardlight.record.events.transfusion import TransfusionSaid
from wardlight.record.events.triage import TriageSaid
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant


class Warned(Struct, frozen=True, gc=False):
    """What the person was warned of before going on, and why they went on."""

    code: str
    words: str
    reason: str = ""
    asks: bool = True  # for a reason; one that does not is shown, and nobody has to answer it


Said = (
    DoseCharted
    | OrderWritten
    | OrderEnded
    | OrderChecked
    | VitalsCharted
    | IntakeOutput
    | NoteWritten
    | AllergiesAsked
    | PatientRegistered
    | PatientPlaced
    | PatientLeft
    | IdentityFound
    | EntryVoided
    | EntrySeen
    | LaboratorySaid
    | ImagingSaid
    | TransfusionSaid
    | TransferSaid
    | ServicesSaid
    | PublicSaid
    | DestinationsSaid
    | PaperworkSaid
    | ScanSaid
    | TriageSaid
    | ContactSaid
    | CaseStated
)


class PaperRow(Struct, frozen=True, kw_only=True, gc=False):
    """The row of a scanned sheet that an entry was typed from."""

    image: str  # SHA-256 of the picture it was read from
    serial: str  # eleven characters
    page: int
    row: str  # part and row of the form, both from 0: "1.3"
    of: int  # so many rows of the sheet, all its pages, become entries

    def claim(self) -> str:
        """Return what stands for this row among what is claimed: it is entered once."""
        return f"paper {self.serial} {self.page} {self.row}"


VERSION_HEX = 8  # of the content, to tell two versions under one id apart


class Entered(Struct, frozen=True, kw_only=True, gc=False):
    """One entry as a person made it. Times of the device are kept beside those of the node."""

    id: str  # made on the device: what makes sending it twice the same as once
    by: str  # "RN A. Mensah", as the ward knows them
    said: Said
    patient: PatientKey = PatientKey("")
    role: str = ""
    station: str = ""
    on_behalf_of: str = ""
    made: Instant | None = None  # by the device's clock
    skew: int | None = None  # device clock minus the node's, in ms
    warnings: tuple[Warned, ...] = ()
    corrects: str = ""  # id of the entry this one takes the place of
    drill: bool = False  # made while a drill was on: never part of a real chart
    content: str = ""  # digest of what the device sent: other content under one id is kept too
    paper: PaperRow | None = None  # the sheet it was typed from

    def name(self) -> str:
        """Return what later entries call this one: its id, and which version of it is meant."""
        return f"{self.id}.{self.content[:VERSION_HEX]}" if self.content else self.id

    def packed(self) -> bytes:
        """Return the entry as the log keeps it."""
        return json.encode(self)


_DECODER = json.Decoder(Entered)


def unpacked(body: bytes) -> Entered:
    """Return an entry of the log; raises DecodeError or ValidationError for anything else."""
    return _DECODER.decode(body)


def kind_of(said: Said) -> str:
    """Return the name a statement is stored under."""
    return str(type(said).__struct_config__.tag)
