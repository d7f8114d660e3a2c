"""Where patients are: admissions, moves, discharges, their plans and their cancels.

Folded into the census as they arrive. Source: HL7 v2.5.1 §3.3 (events), §3.4.3 (PV1).
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.codes import Location, StayClass
from wardlight.record.identity import Identifier, PatientKey
from wardlight.record.instants import Instant, Moment


class Step(StrEnum):
    """What a movement message says happened."""

    ADMIT = "admit"  # A01
    REGISTER = "register"  # A04
    EXPECT = "expect"  # A05, A14
    MOVE = "move"  # A02, each half of A17
    DISCHARGE = "discharge"  # A03
    UPDATE = "update"  # A08, A54, A55 …
    CHANGE_CLASS = "change class"  # A06, A07
    DEPART = "depart"  # A09: off the unit
    ARRIVE = "arrive"  # A10
    CANCEL_ADMIT = "cancel admit"  # A11
    CANCEL_MOVE = "cancel move"  # A12: location is the one before the move
    CANCEL_DISCHARGE = "cancel discharge"  # A13
    CANCEL_TRACKING = "cancel tracking"  # A32, A33
    PLAN_MOVE = "plan move"  # A15
    PLAN_DISCHARGE = "plan discharge"  # A16
    CANCEL_PLAN = "cancel plan"  # A25, A26
    CANCEL_EXPECT = "cancel expect"  # A27, A38
    LEAVE = "leave"  # A21
    RETURN = "return"  # A22
    CANCEL_LEAVE = "cancel leave"  # A52
    CANCEL_RETURN = "cancel return"  # A53
    DELETE = "delete"  # A23
    SEEN = "seen"  # any other message with PV1: proves a stay, moves nobody


class Movement(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """One step of a stay. Fields hold the state after the step; empty means not stated."""

    patient: PatientKey
    step: Step
    at: Instant  # when it happened: EVN-6, else PV1-44/45, EVN-2, MSH-7
    visit: str = (
        ""  # PV1-19 with authority as `authority|value`; fallback per interop rules; "" unknown
    )
    stay_class: StayClass = StayClass.UNKNOWN
    location: Location | None = None
    prior: Location | None = None  # PV1-6
    temporary: Location | None = None  # PV1-11
    planned: Location | None = None  # PV1-42
    attending: str = ""
    service: str = ""
    reason: str = ""  # PV2-3, working diagnosis in words
    admitted: Moment | None = None  # PV1-44
    discharged: Moment | None = None  # PV1-45
    disposition: str = ""
    expected_discharge: Moment | None = None  # PV2-9
    expected_return: Moment | None = None  # PV2-47


class PatientsMerged(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """Two records were found to be one person (A18, A30, A34, A36, A39, A40)."""

    survivor: PatientKey
    retired: PatientKey
    at: Instant


class PatientsLinked(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """Two records are said to be related, or no longer (A24, A37); nothing is merged."""

    one: PatientKey
    other: PatientKey
    linked: bool
    at: Instant


class VisitRenumbered(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """A visit got another number, or moved to another patient (A42, A43, A45, A50)."""

    patient: PatientKey
    old: str
    new: str
    at: Instant


class BedReported(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """Housekeeping's word on a bed (A20, NPU-2, table 0116)."""

    location: Location
    status: str  # C closed, H housekeeping, O occupied, U unoccupied, K contaminated, I isolated
    at: Instant


StayEvent = Movement | PatientsMerged | PatientsLinked | VisitRenumbered | BedReported


def stay_identifier(visit: str) -> Identifier:
    """Return the visit number of a movement as an identifier."""
    authority, _, value = visit.rpartition("|")
    return Identifier(value=value, authority=authority, kind="VN")
