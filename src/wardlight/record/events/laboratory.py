"""The way of a specimen while the laboratory system is off, step by step (domain.md L1 to L5).

Every statement carries the request's number, which is what the loop is known by; the accession
number is what the laboratory wrote on the tube. Values are text as they were read: nothing is
rounded or converted.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.codes import Coded, Location
from wardlight.record.instants import Moment


class Priority(StrEnum):
    """How soon a result is needed."""

    STAT = "STAT"
    URGENT = "urgent"
    ROUTINE = "routine"


class Label(Struct, frozen=True, gc=False):
    """What stood on a label, as somebody read it off: nothing is filled in from elsewhere."""

    name: str = ""
    birth: str = ""
    number: str = ""

    def read(self) -> tuple[str, ...]:
        """Return what was read at all."""
        return tuple(part for part in (self.name, self.birth, self.number) if part)


class SpecimenRequested(Struct, frozen=True, kw_only=True, gc=False, tag="specimen.requested"):
    """A ward asks for tests, with the label of the specimen as it was read at the bedside."""

    request: str
    label: Label
    tests: tuple[Coded, ...]
    priority: Priority = Priority.ROUTINE
    group: str = ""  # chemistry, haematology, microbiology …: for the turn-around target
    place: Location = Location()  # where the patient lay then; results go where they lie now
    callback: str = ""  # the phone that is answered when the laboratory rings
    prescriber: str = ""
    collected: Moment | None = None  # None: not taken yet
    collected_by: str = ""
    specimen: str = ""  # type and site: "venous blood, left arm"
    clinical: str = ""  # clinical information, anticoagulants
    replaces: str = ""  # request whose specimen was lost or rejected


class SpecimenReceived(Struct, frozen=True, kw_only=True, gc=False, tag="specimen.received"):
    """A specimen arrived and got its accession number, or was turned away with the reason."""

    request: str
    accession: str
    label: Label
    condition: str = ""  # haemolysed, clotted, leaking … "" when nothing was wrong
    rejected: str = ""  # why it cannot be used; "" when it can
    bench: str = ""


class SpecimenSentOut(Struct, frozen=True, kw_only=True, gc=False, tag="specimen.sent-out"):
    """A specimen went on to another laboratory."""

    request: str
    laboratory: str
    courier: str = ""
    box: str = ""
    temperature: str = ""


class Loss(StrEnum):
    """Why there will be no result."""

    LOST = "lost"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class SpecimenLost(Struct, frozen=True, kw_only=True, gc=False, tag="specimen.lost"):
    """A specimen cannot be found, cannot be used, or is no longer wanted."""

    request: str
    loss: Loss
    reason: str = ""
    told: str = ""  # who on the ward knows that it has to be taken again


class ResultLine(Struct, frozen=True, kw_only=True, gc=False):
    """One value of a result. The flag is a code of HL7 table 0078, "" for none."""

    test: Coded
    value: str
    unit: str = ""
    range: str = ""
    flag: str = ""
    note: str = ""


class ResultEntered(Struct, frozen=True, kw_only=True, gc=False, tag="result.entered"):
    """Values found in a specimen, with the label of the tube they were read from."""

    request: str
    accession: str
    label: Label
    lines: tuple[ResultLine, ...]
    test: Coded = Coded()  # the requested test or panel these lines answer; "" for each its own
    collected: Moment | None = None
    specimen: str = ""
    instrument: str = ""
    verified_by: str = ""
    complete: bool = False  # nothing more is to come
    matches: str = ""  # id of the entry on the list to be matched that this settles


class ResultTold(Struct, frozen=True, kw_only=True, gc=False, tag="result.told"):
    """Somebody was told a result, and read it back or did not."""

    request: str
    results: tuple[str, ...]  # ids of the entries that hold the results
    to: str
    how: str  # phone, runner, fax, in person
    read_back: bool
    provider: str = ""  # who decides, if another was told


class ResultAcknowledged(Struct, frozen=True, kw_only=True, gc=False, tag="result.acknowledged"):
    """The ward has seen a result and answers for it."""

    request: str
    results: tuple[str, ...]
    action: str = ""


class EscalationStep(StrEnum):
    """Who is asked next when nobody acknowledges a critical result."""

    CHARGE_NURSE = "charge nurse"
    PHYSICIAN = "physician"


class CriticalEscalated(Struct, frozen=True, kw_only=True, gc=False, tag="critical.escalated"):
    """A critical result nobody had acknowledged was taken to the next person."""

    request: str
    results: tuple[str, ...]
    step: EscalationStep
    to: str
    read_back: bool = False


class SpecimenUnmatched(Struct, frozen=True, kw_only=True, gc=False, tag="specimen.unmatched"):
    """A result nobody could place: kept whole until a person finds whose it is."""

    accession: str
    label: Label
    text: str  # the values as they were typed or sent
    because: str
    instrument: str = ""


LaboratorySaid = (
    SpecimenRequested
    | SpecimenReceived
    | SpecimenSentOut
    | SpecimenLost
    | ResultEntered
    | ResultTold
    | ResultAcknowledged
    | CriticalEscalated
    | SpecimenUnmatched
)
