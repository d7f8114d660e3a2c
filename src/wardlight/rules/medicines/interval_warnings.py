"""A second dose too soon, too much in a day, and doses this system cannot know of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from wardlight.record.events.entered import Warned
from wardlight.record.instants import DAY, Instant
from wardlight.rules.medicines.amounts import Amount, amount_of, converted, plain
from wardlight.rules.medicines.dosing import (
    Code,
    DoseAsked,
    Earlier,
    Known,
    Subject,
    apart_words,
    earlier_doses,
    is_of_order,
    warned,
)
from wardlight.rules.medicines.drug_names import Drug
from wardlight.rules.medicines.intervals import Gap, order_gap, table_gap
from wardlight.rules.medicines.usual_doses import Limits, limits_for, rows_for
from wardlight.views.bedside.mar import CellState

UNCHECKED_DAYS = 7  # so far back a dose is named where the order does not say how often


def interval_warnings(dose: DoseAsked, subject: Subject, known: Known) -> Iterator[Warned]:
    """Give that a dose lies too near another of the same order or the same ingredient."""
    if dose.is_running():
        return
    earlier = list(earlier_doses(known, dose.at, dose.corrects))
    order = dose.order
    mine = [one for one in earlier if _is_same_medicine(one, dose, subject, known)]
    own = [one for one in mine if order is None or is_of_order(one.fact, order, known.chart)]
    gap = order_gap(order, known.site_times) if order else None
    hits = list(_too_near(own, gap, dose.at)) + list(
        _too_near(mine, table_gap(rows_for(subject, known)), dose.at)
    )
    if hits:
        near, why = hits[0]
        yield warned(Code.INTERVAL, _near_words(near, why, dose.at, known))
    elif order is not None and gap is None:
        yield from _unchecked(own, dose, known)


def _is_same_medicine(one: Earlier, dose: DoseAsked, subject: Subject, known: Known) -> bool:
    if dose.order is not None and is_of_order(one.fact, dose.order, known.chart):
        return True
    if one.fact.drug.key() == dose.drug.key():
        return True
    return bool(set(one.drug.ingredients) & set(subject.drug.ingredients))


def _too_near(
    doses: Sequence[Earlier], gap: Gap | None, at: Instant
) -> Iterator[tuple[Earlier, Gap]]:
    if gap is None:
        return
    for one in sorted(doses, key=lambda one: one.apart(at)):
        if gap.once or one.apart(at) < gap.ms:
            yield one, gap


def _near_words(near: Earlier, why: Gap, at: Instant, known: Known) -> str:
    then = near.fact.at.at
    if why.once:
        return f"Ordered once, and {near.words()} was charted at {known.time(then)}."
    span = apart_words(at, then)
    if then > at:
        said = f"{near.words()} is charted at {known.time(then)}, {span} after this dose."
        return f"{said} Too near: {why.words}."
    said = f"Last dose {near.words()} at {known.time(then)}, {span} before this one."
    return f"{said} Too soon: {why.words}. From {known.time(Instant(then + why.ms))}."


def _unchecked(own: Sequence[Earlier], dose: DoseAsked, known: Known) -> Iterator[Warned]:
    near = [one for one in own if 0 <= dose.at - one.fact.at.at < UNCHECKED_DAYS * DAY]
    if near and dose.order is not None:
        newest = near[0]
        said = dose.order.timing.pattern or dose.order.timing.text or "nothing"
        then = newest.fact.at.at
        last = f"Last dose {newest.words()} at {known.time(then)}"
        yield warned(
            Code.INTERVAL_UNCHECKED,
            f"{last}, {apart_words(dose.at, then)} before. How often is not understood "
            f"here ({said}): read the order.",
        )


def daily_warnings(dose: DoseAsked, subject: Subject, known: Known) -> Iterator[Warned]:
    """Give that this dose with those of the 24 hours before it is more than a day's most."""
    rows = [row for row in rows_for(subject, known) if row.day_max or row.day_max_total]
    if not rows or dose.is_running():
        return
    name = rows[0].ingredient
    limits = limits_for(Subject(_only(subject, name, known), subject.route), known)
    if limits is None or limits.day_max is None:
        return
    lately = [
        one
        for one in earlier_doses(known, dose.at, dose.corrects)
        if name in one.drug.ingredients and 0 <= dose.at - one.fact.at.at < DAY
    ]
    if lately:
        yield from _day(dose, subject, lately, limits)


def _only(subject: Subject, name: str, known: Known) -> Drug:
    classes = frozenset(known.tables.ingredients[name].classes)
    return Drug(subject.drug.words, (name,), classes)


def _day(
    dose: DoseAsked, subject: Subject, lately: Sequence[Earlier], limits: Limits
) -> Iterator[Warned]:
    assert limits.day_max is not None, "asked only where the table names a most"
    unit = limits.row.unit
    single = len(subject.drug.ingredients) == 1
    amounts = [_in(dose.amount, dose.unit_said(), unit) if single else None]
    amounts += [
        _in(one.fact.amount, one.fact.unit, unit) if len(one.drug.ingredients) == 1 else None
        for one in lately
    ]
    total = sum((one.high for one in amounts if one), Decimal(0))
    unread = amounts.count(None)
    most = f"{plain(limits.day_max)} {unit} of {limits.row.ingredient}"
    left_out = f" {unread} of {len(amounts)} doses could not be added." if unread else ""
    if total > limits.day_max:
        words = f"With this dose {plain(total)} {unit} in 24 hours; the most is {most}.{left_out}"
        yield warned(Code.DAILY_MAXIMUM, words)
    elif unread:
        words = f"The most in 24 hours is {most}; at least {plain(total)} {unit} with this dose."
        yield warned(Code.DAILY_MAXIMUM, f"{words}{left_out} Add them yourself.")


def _in(amount: str, unit: str, wanted: str) -> Amount | None:
    found = amount_of(amount, unit)
    return converted(found, wanted) if found else None


def blind_warnings(dose: DoseAsked, known: Known) -> Iterator[Warned]:
    """Give that a dose before this one may stand on paper only.

    A dose charted for a time inside the blind window is the paper being copied: nothing is said.
    """
    if known.blind is not None and dose.at <= known.blind[1]:
        return
    row = known.row
    last = row.last_given.at.at if row and row.last_given else 0
    cells = row.cells if row else ()
    late = [
        cell.at
        for cell in cells
        if cell.state is CellState.LATE_QUESTION and last < cell.at <= dose.at
    ]
    if late:
        yield warned(
            Code.BLIND_WINDOW,
            f"The dose of {known.time(late[-1])} may have been given on paper. "
            "Look at the paper chart or ask before giving.",
        )
    elif known.blind is not None and row is not None and row.section == "as needed":
        yield from _blind_as_needed(dose, known, known.blind, last)


def _blind_as_needed(
    dose: DoseAsked, known: Known, blind: tuple[Instant, Instant], last: int
) -> Iterator[Warned]:
    gap = order_gap(dose.order, known.site_times) if dose.order else None
    reach = gap.ms if gap else DAY
    if last <= blind[1] and dose.at - blind[1] < reach:
        yield warned(
            Code.BLIND_WINDOW,
            f"A dose between {known.time(blind[0])} and {known.time(blind[1])} would stand on "
            "paper only. Look at the paper chart or ask before giving.",
        )
