"""Who lies where: the stays of everybody, by unit and bed, each as it was last told.

Late messages fall into their place: a patient's steps are kept sorted by event time and folded
again when one comes late. Two patients in one bed are both shown.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from typing import Any

from msgspec import Struct, structs

from wardlight.record.codes import Location, StayClass
from wardlight.record.events.stays import BedReported, Movement, VisitRenumbered
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.record.reading import Stamp
from wardlight.views.patients.bed_order import natural
from wardlight.views.patients.stays import Stays, Taken, after, changes_nothing, counts, folded
from wardlight.views.rows import BedRow, Stay, StayState, UnitSummary
from wardlight.views.shelf import Shelf

Place = tuple[str, str]
"""Site and unit."""

_IN_HOUSE = frozenset({StayState.PRESENT, StayState.ON_LEAVE})
_FOUND_MAX = 50


class _File(Struct, gc=False):
    """One patient's steps, sorted, and the stays they fold to."""

    steps: list[Taken] = []
    stays: dict[str, Stay] = {}


class _Bed(Struct, frozen=True, gc=False):
    """What was last said of a bed itself."""

    location: Location
    status: str
    at: Instant
    position: int


class Census:
    """The stays of a node's patients."""

    def __init__(self) -> None:
        self._files = Shelf(_File)
        self._units: dict[Place, dict[PatientKey, None]] = {}
        self._places: dict[PatientKey, set[Place]] = {}
        self._beds: dict[Place, dict[str, _Bed]] = {}
        self._renumbered: dict[str, tuple[str, PatientKey]] = {}
        self._left: dict[PatientKey, Instant] = {}
        self._expected: set[PatientKey] = set()

    def take(self, patient: PatientKey, movement: Movement, stamp: Stamp, site: str) -> None:
        """Take one step of a patient into account; `patient` is resolved."""
        said_of = movement.patient
        visit, owner = self._renumbered_to(movement.visit)
        if visit != movement.visit or patient != movement.patient:
            patient = owner or patient
            movement = structs.replace(movement, visit=visit, patient=patient)
        file = self._files.open(patient) or self._files.put(patient, _File())
        if changes_nothing(file.stays, movement):
            return
        taken = Taken(movement, stamp, site, said_of if said_of != patient else PatientKey(""))
        if _is_known(file.steps, taken):
            return
        if not file.steps or file.steps[-1].order() <= taken.order():
            file.steps.append(taken)
            file.stays = dict(after(file.stays, taken))
        else:
            insort(file.steps, taken, key=Taken.order)
            file.stays = folded(file.steps)
        self._note(patient, file)

    def join(self, survivor: PatientKey, retired: PatientKey) -> None:
        """Give the survivor of a merge the other's steps."""
        old = self._files.take(retired)
        self._forget(retired)
        if old is None:
            return
        file = self._files.open(survivor) or self._files.put(survivor, _File())
        moved = [_belonging(step, survivor) for step in old.steps]
        file.steps = sorted([*file.steps, *moved], key=Taken.order)
        file.stays = folded(file.steps)
        self._note(survivor, file)

    def split(self, joined: PatientKey, owner: Callable[[PatientKey], PatientKey]) -> None:
        """Give back the steps of a merge that was taken back; `owner` knows whose each is now."""
        old = self._files.take(joined)
        self._forget(joined)
        if old is None:
            return
        apart: dict[PatientKey, list[Taken]] = {}
        for step in old.steps:
            whose = owner(step.whose or step.movement.patient)
            apart.setdefault(whose, []).append(_belonging(step, whose))
        for patient, steps in apart.items():
            file = self._files.put(patient, _File())
            file.steps = sorted(steps, key=Taken.order)
            file.stays = folded(file.steps)
            self._note(patient, file)

    def renumber(self, event: VisitRenumbered, patient: PatientKey) -> None:
        """Let a visit be known by another number, or belong to another patient."""
        old, holder = self._renumbered_to(event.old)
        if (old, holder) == (event.new, patient):
            return
        self._renumbered[event.old] = (event.new, patient)
        moved: list[Taken] = []
        for key in [one for one in (holder, event.patient, *self._holders(old)) if one]:
            moved += self._give_up(key, old)
        file = self._files.open(patient) or self._files.put(patient, _File())
        renamed = [_belonging(step, patient, event.new) for step in moved]
        file.steps = sorted([*file.steps, *renamed], key=Taken.order)
        file.stays = folded(file.steps)
        self._note(patient, file)

    def report_bed(self, event: BedReported, stamp: Stamp, site: str) -> None:
        """Take housekeeping's word on a bed."""
        beds = self._beds.setdefault((site, event.location.unit), {})
        name = event.location.words()
        known = beds.get(name)
        if known is None or (known.at, known.position) <= (event.at, stamp.position):
            beds[name] = _Bed(event.location, event.status, event.at, stamp.position)

    def units(self, site: str | None = None) -> tuple[UnitSummary, ...]:
        """Return every unit that has, or had, somebody, by site and name."""
        places = sorted({*self._units, *self._beds})
        return tuple(self._summary(*place) for place in places if site in (None, place[0]))

    def beds(self, site: str, unit: str) -> tuple[BedRow, ...]:
        """Return the beds of a unit in order, then its patients without a bed."""
        by_bed: dict[tuple[str, str], list[Stay]] = {}
        rows: list[BedRow] = []
        for stay in self.present(site, unit):
            if stay.location.bed:
                by_bed.setdefault((stay.location.room, stay.location.bed), []).append(stay)
            else:
                rows.append(BedRow(location=stay.location, stays=(stay,)))
        statuses = self._beds.get((site, unit), {})
        in_beds = [_bed_row(stays, statuses) for stays in by_bed.values()]
        taken = {row.location.words() for row in in_beds}
        empty = [
            BedRow(location=bed.location, status=bed.status)
            for name, bed in statuses.items()
            if name not in taken and bed.location.bed
        ]
        return (*sorted([*in_beds, *empty], key=_by_bed), *rows)

    def present(self, site: str | None = None, unit: str | None = None) -> tuple[Stay, ...]:
        """Return the stays in house, by unit and bed."""
        places = [
            place for place in self._units if site in (None, place[0]) and unit in (None, place[1])
        ]
        found = [
            stay
            for place in places
            for patient in self._units[place]
            for stay in self._stays(patient).values()
            if _is_here(stay, place)
        ]
        return tuple(sorted(found, key=_by_place))

    def stays(self, patient: PatientKey) -> tuple[Stay, ...]:
        """Return all stays of a patient, newest first."""
        return tuple(sorted(self._stays(patient).values(), key=_began, reverse=True))

    def steps(self, patient: PatientKey) -> tuple[Taken, ...]:
        """Return every step of a patient, in the order they happened."""
        file = self._files.get(patient)
        return tuple(file.steps) if file is not None else ()

    def in_house_since(self, since: Instant) -> tuple[PatientKey, ...]:
        """Return who is in house now, or left since then."""
        here = (patient for patient, places in self._places.items() if places)
        return tuple({*here, *(patient for patient, at in self._left.items() if at >= since)})

    def stay(self, patient: PatientKey) -> Stay | None:
        """Return the stay that counts: present, else expected, else the last."""
        return counts(self._stays(patient))

    def left_since(self, since: Instant, site: str | None = None) -> tuple[Stay, ...]:
        """Return who left since then and did not come back, the last one first."""
        found = [
            stay
            for patient, at in self._left.items()
            if at >= since and (stay := self.stay(patient)) is not None
            if stay.state is StayState.LEFT and site in (None, stay.site)
        ]
        return tuple(sorted(found, key=_ended, reverse=True))

    def expected(self, site: str | None = None) -> tuple[Stay, ...]:
        """Return who is expected and not yet here."""
        found = [
            stay
            for patient in self._expected
            for stay in self._stays(patient).values()
            if stay.state is StayState.EXPECTED and site in (None, stay.site)
        ]
        return tuple(sorted(found, key=_by_place))

    def find_bed(self, text: str) -> tuple[Stay, ...]:
        """Return the stays in beds whose name begins with `text`."""
        wanted = _squeezed(text)
        if not wanted:
            return ()
        found = [
            stay
            for stay in self.present()
            if _squeezed(stay.location.words()).startswith(wanted)
            or _squeezed(stay.location.room + stay.location.bed).startswith(wanted)
        ]
        return tuple(found[:_FOUND_MAX])

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {
            "files": self._files.snapshot(),
            "placed": [key for key, places in self._places.items() if places],
            "left": self._left,
            "expected": sorted(self._expected),
            "renumbered": self._renumbered,
            "beds": [
                (site, *structs.astuple(bed))
                for (site, _), beds in self._beds.items()
                for bed in beds.values()
            ],
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._files.restore(kept["files"])
        self._left = kept["left"]
        self._expected = set(kept["expected"])
        self._renumbered = {old: (new, key) for old, (new, key) in kept["renumbered"].items()}
        for site, where, status, at, position in kept["beds"]:
            location = Location(**where)
            beds = self._beds.setdefault((site, location.unit), {})
            beds[location.words()] = _Bed(location, status, at, position)
        for patient in kept["placed"]:
            file = self._files.get(patient)
            assert file is not None, "a placed patient has a file"
            self._note(patient, file)

    def _stays(self, patient: PatientKey) -> Stays:
        file = self._files.get(patient)
        return file.stays if file is not None else {}

    def _note(self, patient: PatientKey, file: _File) -> None:
        """Keep the lists by unit, of those who left and of those expected."""
        places = {
            (stay.site, stay.location.unit) for stay in file.stays.values() if _counts_as_here(stay)
        }
        known = self._places.get(patient, set())
        for place in known - places:
            self._units[place].pop(patient, None)
        for place in places - known:
            self._units.setdefault(place, {})[patient] = None
        if places or known:
            self._places[patient] = places
        ended = [_ended(s) for s in file.stays.values() if s.state is StayState.LEFT]
        if ended:
            self._left[patient] = Instant(max(ended))
        else:
            self._left.pop(patient, None)
        if any(stay.state is StayState.EXPECTED for stay in file.stays.values()):
            self._expected.add(patient)
        else:
            self._expected.discard(patient)

    def _forget(self, patient: PatientKey) -> None:
        for place in self._places.pop(patient, set()):
            self._units[place].pop(patient, None)
        self._left.pop(patient, None)
        self._expected.discard(patient)

    def _summary(self, site: str, unit: str) -> UnitSummary:
        stays = self.present(site, unit)
        rows = self.beds(site, unit)
        newest = max((stay.stamp.occurred for stay in stays), default=None)
        return UnitSummary(
            site=site,
            unit=unit,
            patients=len(stays),
            provisional=sum(stay.provisional for stay in stays),
            conflicts=sum(row.conflict() for row in rows),
            as_of=newest,
        )

    def _renumbered_to(self, visit: str) -> tuple[str, PatientKey | None]:
        owner: PatientKey | None = None
        passed: set[str] = set()
        while visit in self._renumbered and visit not in passed:
            passed.add(visit)
            visit, owner = self._renumbered[visit]
        return visit, owner

    def _holders(self, visit: str) -> list[PatientKey]:
        """Return who has a visit that moved between patients: only they are looked through."""
        return [key for key, places in self._places.items() if places and visit in self._stays(key)]

    def _give_up(self, patient: PatientKey, visit: str) -> list[Taken]:
        file = self._files.open(patient)
        if file is None:
            return []
        given = [step for step in file.steps if step.movement.visit == visit]
        if given:
            file.steps = [step for step in file.steps if step.movement.visit != visit]
            file.stays = folded(file.steps)
            self._note(patient, file)
        return given


def _is_known(steps: list[Taken], taken: Taken) -> bool:
    """Return whether the same step was taken before: a message that comes again moves nobody."""
    at = taken.movement.at
    for step in reversed(steps):
        if step.movement.at < at:
            return False
        if step.movement == taken.movement:
            return True
    return False


def _belonging(taken: Taken, patient: PatientKey, visit: str | None = None) -> Taken:
    number = taken.movement.visit if visit is None else visit
    whose = taken.whose or taken.movement.patient
    movement = structs.replace(taken.movement, patient=patient, visit=number)
    said_of = whose if whose != patient else PatientKey("")
    return structs.replace(taken, movement=movement, whose=said_of)


def _counts_as_here(stay: Stay) -> bool:
    """Return whether a stay belongs on a ward list: in house, and not a clinic visit."""
    if stay.state not in _IN_HOUSE:
        return False
    outside = stay.stay_class in (StayClass.OUTPATIENT, StayClass.PREADMIT)
    return bool(stay.location.bed) or (not outside and stay.location != Location())


def _is_here(stay: Stay, place: Place) -> bool:
    return _counts_as_here(stay) and (stay.site, stay.location.unit) == place


def _bed_row(stays: list[Stay], statuses: dict[str, _Bed]) -> BedRow:
    location = stays[0].location
    bed = statuses.get(location.words())
    return BedRow(location=location, stays=tuple(stays), status=bed.status if bed else "")


def _by_bed(row: BedRow) -> tuple[object, ...]:
    return natural(row.location.room), natural(row.location.bed)


def _by_place(stay: Stay) -> tuple[object, ...]:
    where = stay.location
    return (
        stay.site,
        natural(where.unit),
        natural(where.room),
        natural(where.bed),
        stay.stamp.occurred,
        stay.patient,
    )


def _began(stay: Stay) -> tuple[int, str]:
    return (stay.admitted.at if stay.admitted else stay.stamp.occurred), stay.visit


def _ended(stay: Stay) -> int:
    return stay.discharged.at if stay.discharged else stay.stamp.occurred


def _squeezed(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
