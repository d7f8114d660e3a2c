"""Requests to laboratory, imaging, blood bank and other hospitals, with every step of each.

A loop is known by its request's number. Steps are kept in the order they happened, so that what
comes late falls into its place; what was corrected or made in error stays but counts no more.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any, TypeVar, get_args

from msgspec import Struct, convert, to_builtins

from wardlight.record.entry import Entry
from wardlight.record.events.charting import EntryVoided
from wardlight.record.events.entered import Entered
from wardlight.record.events.imaging import ImagingSaid
from wardlight.record.events.laboratory import (
    LaboratorySaid,
    ResultEntered,
    SpecimenReceived,
    SpecimenUnmatched,
)
from wardlight.record.events.transfers import TransferSaid
from wardlight.record.events.transfusion import BloodTested, TransfusionSaid
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant

LoopSaid = LaboratorySaid | ImagingSaid | TransfusionSaid | TransferSaid
_UNMATCHED = ""  # the request of results nobody could place

T = TypeVar("T")


class Step(Struct, frozen=True, kw_only=True, gc=False):
    """One statement in a loop: what, when it happened, when it was written, by whom, where."""

    id: str  # what later entries call it
    said: LoopSaid
    patient: PatientKey
    site: str
    occurred: Instant
    recorded: Instant
    position: int
    by: str
    role: str = ""
    station: str = ""
    corrects: str = ""

    def is_called(self, names: Container[str]) -> bool:
        """Return whether one of these names it; the device's id alone means every version."""
        return self.id in names or self.id.partition(".")[0] in names


class _Back(Struct, frozen=True, gc=False):
    """One entry that takes another back."""

    position: int
    id: str
    target: str


class Loops:
    """Every loop of a node."""

    def __init__(self) -> None:
        self._steps: dict[str, list[Step]] = {}
        self._backs: list[_Back] = []
        self._gone: Mapping[str, int] = {}
        self._accessions: dict[str, set[str]] = {}
        self._matched: dict[str, set[str]] = {}
        self._patients: dict[PatientKey, set[str]] = {}
        self._read: dict[str, dict[object, object]] = {}

    def take(self, entry: Entry, entered: Entered) -> None:
        """Take one entry of staff into account; what belongs to no loop is left alone."""
        said = entered.said
        if isinstance(said, EntryVoided):
            self._take_back(_Back(entry.position, entered.name(), said.entry))
        elif isinstance(said, _SAID):
            self._keep(_step(entry, entered, said))
            if entered.corrects:
                self._take_back(_Back(entry.position, entered.name(), entered.corrects))

    def requests(self) -> Iterator[str]:
        """Give the number of every request."""
        return (request for request in self._steps if request != _UNMATCHED)

    def requests_of(self, is_theirs: Callable[[PatientKey], bool]) -> Iterator[str]:
        """Give the requests of a patient; `is_theirs` knows their retired numbers."""
        for patient, requests in self._patients.items():
            if is_theirs(patient):
                yield from sorted(requests)

    def steps(self, request: str) -> tuple[Step, ...]:
        """Return what counts of a loop, in the order it happened."""
        stands = (one for one in self._steps.get(request, ()) if not _is_gone(one, self._gone))
        return tuple(sorted(stands, key=lambda one: (one.occurred, one.position)))

    def read(self, request: str, fold: Callable[[tuple[Step, ...]], T]) -> T:
        """Return a loop as `fold` reads it; read again only when something was added to it."""
        known = self._read.setdefault(request, {})
        if fold not in known:
            known[fold] = fold(self.steps(request))
        return known[fold]  # type: ignore[return-value]  # what this very fold returned

    def numbered(self, accession: str) -> tuple[str, ...]:
        """Return the requests whose specimen carries an accession number; more than one is odd."""
        found = self._accessions.get(accession, set())
        return tuple(sorted(one for one in found if accession in _accessions(self.steps(one))))

    def unmatched(self) -> tuple[Step, ...]:
        """Return the results nobody could place yet, oldest first."""
        return tuple(one for one in self.steps(_UNMATCHED) if not self._is_matched(one))

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        steps = [step for held in self._steps.values() for step in held]
        return {"steps": to_builtins(steps), "backs": to_builtins(self._backs)}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        for step in convert(kept["steps"], list[Step]):
            self._keep(step)
        self._backs = convert(kept["backs"], list[_Back])
        self._gone = _gone(self._backs)

    def _keep(self, step: Step) -> None:
        said = step.said
        request = _UNMATCHED if isinstance(said, SpecimenUnmatched) else said.request
        self._steps.setdefault(request, []).append(step)
        self._read.pop(request, None)
        if request != _UNMATCHED:
            self._patients.setdefault(step.patient, set()).add(request)
        if isinstance(said, SpecimenReceived | BloodTested) and said.accession:
            self._accessions.setdefault(said.accession, set()).add(request)
        if isinstance(said, ResultEntered) and said.matches:
            self._matched.setdefault(said.matches, set()).add(request)

    def _take_back(self, back: _Back) -> None:
        self._backs.append(back)
        self._gone = _gone(self._backs)
        self._read.clear()

    def _is_matched(self, unmatched: Step) -> bool:
        names = (unmatched.id, unmatched.id.partition(".")[0])
        return any(
            isinstance(step.said, ResultEntered) and step.said.matches in names
            for name in names
            for request in self._matched.get(name, ())
            for step in self.steps(request)
        )


_SAID = get_args(LoopSaid)


def _step(entry: Entry, entered: Entered, said: LoopSaid) -> Step:
    return Step(
        id=entered.name(),
        said=said,
        patient=entered.patient,
        site=entry.site,
        occurred=entry.occurred,
        recorded=entry.recorded,
        position=entry.position,
        by=entered.by,
        role=entered.role,
        station=entered.station,
        corrects=entered.corrects,
    )


def _gone(backs: list[_Back]) -> Mapping[str, int]:
    """Return what was taken back and where in the log; one that was taken back takes none."""
    gone: dict[str, int] = {}
    for back in sorted(backs, key=lambda one: -one.position):
        if _position(back.id, gone) < back.position and back.target != back.id:
            gone.setdefault(back.target, back.position)
    return gone


def _position(name: str, gone: Mapping[str, int]) -> int:
    return max(gone.get(name, 0), gone.get(name.partition(".")[0], 0))


def _is_gone(step: Step, gone: Mapping[str, int]) -> bool:
    return _position(step.id, gone) > step.position


def _accessions(steps: tuple[Step, ...]) -> set[str]:
    return {
        step.said.accession
        for step in steps
        if isinstance(step.said, SpecimenReceived | BloodTested)
    }
