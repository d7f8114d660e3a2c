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
    # What a file of the clinic says beside it (domain.md C1, O1).
    procedure: str = ""  # with its side; a theatre case has one
    prep: str = ""  # fasting, bowel preparation, anticoagulant stopped …
    travel_minutes: int = 0  # one way; 0: not stated
    transport: str = ""  # booked ambulance or ride
    linked: tuple[str, ...] = ()  # tests that go with it: in words, or the number of their visit
    series: str = ""  # order, group or course that a patient's visits belong together by
    needs: tuple[str, ...] = ()  # equipment
    travel_to: tuple[tuple[str, int], ...] = ()  # minutes one way to a partner site
    harm_by: str = ""  # YYYY-MM-DD after which waiting harms, as the clinic stated it
    urgency: str = ""  # class as the clinic stated it


class SlotOffered(Struct, frozen=True, kw_only=True, gc=False, tag="slot.offered"):
    """A free time of a clinic, theatre or machine, here or at a partner, that one visit can have.

    The same number offered again takes the place of what was said before; `closed` takes it back.
    """

    slot: str  # its number, unique at the site that offers it
    service: str
    starts: Instant
    minutes: int = 0  # 0: not stated
    where: str = ""  # room or clinic
    partner: str = ""  # name of the other site; "" for this one
    holds: int = 1  # visits that fit; a chair of an infusion clinic may take several
    staff: str = ""
    closed: bool = False
    equipment: tuple[str, ...] = ()  # what is there; () is not stated
