"""The answer of the destination helper, and the record of why it is what it is."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.plan.destinations.destination_standing import Verdict
from wardlight.plan.destinations.drive_time import Drive
from wardlight.plan.destinations.hospital_facts import HospitalFacts
from wardlight.record.hospitals import Hospital


class Tier(StrEnum):
    """On what ground a hospital stands on the list."""

    GO = "takes this patient"
    CLOSEST_TAKES = "all divert: the closest takes"
    NEAREST_ED = "nearest open ED: the specialty is too far"
    CALL_FIRST = "call first"


class Candidate(Struct, frozen=True):
    """One hospital with its drive and how it stands."""

    hospital: Hospital
    drive: Drive
    verdict: Verdict


class Terms(Struct, frozen=True, kw_only=True):
    """What a hospital costs, in minutes; only differences between hospitals mean anything."""

    drive: float  # times the weight of the acuity
    wait: float
    wait_lo: float
    wait_hi: float
    offload: float
    filling: float  # what one patient more does to those already there
    fairness: float
    continuity: float  # what is taken off for knowing the patient
    share: float = 0.0  # its part of the room of all that were compared
    over_share: bool = False  # more ambulances are on the way than its share of the room

    def total(self) -> float:
        """Return the sum that decides."""
        added = self.drive + self.wait + self.offload + self.filling + self.fairness
        return added - self.continuity


class Ranked(Struct, frozen=True, kw_only=True):
    """One hospital of the list."""

    candidate: Candidate
    rank: int
    tier: Tier
    terms: Terms | None = None  # None: only the drive counts
    inbound: int = 0  # ambulances sent there since its department was counted
    facts: HospitalFacts | None = None
    reason: str = ""

    @property
    def code(self) -> str:
        """Return the hospital's code."""
        return self.candidate.hospital.code

    @property
    def drive(self) -> Drive:
        """Return the drive there."""
        return self.candidate.drive

    @property
    def call_first(self) -> bool:
        """Return whether nobody is to be brought there before somebody there has said yes."""
        return self.tier is Tier.CALL_FIRST or self.candidate.verdict.call_first


class Passed(Struct, frozen=True):
    """A hospital that is nearer than the first of the list, and the rule that passed it over."""

    candidate: Candidate
    rule: str


class Answer(Struct, frozen=True, kw_only=True):
    """Where they can go, best first, with everything needed to look at it afterwards."""

    ranked: tuple[Ranked, ...]
    passed: tuple[Passed, ...]
    policy: str
    acuity: str
    budget: float | None  # minutes beyond the nearest; None: the nearest counts alone
    switch: str = ""  # what would change the first place
    notices: tuple[str, ...] = ()

    def first(self) -> Ranked | None:
        """Return the first that needs no call; None when all of them do."""
        return next((one for one in self.ranked if not one.call_first), None)
