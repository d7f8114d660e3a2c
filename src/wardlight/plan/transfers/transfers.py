"""Which patient goes to which hospital: what the planner is asked and what it answers.

Words of the transfer desk (HICS 254/255): a *receiver* is a hospital that may take somebody;
staying in place is always one of the choices. Imports neither numpy nor OR-Tools.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from wardlight.plan.destinations.drive_time import Drive
from wardlight.plan.transfers.transfer_policy import Acuity, TransferPolicy

STAY = "stay in place"  # stands where a receiver's code would


class Known(StrEnum):
    """What is known of a capability. Only YES is taken for granted; NO rules out."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    CONTRADICTORY = "contradictory"


class Level(StrEnum):
    """The crew and vehicle a patient needs on the way."""

    CCT = "critical care transport"  # nurse, ventilator
    ALS = "ALS"
    BLS = "BLS"
    AIR = "aircraft"
    VAN = "wheelchair van"
    BUS = "bus"
    CAR = "car"


class Ban(Struct, frozen=True, gc=False):
    """A receiver this patient does not go to, and why (insurer, family, specialist)."""

    receiver: str
    because: str


class Waiting(Struct, frozen=True, kw_only=True):
    """A patient who may be sent elsewhere.

    `bed` and `needs` are words that receivers use too. `proposed` is where the last proposal sent
    them; `fixed` is what a person decided (a code, or STAY); `accepted` is where a receiver has
    said yes already: that move is frozen, and takes its bed.
    """

    id: str
    origin: str
    bed: str
    acuity: Acuity
    needs: tuple[str, ...] = ()
    level: Level = Level.BLS
    bans: tuple[Ban, ...] = ()
    proposed: str = ""
    fixed: str = ""
    accepted: str = ""

    @property
    def decided(self) -> str:
        """Return where they go whatever the planner thinks; "" where it may choose."""
        return self.accepted or self.fixed


class Beds(Struct, frozen=True, gc=False):
    """Free beds of one kind. `free` None: no number was given.

    `known` CONTRADICTORY: sources differ, and `free` is the lowest of them.
    """

    free: int | None
    known: Known = Known.YES


class Receiver(Struct, frozen=True, kw_only=True):
    """A hospital that may take patients. What a mapping does not name is unknown."""

    code: str
    name: str
    beds: Mapping[str, Beds] = {}
    does: Mapping[str, Known] = {}
    takes: Known = Known.YES  # NO: closed to transfers
    because: str = ""  # why it is closed, or what is said of it


def of_bed(receiver: Receiver, bed: str) -> Known:
    """Return what is known of a receiver's beds of a kind; no number is not known."""
    beds = receiver.beds.get(bed)
    if beds is None:
        return Known.UNKNOWN
    if beds.free is None and beds.known is Known.YES:
        return Known.UNKNOWN
    return beds.known


def of_need(receiver: Receiver, need: str) -> Known:
    """Return what is known of whether a receiver can do something."""
    return receiver.does.get(need, Known.UNKNOWN)


class TransferProblem(Struct, frozen=True, kw_only=True):
    """What a plan is asked for. `drives` is by (origin, receiver); absent: not known."""

    waiting: tuple[Waiting, ...]
    receivers: tuple[Receiver, ...]
    drives: Mapping[tuple[str, str], Drive]
    policy: TransferPolicy


class Choice(Struct, frozen=True, kw_only=True):
    """Somewhere else a patient could go. `regret`: minutes the whole plan would get worse by.

    Exact: what solving again with this choice fixed would cost more. None: it cannot be, for the
    reason in `because`.
    """

    to: str
    regret: float | None
    drive: Drive | None = None
    call_first: tuple[str, ...] = ()
    because: str = ""


class Line(Struct, frozen=True, kw_only=True):
    """Where one patient is proposed to go, and why. Minutes as weighed by the policy."""

    patient: str
    to: str
    drive: Drive | None
    travel: float  # weight x (drive + handover); of staying, what it counts
    call_first: tuple[str, ...]  # what is not known for sure, to be asked by telephone
    nearer: int  # how many receivers would suit this patient alone better
    next_two: tuple[Choice, ...]
    decided: bool = False  # by a person or by an acceptance, not by the planner
    moved_from: str = ""  # an earlier proposal that this one changes
    because: str = ""  # why they stay, or what is wrong with what a person decided


class BedPrice(Struct, frozen=True, kw_only=True):
    """What one more bed of a kind would save the whole plan, in minutes."""

    receiver: str
    bed: str
    room: int
    used: int
    minutes: float


class Proof(Struct, frozen=True, kw_only=True):
    """How good the plan is: its cost, and a bound no plan can be below; both in minutes.

    The bound is worked out anew from prices of beds (weak duality), whatever the solver said.
    """

    cost: float
    bound: float
    faults: tuple[str, ...] = ()  # a rule the plan breaks; never seen, always looked for

    @property
    def optimal(self) -> bool:
        """Return whether it is proved that no plan is better."""
        return not self.faults and self.bound == self.cost

    @property
    def gap(self) -> float:
        """Return by how many minutes a better plan could be better."""
        return self.cost - self.bound


class Choices(Protocol):
    """Every choice of every patient, worked out when asked."""

    def of(self, patient: str) -> tuple[Choice, ...]:
        """Return all receivers and staying, best first, then those that cannot be, with reasons."""


class Proposal(Struct, frozen=True, kw_only=True):
    """A plan, line by line in the order of the patients given."""

    lines: tuple[Line, ...]
    proof: Proof
    prices: tuple[BedPrice, ...]  # dearest first; those that would save nothing are left out
    choices: Choices

    @property
    def unplaced(self) -> tuple[Line, ...]:
        """Return who stays though nobody decided so; each with the reason."""
        return tuple(line for line in self.lines if line.to == STAY and not line.decided)
