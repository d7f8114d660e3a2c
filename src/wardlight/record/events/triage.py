"""Who must not wait, who decided it, and who moves where (domain.md C1, C3, O1).

An appointment is named by its key: `site|number`, as the schedule knows it.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.events.schedule import SlotOffered
from wardlight.record.instants import Instant


class UrgencyClass(StrEnum):
    """How long somebody can wait before waiting harms them; the days are in the rules' table.

    After the four classes of surgical prioritisation (FSSA/NHS England, Clinical guide to surgical
    prioritisation, 2020): within 24 hours, 72 hours, a month, three months or more.
    """

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Decision(StrEnum):
    """What becomes of a visit or a case."""

    GO = "go"
    POSTPONE = "postpone"
    TRANSFER = "transfer"
    CANCEL = "cancel"  # no longer needed, or the patient does not want it


class Decided(Struct, frozen=True, kw_only=True, gc=False):
    """One appointment's class and decision. `harm_by` is YYYY-MM-DD, "" when nobody knows."""

    appointment: str
    urgency: UrgencyClass
    decision: Decision
    harm_by: str = ""
    rule: str = ""  # that proposed a class, with the version of its table
    proposed: str = ""  # the class it proposed; another one was the clinician's own choice


class VisitsTriaged(Struct, frozen=True, kw_only=True, gc=False, tag="visits.triaged"):
    """A clinician decided about one or more appointments, with the reason and who answers."""

    lines: tuple[Decided, ...]
    reason: str = ""
    decided_by: str = ""  # when it is not who writes
    review_on: str = ""  # YYYY-MM-DD a postponed one is looked at again
    to: str = ""  # the partner site of a transfer


class VisitMoved(Struct, frozen=True, kw_only=True, gc=False, tag="visit.moved"):
    """Somebody gave an appointment a new time. Of two that took one slot the earlier counts."""

    appointment: str
    slot: str
    starts: Instant
    minutes: int = 0
    service: str = ""
    where: str = ""
    partner: str = ""
    why: str = ""  # why this slot, as it was explained when it was accepted


TriageSaid = VisitsTriaged | VisitMoved | SlotOffered
