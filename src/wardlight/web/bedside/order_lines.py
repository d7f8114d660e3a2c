"""One order as a sheet and a pharmacist's list show it: what, where it stands, on whose word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b

from msgspec import Struct

from wardlight.record.codes import OrderKind, OrderState
from wardlight.record.entry import Entry
from wardlight.record.events.charting import Check
from wardlight.record.events.entered import Entered, unpacked
from wardlight.record.events.ordering import OrderWritten
from wardlight.record.instants import Instant
from wardlight.rules.bedside.orders import ENDED, OTHER_KINDS
from wardlight.views.bedside.medication_words import MedicationWords, drug_words, medication_words
from wardlight.views.facts import CheckFact, OrderFact
from wardlight.web.page import Desk
from wardlight.web.times import Times

STATE_MARKS = {
    OrderState.HELD: "HELD",
    OrderState.STOPPED: "STOPPED",
    OrderState.COMPLETED: "CARRIED OUT",
    OrderState.REPLACED: "REPLACED",
    OrderState.UNKNOWN: "STATE NOT KNOWN: look at the original order",
}


class OrderLine(Struct, frozen=True, kw_only=True):
    """One order in words, with what a form about it has to carry."""

    key: str  # the same for as long as the order is on the chart
    number: str
    what: str
    entry: str  # "" for an order a feed sent
    name: str
    medicine: MedicationWords | None
    text: str  # instructions, or the order as it was received
    indication: str
    when: str  # first dose, times of day
    state: str  # "" while it simply runs
    changed: str  # who stopped, held or resumed it, when and why
    ordered: str
    ordered_at: Instant
    by: str  # prescriber, contact, who wrote it down, who read it back
    warned: tuple[str, ...]
    checks: tuple[str, ...]
    waits: tuple[str, ...]  # "not verified", "asked to clarify", "not noted"
    running: bool
    since_off: bool
    typed: Mapping[str, str]  # what a form that corrects it begins with


def key_of(order: OrderFact) -> str:
    """Return the place of an order on its page."""
    said = f"{order.number}\0{order.what.key()}".encode()
    return "order-" + blake2b(said, digest_size=6).hexdigest()


def written_of(desk: Desk, orders: Iterable[OrderFact]) -> dict[str, Entered]:
    """Return the entries in which these orders were written, by their names."""
    ids = {order.entry.partition(".")[0] for order in orders if order.entry}
    places = sorted({one.position for id_ in ids for one in desk.views.entries.made(id_)})
    found: list[Entry] = desk.views.charts.fetch(places) if places else []
    entered = [unpacked(entry.body) for entry in found]
    return {one.name(): one for one in entered if isinstance(one.said, OrderWritten)}


def is_to_verify(order: OrderFact) -> bool:
    """Return whether a medicine was ordered here and no pharmacist has said yes to it."""
    medicine = order.kind is OrderKind.MEDICATION and order.detail is not None
    return medicine and bool(order.entry) and _runs(order) and not _said(order, Check.VERIFIED)


def is_to_clarify(order: OrderFact) -> bool:
    """Return whether somebody asked about an order and nothing came of it yet."""
    asks = [one.check for one in order.checks if one.check in (Check.CLARIFY, Check.VERIFIED)]
    return _runs(order) and bool(asks) and asks[-1] is Check.CLARIFY


def is_to_note(order: OrderFact) -> bool:
    """Return whether no nurse has said that an order which was written here was seen."""
    seen = _said(order, Check.NOTED) or _said(order, Check.DONE)
    return bool(order.entry) and _runs(order) and not seen


def _runs(order: OrderFact) -> bool:
    return order.state not in ENDED


def _said(order: OrderFact, check: Check) -> bool:
    return any(one.check is check for one in order.checks)


def ordered_at(order: OrderFact) -> Instant:
    """Return when an order was given; where that was not said, when it last changed."""
    return order.ordered.at if order.ordered else order.stamp.occurred


def order_line(order: OrderFact, entered: Entered | None, t: Times) -> OrderLine:
    """Return an order in words; `entered` is the entry it was written in, where it was."""
    medicine = (
        medication_words(order.detail, as_received=order.as_received, timing=order.timing)
        if order.detail
        else None
    )
    detail, since = order.detail, ordered_at(order)
    return OrderLine(
        key=key_of(order),
        number=order.number,
        what=order.what.key(),
        entry=order.entry,
        name=(medicine.drug if medicine else "") or _named(order),
        medicine=medicine,
        text=detail.instructions if detail else "",
        indication=detail.indication if detail else "",
        when=_when(order, t),
        state=STATE_MARKS.get(order.state, ""),
        changed=_changed(order, t),
        ordered=t.full(since),
        ordered_at=since,
        by=_by(order, entered),
        warned=_warned(entered),
        checks=tuple(_check(one, t) for one in order.checks),
        waits=tuple(_waits(order)),
        running=_runs(order),
        since_off=bool(order.entry) or t.after_off(since),
        typed=_typed(entered, t),
    )


def _named(order: OrderFact) -> str:
    words = order.words()
    return drug_words(words) if order.kind is OrderKind.MEDICATION else words


def _when(order: OrderFact, t: Times) -> str:
    timing = order.timing
    starts = timing.starts if order.entry and order.detail else None
    first = f"first dose {t.full(starts.at)}" if starts else ""
    clocks = f"at {', '.join(timing.times)}" if timing.times else ""
    return " \N{MIDDLE DOT} ".join(part for part in (first, clocks) if part)


def _changed(order: OrderFact, t: Times) -> str:
    if order.stamp.entry == order.entry or not (order.reason or order.state in STATE_MARKS):
        return ""
    why = f": {order.reason}" if order.reason else ""
    word = "runs again" if order.state is OrderState.ACTIVE else str(order.state)
    return f"{word} since {t.full(order.stamp.occurred)}, {order.stamp.said_by()}{why}"


def _by(order: OrderFact, entered: Entered | None) -> str:
    said = entered.said if entered else None
    if entered is None or not isinstance(said, OrderWritten):
        return order.prescriber or "prescriber not stated"
    parts = (
        order.prescriber,
        f"contact {said.contact}" if said.contact else "",
        f"written down by {entered.by}" if entered.by != order.prescriber else "",
        f"read back by {said.read_back_by}" if said.read_back_by else "",
    )
    return " \N{MIDDLE DOT} ".join(part for part in parts if part)


def _warned(entered: Entered | None) -> tuple[str, ...]:
    warnings = entered.warnings if entered else ()
    return tuple(
        f"{one.words} Reason for going on: {one.reason or 'none given'}." if one.asks else one.words
        for one in warnings
    )


def _check(one: CheckFact, t: Times) -> str:
    words = "asked to clarify" if one.check is Check.CLARIFY else str(one.check)
    note = f": {one.note}" if one.note else ""
    return f"{words} {t.at(one.stamp.occurred)}, {one.stamp.said_by()}{note}"


def _waits(order: OrderFact) -> Iterable[str]:
    if is_to_clarify(order):
        yield "TO CLARIFY"
    elif is_to_verify(order):
        yield "NOT VERIFIED"
    if is_to_note(order):
        yield "NOT NOTED"


def _typed(entered: Entered | None, t: Times) -> Mapping[str, str]:
    """Return the fields as they were typed, for a form that corrects an order written here."""
    said = entered.said if entered else None
    if not isinstance(said, OrderWritten):
        return {}
    detail, timing = said.detail, said.timing
    kinds = {words: name for name, words in OTHER_KINDS.items()}
    around = {
        "order_kind": kinds.get(said.what.text.partition(":")[0], str(said.kind)),
        "text": said.text,
        "prescriber": said.prescriber,
        "contact": said.contact,
        "read_back_by": said.read_back_by,
        "priority": said.timing.priority,
    }
    if detail is None:
        return around
    return around | {
        "drug": detail.drug.text,
        "amount": detail.dose,
        "unit": detail.unit,
        "form": detail.form,
        "strength": detail.strength,
        "rate": detail.rate,
        "rate_unit": detail.rate_unit,
        "route": detail.route,
        "indication": detail.indication,
        "pattern": timing.pattern,
        "first_at": t.full(timing.starts.at)[-5:] if timing.starts else "",
        "first_on": t.day_box(timing.starts.at) if timing.starts else "",
        "time": " ".join(timing.times),
        "as_needed": "yes" if timing.as_needed else "no",
    }
