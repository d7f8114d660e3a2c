"""Usual doses of the table: which rows speak of this patient, and what a dose is beside them."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from wardlight.record.events.entered import Warned
from wardlight.rules.bedside.weights import dosing_weight
from wardlight.rules.medicines.amounts import Amount, converted, plain
from wardlight.rules.medicines.dosing import Code, Known, Subject, warned
from wardlight.rules.medicines.drug_rows import UsualDose, YesNo

TEN = Decimal(10)
PER_KG_ROUNDING = Decimal("1.1")  # a dose by weight is rounded to what can be drawn up


class Limits(Struct, frozen=True):
    """Usual limits of one dose for this patient, in the unit of the table; None: not stated."""

    row: UsualDose
    low: Decimal | None
    high: Decimal | None
    day_max: Decimal | None

    def words(self) -> str:
        """Return what is usual: `0.1 to 0.2 mg per kg, here 1.4 to 2.8 mg`."""
        ends = [plain(end) for end in (self.low, self.high) if end is not None]
        here = f"{' to '.join(ends)} {self.row.unit}"
        if self.row.per_kg is YesNo.NO or self.row.low is None or self.row.high is None:
            return here
        rate = f"{plain(self.row.low)} to {plain(self.row.high)} {self.row.unit} per kg"
        return f"{rate}, here {here}"


def rows_for(subject: Subject, known: Known) -> tuple[UsualDose, ...]:
    """Return the rows of a medicine's ingredients by this route and at this age.

    An unknown age is an adult's only where the chart says nothing else; the weight warnings ask.
    """
    years = known.years()
    return tuple(
        row
        for row in known.tables.doses
        if row.ingredient in subject.drug.ingredients
        if not row.routes or subject.route in row.routes
        if (row.from_years <= years < row.to_years if years is not None else row.to_years > 18)  # noqa: PLR2004 - the age of an adult
    )


def limits_for(subject: Subject, known: Known) -> Limits | None:
    """Return the limits of one dose; None for a mixture, and where the table says nothing."""
    rows = rows_for(subject, known)
    if len(subject.drug.ingredients) != 1 or not rows:
        return None
    row = rows[0]
    if row.per_kg is YesNo.NO:
        return Limits(
            row, row.low, _least(row.high, row.dose_max), _least(row.day_max, row.day_max_total)
        )
    kg = dosing_weight(known)
    if kg is None:
        return Limits(row, None, row.dose_max, row.day_max_total)
    low, high, day = (None if one is None else one * kg for one in (row.low, row.high, row.day_max))
    high = _least(high, row.dose_max)
    if low is not None and high is not None:
        low = min(low, high)
    return Limits(row, low, high, _least(day, row.day_max_total))


def _least(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    stated = [limit for limit in (one, other) if limit is not None]
    return min(stated, default=None)


def usual_warning(amount: Amount, limits: Limits, *, settled: bool) -> Warned | None:
    """Return how a dose lies beside what is usual; None when it is usual.

    `settled`: it is what a pharmacist verified, so that only a tenfold slip is said again.
    """
    dose = converted(amount, limits.row.unit)
    if dose is None:
        if settled:
            return None
        words = f"{amount.words()} cannot be held against the usual dose ({limits.words()})."
        return warned(Code.DOSE_UNCHECKED, words)
    times = _ten_fold(dose, limits)
    if times:
        words = f"{amount.words()} is {times} the usual dose ({limits.words()})."
        return warned(Code.TEN_FOLD, f"{words} Look at the decimal point.")
    slack = PER_KG_ROUNDING if limits.row.per_kg is YesNo.YES else Decimal(1)
    above = limits.high is not None and dose.high > limits.high * slack
    if above and not settled:
        words = f"{amount.words()} is more than the usual dose ({limits.words()})."
        return warned(Code.ABOVE_USUAL, words)
    return None


def _ten_fold(dose: Amount, limits: Limits) -> str:
    if limits.high is not None and dose.high >= TEN * limits.high:
        return "ten times or more"
    if limits.low is not None and dose.low * TEN <= limits.low:
        return "a tenth or less of"
    return ""
