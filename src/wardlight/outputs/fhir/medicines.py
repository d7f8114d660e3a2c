"""Medicines ordered and doses given: FHIR MedicationRequest and MedicationAdministration.

Amounts are the sender's. A dose that is not surely a number stays in the words as received.
Sources: hl7.org/fhir/R4/medicationrequest.html, hl7.org/fhir/R4/medicationadministration.html.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wardlight.outputs.fhir.orders import (
    order_head,
    order_ids,
    orders_by_number,
    seen_only_as_original,
)
from wardlight.outputs.fhir.subject import Row, Subject, ids, ms
from wardlight.record.codes import DoseState, OrderKind, OrderState
from wardlight.record.events.charting import MedicationDetail, Timing
from wardlight.views.bedside.medication_words import medication_words
from wardlight.views.facts import DoseFact, OrderFact
from wardlight.wire.fhir.types import (
    Element,
    absent,
    clean,
    codeable,
    comments,
    date_time,
    displays,
    filled,
    period,
    quantity,
    required,
    words,
)

_ORDER_STATUS = {
    OrderState.ACTIVE: "active",
    OrderState.HELD: "on-hold",
    OrderState.STOPPED: "stopped",
    OrderState.COMPLETED: "completed",
    OrderState.REPLACED: "stopped",
    OrderState.UNKNOWN: "unknown",
}
_DOSE_STATUS = {
    DoseState.GIVEN: "completed",
    DoseState.PARTLY: "stopped",
    DoseState.REFUSED: "not-done",
    DoseState.NOT_GIVEN: "not-done",
    DoseState.UNKNOWN: "unknown",
}
_SAYS_WHY = {
    DoseState.PARTLY: "partly given",
    DoseState.REFUSED: "refused",
    DoseState.NOT_GIVEN: "not given",
}


def medicines_ordered(orders: Sequence[OrderFact]) -> list[OrderFact]:
    """Return the orders for medicines."""
    return [order for order in orders if order.kind is OrderKind.MEDICATION]


def medication_requests(orders: Sequence[OrderFact], subject: Subject) -> list[Row]:
    """Return medication orders of every state; an order without detail is still there."""
    wanted = medicines_ordered(orders)
    return [
        Row(ms(order.ordered, order.stamp), _request(order, subject, name))
        for order, name in zip(wanted, order_ids(wanted, subject), strict=True)
    ]


def _request(order: OrderFact, subject: Subject, name: str) -> Element:
    detail = order.detail
    drug = codeable(order.what) or (codeable(detail.drug) if detail else {})
    reason = words(detail.indication) if detail else {}
    replaced = words("replaced") if order.state is OrderState.REPLACED else None
    return filled(
        {
            "resourceType": "MedicationRequest",
            "id": name,
            "meta": subject.meta(order.stamp),
            **order_head(order, subject),
            "status": _ORDER_STATUS[order.state],
            "statusReason": replaced,
            "intent": "order",
            "medicationCodeableConcept": drug or seen_only_as_original(),
            "subject": subject.reference(),
            "reasonCode": [reason] if reason else [],
            "note": comments(detail.components if detail else ()),
            "dosageInstruction": [dosage] if (dosage := _instruction(order, subject)) else [],
        }
    )


def _instruction(order: OrderFact, subject: Subject) -> Element:
    detail = order.detail
    if detail is None:
        return {}
    timing = order.timing if order.timing != Timing() else detail.timing
    said = medication_words(detail, timing=timing)
    extra = words(detail.instructions)
    return filled(
        {
            "text": clean(said.as_received),
            "additionalInstruction": [extra] if extra else [],
            "timing": _timing(timing, subject),
            "asNeededBoolean": timing.as_needed or None,
            "site": words(detail.site),
            "route": words(detail.route),
            "doseAndRate": [rate] if (rate := _dose_and_rate(detail)) else [],
        }
    )


def _timing(timing: Timing, subject: Subject) -> Element:
    times = [f"{time}:00" for time in timing.times if _is_time(time)]
    repeat = {
        "boundsPeriod": period(timing.starts, timing.ends, subject.zone),
        "timeOfDay": times,
    }
    return filled({"repeat": filled(repeat), "code": words(timing.pattern) or words(timing.text)})


def _is_time(text: str) -> bool:
    hours, colon, minutes = text.partition(":")
    both = hours + minutes
    return (
        len(both) == len("HHMM")
        and bool(colon)
        and both.isascii()
        and both.isdigit()
        and hours < "24"
        and minutes < "60"
    )


def _dose_and_rate(detail: MedicationDetail) -> Element:
    low, dash, high = detail.dose.partition("-")
    ends = [_plain(low, detail.unit), _plain(high, detail.unit)]
    dose_range = {"low": ends[0], "high": ends[1]} if low.strip() and dash and all(ends) else None
    return filled(
        {
            "doseRange": dose_range,
            "doseQuantity": None if dose_range else _plain(detail.dose, detail.unit),
            "rateQuantity": _plain(detail.rate, detail.rate_unit),
        }
    )


def _plain(value: str, unit: str) -> Element:
    """Return a quantity that may stand as a dose: FHIR's SimpleQuantity has no comparator."""
    found = quantity(value, unit)
    return {} if "comparator" in found else found


def administrations(
    doses: Sequence[DoseFact], orders: Sequence[OrderFact], subject: Subject
) -> list[Row]:
    """Return the doses given, refused and not given, each with its order where that is known."""
    numbers = orders_by_number(medicines_ordered(orders), subject)
    found = ids(subject, (("dose", dose.order, str(dose.at.at), dose.drug.key()) for dose in doses))
    return [
        Row(ms(dose.at), _administration(dose, numbers, subject, name))
        for dose, name in zip(doses, found, strict=True)
    ]


def _administration(
    dose: DoseFact, numbers: Mapping[str, str], subject: Subject, name: str
) -> Element:
    why = words(dose.reason or _SAYS_WHY.get(dose.state, ""))
    order = numbers.get(dose.order)
    charted = date_time(dose.entered, subject.zone)
    return filled(
        {
            "resourceType": "MedicationAdministration",
            "id": name,
            "meta": subject.meta(dose.stamp),
            "extension": _charted(charted),
            "status": _DOSE_STATUS[dose.state],
            "statusReason": [why] if why and dose.state in _SAYS_WHY else [],
            "medicationCodeableConcept": required(dose.drug),
            "subject": subject.reference(),
            "effectiveDateTime": date_time(dose.at, subject.zone),
            "performer": [{"actor": who} for who in displays([dose.by])],
            "request": {"reference": f"MedicationRequest/{order}"} if order else None,
            "note": comments([] if dose.state in _SAYS_WHY else [dose.reason]),
            "dosage": _given(dose),
        }
    )


def _charted(at: str) -> list[Element]:
    return [{"url": "urn:wardlight:extension:charted", "valueDateTime": at}] if at else []


def _given(dose: DoseFact) -> Element:
    """Return what was given; R4 (mad-1) wants a dose, so one that is no number says `as-text`."""
    amount = " ".join(part for part in (clean(dose.amount), clean(dose.unit)) if part)
    site, route = words(dose.site), words(dose.route)
    if not (amount or site or route):
        return {}
    counted = _plain(dose.amount, dose.unit)
    return filled(
        {
            "text": amount,
            "site": site,
            "route": route,
            "dose": counted or absent("as-text" if amount else "unknown"),
        }
    )
