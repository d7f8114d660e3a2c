"""Every specimen from requisition to recipient, and the boards a laboratory works from.

A specimen is traced by its request's number: asked, taken, received under its accession number,
found, told, read back, acknowledged. Who it belongs to, and where they lie, is looked up when
somebody reads, so that a result follows a patient who was moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from wardlight.record.codes import Coded, Location
from wardlight.record.events.laboratory import (
    Loss,
    Priority,
    ResultEntered,
    SpecimenLost,
    SpecimenReceived,
    SpecimenRequested,
    SpecimenSentOut,
)
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.views.bedside.findings import Finding, findings
from wardlight.views.laboratory.loops import Loops, Step


class SpecimenState(StrEnum):
    """Where a specimen stands."""

    REQUESTED = "requested, not taken"
    ON_THE_WAY = "taken, on the way"
    RECEIVED = "in the laboratory"
    SENT_OUT = "sent out"
    PARTLY = "partly resulted"
    RESULTED = "resulted"
    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"
    LOST = "lost"
    CANCELLED = "cancelled"


PENDING = frozenset(
    {
        SpecimenState.REQUESTED,
        SpecimenState.ON_THE_WAY,
        SpecimenState.RECEIVED,
        SpecimenState.SENT_OUT,
        SpecimenState.PARTLY,
    }
)
TO_RECEIVE = frozenset({SpecimenState.REQUESTED, SpecimenState.ON_THE_WAY})
_ENDED = {
    Loss.LOST: SpecimenState.LOST,
    Loss.REJECTED: SpecimenState.REJECTED,
    Loss.CANCELLED: SpecimenState.CANCELLED,
}


class Trace(Struct, frozen=True, kw_only=True, gc=False):
    """One specimen as far as it has come."""

    request: str
    patient: PatientKey  # by the number of that time
    site: str
    started: Instant  # taken, else asked, else received: what its age is counted from
    state: SpecimenState
    tests: tuple[Coded, ...] = ()
    open_tests: tuple[Coded, ...] = ()  # asked and not answered
    priority: Priority = Priority.ROUTINE
    group: str = ""
    accession: str = ""
    asked: Step | None = None
    received: Step | None = None
    sent_out: Step | None = None
    ended: Step | None = None  # rejected, lost or cancelled
    findings: tuple[Finding, ...] = ()
    replaces: str = ""

    def place(self) -> Location:
        """Return where the patient lay when it was asked for."""
        said = self.asked.said if self.asked else None
        return said.place if isinstance(said, SpecimenRequested) else Location()

    def callback(self) -> str:
        """Return the phone that is answered on the ward that asked."""
        said = self.asked.said if self.asked else None
        return said.callback if isinstance(said, SpecimenRequested) else ""

    def label(self) -> str:
        """Return what the laboratory calls it: its accession number, else the tests."""
        return self.accession or ", ".join(one.words() for one in self.tests) or "not named"

    def to_tell(self) -> tuple[Finding, ...]:
        """Return what nobody was told and nobody acknowledged."""
        return tuple(one for one in self.findings if not (one.told or one.acknowledged))

    def unacknowledged(self) -> tuple[Finding, ...]:
        """Return what the ward has not acknowledged."""
        return tuple(one for one in self.findings if one.acknowledged is None)


def traced(steps: tuple[Step, ...]) -> Trace | None:
    """Return the specimen of one loop; None when the loop is not the laboratory's."""
    asked = _last(steps, SpecimenRequested)
    received = _last(steps, SpecimenReceived)
    first = asked or received or _last(steps, ResultEntered)
    if first is None:
        return None
    request = first.said.request  # type: ignore[union-attr]  # one of the three above
    said = asked.said if asked else None
    wanted = said if isinstance(said, SpecimenRequested) else None
    tests = wanted.tests if wanted else ()
    found = findings(request, steps)
    taken = wanted.collected.at if wanted and wanted.collected else first.occurred
    parts = _Parts(steps, asked, received, found, _unanswered(tests, found))
    return Trace(
        request=request,
        patient=first.patient,
        site=first.site,
        started=taken,
        state=_state(parts, taken=bool(wanted and wanted.collected)),
        tests=tests,
        open_tests=parts.open_tests,
        priority=wanted.priority if wanted else Priority.ROUTINE,
        group=wanted.group if wanted else "",
        accession=_accession(steps),
        asked=asked,
        received=received,
        sent_out=_last(steps, SpecimenSentOut),
        ended=_ended(steps),
        findings=found,
        replaces=wanted.replaces if wanted else "",
    )


class _Parts(Struct, frozen=True, gc=False):
    """What the state of a specimen is told by."""

    steps: tuple[Step, ...]
    asked: Step | None
    received: Step | None
    found: tuple[Finding, ...]
    open_tests: tuple[Coded, ...]


def _state(parts: _Parts, *, taken: bool) -> SpecimenState:
    if parts.found:
        return _found_state(parts)
    ended = _ended(parts.steps)
    if ended is not None:
        return _how_ended(ended)
    if _last(parts.steps, SpecimenSentOut):
        return SpecimenState.SENT_OUT
    if parts.received:
        return SpecimenState.RECEIVED
    return SpecimenState.ON_THE_WAY if taken else SpecimenState.REQUESTED


def _found_state(parts: _Parts) -> SpecimenState:
    if parts.open_tests and _ended(parts.steps) is None:
        return SpecimenState.PARTLY
    if all(one.acknowledged for one in parts.found):
        return SpecimenState.ACKNOWLEDGED
    return SpecimenState.RESULTED


def _ended(steps: tuple[Step, ...]) -> Step | None:
    """Return the step that says there will be no (further) result; a later receipt undoes it."""
    for step in reversed(steps):
        if isinstance(step.said, SpecimenLost):
            return step
        if isinstance(step.said, SpecimenReceived):
            return step if step.said.rejected else None
    return None


def _how_ended(step: Step) -> SpecimenState:
    return _ENDED[step.said.loss] if isinstance(step.said, SpecimenLost) else SpecimenState.REJECTED


def _unanswered(tests: tuple[Coded, ...], found: tuple[Finding, ...]) -> tuple[Coded, ...]:
    said = [one.step.said for one in found]
    results = [one for one in said if isinstance(one, ResultEntered)]
    if any(one.complete for one in results) or (results and len(tests) == 1):
        return ()
    answered = {one.test.key() for one in results}
    answered |= {line.test.key() for one in results for line in one.lines}
    return tuple(test for test in tests if test.key() not in answered)


def _accession(steps: tuple[Step, ...]) -> str:
    step = _last(steps, SpecimenReceived) or _last(steps, ResultEntered)
    said = step.said if step else None
    return said.accession if isinstance(said, SpecimenReceived | ResultEntered) else ""


def _last(steps: tuple[Step, ...], kind: type) -> Step | None:
    return next((one for one in reversed(steps) if isinstance(one.said, kind)), None)


def traces(loops: Loops, requests: Iterable[str] | None = None) -> tuple[Trace, ...]:
    """Return the specimens of these requests, of all when none are named; oldest first."""
    chosen = loops.requests() if requests is None else requests
    found = (loops.read(request, traced) for request in chosen)
    return tuple(sorted((one for one in found if one), key=lambda one: (one.started, one.request)))


def pending_tests(found: Iterable[Trace]) -> tuple[str, ...]:
    """Return the names of the tests that are still out."""
    return tuple(test.words() for one in found if one.state in PENDING for test in one.open_tests)
