"""The closed vocabularies of the ward, and a code with its words."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Coded(Struct, frozen=True, gc=False):
    """A code, its words and its system as sent (HL7 v2.5.1 §2.A.13 CWE). Any part may be empty."""

    code: str = ""
    text: str = ""
    system: str = ""

    def words(self) -> str:
        """Return what a person reads: the text, else the code."""
        return self.text or self.code

    def key(self) -> str:
        """Return what two statements of the same thing share: system and code, else plain text."""
        if self.code and self.system:
            return f"{self.system}|{self.code}".casefold()
        return " ".join((self.text or self.code).split()).casefold()


class StayClass(StrEnum):
    """What kind of stay (HL7 table 0004, local values mapped per source)."""

    INPATIENT = "inpatient"
    OBSERVATION = "observation"
    EMERGENCY = "emergency"
    OUTPATIENT = "outpatient"
    PREADMIT = "preadmit"
    NEWBORN = "newborn"
    UNKNOWN = "unknown"


class Location(Struct, frozen=True, gc=False):
    """Where a patient is: point of care, room, bed, facility (HL7 v2.5.1 §2.A.53 PL)."""

    unit: str = ""
    room: str = ""
    bed: str = ""
    facility: str = ""
    building: str = ""
    floor: str = ""

    def words(self) -> str:
        """Return `4E-12`, `4E 12-A`, or as much of it as is known."""
        place = "-".join(part for part in (self.room, self.bed) if part)
        if place.startswith(self.unit):
            return place or self.unit
        return f"{self.unit} {place}".strip()


class AllergyState(StrEnum):
    """The four things an allergy strip may say (NHS CUI PAB-0064); unknown is never "none"."""

    KNOWN = "known allergies"
    NONE_KNOWN = "no known allergies"
    NOT_RECORDED = "allergies not recorded"
    UNAVAILABLE = "allergies unavailable"


class OrderKind(StrEnum):
    """What an order asks for."""

    MEDICATION = "medication"
    LABORATORY = "laboratory"
    IMAGING = "imaging"
    DIET = "diet"
    OTHER = "other"


class OrderState(StrEnum):
    """Where an order stands (HL7 tables 0119 and 0038)."""

    ACTIVE = "active"
    HELD = "held"
    STOPPED = "stopped"
    COMPLETED = "completed"
    REPLACED = "replaced"
    UNKNOWN = "unknown"


class DoseState(StrEnum):
    """What happened to a dose (HL7 table 0322)."""

    GIVEN = "given"
    PARTLY = "partly given"
    REFUSED = "refused"
    NOT_GIVEN = "not given"
    UNKNOWN = "unknown"


class ResultState(StrEnum):
    """How far a result may be relied on (HL7 tables 0085 and 0123)."""

    PENDING = "pending"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    CORRECTED = "corrected"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"  # D, X: the value is not shown
    WRONG_PATIENT = "wrong patient"  # W: the value is not shown
    NOT_STATED = "status not stated"


class AppointmentState(StrEnum):
    """Where an appointment stands (HL7 table 0278 and the SIU trigger)."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    NO_SHOW = "no show"
    COMPLETED = "completed"
    BLOCKED = "blocked"
    DELETED = "deleted"
