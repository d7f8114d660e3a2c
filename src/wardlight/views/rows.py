"""The rows lists are made of: stay, bed, person found, appointment, feed, unread entry."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.codes import AppointmentState, Coded, Location, StayClass
from wardlight.record.identity import PatientKey, Person
from wardlight.record.instants import Instant, Moment
from wardlight.record.reading import Stamp


class StayState(StrEnum):
    """Where a stay stands."""

    EXPECTED = "expected"
    PRESENT = "present"
    ON_LEAVE = "on leave"
    LEFT = "left"
    CANCELLED = "cancelled"  # admitted in error
    DELETED = "deleted"


class Stay(Struct, frozen=True, kw_only=True, gc=False):
    """One stay of one patient as it stands. Empty means not known."""

    patient: PatientKey
    visit: str  # visit number `authority|value`, or a derived one
    state: StayState
    stamp: Stamp  # of the last step
    site: str = ""
    stay_class: StayClass = StayClass.UNKNOWN
    location: Location = Location()
    prior: Location | None = None
    temporary: Location | None = None  # off the unit
    planned: Location | None = None
    attending: str = ""
    service: str = ""
    reason: str = ""
    admitted: Moment | None = None
    admitted_derived: bool = False  # from EVN or MSH rather than PV1-44
    discharged: Moment | None = None
    disposition: str = ""
    expected_discharge: Moment | None = None
    expected_return: Moment | None = None
    provisional: bool = False  # "admission not seen"
    notes: tuple[str, ...] = ()  # "missed transfer", "silent move" … in words for the ward


class BedRow(Struct, frozen=True, kw_only=True, gc=False):
    """One bed of a unit, or one patient of the unit without a bed."""

    location: Location
    stays: tuple[Stay, ...] = ()  # more than one: conflict, all are shown
    status: str = ""  # housekeeping's word for an empty bed

    def conflict(self) -> bool:
        """Return whether two patients are said to be in this bed."""
        return len(self.stays) > 1 and bool(self.location.bed)


class UnitSummary(Struct, frozen=True, gc=False):
    """One unit of a site on the overview."""

    site: str
    unit: str
    patients: int
    provisional: int
    conflicts: int
    as_of: Instant | None  # newest step seen on this unit


class PersonRow(Struct, frozen=True, kw_only=True, gc=False):
    """One person in a search answer, with why they are known here."""

    person: Person
    stay: Stay | None = None  # the stay that counts: present, else expected, else the last one
    next_appointment: Appointment | None = None


class Appointment(Struct, frozen=True, kw_only=True, gc=False):
    """One appointment as it stands."""

    number: str
    patient: PatientKey | None
    state: AppointmentState
    stamp: Stamp
    site: str = ""
    starts: Moment | None = None
    minutes: int = 0
    reason: Coded = Coded()
    kind: Coded = Coded()
    service: Coded = Coded()
    place: Location = Location()
    staff: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    procedure: str = ""  # with its side; a theatre case has one
    prep: str = ""
    travel_minutes: int = 0  # one way; 0: not stated
    transport: str = ""
    linked: tuple[str, ...] = ()  # tests that go with it
    series: str = ""  # order, group or course
    needs: tuple[str, ...] = ()  # equipment
    travel_to: tuple[tuple[str, int], ...] = ()  # minutes one way to a partner site
    harm_by: str = ""  # YYYY-MM-DD, as the clinic stated it
    urgency: str = ""  # class as the clinic stated it


class FeedRow(Struct, frozen=True, kw_only=True, gc=False):
    """One feed's health: an empty screen and a dead feed must not look the same."""

    source: str
    site: str
    last_heard: Instant | None = None  # None: never
    gap_ms: int = 0  # how long it has been silent
    expected_gap_ms: int = 0  # its own rhythm at this hour of the week
    silent: bool = False
    received: int = 0
    duplicates: int = 0
    unread: int = 0
    drift_ms: int | None = None  # the sender's clock against ours; None: not known
    anomalies: tuple[tuple[str, int], ...] = ()  # name, how often; most frequent first
    trouble: str = ""  # last link trouble in words
    trouble_at: Instant | None = None


class UnreadRow(Struct, frozen=True, kw_only=True, gc=False):
    """One entry that was kept but not understood; a person looks at it."""

    position: int
    source: str
    received: Instant
    code: str
    where: str
    because: str
    what: str = ""  # message type, if it had one


class SystemOff(Struct, frozen=True, gc=False):
    """One system beside the EHR that is declared off."""

    system: str  # LAB, PACS, PHARMACY …
    since: Instant
    reason: str = ""


class Downtime(Struct, frozen=True, kw_only=True, gc=False):
    """How a site stands: whether its EHR is declared off, since when, and what else is off."""

    off_since: Instant | None = None
    drill: bool = False
    declared_by: str = ""
    reason: str = ""
    systems: tuple[SystemOff, ...] = ()
    was_off_since: Instant | None = None  # while what was written is typed back
    back_since: Instant | None = None
