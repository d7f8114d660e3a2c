"""What is asked about a dose or an order, and what is known when it is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from msgspec import Struct, field

from wardlight.record.codes import Coded, DoseState
from wardlight.record.events.charting import MedicationDetail, Timing
from wardlight.record.events.entered import Warned
from wardlight.record.instants import (
    DAY,
    DIGITS_DAY,
    DIGITS_MINUTE,
    HOUR,
    Instant,
    age_words,
    clinical_time,
)
from wardlight.rules.medicines.amounts import amount_words
from wardlight.rules.medicines.drug_names import Drug, drug_of, drug_of_detail
from wardlight.rules.medicines.drug_tables import Tables
from wardlight.views.bedside.dose_times import SITE_TIMES
from wardlight.views.bedside.mar import MarRow
from wardlight.views.bedside.medication_words import medication_words
from wardlight.views.facts import Chart, DoseFact, OrderFact

LOOKED_AT_DAYS = 31


class Code(StrEnum):
    """What a warning is about; a reason for going on is kept under it."""

    ALLERGY_INGREDIENT = "allergy-ingredient"
    ALLERGY_CLASS = "allergy-class"
    ALLERGIES_UNKNOWN = "allergies-unknown"
    ALLERGY_UNCHECKED = "allergy-unchecked"
    INTERVAL = "interval"
    INTERVAL_UNCHECKED = "interval-unchecked"
    DAILY_MAXIMUM = "daily-maximum"
    TEN_FOLD = "dose-ten-fold"
    OUTSIDE_ORDER = "dose-outside-order"
    ABOVE_USUAL = "dose-above-usual"
    DOSE_UNCHECKED = "dose-unchecked"
    WEIGHT_MISSING = "weight-missing"
    WEIGHT_IMPLAUSIBLE = "weight-implausible"
    WEIGHT_OLD = "weight-old"
    DUPLICATE = "duplicate"
    SECOND_CHECK = "high-alert-second-check"
    BLIND_WINDOW = "blind-window"
    NOT_RUNNING = "order-not-running"
    NOT_VERIFIED = "not-verified"
    NOT_IN_TABLE = "not-in-table"


class DoseAsked(Struct, frozen=True, kw_only=True):
    """One dose somebody is about to chart. `order` is None for a dose without one."""

    drug: Coded
    at: Instant
    state: DoseState = DoseState.GIVEN
    amount: str = ""
    unit: str = ""
    rate: str = ""
    step: str = ""  # of an infusion: begun, rate changed …
    route: str = ""
    order: OrderFact | None = None
    second_check: str = ""
    by: str = ""  # who charts it: a second person is somebody else
    corrects: str = ""  # id of the entry this one takes the place of

    def is_given(self) -> bool:
        """Return whether anything reached the patient, or may have."""
        return self.state in (DoseState.GIVEN, DoseState.PARTLY, DoseState.UNKNOWN)

    def unit_said(self) -> str:
        """Return the unit that was typed, else the order's, which the form shows beside it."""
        detail = self.order.detail if self.order else None
        return self.unit or (detail.unit if detail else "")

    def is_running(self) -> bool:
        """Return whether this is a step of an infusion rather than a dose."""
        return bool(self.rate or self.step)


class OrderAsked(Struct, frozen=True, kw_only=True):
    """One medication order somebody is about to write."""

    detail: MedicationDetail
    timing: Timing = Timing()
    replaces: str = ""  # number of the order it takes the place of


class Known(Struct, frozen=True, kw_only=True):
    """What is known of the patient when a dose or an order is judged."""

    chart: Chart
    tables: Tables
    now: Instant
    zone: str
    age_days: int | None = None  # None: not known
    row: MarRow | None = None  # the order's row of the MAR
    blind: tuple[Instant, Instant] | None = None  # as the MAR was worked out with
    site_times: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: SITE_TIMES)

    def time(self, at: Instant) -> str:
        """Return a time as a ward writes it, with its date unless it is today."""
        return clinical_time(at, self.zone, now=self.now)

    def years(self) -> int | None:
        """Return the age in whole years of 365.25 days."""
        return None if self.age_days is None else int(self.age_days / 365.25)


class Subject(Struct, frozen=True):
    """The medicine in question, and by which route it goes, in words: "oral"."""

    drug: Drug
    route: str = ""


def subject_of_dose(dose: DoseAsked, tables: Tables) -> Subject:
    """Return what is given: the order says it best, the dose where there is none."""
    detail = dose.order.detail if dose.order else None
    drug = drug_of(dose.drug, tables, detail.components if detail else ())
    if not drug.is_known() and detail is not None:
        drug = drug_of_detail(detail, tables)
    return Subject(drug, route_words(dose.route or (detail.route if detail else "")))


def subject_of_order(order: OrderAsked, tables: Tables) -> Subject:
    """Return what is ordered."""
    return Subject(drug_of_detail(order.detail, tables), route_words(order.detail.route))


def route_words(route: str) -> str:
    """Return a route as a ward writes it; one that is not understood as it was sent."""
    return medication_words(MedicationDetail(drug=Coded(), route=route)).route.casefold()


def drug_of_order(order: OrderFact, tables: Tables) -> Drug:
    """Return what an order on the chart is for."""
    drug = drug_of(order.what, tables, order.detail.components if order.detail else ())
    if not drug.is_known() and order.detail is not None:
        return drug_of_detail(order.detail, tables)
    return drug


class Earlier(Struct, frozen=True):
    """A dose on the chart, with what it was."""

    fact: DoseFact
    drug: Drug

    def latest(self) -> int:
        """Return the latest instant it can have been: a time may be known to the day only."""
        if self.fact.at.digits >= DIGITS_MINUTE:
            return self.fact.at.at
        return self.fact.at.at + (DAY if self.fact.at.digits <= DIGITS_DAY else HOUR) - 1

    def apart(self, at: Instant) -> int:
        """Return how near to `at` it can have been, in ms."""
        first, last = self.fact.at.at, self.latest()
        return 0 if first <= at <= last else min(abs(at - first), abs(at - last))

    def words(self) -> str:
        """Return `25 mg`, as it was charted."""
        said = amount_words(self.fact.amount, self.fact.unit)
        return said or "a dose of unknown amount"


def earlier_doses(known: Known, at: Instant, corrects: str = "") -> Iterator[Earlier]:
    """Give the doses on the chart that reached the patient or may have, newest first.

    Those of a month before and after `at`: no interval here is longer.
    """
    for fact in known.chart.doses:
        if abs(fact.at.at - at) > LOOKED_AT_DAYS * DAY:
            continue
        counts = fact.state in (DoseState.GIVEN, DoseState.PARTLY, DoseState.UNKNOWN)
        if counts and not (corrects and fact.stamp.entry == corrects):
            yield Earlier(fact, drug_of(fact.drug, known.tables))


def is_of_order(dose: DoseFact, order: OrderFact, chart: Chart) -> bool:
    """Return whether a dose on the chart belongs to an order.

    One that names no order, or one never heard of, belongs to the order of its very drug.
    """
    if dose.order and dose.order in (order.number, order.other_number):
        return True
    if dose.drug.key() != order.what.key():
        return False
    others = (one for one in chart.orders if dose.order in (one.number, one.other_number))
    return not dose.order or next(others, None) is None


def apart_words(one: int, other: int) -> str:
    """Return how far two instants are apart: `1 h 50 min`."""
    return age_words(abs(one - other))


# Shown and never asked about: what says that a check could not be made would be asked for so
# often that nobody would read the rest (alert fatigue, Ancker et al. 2017,
# doi 10.1186/s12911-017-0430-8).
NOTES = frozenset(
    {
        Code.ALLERGIES_UNKNOWN,
        Code.ALLERGY_UNCHECKED,
        Code.INTERVAL_UNCHECKED,
        Code.WEIGHT_OLD,
        Code.NOT_VERIFIED,
        Code.NOT_IN_TABLE,
    }
)


def warned(code: Code, words: str) -> Warned:
    """Return one warning."""
    return Warned(str(code), words, asks=code not in NOTES)
