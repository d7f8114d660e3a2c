"""Everything a nurse is warned of before a dose, and a prescriber before an order.

Nothing here blocks: each warning says what is known, with times and units, and is written beside
the entry with the reason somebody gave for going on (domain.md, design rule 11). Where a check
cannot be made it says so; silence means that it was made and found nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from wardlight.record.events.entered import Warned
from wardlight.record.instants import Instant
from wardlight.rules.bedside.order_checks import (
    for_weight,
    is_verified,
    low_and_high,
    order_dose_warnings,
    running_warnings,
    verified_warnings,
)
from wardlight.rules.bedside.weights import weight_warnings
from wardlight.rules.medicines.allergy_warnings import allergy_warnings
from wardlight.rules.medicines.amounts import Amount, amount_of, converted, plain
from wardlight.rules.medicines.dosing import (
    Code,
    DoseAsked,
    Known,
    OrderAsked,
    Subject,
    earlier_doses,
    is_of_order,
    subject_of_dose,
    subject_of_order,
    warned,
)
from wardlight.rules.medicines.drug_risks import (
    duplicate_warnings,
    goes_by_weight,
    second_check_warnings,
)
from wardlight.rules.medicines.interval_warnings import (
    blind_warnings,
    daily_warnings,
    interval_warnings,
)
from wardlight.rules.medicines.intervals import doses_a_day, order_gap, table_gap
from wardlight.rules.medicines.usual_doses import limits_for, rows_for, usual_warning
from wardlight.views.facts import OrderFact

AGE_UNKNOWN = "The age is not known: held against an adult's usual dose."


def dose_warnings(dose: DoseAsked, known: Known) -> tuple[Warned, ...]:
    """Return what a nurse is warned of before charting a dose, the gravest first.

    A dose that was refused or not given is charted without any.
    """
    if not dose.is_given():
        return ()
    subject = subject_of_dose(dose, known.tables)
    return _each_once(
        (
            *allergy_warnings(subject, known),
            *_unknown_drug(subject),
            *interval_warnings(dose, subject, known),
            *daily_warnings(dose, subject, known),
            *blind_warnings(dose, known),
            *_amount_warnings(dose, subject, known),
            *_weight(subject, _units_of(dose), known),
            *duplicate_warnings(
                subject, known, at=dose.at, order=dose.order, corrects=dose.corrects
            ),
            *running_warnings(dose, subject, known),
            *verified_warnings(dose),
            *second_check_warnings(dose, subject, known.tables),
        )
    )


def order_warnings(order: OrderAsked, known: Known) -> tuple[Warned, ...]:
    """Return what a prescriber is warned of before a medication order is written."""
    subject = subject_of_order(order, known.tables)
    replaced = next(
        (one for one in known.chart.orders if order.replaces and one.number == order.replaces), None
    )
    return _each_once(
        (
            *allergy_warnings(subject, known),
            *_unknown_drug(subject),
            *_ordered_amount_warnings(order, subject, known),
            *_weight(subject, (order.detail.unit, order.detail.rate_unit), known),
            *duplicate_warnings(subject, known, at=known.now, order=replaced),
        )
    )


def _each_once(found: tuple[Warned, ...]) -> tuple[Warned, ...]:
    """Return one warning for each code, for each has one reason: its words joined."""
    by_code: dict[str, list[str]] = {}
    for one in found:
        by_code.setdefault(one.code, []).append(one.words)
    return tuple(
        warned(Code(code), " ".join(dict.fromkeys(words))) for code, words in by_code.items()
    )


def _unknown_drug(subject: Subject) -> Iterator[Warned]:
    if not subject.drug.is_known():
        words = subject.drug.words or "This medicine"
        yield warned(
            Code.NOT_IN_TABLE,
            f"{words} is not in this site's drug table: allergies by class, usual dose and "
            "duplicates were not checked. Check them yourself.",
        )


def _units_of(dose: DoseAsked) -> tuple[str, ...]:
    detail = dose.order.detail if dose.order else None
    return (dose.unit, detail.unit, detail.rate_unit) if detail else (dose.unit,)


def _weight(subject: Subject, units: tuple[str, ...], known: Known) -> Iterator[Warned]:
    if goes_by_weight(subject, units, known):
        yield from weight_warnings(known)


def _amount_warnings(dose: DoseAsked, subject: Subject, known: Known) -> Iterator[Warned]:
    against_order = list(order_dose_warnings(dose, subject, known))
    yield from against_order
    limits = limits_for(subject, known)
    if limits is None or dose.is_running():
        return
    as_ordered = dose.order is not None and not against_order
    amount = for_weight(amount_of(dose.amount, dose.unit_said()), known)
    if amount is None:
        if not (as_ordered or against_order):
            yield _not_read(f"{dose.amount} {dose.unit}".strip())
        return
    settled = as_ordered and dose.order is not None and is_verified(dose.order)
    found = usual_warning(amount, limits, settled=settled)
    if found is not None and not (as_ordered and found.code == Code.DOSE_UNCHECKED):
        yield found
    if known.age_days is None:
        yield warned(Code.DOSE_UNCHECKED, AGE_UNKNOWN)


def _not_read(said: str) -> Warned:
    words = f"{said or 'No amount'} was not checked: write number and unit, such as 1,000 mg."
    return warned(Code.DOSE_UNCHECKED, words)


def _ordered_amount_warnings(order: OrderAsked, subject: Subject, known: Known) -> Iterator[Warned]:
    detail = order.detail
    if detail.rate and not detail.dose:
        return
    amount = for_weight(amount_of(detail.dose, detail.unit), known)
    if amount is None:
        yield _not_read(f"{detail.dose} {detail.unit}".strip())
        return
    limits = limits_for(subject, known)
    if limits is None:
        return
    found = usual_warning(amount, limits, settled=False)
    if found is not None:
        yield found
    if known.age_days is None:
        yield warned(Code.DOSE_UNCHECKED, AGE_UNKNOWN)
    yield from _day_of_order(order, amount, limits.day_max, limits.row.unit)


def _day_of_order(
    order: OrderAsked, amount: Amount, day_max: Decimal | None, unit: str
) -> Iterator[Warned]:
    times = doses_a_day(order.timing, order.detail)
    one = converted(amount, unit)
    if day_max is None or one is None or not times or one.high * times <= day_max:
        return
    words = f"{times} doses of {amount.words()} are {plain(one.high * times)} {unit} in 24 hours"
    yield warned(Code.DAILY_MAXIMUM, f"{words}; the most is {plain(day_max)} {unit}.")


class DoseLimits(Struct, frozen=True, kw_only=True):
    """What a tablet without its server can still warn of: the dose and the time, beforehand.

    `low` and `high` are plain numbers in `unit`; "" where they are not known.
    """

    low: str = ""
    high: str = ""
    unit: str = ""
    dose_words: str = ""
    not_before: Instant | None = None
    interval_words: str = ""


def dose_limits(order: OrderFact, known: Known) -> DoseLimits:
    """Return the limits of an order's next dose, for the form that asks for it."""
    found = low_and_high(order, known)
    not_before, interval_words = _not_before(order, known)
    if found is None:
        return DoseLimits(not_before=not_before, interval_words=interval_words)
    low, high, unit = found
    return DoseLimits(
        low=_typed(low),
        high=_typed(high),
        unit=unit,
        dose_words=f"This is not the ordered dose, {Amount(low, high, unit).words()}.",
        not_before=not_before,
        interval_words=interval_words,
    )


def _typed(number: Decimal) -> str:
    return plain(number).replace(",", "")


def _not_before(order: OrderFact, known: Known) -> tuple[Instant | None, str]:
    dose = DoseAsked(drug=order.what, at=known.now, order=order)
    subject = subject_of_dose(dose, known.tables)
    earlier = list(earlier_doses(known, known.now))
    own = [one for one in earlier if is_of_order(one.fact, order, known.chart)]
    same = [one for one in earlier if set(one.drug.ingredients) & set(subject.drug.ingredients)]
    gaps = (
        (own, order_gap(order, known.site_times)),
        (same, table_gap(rows_for(subject, known))),
    )
    until = [
        (Instant(doses[0].fact.at.at + gap.ms), doses[0])
        for doses, gap in gaps
        if doses and gap is not None and not gap.once
    ]
    if not until:
        return None, ""
    at, last = max(until, key=lambda one: one[0])
    given = f"Last dose {last.words()} at {known.time(last.fact.at.at)}"
    return at, f"{given}; the next from {known.time(at)}."
