"""What a chart says: each fact with its stamp, so that source, time and age can always be shown."""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.codes import (
    AllergyState,
    Coded,
    DoseState,
    OrderKind,
    OrderState,
    ResultState,
)
from wardlight.record.events.charting import (
    Allergy,
    ChartEvent,
    Check,
    Contact,
    MedicationDetail,
    Observation,
    Timing,
)
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Moment
from wardlight.record.reading import Stamp


class AllergyFact(Struct, frozen=True, gc=False):
    """One allergy as last said by one source; `ended` ones stay for the detail page."""

    allergy: Allergy
    stamp: Stamp
    ended: bool = False


class AllergyList(Struct, frozen=True, kw_only=True, gc=False):
    """What the allergy strip shows: exactly one of four states (NHS CUI PAB-0064)."""

    state: AllergyState = AllergyState.NOT_RECORDED
    known: tuple[AllergyFact, ...] = ()  # alphabetical by agent; active only
    ended: tuple[AllergyFact, ...] = ()
    none_known: Stamp | None = None  # the assertion of "no known allergies", while it stands
    contradicted: bool = (
        False  # somebody said none and somebody listed one: the list is shown, flagged
    )
    as_of: Stamp | None = None  # newest statement on allergies; None when not recorded


class ProblemFact(Struct, frozen=True, gc=False):
    """A problem or diagnosis."""

    problem: Coded
    kind: str
    stamp: Stamp
    since: Moment | None = None
    ended: bool = False
    resolved: Moment | None = None


class ContactFact(Struct, frozen=True, gc=False):
    """Somebody to ring."""

    contact: Contact
    stamp: Stamp


class AlertFact(Struct, frozen=True, gc=False):
    """Code status, isolation, falls … Conflicting ones are all shown, none is preferred."""

    alert: str
    text: str
    stamp: Stamp


class DietFact(Struct, frozen=True, gc=False):
    """A diet that stands."""

    text: str
    stamp: Stamp


class Measure(Struct, frozen=True, gc=False):
    """A measured value that dosing needs, such as the weight, with its time."""

    value: str
    unit: str
    at: Moment
    stamp: Stamp


class CheckFact(Struct, frozen=True, gc=False):
    """What somebody said of an order that another wrote: verified, to be clarified, noted, done."""

    check: Check
    stamp: Stamp
    note: str = ""


class OrderFact(Struct, frozen=True, kw_only=True, gc=False):
    """An order as it stands. An order without detail is still listed: "see original"."""

    number: str
    kind: OrderKind
    state: OrderState
    what: Coded
    stamp: Stamp  # of the last change
    ordered: Moment | None = None
    prescriber: str = ""
    detail: MedicationDetail | None = None
    timing: Timing = Timing()
    other_number: str = ""
    control: str = ""  # the last ORC-1, as sent
    as_received: str = ""
    checks: tuple[CheckFact, ...] = ()  # verified, noted, carried out: who and when, oldest first
    reason: str = ""  # why its state is what it is: of the last stop, hold or resume
    entry: str = ""  # the entry of staff it was written by; "" for an order of a feed
    control_unknown: bool = False  # the last ORC-1 is not of table 0119: detail applied, look at it

    def words(self) -> str:
        """Return the name of what is ordered, or that the original has to be looked at."""
        return self.what.words() or "see original order"


class DoseFact(Struct, frozen=True, kw_only=True, gc=False):
    """One dose given, refused or not given."""

    order: str  # number of the order it belongs to, "" when none is known
    drug: Coded
    at: Moment
    state: DoseState
    stamp: Stamp
    amount: str = ""
    unit: str = ""
    reason: str = ""
    by: str = ""
    route: str = ""
    site: str = ""
    entered: Moment | None = None
    note: str = ""


class ReportFact(Struct, frozen=True, kw_only=True, gc=False):
    """One report with its lines; withdrawn lines have no value any more."""

    number: str
    test: Coded
    state: ResultState
    stamp: Stamp
    collected: Moment | None = None
    reported: Moment | None = None
    section: str = ""
    specimen: str = ""
    observations: tuple[ObservationFact, ...] = ()
    notes: tuple[str, ...] = ()
    other_number: str = ""
    parent: str = ""  # OBR-29: the report a culture's children belong to


class ObservationFact(Struct, frozen=True, gc=False):
    """One line of a report with where it came from; `was` is the value it corrected."""

    observation: Observation
    stamp: Stamp
    was: str = ""
    repeat: int = 0  # 0 for the first line with this test and OBX-4 in its report, then 1, 2 …


class VaccineFact(Struct, frozen=True, gc=False):
    """An immunisation."""

    vaccine: Coded
    at: Moment
    state: DoseState
    stamp: Stamp


class DocumentFact(Struct, frozen=True, kw_only=True, gc=False):
    """A letter, note or report as a document."""

    number: str
    title: str
    stamp: Stamp
    state: str = ""
    written: Moment | None = None
    author: str = ""
    text: str = ""


class TakenBack(Struct, frozen=True, gc=False):
    """An entry that counts no more: what it said, whose it was, and what took it back."""

    event: ChartEvent
    stamp: Stamp
    by: Stamp
    reason: str = ""  # "" for one that was corrected by a later entry


class Chart(Struct, frozen=True, kw_only=True, gc=False):
    """Everything known of one patient, folded from the log in the order things happened."""

    patient: PatientKey
    entries: int = 0  # how many log entries it was folded from
    allergies: AllergyList = AllergyList()
    weight: Measure | None = None
    height: Measure | None = None
    problems: tuple[ProblemFact, ...] = ()
    contacts: tuple[ContactFact, ...] = ()
    alerts: tuple[AlertFact, ...] = ()
    diet: tuple[DietFact, ...] = ()
    orders: tuple[OrderFact, ...] = ()  # every kind, newest first
    doses: tuple[DoseFact, ...] = ()  # newest first
    reports: tuple[ReportFact, ...] = ()  # newest first
    documents: tuple[DocumentFact, ...] = ()  # newest first
    vaccines: tuple[VaccineFact, ...] = ()
    orders_as_of: Stamp | None = None
    doses_as_of: Stamp | None = None
    results_as_of: Stamp | None = None
    has_dose_feed: bool = False  # False: "no MAR feed" is said instead of an empty MAR
    taken_back: tuple[TakenBack, ...] = ()  # entries made in error or corrected, newest first

    def code_status(self) -> tuple[AlertFact, ...]:
        """Return every code status on record; empty means not recorded, treat per hospital rule."""
        return tuple(fact for fact in self.alerts if fact.alert == "code status")

    def medications(self) -> tuple[OrderFact, ...]:
        """Return the medication orders that still run: active, held or of unknown state."""
        running = (OrderState.ACTIVE, OrderState.HELD, OrderState.UNKNOWN)
        return tuple(
            order
            for order in self.orders
            if order.kind is OrderKind.MEDICATION and order.state in running
        )
