"""Who comes when: thirty days of appointments, each as its newest message left it.

An appointment's messages are kept sorted by event time and folded again when one comes late, so
that a booking heard after its own cancellation does not bring it back.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from wardlight.record.codes import AppointmentState, Coded, Location
from wardlight.record.events.schedule import AppointmentChanged
from wardlight.record.identity import PatientKey
from wardlight.record.instants import DAY, Instant
from wardlight.record.reading import Stamp
from wardlight.views.rows import Appointment
from wardlight.views.shelf import Shelf

UNTIMED_KEPT_MS = 30 * DAY  # how long a visit whose time nobody stated is kept after its last word
KEPT_BACK_MS = 7 * DAY  # how long an appointment that is over stays findable; decided: longer


class _Told(Struct, frozen=True, gc=False):
    """One message about an appointment."""

    change: AppointmentChanged
    stamp: Stamp
    site: str

    def order(self) -> tuple[int, int]:
        return self.change.at, self.stamp.position


class _File(Struct, gc=False):
    """One appointment's messages, sorted."""

    told: list[_Told] = []


class Schedule:
    """The appointments of a node's sites."""

    def __init__(self, decided: Callable[[str], bool] = lambda _: False) -> None:
        """Begin empty; a visit that was `decided` about is kept however long ago it would be."""
        self._decided = decided
        self._files = Shelf(_File)
        self._by_time: list[tuple[Instant, str]] = []
        self._starts: dict[str, Instant] = {}
        self._untimed: dict[str, Instant] = {}  # when the last message about each was recorded
        self._named: dict[PatientKey, dict[str, None]] = {}  # who any message of it names
        self._thinned = Instant(0)

    def take(self, change: AppointmentChanged, stamp: Stamp, site: str) -> None:
        """Take one message about an appointment into account; its patient is resolved."""
        key = f"{site}|{change.number}"  # two sites may count their visits alike
        file = self._files.open(key) or self._files.put(key, _File())
        insort(file.told, _Told(change, stamp, site), key=_Told.order)
        self._name(key, change.patient)
        self._note(key, _folded(file.told))
        if stamp.recorded - self._thinned > DAY:
            self._thin(stamp.recorded)

    def join(self, survivor: PatientKey, retired: PatientKey) -> None:
        """Give the survivor of a merge the other's appointments."""
        for number in self._named.pop(retired, {}):
            file = self._files.open(number)
            if file is not None:
                file.told = [_belonging(one, survivor, retired) for one in file.told]
                self._named.setdefault(survivor, {})[number] = None

    def between(
        self, start: Instant, end: Instant, site: str | None = None
    ) -> tuple[Appointment, ...]:
        """Return the appointments that start in [start, end), by time; cancelled ones too."""
        first = bisect_left(self._by_time, (start, ""))
        last = bisect_left(self._by_time, (end, ""))
        found = [self._appointment(number) for _, number in self._by_time[first:last]]
        return tuple(one for one in found if site in (None, one.site) and _is_shown(one))

    def untimed(self, site: str) -> tuple[Appointment, ...]:
        """Return a site's appointments of which no message states when they are."""
        found = (self._appointment(number) for number in sorted(self._untimed))
        return tuple(one for one in found if one.site == site and _is_shown(one))

    def appointment(self, key: str) -> Appointment | None:
        """Return the appointment of a key, `site|number`; None for one nobody knows."""
        file = self._files.get(key)
        if file is None:
            return None
        found = _folded(file.told)
        return found if _is_shown(found) else None

    def of(self, patient: PatientKey) -> tuple[Appointment, ...]:
        """Return a patient's appointments by time."""
        found = [
            self._appointment(one) for one in self._named.get(patient, {}) if one in self._files
        ]
        mine = [one for one in found if one.patient == patient and _is_shown(one)]
        return tuple(sorted(mine, key=_by_start))

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {"files": self._files.snapshot()}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._files.restore(kept["files"])
        for number in list(self._files):
            file = self._files.get(number)
            assert file is not None, "a listed appointment has a file"
            for one in file.told:
                self._name(number, one.change.patient)
            self._note(number, _folded(file.told))

    def _appointment(self, number: str) -> Appointment:
        file = self._files.get(number)
        assert file is not None, "a listed appointment has a file"
        return _folded(file.told)

    def _name(self, number: str, patient: PatientKey | None) -> None:
        if patient is not None:
            self._named.setdefault(patient, {})[number] = None

    def _note(self, number: str, appointment: Appointment) -> None:
        """Keep the list by time."""
        starts = appointment.starts.at if appointment.starts else None
        known = self._starts.get(number)
        if starts is None:
            self._untimed[number] = appointment.stamp.recorded
        else:
            self._untimed.pop(number, None)
        if starts == known:
            return
        if known is not None:
            del self._by_time[bisect_left(self._by_time, (known, number))]
            del self._starts[number]
        if starts is not None:
            insort(self._by_time, (starts, number))
            self._starts[number] = starts

    def _thin(self, now: Instant) -> None:
        """Let go of what is long over, but for those who still wait for a word or a new time."""
        self._thinned = now
        end = bisect_left(self._by_time, (Instant(now - KEPT_BACK_MS), ""))
        past = self._by_time[:end]
        kept = [one for one in past if self._decided(one[1])]
        self._by_time = kept + self._by_time[end:]
        over = [number for _, number in past if not self._decided(number)]
        for number, heard in list(self._untimed.items()):
            if now - heard > UNTIMED_KEPT_MS and not self._decided(number):
                del self._untimed[number]
                over.append(number)
        for number in over:
            file = self._files.take(number)
            self._starts.pop(number, None)
            for one in file.told if file else ():
                if one.change.patient is not None:
                    self._named[one.change.patient].pop(number, None)


def _belonging(one: _Told, survivor: PatientKey, retired: PatientKey) -> _Told:
    if one.change.patient != retired:
        return one
    return replace(one, change=replace(one.change, patient=survivor))


def _folded(told: Sequence[_Told]) -> Appointment:
    first = told[0]
    appointment = Appointment(
        number=first.change.number,
        patient=None,
        state=AppointmentState.BOOKED,
        stamp=first.stamp,
        site=first.site,
    )
    for one in told:
        stated = {
            field: value
            for field in _STATED
            if (value := getattr(one.change, field)) != _BLANK[field]
        }
        appointment = replace(appointment, stamp=one.stamp, **stated)
    return appointment


_STATED = (
    *("patient", "state", "starts", "minutes", "reason", "kind", "service"),
    *("place", "staff", "notes", "procedure", "prep", "travel_minutes"),
    *("transport", "linked", "harm_by", "urgency", "series", "needs", "travel_to"),
)
_BLANK: dict[str, Any] = {
    **dict.fromkeys(("patient", "state", "starts")),
    **dict.fromkeys(("reason", "kind", "service"), Coded()),
    **dict.fromkeys(("staff", "notes", "linked", "needs", "travel_to"), ()),
    **dict.fromkeys(("procedure", "prep", "transport", "harm_by", "urgency", "series"), ""),
    **dict.fromkeys(("minutes", "travel_minutes"), 0),
    "place": Location(),
}
assert set(_STATED) == set(_BLANK), "every stated field has its blank"


def _is_shown(appointment: Appointment) -> bool:
    return appointment.state is not AppointmentState.DELETED


def _by_start(appointment: Appointment) -> tuple[int, str]:
    starts = appointment.starts.at if appointment.starts else 0
    return starts, appointment.number
