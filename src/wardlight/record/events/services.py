"""What is open, who is diverting, and what the neighbours said (domain.md K5, K6, D1, D2).

Neighbours are hospitals outside the network: contacts whose state is kept by hand, or received.
"""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.instants import Instant
from wardlight.record.services import AtExpiry, DivertCategory, ServiceKey, ServiceState


class ServiceStated(Struct, frozen=True, kw_only=True, gc=False, tag="service.stated"):
    """Somebody said what a service does from now on, on whose authority and until when."""

    key: ServiceKey
    state: ServiceState
    category: DivertCategory | None = None  # None for open
    reason: str = ""
    authorised_by: str = ""
    since: Instant
    expires: Instant | None = None
    at_expiry: AtExpiry = AtExpiry.LAPSE
    review: Instant | None = None
    comment: str = ""
    agreed_with: str = ""  # who outside agreed, where the county's rules ask for it
    by_rules: str = ""  # the county rule set that was followed: "two-hour (version 1)"
    heard: str = ""  # for a neighbour: who said it, and how ("charge nurse, phone")


class CrowdingCounted(Struct, frozen=True, kw_only=True, gc=False, tag="crowding.counted"):
    """The counts of an emergency department that NEDOCS is made of. None: not counted."""

    facility: str
    ed_patients: int
    ed_beds: int
    admits_in_ed: int
    hospital_beds: int
    ventilated_in_ed: int
    longest_admit_wait_h: float
    last_bed_wait_h: float
    ems_waiting: int | None = None


class BedsCounted(Struct, frozen=True, kw_only=True, gc=False, tag="beds.counted"):
    """Beds of one kind, staffed and free, counted by hand. Below zero: over capacity."""

    facility: str
    kind: str  # ward, tele, ICU, paediatrics, NICU, OB, burn, psych, ED
    available: int
    baseline: int | None = None


class NeighbourStated(Struct, frozen=True, kw_only=True, gc=False, tag="neighbour.stated"):
    """How to reach a hospital and what it can do: one outside the network, or a site of ours.

    Empty is not known. The newest statement of a code replaces the one before.
    """

    code: str
    name: str
    phone: str = ""
    radio: str = ""
    latitude: float | None = None
    longitude: float | None = None
    can: tuple[str, ...] = ()  # services it is known to have
    cannot: tuple[str, ...] = ()  # services it is known not to have; in neither: not known
    kept_by: str = ""
    gone: bool = False


class ChangeAcknowledged(Struct, frozen=True, kw_only=True, gc=False, tag="change.acknowledged"):
    """A dispatcher has seen a change of the board; `change` names the entry that made it."""

    change: str
    by: str = ""


ServicesSaid = ServiceStated | CrowdingCounted | BedsCounted | NeighbourStated | ChangeAcknowledged
