"""Where a patient was at any past minute, and whether everybody is accounted for.

In house, transferred, discharged, died, left unseen and left against advice are together all who
were registered: every stay is in exactly one of these. What was taken back since counts as never
said: the answer is what is known now of that minute.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from wardlight.record.codes import Location, StayClass
from wardlight.record.events.registration import Leaving
from wardlight.record.events.stays import Step
from wardlight.record.identity import PatientKey
from wardlight.record.instants import DAY, Instant, Moment
from wardlight.views.fold import Views
from wardlight.views.patients.stays import Taken, counts, folded
from wardlight.views.rows import Stay, StayState
from wardlight.views.transfers.transfers import Case, case


class Way(StrEnum):
    """Where somebody who was registered is."""

    HERE = "in house"
    TRANSFERRED = "transferred"
    DISCHARGED = "discharged"
    DIED = "died"
    UNSEEN = "left without being seen"
    AGAINST_ADVICE = "left against medical advice"


_BY_LEAVING = {
    Leaving.DISCHARGED: Way.DISCHARGED,
    Leaving.TRANSFERRED: Way.TRANSFERRED,
    Leaving.DIED: Way.DIED,
    Leaving.UNSEEN: Way.UNSEEN,
    Leaving.AGAINST_ADVICE: Way.AGAINST_ADVICE,
}
# PV1-36, HL7 table 0112: the patient discharge status codes of the UB-04 claim form.
_BY_CODE = {
    **dict.fromkeys(("02", "05", "43", "61", "62", "63", "65", "66", "70"), Way.TRANSFERRED),
    **dict.fromkeys(("20", "40", "41", "42"), Way.DIED),
    "07": Way.AGAINST_ADVICE,
}
_NOT_COUNTED = frozenset({StayState.EXPECTED, StayState.CANCELLED, StayState.DELETED})
_NOT_IN_BEDS = frozenset({StayClass.OUTPATIENT, StayClass.PREADMIT})
_UNDOES = {Step.CANCEL_DISCHARGE: Step.DISCHARGE, Step.CANCEL_MOVE: Step.MOVE}
_GONE = frozenset({StayState.CANCELLED, StayState.DELETED})


class Whereabouts(Struct, frozen=True, kw_only=True, gc=False):
    """Where one patient was at one minute."""

    patient: PatientKey
    at: Instant
    way: Way
    site: str
    since: Instant  # of the step that says so
    said_by: str  # whose word that is
    location: Location = Location()  # the bed, or the last one
    off_unit: Location | None = None
    to: str = ""  # hospital, of who was transferred
    on_the_way: bool = False
    where: str = ""  # ward there, as far as they said


def where(views: Views, patient: PatientKey, at: Instant) -> Whereabouts | None:
    """Return where a patient was; None when nothing was known of them here by then."""
    patient = views.people.resolve(patient)
    cleaned = as_it_was(views.census.steps(patient))
    known = folded(one for one in cleaned if one.movement.at <= at)
    been = {visit: stay for visit, stay in known.items() if stay.state not in _NOT_COUNTED}
    stay = counts(been)  # who left is where they went to, also while they are expected again
    if stay is None:
        return None
    way = way_of(stay, _died(views, patient, at))
    found = Whereabouts(
        patient=patient,
        at=at,
        way=way,
        site=stay.site,
        since=stay.stamp.occurred,
        said_by=stay.stamp.said_by(),
        location=stay.location,
        off_unit=stay.temporary,
    )
    return found if way is not Way.TRANSFERRED else _at_the_other(views, found, stay)


def _at_the_other(views: Views, found: Whereabouts, stay: Stay) -> Whereabouts:
    """Return it with the hospital they were in, or on the way to, by then."""
    requests = views.loops.requests_of(lambda key: views.people.resolve(key) == found.patient)
    known = [one for one in (_case_at(views, number, found.at) for number in requests) if one]
    gone = [one for one in known if one.departed is not None and one.site == stay.site]
    if not gone:
        said = stay.disposition.removeprefix(Leaving.TRANSFERRED).strip()
        return replace(found, to=said)
    last = max(gone, key=lambda one: one.departed.step.occurred if one.departed else 0)
    arrived = last.arrived
    return replace(
        found,
        to=last.heading(),
        on_the_way=arrived is None,
        since=arrived.step.occurred if arrived else found.since,
        said_by=arrived.step.by if arrived else found.said_by,
        where=arrived.said.where if arrived else "",
    )


def _case_at(views: Views, request: str, at: Instant) -> Case | None:
    return case(tuple(one for one in views.loops.steps(request) if one.occurred <= at))


def _died(views: Views, patient: PatientKey, at: Instant) -> Moment | None:
    person = views.people.person(patient)
    died = person.died if person is not None else None
    return died if died is not None and died.at <= at else None


def way_of(stay: Stay, died: Moment | None) -> Way:
    """Return where the patient of a stay is. `died` is the patient's death, if known by then."""
    said = stay.disposition
    if stay.state is not StayState.LEFT:
        return Way.DIED if died is not None and died.at >= _began(stay) else Way.HERE
    for leaving, way in _BY_LEAVING.items():
        if said == leaving or said.startswith(f"{leaving} "):
            return way
    coded = _BY_CODE.get(said.partition("^")[0].strip().zfill(2))
    if coded is not None:
        return coded
    ended = stay.discharged.at if stay.discharged else stay.stamp.occurred
    here = died is not None and _began(stay) <= died.at <= ended + DAY
    return Way.DIED if here else Way.DISCHARGED


def _began(stay: Stay) -> int:
    return stay.admitted.at if stay.admitted else 0


def as_it_was(steps: Sequence[Taken]) -> tuple[Taken, ...]:
    """Return the steps without what was taken back later: errors never were."""
    gone = {visit for visit, stay in folded(steps).items() if stay.state in _GONE}
    kept: list[Taken] = []
    for taken in steps:
        movement = taken.movement
        if movement.visit in gone:
            continue
        undone = _undone(kept, taken)
        if undone is None:
            kept.append(taken)
        else:
            kept.pop(undone)
            if movement.location is not None:  # they may lie elsewhere since: a move, not a cancel
                moved = replace(movement, step=Step.MOVE, discharged=None)
                kept.append(replace(taken, movement=moved))
    return tuple(kept)


def _undone(kept: Sequence[Taken], taken: Taken) -> int | None:
    """Return which step a cancel takes back; None when it is no cancel, or nothing is there."""
    wanted = _UNDOES.get(taken.movement.step)
    if wanted is None:
        return None
    for at in range(len(kept) - 1, -1, -1):
        one = kept[at].movement
        if one.step is wanted and one.visit == taken.movement.visit:
            return at
    return None


class Tally(Struct, frozen=True, kw_only=True, gc=False):
    """Everybody who was in a hospital since a time, each stay in exactly one way."""

    site: str
    since: Instant
    at: Instant
    stays: tuple[tuple[Stay, Way], ...] = ()

    def registered(self) -> int:
        """Return how many were in house at the beginning or came since."""
        return len(self.stays)

    def count(self, way: Way) -> int:
        """Return how many are in one of the ways."""
        return Counter(one for _, one in self.stays)[way]


def tally(views: Views, site: str, since: Instant, at: Instant) -> Tally:
    """Return where everybody is at `at` who was in house at `since` or came after."""
    found = [
        (stay, way)
        for patient in sorted(views.census.in_house_since(since))
        for stay, way in _stays_at(views, patient, at)
        if stay.site == site and not _ended_before(stay, since)
    ]
    return Tally(site=site, since=since, at=at, stays=tuple(found))


def _stays_at(views: Views, patient: PatientKey, at: Instant) -> Iterable[tuple[Stay, Way]]:
    steps = as_it_was(views.census.steps(patient))
    died = _died(views, patient, at)
    for stay in folded(one for one in steps if one.movement.at <= at).values():
        if stay.state not in _NOT_COUNTED and stay.stay_class not in _NOT_IN_BEDS:
            yield stay, way_of(stay, died)


def _ended_before(stay: Stay, since: Instant) -> bool:
    ended = stay.discharged.at if stay.discharged else stay.stamp.occurred
    return stay.state is StayState.LEFT and ended < since
