"""Who is coming, when, what for, and how to reach them (HL7 v2.5.1 chapter 10, SIU)."""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.codes import AppointmentState, Coded, Location
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant, Moment


class AppointmentChanged(Struct, frozen=True, kw_only=True, gc=False):
    """An appointment was booked, changed or called off. Empty means not stated."""

    number: str  # SCH-2, else SCH-1, as `authority|value`
    patient: PatientKey | None
    at: Instant  # when the message says it happened
    state: AppointmentState | None = None  # None: as before
    starts: Moment | None = None
    minutes: int = 0  # 0: not stated
    reason: Coded = Coded()
    kind: Coded = Coded()
    service: Coded = Coded()
    place: Location = Location()
    staff: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
