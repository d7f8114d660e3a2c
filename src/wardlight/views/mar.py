"""The medication administration record: what runs, what was last given, what is next due.

Ward rules (screens.md §3.3, NHS CUI MEDa): past and future differ, a dose that fell into the
blind window (between the last word of the feed and the EHR going off) is "late?" until a person
settles it, and a schedule is only worked out where the pattern is understood with certainty.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.instants import Instant
from wardlight.record.reading import Stamp
from wardlight.views.facts import DoseFact, OrderFact


class CellState(StrEnum):
    """One mark in the grid of a MAR row."""

    GIVEN = "given"
    PARTLY = "partly given"
    REFUSED = "refused"
    NOT_GIVEN = "not given"
    UNKNOWN = "unknown"  # a dose was charted whose status is not understood
    DUE = "due"  # in the future
    OVERDUE = "overdue"  # due in the past, no dose on record, the feed was being heard
    LATE_QUESTION = "late?"  # due in the blind window or after: may have been given on paper


class MarCell(Struct, frozen=True, kw_only=True):
    """A dose given or a time due."""

    at: Instant
    state: CellState
    dose: DoseFact | None = None  # what was charted; None for a time due


class MarRow(Struct, frozen=True, kw_only=True):
    """One running medication order with its doses."""

    order: OrderFact
    cells: tuple[MarCell, ...] = ()  # inside the window shown, oldest first
    last_given: DoseFact | None = None  # ever, not only inside the window
    next_due: Instant | None = None  # None: as needed, or the schedule is not understood
    schedule_known: bool = False  # False: "schedule as received: …" is shown instead of times
    section: str = "scheduled"  # scheduled, as needed, infusion, one time
    ended_by_time: bool = False  # TQ1-8 has passed; still listed


class Mar(Struct, frozen=True, kw_only=True):
    """The whole MAR of one patient for a window around now."""

    rows: tuple[MarRow, ...] = ()  # scheduled, infusions, one time, as needed; each alphabetical
    unmatched: tuple[DoseFact, ...] = ()  # doses that belong to no running order, 24 h back
    starts: Instant
    ends: Instant
    blind: tuple[Instant, Instant] | None = None
    as_of: Stamp | None = None
    has_dose_feed: bool = False
