"""Results of the last 72 hours, critical first, each with its status, flags, range and time."""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.codes import Coded
from wardlight.record.instants import Instant, Moment
from wardlight.record.reading import Stamp
from wardlight.views.facts import ObservationFact, OrderFact, ReportFact


class AnalyteRow(Struct, frozen=True, kw_only=True):
    """One analyte: its newest value and the ones before it, newest first."""

    test: Coded
    newest: ObservationFact
    earlier: tuple[ObservationFact, ...] = ()
    critical: bool = False  # LL, HH, AA, or the sender's critical flag on the newest value
    at: Moment | None = None


class Results(Struct, frozen=True, kw_only=True):
    """What the results page shows."""

    analytes: tuple[AnalyteRow, ...] = ()  # critical first, then newest first
    reports: tuple[ReportFact, ...] = ()  # text reports and panels, newest first
    pending: tuple[OrderFact, ...] = ()  # ordered, no result yet
    withdrawn: int = 0  # lines whose value is hidden: withdrawn or wrong patient
    since: Instant
    as_of: Stamp | None = None
