"""Imaging while its systems are off: asked, done, who holds the pictures, first reading (R1)."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.codes import Coded, Location
from wardlight.record.events.laboratory import Label, Priority
from wardlight.record.instants import Moment


class Side(StrEnum):
    """Which side of the body; a request says it or says that there is none."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    NONE = "no side"


class Answer(StrEnum):
    """What came of a question that has to be asked before an examination."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not asked"
    DOES_NOT_APPLY = "does not apply"


class ImagingRequested(Struct, frozen=True, kw_only=True, gc=False, tag="imaging.requested"):
    """A ward asks for an examination, with what has to be known before contrast or radiation."""

    request: str
    study: Coded
    side: Side
    label: Label
    priority: Priority = Priority.ROUTINE
    place: Location = Location()
    callback: str = ""
    prescriber: str = ""
    contrast: bool = False
    contrast_allergy: Answer = Answer.NOT_ASKED
    egfr: str = ""  # mL/min/1.73 m2 with its date, as known
    pregnancy: Answer = Answer.NOT_ASKED
    clinical: str = ""


class ImagingPerformed(Struct, frozen=True, kw_only=True, gc=False, tag="imaging.performed"):
    """An examination was done; without the archive somebody has to hold the images."""

    request: str
    label: Label
    images_with: str
    medium: str = ""  # CD, USB stick or cassette and its number
    contrast_given: str = ""
    note: str = ""


class ImagingRead(Struct, frozen=True, kw_only=True, gc=False, tag="imaging.read"):
    """Somebody read the images; a preliminary reading says so until the final one comes."""

    request: str
    study: Coded
    text: str
    performed: Moment | None = None
    preliminary: bool = True
    critical: bool = False
    read_by: str = ""


class ImagingCancelled(Struct, frozen=True, kw_only=True, gc=False, tag="imaging.cancelled"):
    """An examination will not be done."""

    request: str
    reason: str = ""


ImagingSaid = ImagingRequested | ImagingPerformed | ImagingRead | ImagingCancelled
