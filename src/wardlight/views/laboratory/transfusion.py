"""Blood from request to the bedside: what was tested, which unit is where, what happened."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from wardlight.record.events.transfusion import (
    BloodRequested,
    BloodTested,
    Match,
    TransfusionReaction,
    TransfusionStarted,
    TransfusionStopped,
    UnitIssued,
)
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.views.laboratory.loops import Loops, Step

_GROUP = re.compile(r"\b(AB|A|B|O)\s*(?:RH\s*)?(?:\(?D\)?\s*)?(POS|NEG|\+|-)")


class UnitState(StrEnum):
    """Where a unit of blood is."""

    ISSUED = "issued, not begun"
    RUNNING = "running"
    GIVEN = "given"
    STOPPED = "stopped"
    RETURNED = "returned unused"


class Unit(Struct, frozen=True, kw_only=True, gc=False):
    """One unit issued for a patient."""

    number: str
    issued: Step
    said: UnitIssued
    state: UnitState
    started: Step | None = None
    stopped: Step | None = None
    reactions: tuple[Step, ...] = ()


class BloodCase(Struct, frozen=True, kw_only=True, gc=False):
    """One request for blood as far as it has come."""

    request: str
    patient: PatientKey
    site: str
    asked: Step
    wanted: BloodRequested
    tested: Step | None = None
    group: str = ""  # as found in the sample of this request
    antibodies: str = ""
    units: tuple[Unit, ...] = ()

    @property
    def started(self) -> Instant:
        """Return when it was asked for."""
        return self.asked.occurred

    def group_differs(self) -> bool:
        """Return whether the group found is another than the one known before."""
        return group_differs(self.wanted.known_group, self.group)

    def unit(self, number: str) -> Unit | None:
        """Return the unit of that number; None when it was not issued for this request."""
        return next((one for one in self.units if one.number == number), None)


def blood_case(steps: tuple[Step, ...]) -> BloodCase | None:
    """Return the request for blood of one loop; None when the loop is not the bank's."""
    asked = next((one for one in reversed(steps) if isinstance(one.said, BloodRequested)), None)
    if asked is None or not isinstance(asked.said, BloodRequested):
        return None
    tested = next((one for one in reversed(steps) if isinstance(one.said, BloodTested)), None)
    result = tested.said if tested else None
    return BloodCase(
        request=asked.said.request,
        patient=asked.patient,
        site=asked.site,
        asked=asked,
        wanted=asked.said,
        tested=tested,
        group=result.group if isinstance(result, BloodTested) else "",
        antibodies=result.antibodies if isinstance(result, BloodTested) else "",
        units=tuple(
            _unit(one, one.said, steps) for one in steps if isinstance(one.said, UnitIssued)
        ),
    )


def _unit(issued: Step, said: UnitIssued, steps: tuple[Step, ...]) -> Unit:
    mine = [one for one in steps if getattr(one.said, "unit", "") == said.unit]
    started = [one for one in mine if isinstance(one.said, TransfusionStarted)]
    stopped = [one for one in mine if isinstance(one.said, TransfusionStopped)]
    return Unit(
        number=said.unit,
        issued=issued,
        said=said,
        state=_unit_state(stopped[-1].said if stopped else None, started=bool(started)),
        started=started[-1] if started else None,
        stopped=stopped[-1] if stopped else None,
        reactions=tuple(one for one in mine if isinstance(one.said, TransfusionReaction)),
    )


def _unit_state(stopped: object, *, started: bool) -> UnitState:
    if isinstance(stopped, TransfusionStopped):
        if stopped.returned:
            return UnitState.RETURNED
        return UnitState.STOPPED if stopped.reason else UnitState.GIVEN
    return UnitState.RUNNING if started else UnitState.ISSUED


def blood_cases(loops: Loops, requests: Iterable[str] | None = None) -> tuple[BloodCase, ...]:
    """Return the requests for blood, of all when none are named; oldest first."""
    chosen = loops.requests() if requests is None else requests
    found = (loops.read(request, blood_case) for request in chosen)
    return tuple(sorted((one for one in found if one), key=lambda one: (one.started, one.request)))


def emergency_units(cases: Iterable[BloodCase]) -> tuple[int, int]:
    """Return how many O negative and O positive units went out without a crossmatch."""
    groups = [
        _group(unit.said.group)
        for case in cases
        for unit in case.units
        if unit.said.match is Match.EMERGENCY and unit.state is not UnitState.RETURNED
    ]
    return groups.count("O-"), groups.count("O+")


def group_differs(known: str, found: str) -> bool:
    """Return whether two statements name different blood groups; one without a group does not."""
    one, other = _group(known), _group(found)
    return bool(one and other and one != other)


def _group(text: str) -> str:
    """Return a blood group in one spelling, as O- or AB+; "" where none is written."""
    found = _GROUP.search(text.upper().replace("\N{MINUS SIGN}", "-"))
    if found is None:
        return ""
    return found[1] + {"POS": "+", "NEG": "-"}.get(found[2], found[2])
