"""Blood while the bank's system is off: asked, tested, issued, checked by two, given (L7)."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.codes import Location
from wardlight.record.events.laboratory import Label, Priority


class Match(StrEnum):
    """On what ground a unit is issued."""

    COMPATIBLE = "crossmatched, compatible"
    ELECTRONIC = "group and screen, no crossmatch needed"
    EMERGENCY = "emergency release, not crossmatched"


class BloodRequested(Struct, frozen=True, kw_only=True, gc=False, tag="blood.requested"):
    """A ward asks for blood or for a group check. The label is of the sample that goes with it."""

    request: str
    label: Label
    product: str  # red cells, platelets, plasma …; "group and screen" when nothing is to be given
    units: int = 0
    priority: Priority = Priority.ROUTINE
    place: Location = Location()
    callback: str = ""
    prescriber: str = ""
    known_group: str = ""  # as the kept copy or a card says, with its source
    known_antibodies: str = ""
    emergency_by: str = ""  # the physician who signs for blood without a crossmatch
    clinical: str = ""


class BloodTested(Struct, frozen=True, kw_only=True, gc=False, tag="blood.tested"):
    """Group and antibodies found in the patient's sample."""

    request: str
    accession: str
    label: Label
    group: str
    antibodies: str = ""  # "none found", or which
    checked_by: str = ""  # the second person, or the second sample


class UnitIssued(Struct, frozen=True, kw_only=True, gc=False, tag="blood.issued"):
    """One unit left the bank for one patient."""

    request: str
    unit: str
    product: str
    group: str
    match: Match
    to: str = ""
    expires: str = ""


class TransfusionStarted(Struct, frozen=True, kw_only=True, gc=False, tag="transfusion.started"):
    """A unit was begun after two people checked it against the wristband at the bedside."""

    request: str
    unit: str
    label: Label  # as read off the wristband
    first: str
    second: str


class TransfusionStopped(Struct, frozen=True, kw_only=True, gc=False, tag="transfusion.stopped"):
    """A unit is through, was stopped, or went back unused."""

    request: str
    unit: str
    volume: str = ""
    reason: str = ""  # "" when it was given whole
    returned: bool = False


class TransfusionReaction(Struct, frozen=True, kw_only=True, gc=False, tag="transfusion.reaction"):
    """Something happened under a transfusion."""

    request: str
    unit: str
    signs: str
    stopped: bool
    told: str = ""  # physician and blood bank


TransfusionSaid = (
    BloodRequested
    | BloodTested
    | UnitIssued
    | TransfusionStarted
    | TransfusionStopped
    | TransfusionReaction
)
