"""What is true in a simulated hospital: the facts that the views have to come back to."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field

from wardlight.record.instants import Instant
from wardlight.sim.vocabulary import Analyte, Drug


class Where(StrEnum):
    """Where a stay stands."""

    EXPECTED = "expected"
    PRESENT = "present"
    ON_LEAVE = "on leave"
    LEFT = "left"
    CANCELLED = "cancelled"


class TrueOrder(Struct):
    """A medicine that was ordered."""

    number: str
    drug: Drug
    dose: str
    state: str  # active, held, stopped, replaced
    ordered: Instant
    last_given: tuple[Instant, str] | None = None  # when, amount
    times: tuple[int, ...] = ()  # hours of the day it is given at


class TrueValue(Struct):
    """The newest word on one analyte."""

    analyte: Analyte
    value: str
    state: str  # preliminary, final, corrected, withdrawn
    collected: Instant
    number: str  # of the report
    was: str = ""


class TrueVisit(Struct):
    """An appointment."""

    number: str
    clinic: tuple[str, str, int]
    starts: Instant
    state: str = "booked"


class TrueStay(Struct):
    """One stay."""

    visit: str
    state: Where
    unit: str
    bed: str
    admitted: Instant
    emergency: bool = False
    prior: tuple[str, str] = ("", "")
    doctor: str = ""
    reason: str = ""
    left: Instant | None = None


class TruePatient(Struct):
    """One patient as they are."""

    mrn: str
    family: str
    given: str
    birth: str  # YYYYMMDD
    sex: str
    site: str
    language: str = "English"
    phone: str = ""
    allergies: dict[str, tuple[str, str, str, str, str]] = field(default_factory=dict)
    none_known: bool = False
    weight: str = ""
    code_status: str = ""
    problems: list[tuple[str, str]] = field(default_factory=list)
    stays: list[TrueStay] = field(default_factory=list)
    orders: dict[str, TrueOrder] = field(default_factory=dict)
    values: dict[str, TrueValue] = field(default_factory=dict)  # by analyte, newest collected
    visits: dict[str, TrueVisit] = field(default_factory=dict)
    merged_into: str = ""
    spoken: Instant = Instant(0)  # of the last event, so that two never share a minute

    def stay(self) -> TrueStay | None:
        """Return the last stay."""
        return self.stays[-1] if self.stays else None
