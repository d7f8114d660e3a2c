"""Orders and doses as staff write them while the EHR is off (domain.md W3, W4, P2).

Amounts are text as they were typed: nothing is rounded or converted.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.codes import Coded, DoseState, OrderKind
from wardlight.record.events.charting import MedicationDetail, Timing
from wardlight.record.instants import Moment


class DoseCharted(Struct, frozen=True, kw_only=True, gc=False, tag="dose.charted"):
    """A dose was given, held, refused or not given; an infusion was begun, changed or ended."""

    order: str  # the order's number, as the chart knows it; "" for a dose without an order
    drug: Coded
    at: Moment
    state: DoseState
    amount: str = ""
    unit: str = ""
    route: str = ""
    site: str = ""  # of the body: "left arm"
    reason: str = ""  # for not giving; for a PRN dose, what it was given for
    rate: str = ""  # of an infusion, with its unit
    step: str = ""  # of an infusion: begun, rate changed, bag changed, ended
    second_check: str = ""  # who checked a high-alert drug, independently
    wristband: str = ""  # how the patient was identified: "scanned", "typed", "not possible: …"


class OrderWritten(Struct, frozen=True, kw_only=True, gc=False, tag="order.written"):
    """A prescriber ordered something; a nurse may write it for them after reading it back."""

    number: str  # made on the device
    kind: OrderKind
    what: Coded
    text: str = ""  # the whole order in words, where it is no medicine
    detail: MedicationDetail | None = None
    timing: Timing = Timing()
    prescriber: str = ""
    contact: str = ""  # pager or phone
    read_back_by: str = ""  # who read a spoken order back; "" for a written one
    replaces: str = ""  # number of the order this one takes the place of


class Ending(StrEnum):
    """What happens to an order that runs."""

    STOPPED = "stopped"
    HELD = "held"
    RESUMED = "resumed"


class OrderEnded(Struct, frozen=True, kw_only=True, gc=False, tag="order.ended"):
    """An order was stopped, held or taken up again."""

    number: str
    what: Coded
    ending: Ending
    reason: str = ""
    prescriber: str = ""
    read_back_by: str = ""
