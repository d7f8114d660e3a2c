"""High-alert medicines, and medicines that are one too many beside each other."""

from __future__ import annotations

from collections.abc import Iterator

from wardlight.record.codes import OrderState
from wardlight.record.events.entered import Warned
from wardlight.record.instants import DAY, HOUR, Instant
from wardlight.rules.bedside.weights import is_child
from wardlight.rules.medicines.amounts import ward_unit
from wardlight.rules.medicines.dosing import (
    Code,
    DoseAsked,
    Known,
    Subject,
    drug_of_order,
    earlier_doses,
    is_of_order,
    route_words,
    warned,
)
from wardlight.rules.medicines.drug_names import Drug
from wardlight.rules.medicines.drug_rows import Doubling, DrugClass, HighAlert, HighAlertKind, YesNo
from wardlight.rules.medicines.drug_tables import Tables
from wardlight.views.facts import OrderFact

SAME_INGREDIENT_H = 4  # assumed: so long a dose under another order is named


def high_alert(subject: Subject, tables: Tables) -> HighAlert | None:
    """Return the row of the high-alert list that holds for a medicine by its route.

    Of several, one that asks for a second person: lidocaine by the epidural route is both.
    """
    rows = _rows(subject, tables)
    return next((row for row in rows if row.second is YesNo.YES), rows[0] if rows else None)


def _rows(subject: Subject, tables: Tables) -> list[HighAlert]:
    """Return the rows that hold, one for each name: the first of a class with its own routes."""
    first: dict[str, HighAlert] = {}
    for row in tables.high_alerts:
        if _holds(row, subject):
            first.setdefault(row.name, row)
    return list(first.values())


def _holds(row: HighAlert, subject: Subject) -> bool:
    match row.kind:
        case HighAlertKind.ROUTE:
            return subject.route == route_words(row.name)
        case HighAlertKind.CLASS:
            meant = row.name in subject.drug.classes
        case HighAlertKind.INGREDIENT:
            meant = row.name in subject.drug.ingredients
    return meant and subject.route not in row.not_routes


def second_check_warnings(dose: DoseAsked, subject: Subject, tables: Tables) -> Iterator[Warned]:
    """Give that a high-alert medicine needs a second person's own check, by name."""
    row = high_alert(subject, tables)
    if row is None or row.second is YesNo.NO:
        return
    second = " ".join(dose.second_check.casefold().split())
    what = row.words if subject.route or not row.not_routes else f"{row.words}, if it is one"
    if not second:
        yield warned(
            Code.SECOND_CHECK,
            f"High-alert medicine ({what}): a second person checks it and writes their name.",
        )
    elif second == " ".join(dose.by.casefold().split()):
        words = f"High-alert medicine ({what}): the second check has to be another person's."
        yield warned(Code.SECOND_CHECK, words)


def goes_by_weight(subject: Subject, units: tuple[str, ...], known: Known) -> bool:
    """Return whether a dose needs a weight: a child's, one per kg, a high-alert one by weight."""
    if is_child(known.age_days) or any("kg" in ward_unit(unit).split() for unit in units):
        return True
    return any(row.weight is YesNo.YES for row in _rows(subject, known.tables))


def duplicate_warnings(
    subject: Subject, known: Known, *, at: Instant, order: OrderFact | None, corrects: str = ""
) -> Iterator[Warned]:
    """Give what the patient already has of the same ingredient or class.

    Orders that run beside this one, and doses given a short time before under another.
    """
    said = list(
        dict.fromkeys(
            (*_in_orders(subject, known, order), *_lately(subject, known, at, order, corrects))
        )
    )
    if said:
        yield warned(Code.DUPLICATE, f"Also {'; '.join(said)}.")


def _in_orders(subject: Subject, known: Known, order: OrderFact | None) -> Iterator[str]:
    for other in known.chart.medications():
        if other is order or (order is not None and other.number == order.number):
            continue
        if other.state is OrderState.HELD:
            continue
        why = _shared(
            subject.drug, drug_of_order(other, known.tables), known.tables, Doubling.ORDERS
        )
        if why:
            yield f"ordered: {other.words()} ({why[0]})"


def _lately(
    subject: Subject, known: Known, at: Instant, order: OrderFact | None, corrects: str
) -> Iterator[str]:
    for one in earlier_doses(known, at, corrects):
        span = at - one.fact.at.at
        if not 0 <= span < DAY:
            continue
        if order is not None and is_of_order(one.fact, order, known.chart):
            continue
        why = _shared(subject.drug, one.drug, known.tables, Doubling.LATELY)
        if why and span < why[1] * HOUR:
            what = f"{one.fact.drug.words()} {one.words()}"
            yield f"given at {known.time(one.fact.at.at)}: {what} ({why[0]})"


def _shared(drug: Drug, other: Drug, tables: Tables, least: Doubling) -> tuple[str, int] | None:
    """Return what two medicines have in common that makes one too many, and for how many hours."""
    shared = [name for name in drug.ingredients if name in other.ingredients]
    classes = [
        one
        for name in sorted(drug.classes & other.classes)
        if _counts(one := tables.classes[name], least)
    ]
    hours = max((one.duplicate_h for one in classes), default=SAME_INGREDIENT_H)
    counted = [name for name in shared if "diluents" not in tables.ingredients[name].classes]
    if counted:
        return f"the same ingredient, {counted[0]}", max(hours, SAME_INGREDIENT_H)
    if classes:
        one = classes[0]
        return f"another {one.one}", one.duplicate_h
    return None


def _counts(one: DrugClass, least: Doubling) -> bool:
    if least is Doubling.ORDERS:
        return one.duplicate is Doubling.ORDERS
    return one.duplicate is not Doubling.NO
