"""Orders while the EHR is off: written, read back, verified, held, stopped (domain.md W4, P2)."""

from __future__ import annotations

from wardlight.record.codes import Coded, OrderKind
from wardlight.record.events.charting import Check, MedicationDetail, OrderChecked, Timing
from wardlight.record.events.entered import Warned
from wardlight.record.events.ordering import Ending, OrderEnded, OrderWritten
from wardlight.record.instants import Moment
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.dose_warnings import order_warnings
from wardlight.rules.dosing import OrderAsked
from wardlight.rules.knowing import known_of
from wardlight.rules.medicines import order_of
from wardlight.rules.times import TimeTrouble, when

NOTHING_YET = "Nothing was ordered yet: look at the marked fields."
TEXT_MAX = 2_000
WRITTEN_HERE = "WARDLIGHT"  # who gives the numbers of orders that are written here
PRESCRIBER = "physician"  # the role whose own order needs no read-back


def write(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write an order. A nurse may write it for a prescriber after reading it back."""
    at = when(asked, ground)
    wrong: dict[str, str] = {"at": at} if isinstance(at, TimeTrouble) else {}
    fields = asked.fields
    kind = fields.one("order_kind")
    if kind not in tuple(OrderKind):
        wrong["order_kind"] = "Choose what is ordered."
    if kind == OrderKind.MEDICATION:
        wrong |= _wrong_medicine(asked)
    elif not fields.one("text"):
        wrong["text"] = "Write the order."
    wrong |= _wrong_prescriber(asked)
    if wrong or isinstance(at, TimeTrouble):
        return Refusal(NOTHING_YET, wrong)
    medicine = kind == OrderKind.MEDICATION
    said = OrderWritten(
        number=f"{WRITTEN_HERE}|{asked.id}",
        kind=OrderKind(kind),
        what=Coded(text=fields.one("drug") if medicine else fields.one("text")[:TEXT_MAX]),
        text=fields.one("text")[:TEXT_MAX],
        detail=_detail(asked) if medicine else None,
        timing=_timing(asked, ground),
        prescriber=fields.one("prescriber"),
        contact=fields.one("contact"),
        read_back_by=fields.one("read_back_by"),
        replaces=fields.one("replaces"),
    )
    return Accepted(said=said, occurred=at, warnings=_warnings(asked, ground, said))


def _warnings(asked: Asked, ground: Ground, said: OrderWritten) -> tuple[Warned, ...]:
    """Return what the tables and the chart say against a medicine that is ordered."""
    known = known_of(ground, asked.patient)
    if known is None or said.detail is None:
        return ()
    order = OrderAsked(detail=said.detail, timing=said.timing, replaces=said.replaces)
    return order_warnings(order, known)


def _wrong_medicine(asked: Asked) -> dict[str, str]:
    wrong = {
        name: words
        for name, words in (
            ("drug", "Write the medicine, generic name first."),
            ("route", "Write the route in full: oral, intravenous."),
            ("pattern", "Write how often: every 8 hours, three times a day, once."),
        )
        if not asked.fields.one(name)
    }
    if not (asked.fields.one("amount") or asked.fields.one("rate")):
        wrong["amount"] = "Write the dose."
    if asked.fields.one("amount") and not asked.fields.one("unit"):
        wrong["unit"] = "Write the unit in full."
    return wrong


def _wrong_prescriber(asked: Asked) -> dict[str, str]:
    """Return what is missing of who ordered; a spoken order has to be read back."""
    if asked.author.role == PRESCRIBER:
        return {}
    wrong = {}
    if not asked.fields.one("prescriber"):
        wrong["prescriber"] = "Write who ordered it."
    if not asked.fields.one("read_back_by") and asked.fields.one("spoken") != "no":
        wrong["read_back_by"] = "A spoken order is read back: write who did."
    return wrong


def _detail(asked: Asked) -> MedicationDetail:
    fields = asked.fields
    return MedicationDetail(
        drug=Coded(text=fields.one("drug")),
        dose=fields.one("amount"),
        unit=fields.one("unit"),
        form=fields.one("form"),
        strength=fields.one("strength"),
        rate=fields.one("rate"),
        rate_unit=fields.one("rate_unit"),
        route=fields.one("route"),
        instructions=fields.one("text")[:TEXT_MAX],
        indication=fields.one("indication"),
    )


def _timing(asked: Asked, ground: Ground) -> Timing:
    fields = asked.fields
    pattern = fields.one("pattern")
    starts = when(asked, ground, "first_at", "first_on") if fields.one("first_at") else None
    made = when(asked, ground)
    from_now = starts if starts is not None and not isinstance(starts, TimeTrouble) else made
    return Timing(
        pattern=pattern,
        times=fields.many("time"),
        starts=None if isinstance(from_now, TimeTrouble) else Moment(from_now),
        priority=fields.one("priority"),
        as_needed=fields.one("as_needed") == "yes",
    )


def end(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Stop, hold or resume an order that is on the chart."""
    at = when(asked, ground)
    order = order_of(ground.views.chart(asked.patient), asked.fields.one("order"))
    ending = asked.fields.one("ending")
    wrong: dict[str, str] = {"at": at} if isinstance(at, TimeTrouble) else {}
    if ending not in tuple(Ending):
        wrong["ending"] = "Choose stopped, held or resumed."
    if not asked.fields.one("reason") and ending != Ending.RESUMED:
        wrong["reason"] = "Say why."
    wrong |= _wrong_prescriber(asked)
    if order is None:
        return Refusal("This order is not on the chart of this patient.", wrong)
    if wrong or isinstance(at, TimeTrouble):
        return Refusal("Nothing was changed yet: look at the marked fields.", wrong)
    said = OrderEnded(
        number=order.number,
        what=order.what,
        ending=Ending(ending),
        reason=asked.fields.one("reason"),
        prescriber=asked.fields.one("prescriber"),
        read_back_by=asked.fields.one("read_back_by"),
    )
    return Accepted(said=said, occurred=at)


def check(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Verify an order as its pharmacist, ask about it, note it, or say it was carried out."""
    at = when(asked, ground)
    order = order_of(ground.views.chart(asked.patient), asked.fields.one("order"))
    said = asked.fields.one("check")
    if isinstance(at, TimeTrouble):
        return Refusal("Nothing was changed yet.", {"at": at})
    if order is None:
        return Refusal("This order is not on the chart of this patient.")
    if said not in tuple(Check):
        return Refusal("Nothing was changed yet.", {"check": "Choose what you say of the order."})
    if said == Check.CLARIFY and not asked.fields.one("note"):
        return Refusal("Nothing was changed yet.", {"note": "Write what has to be clarified."})
    checked = OrderChecked(
        number=order.number, what=order.what, check=Check(said), note=asked.fields.one("note")
    )
    return Accepted(said=checked, occurred=at)
