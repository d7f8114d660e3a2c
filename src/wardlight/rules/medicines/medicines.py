"""Charting a dose: given, partly given, refused, not given, held; an infusion begun or changed.

Nothing here keeps a nurse from writing what was done. What cannot be (a time to come, a dose of
nothing) is said at the field; what is dangerous is a warning with a reason for going on; another
patient's wristband stops the page until a second person has looked.
"""

from __future__ import annotations

from wardlight.record.codes import Coded, DoseState
from wardlight.record.events.entered import Warned
from wardlight.record.events.ordering import DoseCharted
from wardlight.record.instants import Instant, Moment
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.knowing import known_of
from wardlight.rules.medicines.dose_warnings import dose_warnings
from wardlight.rules.medicines.dosing import DoseAsked
from wardlight.rules.paperwork.wristband import Band, band_of
from wardlight.rules.times import TimeTrouble, when
from wardlight.views.facts import Chart, OrderFact

STATES = tuple(DoseState)
STEPS = ("begun", "rate changed", "bag changed", "stopped for now", "ended")
WRONG_BAND, SHARED_BAND = "wrong-wristband", "shared-wristband-number"
NOTHING_YET = "Nothing was charted yet: look at the marked fields."


def dose(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Chart what happened to one dose of an order, or a dose without one."""
    chart = ground.views.chart(asked.patient)
    order = order_of(chart, asked.fields.one("order"))
    at = when(asked, ground)
    wrong = _wrong(asked, order)
    if isinstance(at, TimeTrouble):
        return Refusal(NOTHING_YET, {**wrong, "at": at})
    band = band_of(asked, ground)
    wrong |= _stopped_by_band(asked, band)
    if wrong:
        because = band.words if band.other and "wristband" in wrong else NOTHING_YET
        return Refusal(because, wrong)
    said = _said(asked, order, at, band)
    warnings = _band_warnings(band)
    warnings += _warnings(asked, ground, order, said)
    return Accepted(said=said, occurred=at, warnings=tuple(warnings))


def _band_warnings(band: Band) -> list[Warned]:
    if band.other:
        return [Warned(WRONG_BAND, band.words)]
    return [Warned(SHARED_BAND, band.words, asks=False)] if band.words else []


def _warnings(
    asked: Asked, ground: Ground, order: OrderFact | None, said: DoseCharted
) -> tuple[Warned, ...]:
    """Return what the tables and the chart say against this dose."""
    known = known_of(ground, asked.patient, order)
    if known is None:
        return ()
    dose = DoseAsked(
        drug=said.drug,
        at=said.at.at,
        state=said.state,
        amount=said.amount,
        unit=said.unit,
        rate=said.rate,
        step=said.step,
        route=said.route,
        order=order,
        second_check=said.second_check,
        by=asked.author.name,
        corrects=asked.corrects,
    )
    return dose_warnings(dose, known)


def order_of(chart: Chart, number: str) -> OrderFact | None:
    """Return the order of that number; None when there is none."""
    return next((one for one in chart.orders if number and one.number == number), None)


def _wrong(asked: Asked, order: OrderFact | None) -> dict[str, str]:
    fields = asked.fields
    wrong: dict[str, str] = {}
    if order is None and not fields.one("drug"):
        wrong["drug"] = "Say which medicine it was."
    state = fields.one("state")
    if state not in STATES:
        wrong["state"] = "Say what happened to the dose."
    given = state in (DoseState.GIVEN, DoseState.PARTLY)
    if given and not (fields.one("amount") or fields.one("rate") or fields.one("step")):
        wrong["amount"] = "Write the dose that was given."
    if state in (DoseState.REFUSED, DoseState.NOT_GIVEN) and not fields.one("reason"):
        wrong["reason"] = "Say why it was not given."
    if fields.one("step") and fields.one("step") not in STEPS:
        wrong["step"] = f"Choose one of {', '.join(STEPS)}."
    return wrong


def _stopped_by_band(asked: Asked, band: Band) -> dict[str, str]:
    """Return what is missing before somebody may go on with another patient's wristband."""
    if not band.other:
        return {}
    wrong: dict[str, str] = {}
    if not asked.reason_for(WRONG_BAND):
        wrong["wristband"] = "This wristband is another patient's. Stop, and look who this is."
    if not asked.fields.one("wristband_second"):
        wrong["wristband_second"] = "A second person has to look and write their name."
    return wrong


def _said(asked: Asked, order: OrderFact | None, at: Instant, band: Band) -> DoseCharted:
    fields = asked.fields
    detail = order.detail if order else None
    return DoseCharted(
        order=order.number if order else "",
        drug=order.what if order else Coded(text=fields.one("drug")),
        at=Moment(at),
        state=DoseState(fields.one("state")),
        amount=fields.one("amount"),
        unit=fields.one("unit") or (detail.unit if detail else ""),
        route=fields.one("route") or (detail.route if detail else ""),
        site=fields.one("body_site"),
        reason=fields.one("reason"),
        rate=fields.one("rate"),
        step=fields.one("step"),
        second_check=fields.one("second_check"),
        wristband=band.how,
    )
