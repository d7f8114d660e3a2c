"""Orders while the EHR is off: written, read back, verified, held, stopped (domain.md W4, P2)."""

from __future__ import annotations

from collections.abc import Callable

from wardlight.record.codes import Coded, OrderKind, OrderState
from wardlight.record.events.charting import Check, OrderChecked
from wardlight.record.events.entered import Warned
from wardlight.record.events.ordering import Ending, OrderEnded, OrderWritten
from wardlight.record.instants import Instant
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.bedside.order_fields import (
    detail_of,
    timing_of,
    too_long,
    wrong_medicine,
    wrong_prescriber,
)
from wardlight.rules.knowing import known_of
from wardlight.rules.medicines.dose_warnings import order_warnings
from wardlight.rules.medicines.dosing import OrderAsked
from wardlight.rules.times import TimeTrouble, when
from wardlight.views.facts import Chart, OrderFact

NOTHING_ORDERED = "Nothing was ordered yet: look at the marked fields."
NOTHING_CHANGED = "Nothing was changed yet: look at the marked fields."
NOT_ON_CHART = "This order is not on the chart of this patient."
CHANGED = "This order was changed since your page was drawn. Open it again and look at it first."
WRITTEN_HERE = "WARDLIGHT"  # who gives the numbers of orders that are written here
VERIFIER = "pharmacist"  # the role whose word makes an order verified
# What a sheet offers beside the kinds a record knows: written as "Consult: …".
OTHER_KINDS = {"activity": "Activity", "consult": "Consult"}
ENDED = frozenset({OrderState.STOPPED, OrderState.COMPLETED, OrderState.REPLACED})


def write(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write an order. A nurse may write it for a prescriber after reading it back."""
    at = when(asked, ground)
    chart = ground.views.chart(asked.patient)
    wrong: dict[str, str] = {"at": at} if isinstance(at, TimeTrouble) else {}
    kind = asked.fields.one("order_kind")
    if kind not in (*OrderKind, *OTHER_KINDS):
        wrong["order_kind"] = "Choose what is ordered."
    medicine = kind == OrderKind.MEDICATION
    if medicine:
        wrong |= wrong_medicine(asked, ground)
    elif "order_kind" not in wrong and not asked.fields.one("text"):
        wrong["text"] = "Write the order."
    wrong |= wrong_prescriber(asked) | too_long(asked)
    if asked.fields.one("replaces") and order_meant(asked, chart, "replaces") is None:
        wrong["replaces"] = "The order this one replaces is not on the chart of this patient."
    if wrong or isinstance(at, TimeTrouble):
        return Refusal(NOTHING_ORDERED, wrong)
    said = _written(asked, ground, chart)
    return Accepted(said=said, occurred=at, warnings=_warnings(asked, ground, said))


def _written(asked: Asked, ground: Ground, chart: Chart) -> OrderWritten:
    fields = asked.fields
    kind, text = fields.one("order_kind"), fields.one("text")
    medicine = kind == OrderKind.MEDICATION
    what = fields.one("drug") if medicine else text
    if kind in OTHER_KINDS:
        what = f"{OTHER_KINDS[kind]}: {text}"
    return OrderWritten(
        number=_number(asked, chart),
        kind=OrderKind.OTHER if kind in OTHER_KINDS else OrderKind(kind),
        what=Coded(text=what),
        text=text,
        detail=detail_of(asked) if medicine else None,
        timing=timing_of(asked, ground),
        prescriber=fields.one("prescriber"),
        contact=fields.one("contact"),
        read_back_by=fields.one("read_back_by"),
        replaces=fields.one("replaces"),
    )


def _number(asked: Asked, chart: Chart) -> str:
    """Return the order's number; one that corrects another keeps its number, with its doses."""
    corrected = asked.corrects.partition(".")[0]
    same = (one for one in chart.orders if one.entry.partition(".")[0] == corrected)
    found = next(same, None) if corrected else None
    return found.number if found else f"{WRITTEN_HERE}|{corrected or asked.id}"


def _warnings(asked: Asked, ground: Ground, said: OrderWritten) -> tuple[Warned, ...]:
    """Return what the tables and the chart say against a medicine that is ordered."""
    known = known_of(ground, asked.patient)
    if known is None or said.detail is None:
        return ()
    replaces = said.replaces or (said.number if asked.corrects else "")
    order = OrderAsked(detail=said.detail, timing=said.timing, replaces=replaces)
    return order_warnings(order, known)


def order_meant(asked: Asked, chart: Chart, field: str = "order") -> OrderFact | None:
    """Return the order a form names; where tests share a number, what was ordered decides."""
    number, what = asked.fields.one(field), asked.fields.one("what")
    called = [one for one in chart.orders if number and one.number == number]
    same = [one for one in called if what and one.what.key() == what]
    return next(iter(same or ([] if what else called)), None)


def _missing(asked: Asked, chart: Chart) -> Refusal:
    """Return why an order cannot be meant: it is not there, or is not what was looked at."""
    number = asked.fields.one("order")
    there = any(number and one.number == number for one in chart.orders)
    return Refusal(CHANGED if there else NOT_ON_CHART)


def _meant(
    asked: Asked, ground: Ground, wrong_with: Callable[[Asked, OrderFact], dict[str, str]]
) -> tuple[OrderFact, Instant] | Refusal:
    """Return the order a form is about and when it happened, or what is wrong with the form."""
    at = when(asked, ground)
    chart = ground.views.chart(asked.patient)
    order = order_meant(asked, chart)
    if order is None:
        return _missing(asked, chart)
    wrong: dict[str, str] = {"at": at} if isinstance(at, TimeTrouble) else {}
    wrong |= wrong_with(asked, order) | too_long(asked)
    if wrong or isinstance(at, TimeTrouble):
        return Refusal(NOTHING_CHANGED, wrong)
    return order, at


def end(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Stop, hold or resume an order that is on the chart.

    A nurse may hold a dose by herself; who stops or resumes says on whose word.
    """
    found = _meant(asked, ground, _wrong_ending)
    if isinstance(found, Refusal):
        return found
    order, at = found
    said = OrderEnded(
        number=order.number,
        what=order.what,
        ending=Ending(asked.fields.one("ending")),
        reason=asked.fields.one("reason"),
        prescriber=asked.fields.one("prescriber"),
        read_back_by=asked.fields.one("read_back_by"),
    )
    return Accepted(said=said, occurred=at)


def _wrong_ending(asked: Asked, order: OrderFact) -> dict[str, str]:
    ending = asked.fields.one("ending")
    wrong: dict[str, str] = {}
    if ending not in tuple(Ending):
        wrong["ending"] = "Choose stopped, held or resumed."
    elif order.state in ENDED:
        wrong["ending"] = f"This order is {order.state} already. Write a new one if it is needed."
    elif ending == Ending.RESUMED and order.state is OrderState.ACTIVE:
        wrong["ending"] = "This order runs: there is nothing to resume."
    if not asked.fields.one("reason") and ending != Ending.RESUMED:
        wrong["reason"] = "Say why."
    if ending != Ending.HELD:
        wrong |= wrong_prescriber(asked)
    return wrong


def check(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Verify an order as its pharmacist, ask about it, note it, or say it was carried out."""
    found = _meant(asked, ground, _wrong_check)
    if isinstance(found, Refusal):
        return found
    order, at = found
    said = OrderChecked(
        number=order.number,
        what=order.what,
        check=Check(asked.fields.one("check")),
        note=asked.fields.one("note"),
    )
    return Accepted(said=said, occurred=at)


def _wrong_check(asked: Asked, order: OrderFact) -> dict[str, str]:
    check = asked.fields.one("check")
    if check not in tuple(Check):
        return {"check": "Choose what you say of the order."}
    if check == Check.VERIFIED and asked.author.role not in ("", VERIFIER):
        return {"check": "A pharmacist verifies. Choose noted, or ask with clarify."}
    if check == Check.VERIFIED and order.state in ENDED:
        return {"check": f"This order is {order.state}: there is nothing to verify."}
    if check == Check.CLARIFY and not asked.fields.one("note"):
        return {"note": "Write what has to be clarified."}
    return {}
