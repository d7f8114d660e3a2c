"""Doses and orders that staff wrote, as chart events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wardlight.record.codes import OrderState
from wardlight.record.events.charting import ChartEvent, DoseRecorded, OrderChanged
from wardlight.record.events.entered import Entered
from wardlight.record.events.ordering import DoseCharted, Ending, OrderEnded, OrderWritten
from wardlight.record.instants import Instant, Moment

_CONTROL = {Ending.STOPPED: "DC", Ending.HELD: "HD", Ending.RESUMED: "RL"}  # HL7 table 0119
_STATE = {
    Ending.STOPPED: OrderState.STOPPED,
    Ending.HELD: OrderState.HELD,
    Ending.RESUMED: OrderState.ACTIVE,
}


def dose_recorded(entered: Entered, said: DoseCharted, _: Instant) -> Iterator[DoseRecorded]:
    """Give a charted dose; how it was given and who checked it stands in the note."""
    how = [
        " ".join(part for part in ("infusion", said.step) if part) if said.step else "",
        f"rate {said.rate}" if said.rate else "",
        f"second check {said.second_check}" if said.second_check else "",
        f"for {entered.on_behalf_of}" if entered.on_behalf_of else "",
    ]
    yield DoseRecorded(
        order=said.order,
        drug=said.drug,
        at=said.at,
        amount=said.amount,
        unit=said.unit,
        state=said.state,
        reason=said.reason,
        by=entered.by,
        route=said.route,
        site=said.site,
        note=" · ".join(part for part in how if part),
        key=entered.id + entered.content,
    )


def order_written(entered: Entered, said: OrderWritten, at: Instant) -> Iterator[ChartEvent]:
    """Give the order, and the end of the one it takes the place of."""
    if said.replaces:
        yield OrderChanged(
            number=said.replaces, control="DC", state=OrderState.REPLACED, kind=said.kind
        )
    yield OrderChanged(
        number=said.number,
        control="NW",
        kind=said.kind,
        what=said.what,
        detail=said.detail,
        prescriber=said.prescriber or entered.by,
        ordered=Moment(at),
        timing=said.timing,
        full=True,
        as_received=said.text,
    )


def order_ended(_: Entered, said: OrderEnded, __: Instant) -> Iterator[OrderChanged]:
    """Give what ends, holds or resumes an order; who ordered it first stays its prescriber."""
    why = (
        said.reason,
        f"for {said.prescriber}" if said.prescriber else "",
        f"read back by {said.read_back_by}" if said.read_back_by else "",
    )
    yield OrderChanged(
        number=said.number,
        control=_CONTROL[said.ending],
        state=_STATE[said.ending],
        what=said.what,
        reason=" · ".join(part for part in why if part),
    )


CHARTED: Mapping[type, Any] = {
    DoseCharted: dose_recorded,
    OrderWritten: order_written,
    OrderEnded: order_ended,
}
