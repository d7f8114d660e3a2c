"""A dose held against its own order: does it run, is it verified, is this the dose it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from wardlight.record.codes import DoseState, OrderState
from wardlight.record.events.charting import Check, MedicationDetail
from wardlight.record.events.entered import Warned
from wardlight.record.instants import Instant
from wardlight.rules.bedside.weights import dosing_weight
from wardlight.rules.medicines.amounts import Amount, amount_of, amount_words, converted
from wardlight.rules.medicines.dosing import Code, DoseAsked, Known, Subject, drug_of_order, warned
from wardlight.rules.medicines.usual_doses import PER_KG_ROUNDING, TEN
from wardlight.views.bedside.dose_times import Course, ends_at
from wardlight.views.facts import CheckFact, OrderFact

_PER_KG = " per kg"
_ENDED = (OrderState.STOPPED, OrderState.COMPLETED, OrderState.REPLACED)


def running_warnings(dose: DoseAsked, subject: Subject, known: Known) -> Iterator[Warned]:
    """Give why there may be no order that this dose belongs to now."""
    order = dose.order
    if order is None:
        yield warned(Code.NOT_RUNNING, _without_order(subject, known))
        return
    since = known.time(order.stamp.occurred)
    if dose.at >= order.stamp.occurred and order.state in (*_ENDED, OrderState.HELD):
        yield warned(Code.NOT_RUNNING, f"This order was {order.state.value} at {since}.")
    elif order.state is OrderState.UNKNOWN:
        yield warned(
            Code.NOT_RUNNING, f"It is not clear whether this order still runs (since {since})."
        )
    else:
        yield from _outside_times(dose.at, order, known)


def _without_order(subject: Subject, known: Known) -> str:
    mine = set(subject.drug.ingredients)
    others = [
        order.words()
        for order in known.chart.medications()
        if mine & set(drug_of_order(order, known.tables).ingredients)
    ]
    if others:
        return f"No order is named, but there is one: {', '.join(others)}. Chart the dose there."
    return f"There is no order for {subject.drug.words} on this chart."


def _outside_times(at: Instant, order: OrderFact, known: Known) -> Iterator[Warned]:
    ends = ends_at(Course(zone=known.zone, ends=order.timing.ends))
    if ends < at:
        yield warned(Code.NOT_RUNNING, f"This order ended at {known.time(ends)}.")
    starts = order.timing.starts
    if starts is not None and at < starts.at:
        yield warned(Code.NOT_RUNNING, f"This order begins at {known.time(starts.at)}.")


def verified_warnings(dose: DoseAsked) -> Iterator[Warned]:
    """Give that no pharmacist has verified the order, or that one asks about it."""
    order = dose.order
    if order is None or is_verified(order):
        return
    last = _pharmacists_last(order)
    if last is None:
        yield warned(Code.NOT_VERIFIED, "No pharmacist has verified this order yet.")
    else:
        note = last.note or "see the order"
        yield warned(Code.NOT_VERIFIED, f"The pharmacist asks the prescriber first: {note}.")


def is_verified(order: OrderFact) -> bool:
    """Return whether a pharmacist stands behind the order as it is now."""
    last = _pharmacists_last(order)
    if last is not None:
        return last.check is Check.VERIFIED
    return order.detail is not None and order.detail.verified


def _pharmacists_last(order: OrderFact) -> CheckFact | None:
    said = [one for one in order.checks if one.check in (Check.VERIFIED, Check.CLARIFY)]
    return said[-1] if said else None


def for_weight(amount: Amount | None, known: Known) -> Amount | None:
    """Return an amount per kg for this patient's newest weight; None without one.

    What is worked out may be rounded to what can be drawn up.
    """
    if amount is None or not amount.unit.endswith(_PER_KG):
        return amount
    kg = dosing_weight(known)
    if kg is None:
        return None
    return Amount(amount.low * kg, amount.high * kg, amount.unit.removesuffix(_PER_KG))


def ordered_amount(detail: MedicationDetail, known: Known) -> Amount | None:
    """Return the dose of an order; one per kg is worked out, with room for rounding."""
    said = amount_of(detail.dose, detail.unit)
    whole = for_weight(said, known)
    if said is None or whole is None or said is whole:
        return whole
    return Amount(whole.low / PER_KG_ROUNDING, whole.high * PER_KG_ROUNDING, whole.unit)


def order_dose_warnings(dose: DoseAsked, subject: Subject, known: Known) -> Iterator[Warned]:
    """Give how the dose, and the rate of an infusion, differ from what was ordered."""
    detail = dose.order.detail if dose.order else None
    if detail is None:
        if dose.order is not None:
            yield warned(
                Code.DOSE_UNCHECKED,
                "The dose of this order is not known here: see the original order.",
            )
        return
    if dose.amount or not dose.is_running():
        mixed = len(subject.drug.ingredients) > 1
        ordered = None if mixed else ordered_amount(detail, known)
        unit = dose.unit_said()
        given = None if mixed else for_weight(amount_of(dose.amount, unit), known)
        said = (amount_words(dose.amount, unit), amount_words(detail.dose, detail.unit))
        yield from _compared(given, ordered, said, partly=dose.state is DoseState.PARTLY)
    if dose.rate and detail.rate:
        said = (dose.rate, amount_words(detail.rate, detail.rate_unit))
        yield from _compared(
            amount_of(dose.rate, "" if _has_unit(dose.rate) else detail.rate_unit),
            amount_of(detail.rate, detail.rate_unit),
            said,
            partly=False,
        )


def _has_unit(rate: str) -> bool:
    return any(letter.isalpha() for letter in rate)


def _compared(
    given: Amount | None, ordered: Amount | None, said: tuple[str, str], *, partly: bool
) -> Iterator[Warned]:
    if _same_text(*said):
        return
    dose = converted(given, ordered.unit) if given and ordered else None
    if dose is None or ordered is None:
        words = (
            f"{said[0] or 'No amount'} cannot be compared with the order ({said[1] or 'no dose'})."
        )
        yield warned(Code.DOSE_UNCHECKED, f"{words} Compare them yourself.")
        return
    above = dose.high > ordered.high
    below = dose.low < ordered.low and not partly
    if (above and dose.high >= TEN * ordered.high) or (below and dose.low * TEN <= ordered.low):
        word = "ten times or more" if above else "a tenth or less of"
        yield warned(
            Code.TEN_FOLD, f"{said[0]} is {word} the ordered {said[1]}. Look at the decimal point."
        )
    elif above or below:
        word = "more" if above else "less"
        yield warned(Code.OUTSIDE_ORDER, f"{said[0]} is {word} than the ordered {said[1]}.")


def _same_text(one: str, other: str) -> bool:
    return bool(one) and " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def low_and_high(order: OrderFact, known: Known) -> tuple[Decimal, Decimal, str] | None:
    """Return the least and the greatest dose the order asks for, in the order's own unit."""
    detail = order.detail
    amount = ordered_amount(detail, known) if detail else None
    return None if amount is None else (amount.low, amount.high, amount.unit)
