"""Doses and immunisations as charted: a correction replaces, one charted in error is taken out."""

from __future__ import annotations

from collections.abc import Sequence

from wardlight.record.events.charting import DoseOfVaccine, DoseRecorded
from wardlight.record.reading import Charted, Stamp
from wardlight.views.facts import DoseFact, OrderFact, VaccineFact


def fold_doses(charted: Sequence[Charted], orders: Sequence[OrderFact]) -> tuple[DoseFact, ...]:
    """Return the doses that stand, newest first, each with the number its order is known by.

    RXA-21 of D takes a dose out (HL7 v2.5.1 §4.14.7); any later statement under the same key
    corrects it.
    """
    held: dict[str, DoseFact] = {}
    numbers = _numbers(orders)
    for said in charted:
        event = said.event
        if not isinstance(event, DoseRecorded):
            continue
        key = event.key or f"{event.order}|{event.at.at}|{event.drug.key()}"
        if event.removed:
            held.pop(key, None)
        else:
            held[key] = _dose(event, said.stamp, numbers)
    return tuple(
        sorted(
            held.values(),
            key=lambda dose: (-dose.at.at, -dose.stamp.position, dose.drug.words(), dose.order),
        )
    )


def _numbers(orders: Sequence[OrderFact]) -> dict[str, set[str]]:
    """Return, for every number an order was called by, the numbers of the orders it may mean."""
    numbers: dict[str, set[str]] = {}
    for order in orders:
        for name in (order.number, order.other_number):
            if name:
                numbers.setdefault(name, set()).add(order.number)
    return numbers


def _dose(event: DoseRecorded, stamp: Stamp, numbers: dict[str, set[str]]) -> DoseFact:
    order = event.order or event.other_order
    for name in (event.order, event.other_order):
        meant = numbers.get(name, set())
        if len(meant) == 1:
            order = next(iter(meant))
            break
    return DoseFact(
        order=order,
        drug=event.drug,
        at=event.at,
        state=event.state,
        stamp=stamp,
        amount=event.amount,
        unit=event.unit,
        reason=event.reason,
        by=event.by,
        route=event.route,
        site=event.site,
        entered=event.entered,
        note=event.note,
    )


def fold_vaccines(charted: Sequence[Charted]) -> tuple[VaccineFact, ...]:
    """Return immunisations, newest first; a refusal is a fact too (RXA-20)."""
    held: dict[str, VaccineFact] = {}
    for said in charted:
        event = said.event
        if isinstance(event, DoseOfVaccine):
            key = event.key or f"{event.at.at}|{event.vaccine.key()}"
            held[key] = VaccineFact(event.vaccine, event.at, event.state, said.stamp)
    return tuple(
        sorted(
            held.values(), key=lambda fact: (-fact.at.at, fact.vaccine.words(), fact.stamp.position)
        )
    )
