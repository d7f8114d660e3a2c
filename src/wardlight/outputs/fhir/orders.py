"""Orders for tests, diets and care: FHIR ServiceRequest (hl7.org/fhir/R4/servicerequest.html)."""

from __future__ import annotations

from collections.abc import Sequence

from wardlight.outputs.fhir.subject import Row, Subject, ids, ms
from wardlight.record.codes import OrderKind, OrderState
from wardlight.record.events.charting import Timing
from wardlight.views.facts import OrderFact
from wardlight.wire.fhir.systems import SNOMED
from wardlight.wire.fhir.types import (
    Element,
    absent,
    clean,
    codeable,
    concept,
    date_time,
    displays,
    extension,
    filled,
    numbers,
    words,
)

_STATUS = {
    OrderState.ACTIVE: "active",
    OrderState.HELD: "on-hold",
    OrderState.STOPPED: "revoked",
    OrderState.COMPLETED: "completed",
    OrderState.REPLACED: "revoked",
    OrderState.UNKNOWN: "unknown",
}
_CATEGORIES = {
    OrderKind.LABORATORY: concept(SNOMED, "108252007", "Laboratory procedure", "laboratory"),
    OrderKind.IMAGING: concept(SNOMED, "363679005", "Imaging", "imaging"),
    OrderKind.DIET: words("diet"),
}
PRIORITIES = {"S": "stat", "A": "asap", "R": "routine"}


def order_ids(orders: Sequence[OrderFact], subject: Subject) -> list[str]:
    """Return the ids of orders, in their order."""
    return ids(subject, (_natural(order) for order in orders))


def orders_by_number(orders: Sequence[OrderFact], subject: Subject) -> dict[str, str]:
    """Return, for each number an order is called by, the id; a number of two orders has none."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for order, name in zip(orders, order_ids(orders, subject), strict=True):
        for number in {order.number, order.other_number} - {""}:
            if found.setdefault(number, name) != name:
                twice.add(number)
    return {number: name for number, name in found.items() if number not in twice}


def _natural(order: OrderFact) -> tuple[str, ...]:
    if order.number:
        return "order", order.number
    return "order", "", order.what.key(), str(order.ordered.at if order.ordered else "")


def tests_ordered(orders: Sequence[OrderFact]) -> list[OrderFact]:
    """Return the orders that are not for medicines."""
    return [order for order in orders if order.kind is not OrderKind.MEDICATION]


def service_requests(orders: Sequence[OrderFact], subject: Subject) -> list[Row]:
    """Return orders other than medicines; one whose control nobody knows says so."""
    wanted = tests_ordered(orders)
    return [
        Row(ms(order.ordered, order.stamp), _request(order, subject, name))
        for order, name in zip(wanted, order_ids(wanted, subject), strict=True)
    ]


def _request(order: OrderFact, subject: Subject, name: str) -> Element:
    category = _CATEGORIES.get(order.kind)
    return filled(
        {
            "resourceType": "ServiceRequest",
            "id": name,
            "meta": subject.meta(order.stamp),
            **order_head(order, subject),
            "status": _STATUS[order.state],
            "intent": "order",
            "category": [category] if category else [],
            "code": codeable(order.what) or seen_only_as_original(),
            "subject": subject.reference(),
            "occurrenceDateTime": date_time(order.timing.starts, subject.zone),
        }
    )


def order_head(order: OrderFact, subject: Subject) -> Element:
    """Return what orders of every kind say alike: numbers, when, who, the source's words."""
    requester = displays([order.prescriber])
    said = extension("as-received", clean(order.as_received))
    if order.control_unknown:
        said += extension("order-control-unknown", clean(order.control))
    return filled(
        {
            "extension": said,
            "identifier": numbers((order.number, order.other_number), subject.systems),
            "priority": PRIORITIES.get(priority(order.timing)),
            "authoredOn": date_time(order.ordered, subject.zone),
            "requester": requester[0] if requester else None,
        }
    )


def priority(timing: Timing) -> str:
    """Return the priority as sent, in capitals."""
    return timing.priority.strip().upper()


def seen_only_as_original() -> Element:
    """Return the code of an order without detail: it is listed, never hidden."""
    return {**absent(), "text": "see original order"}
