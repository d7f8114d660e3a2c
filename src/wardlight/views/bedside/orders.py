"""Orders: placed, replaced, held, resumed, stopped; none is ever hidden because it is odd.

Rules of interop.md §6 on HL7 v2.5.1 §4.5.1 (ORC-1, table 0119). An order stays one order when
its second number becomes known; one placer number over several tests stays several orders.
Where a message leaves it open whether an order still runs, it is listed as "unknown".
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from wardlight.record.codes import OrderKind, OrderState
from wardlight.record.events.charting import (
    Check,
    MedicationDetail,
    OrderChanged,
    OrderChecked,
    Timing,
)
from wardlight.record.reading import Charted, Stamp
from wardlight.views.facts import CheckFact, OrderFact

_STOPS = frozenset({"CA", "OC", "CR", "DC", "OD", "DR"})
_HOLDS = frozenset({"HD", "OH", "HR"})
_RESUMES = frozenset({"RL", "OE", "OR", "SC"})
_REPLACED = frozenset({"RP", "RU", "RQ"})  # the old order; RO brings the new one
_STARTS = frozenset({"NW", "SN", "RO", "PA", "CH"})
_REWRITES = frozenset({"XO", "XX", "XR", "RO"})  # states the whole order anew
# Answers, and "unable to …": UD is "unable to discontinue", so the order runs on.
_ANSWERS = frozenset({"OK", "NA", "UA", "UC", "UD", "UF", "UH", "UM", "UN", "UR", "UX"}) | {
    *("RE", "RR", "RF", "AF", "DF", "OF", "SR", "SS", "DE", "LI", "CN", "MC", "OP", "PR", "PY")
}
_KNOWN = _STOPS | _HOLDS | _RESUMES | _REPLACED | _STARTS | _REWRITES | _ANSWERS
_ENDED = frozenset({OrderState.STOPPED, OrderState.COMPLETED, OrderState.REPLACED})


def fold_orders(charted: Sequence[Charted]) -> tuple[OrderFact, ...]:
    """Return every order known, whatever its state, newest first."""
    book = _Book()
    for said in charted:
        if isinstance(said.event, OrderChanged):
            book.write(said.event, said.stamp)
        elif isinstance(said.event, OrderChecked):
            book.check(said.event, said.stamp)
    return tuple(sorted(book.held, key=_newest_first))


def _newest_first(order: OrderFact) -> tuple[int, int, str, str]:
    placed = order.ordered.at if order.ordered else order.stamp.occurred
    return -placed, -order.stamp.position, order.number, order.what.words()


class _Book:
    """The orders while folding, found by any number they have been called by."""

    def __init__(self) -> None:
        self.held: list[OrderFact] = []
        self._by_number: dict[str, list[int]] = {}
        self._by_other: dict[str, list[int]] = {}
        self._corrected: dict[int, int] = {}  # slot → where in the log its correction stands

    def write(self, event: OrderChanged, stamp: Stamp) -> None:
        """Fold one statement in, and end what it says it replaces."""
        slots = self._meant(event, stamp)
        for slot in slots:
            self._put(slot, order_after(self.held[slot], event, stamp))
        if not slots:
            slots = [len(self.held)]
            self._put(slots[0], order_after(None, event, stamp))
        if stamp.corrects:
            self._corrected.update(dict.fromkeys(slots, stamp.position))
        for slot in self._replaced_by(event, stamp):
            if slot not in slots:
                gone = structs.replace(self.held[slot], state=OrderState.REPLACED, stamp=stamp)
                self._put(slot, gone)

    def check(self, event: OrderChecked, stamp: Stamp) -> None:
        """Note what somebody says of an order; a pharmacist's word makes a medicine verified.

        What was said before an order was corrected was said of the wrong one, and does not count.
        """
        for slot in self._called(event.number):
            order = self.held[slot]
            if stamp.position < self._corrected.get(slot, 0):
                continue
            if event.what.words() and order.what.key() != event.what.key():
                continue
            detail, state = order.detail, order.state
            if event.check is Check.VERIFIED and detail is not None:
                detail = structs.replace(detail, verified=True)
            if event.check is Check.DONE and order.kind is not OrderKind.MEDICATION:
                state = OrderState.COMPLETED
            checks = (*order.checks, CheckFact(event.check, stamp, event.note))
            self._put(slot, structs.replace(order, detail=detail, state=state, checks=checks))

    def _put(self, slot: int, order: OrderFact) -> None:
        if slot == len(self.held):
            self.held.append(order)
            self._by_number.setdefault(order.number, []).append(slot)
        else:
            prior, self.held[slot] = self.held[slot], order
            if prior.number != order.number:
                self._by_number[prior.number].remove(slot)
                self._by_number.setdefault(order.number, []).append(slot)
        others = self._by_other.setdefault(order.other_number, [])
        if order.other_number and slot not in others:
            others.append(slot)

    def _called(self, number: str, other: str = "") -> list[int]:
        """Return the orders a number means; its own first, then as another's second number."""
        return (
            self._by_number.get(number)
            or (self._by_number.get(other) if other else None)
            or (self._by_other.get(number) if number else None)
            or []
        )

    def _meant(self, event: OrderChanged, stamp: Stamp) -> list[int]:
        slots = list(self._called(event.number, event.other_number))
        if not event.number:
            return [slot for slot in slots if _unnumbered_twin(self.held[slot], event)]
        if not event.what.words():
            return slots
        same = [slot for slot in slots if _same_what(self.held[slot], event)]
        if same or len(slots) != 1:
            return same
        held = self.held[slots[0]]
        medicine = OrderKind.MEDICATION in (held.kind, event.kind)
        return slots if medicine and not _side_by_side(held, event, stamp) else []

    def _replaced_by(self, event: OrderChanged, stamp: Stamp) -> list[int]:
        named: list[int] = []
        if event.replaces and event.control in _REPLACED | {"RO"}:
            named = list(self._called(event.replaces))
        if event.control == "RO":
            named += [
                slot
                for slot, order in enumerate(self.held)
                if order.control in _REPLACED
                and order.state is OrderState.UNKNOWN
                and order.stamp.position == stamp.position
            ]
        return named


def _same_what(held: OrderFact, event: OrderChanged) -> bool:
    return not held.what.words() or held.what.key() == event.what.key()


def _unnumbered_twin(held: OrderFact, event: OrderChanged) -> bool:
    """Return whether two orders without a number are one: same thing, same dose, same route."""
    one, other = held.detail, event.detail
    if held.what.key() != event.what.key():
        return False
    if one is None or other is None:
        return one is other and held.as_received == event.as_received
    return (one.dose, one.unit, one.route) == (other.dose, other.unit, other.route)


def _side_by_side(held: OrderFact, event: OrderChanged, stamp: Stamp) -> bool:
    """Return whether one message lists two medicines under one number; both must be shown."""
    if held.detail is None or event.detail is None:
        return False
    return (
        held.stamp.position == stamp.position
        and held.detail.verified == event.detail.verified
        and event.control not in _REWRITES | _REPLACED
    )


def order_after(prior: OrderFact | None, event: OrderChanged, stamp: Stamp) -> OrderFact:
    """Return an order after one statement on it; fields that are not stated stay."""
    before = prior or OrderFact(
        number=event.number,
        kind=event.kind,
        state=event.state,
        what=event.what,
        stamp=stamp,
        as_received=event.as_received,
    )
    numbered = not before.other_number or bool(event.other_number)
    detail = _detail_after(before.detail, event)
    takes = event.detail is None or detail is not before.detail or detail is event.detail
    has_source = event.detail is not None and takes
    return OrderFact(
        number=event.number if numbered else before.number,
        other_number=event.other_number or before.other_number,
        kind=before.kind if event.kind is OrderKind.OTHER else event.kind,
        state=_state_after(prior, event, stamp),
        what=event.what if _names_it(before, event, takes=takes) else before.what,
        stamp=stamp,
        ordered=event.ordered or before.ordered,
        prescriber=event.prescriber or before.prescriber,
        detail=detail,
        timing=_timing_after(before.timing, event) if takes else before.timing,
        control=event.control,
        as_received=(event.as_received if has_source else "") or before.as_received,
        checks=before.checks if detail is before.detail else (),
        reason=event.reason or (before.reason if event.control in _ANSWERS else ""),
        entry=stamp.entry if event.control in _STARTS else before.entry,
        control_unknown=bool(event.control) and event.control not in _KNOWN,
    )


def _names_it(before: OrderFact, event: OrderChanged, *, takes: bool) -> bool:
    if not event.what.words():
        return False
    if not before.what.words():
        return True
    return takes and (event.detail is not None or before.kind is not OrderKind.MEDICATION)


def _state_after(prior: OrderFact | None, event: OrderChanged, stamp: Stamp) -> OrderState:
    if event.control in _REPLACED and event.replaces in ("", event.number, event.other_number):
        # Replaced by what? Until the new order is seen, this one stays on the list.
        return prior.state if prior and prior.state in _ENDED else OrderState.UNKNOWN
    stated = _stated_state(event)
    if stated is not OrderState.ACTIVE or prior is None:
        return stated
    if event.control == "RO" and prior.stamp.position == stamp.position:
        return OrderState.ACTIVE if prior.control in _REPLACED else prior.state
    if prior.state in _ENDED:
        # A repeated "new order" or an answer wakes nothing; a change to an ended order is odd.
        return prior.state if event.control in _STARTS | _ANSWERS else OrderState.UNKNOWN
    if prior.state is OrderState.HELD and event.control in _RESUMES:
        return OrderState.ACTIVE
    return prior.state


def _stated_state(event: OrderChanged) -> OrderState:
    if event.state is not OrderState.ACTIVE:
        return event.state
    if event.control in _STOPS:
        return OrderState.STOPPED
    if event.control in _HOLDS:
        return OrderState.HELD
    return OrderState.ACTIVE


def _detail_after(prior: MedicationDetail | None, event: OrderChanged) -> MedicationDetail | None:
    """Return the detail that counts: the pharmacist's (RDE) before the prescriber's (RXO).

    A prescriber's later full change (XO) does replace what the pharmacist had verified: the old
    dose must not be shown as verified once the order has been changed.
    """
    stated = event.detail
    if prior is None or stated is None:
        return stated or prior
    rewritten = event.control in _REWRITES
    if prior.verified and not stated.verified and not rewritten:
        return prior
    return stated if event.full or rewritten else _filled(prior, stated)


def _filled(prior: MedicationDetail, stated: MedicationDetail) -> MedicationDetail:
    fields = {name: getattr(stated, name) for name in MedicationDetail.__struct_fields__}
    drug = fields.pop("drug")
    given = {name: value for name, value in fields.items() if value and value != Timing()}
    return structs.replace(prior, drug=drug if drug.words() else prior.drug, **given)


def _timing_after(prior: Timing, event: OrderChanged) -> Timing:
    stated = event.timing
    if stated == Timing() and event.detail is not None:
        stated = event.detail.timing
    replaces_all = event.detail is not None and (event.full or event.control in _REWRITES)
    return stated if replaces_all or stated != Timing() else prior
