"""One patient's stays, step by step: a pure fold over what was said, sorted by event time.

A stay is where a patient is cared for under one visit number. What a step means to it follows
HL7 v2.5.1 §3.3; PV1 is the state after the event. Nothing is evicted and nothing is guessed: a
move whose admission was never seen makes a provisional stay, a step that does not fit leaves a
note in the ward's words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from wardlight.record.codes import Location, StayClass
from wardlight.record.events.stays import Movement, Step
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant, Moment
from wardlight.record.reading import Stamp
from wardlight.views.rows import Stay, StayState

Stays = Mapping[str, Stay]
"""By visit number; `""` for the stay of a patient whose visits have no number."""

MISSED_MOVE = "a move before this one was not seen"
SILENT_MOVE = "moved without a transfer message"
AFTER_DISCHARGE = "a later message speaks of this stay as open; the discharge was not cancelled"

_OPEN = frozenset({StayState.PRESENT, StayState.ON_LEAVE})
_OPENS = frozenset({Step.ADMIT, Step.REGISTER, Step.EXPECT})
_FIRST = 0
_LATER = 1


class Taken(Struct, frozen=True, gc=False):
    """One step of a patient with where it came from."""

    movement: Movement
    stamp: Stamp
    site: str
    whose: PatientKey = PatientKey("")  # as it was said, where a merge gave it to another; "" same

    def order(self) -> tuple[int, int, int]:
        """Return what steps are sorted by: event time; what opens a stay first; then receipt."""
        opens = _FIRST if self.movement.step in _OPENS else _LATER
        return self.movement.at, opens, self.stamp.position


def after(stays: Stays, taken: Taken) -> Stays:
    """Return the stays after one more step."""
    movement = taken.movement
    visit = _visit(stays, movement)
    stay = stays.get(visit)
    if stay is None and movement.step in _NEEDS_A_STAY:
        return stays
    if stay is None:
        stay, stays = _adopted(stays, visit, taken)
    changed = _EFFECTS[movement.step](stay, movement)
    if changed is stay and movement.step is Step.SEEN and not stay.provisional:
        return stays
    return {**stays, visit: _filled(changed, taken)}


def folded(steps: Iterable[Taken]) -> dict[str, Stay]:
    """Return the stays that these steps, sorted, make."""
    stays: Stays = {}
    for taken in steps:
        stays = after(stays, taken)
    return dict(stays)


def counts(stays: Stays) -> Stay | None:
    """Return the stay that a ward means: present, else expected, else the one that ended last."""
    return max(stays.values(), key=_importance, default=None)


def changes_nothing(stays: Stays, movement: Movement) -> bool:
    """Return whether a SEEN need not be kept: its stay was admitted before, whoever comes later."""
    stay = stays.get(_visit(stays, movement))
    return (
        movement.step is Step.SEEN
        and stay is not None
        and not stay.provisional
        and stay.admitted is not None
        and stay.admitted.at <= movement.at
    )


def _visit(stays: Stays, movement: Movement) -> str:
    """Return the visit a step is about; without a number, the patient's stay that counts."""
    if movement.visit:
        return movement.visit
    stay = counts(stays)
    if stay is None or movement.step in _OPENS:
        return ""
    return stay.visit


def _adopted(stays: Stays, visit: str, taken: Taken) -> tuple[Stay, Stays]:
    """Return a new stay, or the provisional one without a number that now gets one."""
    unnumbered = stays.get("")
    if visit and unnumbered is not None and unnumbered.state in _OPEN:
        rest = {number: stay for number, stay in stays.items() if number}
        return replace(unnumbered, visit=visit), rest
    fresh = Stay(
        patient=taken.movement.patient,
        visit=visit,
        state=StayState.PRESENT,
        stamp=taken.stamp,
        site=taken.site,
        provisional=True,
    )
    return fresh, stays


def _filled(stay: Stay, taken: Taken) -> Stay:
    """Return the stay with what the step states of it beside where the patient is."""
    movement = taken.movement
    stated: dict[str, Any] = {
        "attending": movement.attending,
        "service": movement.service,
        "reason": movement.reason,
        "expected_discharge": movement.expected_discharge,
        "expected_return": movement.expected_return,
    }
    changes = {field: value for field, value in stated.items() if value}
    if movement.stay_class is not StayClass.UNKNOWN:
        changes["stay_class"] = movement.stay_class
    if movement.admitted is not None:
        changes |= {"admitted": movement.admitted, "admitted_derived": False}
    return replace(stay, stamp=taken.stamp, patient=movement.patient, **changes)


def _opened(stay: Stay, movement: Movement) -> Stay:
    if stay.state is StayState.LEFT:
        return _noted(stay, AFTER_DISCHARGE)
    derived = stay.admitted is None and movement.admitted is None
    return replace(
        stay,
        state=StayState.PRESENT,
        provisional=False,
        location=movement.location or stay.location,
        admitted=Moment(movement.at) if derived else stay.admitted,
        admitted_derived=derived or stay.admitted_derived,
        planned=None,
    )


def _expected(stay: Stay, movement: Movement) -> Stay:
    if not stay.provisional:
        return stay
    where = movement.location or movement.planned or stay.location
    return replace(stay, state=StayState.EXPECTED, provisional=False, location=where)


def _moved(stay: Stay, movement: Movement) -> Stay:
    if stay.state is StayState.LEFT:
        return _noted(stay, AFTER_DISCHARGE)
    if stay.state is StayState.EXPECTED:
        stay = replace(stay, provisional=True)
    missed = (
        movement.prior is not None
        and stay.location != Location()
        and not _same_place(movement.prior, stay.location)
    )
    stay = _noted(stay, MISSED_MOVE) if missed else stay
    came_from = movement.prior or (stay.location if stay.location != Location() else None)
    return replace(
        stay,
        state=StayState.PRESENT,
        prior=came_from,
        location=movement.location or stay.location,
        temporary=None,
        planned=None,
    )


def _discharged(stay: Stay, movement: Movement) -> Stay:
    return replace(
        stay,
        state=StayState.LEFT,
        discharged=movement.discharged or Moment(movement.at),
        disposition=movement.disposition or stay.disposition,
        location=movement.location or stay.location,
        temporary=None,
        planned=None,
    )


def _updated(stay: Stay, movement: Movement) -> Stay:
    """A08 opens and closes nothing by itself, but many senders move patients with it."""
    if stay.state not in _OPEN:
        return stay
    if stay.provisional and movement.discharged and movement.discharged.at <= movement.at:
        return _discharged(stay, movement)
    where = movement.location
    if where is None or _same_place(where, stay.location):
        return stay
    known = stay.location != Location()
    stay = _noted(stay, SILENT_MOVE) if known and not stay.provisional else stay
    return replace(stay, location=where, prior=stay.location if known else None)


def _seen(stay: Stay, movement: Movement) -> Stay:
    """Let a result or an order prove a stay; it moves nobody whose admission was seen."""
    return _updated(stay, movement) if stay.provisional else stay


def _class_changed(stay: Stay, movement: Movement) -> Stay:
    if stay.state is StayState.LEFT:
        return _noted(stay, AFTER_DISCHARGE)
    return replace(stay, state=StayState.PRESENT, location=movement.location or stay.location)


def _departed(stay: Stay, movement: Movement) -> Stay:
    away = movement.temporary or Location(unit="off the unit")
    return replace(stay, temporary=away) if stay.state in _OPEN else stay


def _arrived(stay: Stay, movement: Movement) -> Stay:
    return replace(stay, temporary=movement.temporary)


def _admit_cancelled(stay: Stay, _: Movement) -> Stay:
    return replace(stay, state=StayState.CANCELLED)


def _move_cancelled(stay: Stay, movement: Movement) -> Stay:
    """A12: PV1-3 is where the patient was before the move."""
    if stay.state not in _OPEN:
        return stay
    return replace(stay, location=movement.location or stay.prior or stay.location, prior=None)


def _discharge_cancelled(stay: Stay, movement: Movement) -> Stay:
    """A13: PV1-3 is where the patient is after the cancel, perhaps another bed."""
    where = movement.location or stay.location
    return replace(
        stay,
        state=StayState.PRESENT,
        location=where,
        discharged=None,
        disposition="",
        notes=tuple(note for note in stay.notes if note != AFTER_DISCHARGE),
    )


def _move_planned(stay: Stay, movement: Movement) -> Stay:
    return replace(stay, planned=movement.planned)


def _discharge_planned(stay: Stay, movement: Movement) -> Stay:
    return replace(stay, expected_discharge=movement.expected_discharge or Moment(movement.at, 8))


def _plan_cancelled(stay: Stay, _: Movement) -> Stay:
    return replace(stay, planned=None, expected_discharge=None)


def _expectation_cancelled(stay: Stay, _: Movement) -> Stay:
    if stay.state is StayState.EXPECTED or stay.provisional:
        return replace(stay, state=StayState.CANCELLED)
    return stay


def _on_leave(stay: Stay, movement: Movement) -> Stay:
    if stay.state not in _OPEN:
        return stay
    return replace(stay, state=StayState.ON_LEAVE, expected_return=movement.expected_return)


def _returned(stay: Stay, movement: Movement) -> Stay:
    if stay.state is not StayState.ON_LEAVE and not stay.provisional:
        return stay
    where = movement.location or stay.location
    return replace(stay, state=StayState.PRESENT, location=where, expected_return=None)


def _deleted(stay: Stay, _: Movement) -> Stay:
    return replace(stay, state=StayState.DELETED)


_EFFECTS: dict[Step, Callable[[Stay, Movement], Stay]] = {
    Step.ADMIT: _opened,
    Step.REGISTER: _opened,
    Step.EXPECT: _expected,
    Step.MOVE: _moved,
    Step.DISCHARGE: _discharged,
    Step.UPDATE: _updated,
    Step.CHANGE_CLASS: _class_changed,
    Step.DEPART: _departed,
    Step.ARRIVE: _arrived,
    Step.CANCEL_ADMIT: _admit_cancelled,
    Step.CANCEL_MOVE: _move_cancelled,
    Step.CANCEL_DISCHARGE: _discharge_cancelled,
    Step.CANCEL_TRACKING: _arrived,
    Step.PLAN_MOVE: _move_planned,
    Step.PLAN_DISCHARGE: _discharge_planned,
    Step.CANCEL_PLAN: _plan_cancelled,
    Step.CANCEL_EXPECT: _expectation_cancelled,
    Step.LEAVE: _on_leave,
    Step.RETURN: _returned,
    Step.CANCEL_LEAVE: _returned,
    Step.CANCEL_RETURN: _on_leave,
    Step.DELETE: _deleted,
    Step.SEEN: _seen,
}
_NEEDS_A_STAY = frozenset({Step.DELETE, Step.CANCEL_EXPECT, Step.CANCEL_PLAN})


def _noted(stay: Stay, note: str) -> Stay:
    return stay if note in stay.notes else replace(stay, notes=(*stay.notes, note))


def _same_place(one: Location, other: Location) -> bool:
    return (one.unit, one.room, one.bed) == (other.unit, other.room, other.bed)


_RANK = {
    StayState.PRESENT: 4,
    StayState.ON_LEAVE: 4,
    StayState.EXPECTED: 3,
    StayState.LEFT: 2,
    StayState.CANCELLED: 1,
    StayState.DELETED: 0,
}


def _importance(stay: Stay) -> tuple[int, Instant, str]:
    began = stay.admitted.at if stay.admitted else stay.stamp.occurred
    return _RANK[stay.state], began, stay.visit
