"""Whether the clinic of a visit takes place, as the "open today" decisions say (domain.md C3).

A decision counts for every visit until the end it states. One that ran out without a new one still
counts for those it had closed: nobody is to come to a closed door because a word was not renewed.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from wardlight.record.instants import Instant
from wardlight.record.services import Service, ServiceKey, ServiceState
from wardlight.views.rows import Appointment
from wardlight.views.services.service_rows import Standing
from wardlight.views.services.service_status import ServiceStatus

_SHUT = frozenset({ServiceState.CLOSED, ServiceState.LIMITED, ServiceState.DIVERT})


class ClinicDay(Struct, frozen=True, kw_only=True):
    """What was decided about one clinic, or theatre."""

    name: str
    key: ServiceKey
    standing: Standing
    lapsed: bool = False  # it was shut and nobody has renewed that

    def state(self) -> ServiceState:
        """Return what counts for visits: a shut clinic stays shut until somebody says it opens."""
        if self.lapsed and self.standing.last is not None:
            return self.standing.last
        return self.standing.state

    def affects(self, visit: Appointment) -> bool:
        """Return whether a visit of this clinic cannot simply take place."""
        if self.state() not in _SHUT:
            return False
        ends = self.standing.expires
        return ends is None or visit.starts is None or visit.starts.at < ends

    def words(self) -> str:
        """Return what is said of it to staff."""
        state = self.state()
        if state is ServiceState.NO_REPORT:
            return "Nobody has said whether it is open."
        reason = f": {self.standing.reason}" if self.standing.reason else ""
        late = " (not renewed)" if self.lapsed else ""
        return f"{self.name} is {state}{late}{reason}."


def clinic_of(visit: Appointment) -> str:
    """Return where an appointment is, or at least what service it is with."""
    return visit.place.words() or visit.service.words() or "Place not stated"


def key_of_clinic(visit: Appointment) -> ServiceKey:
    """Return the service a visit belongs to: its clinic, or the theatre for a case."""
    if visit.procedure:
        return ServiceKey(visit.site, Service.OR)
    return ServiceKey(visit.site, Service.CLINIC, clinic_of(visit))


class ClinicDays:
    """The decisions about the clinics of one site, as of one moment."""

    def __init__(self, services: ServiceStatus, now: Instant) -> None:
        self._services = services
        self._now = now
        self._known: dict[ServiceKey, ClinicDay] = {}
        self._said: dict[str, dict[str, list[ServiceKey]]] = {}  # by facility and plain name

    def of(self, visit: Appointment) -> ClinicDay:
        """Return what was decided about the clinic of a visit."""
        key = key_of_clinic(visit)
        if key not in self._known:
            self._known[key] = self._day(key)
        return self._known[key]

    def unmatched(self, site: str, visits: Iterable[Appointment]) -> tuple[str, ...]:
        """Return the clinics that are shut by a name none of these visits has: it shuts none."""
        known = {_plain(clinic_of(one)) for one in visits if not one.procedure}
        return tuple(
            keys[0].name
            for name, keys in self._spoken(site).items()
            if name not in known and self._day(keys[0]).state() in _SHUT
        )

    def _day(self, key: ServiceKey) -> ClinicDay:
        """Return what counts of a clinic; whoever wrote its name with other letters meant it."""
        alike = self._spoken(key.facility).get(_plain(key.name)) if key.name else None
        words = [self._services.now(one, self._now) for one in alike or (key,)]
        standing = max(words, key=lambda one: one.stated_at or 0)
        lapsed = standing.state is ServiceState.NO_REPORT and standing.last in _SHUT
        name = key.name or "Operating theatres"
        return ClinicDay(name=name, key=key, standing=standing, lapsed=lapsed)

    def _spoken(self, facility: str) -> dict[str, list[ServiceKey]]:
        """Return the clinics of a facility anything was said of, by their plain names."""
        if facility not in self._said:
            found = self._said[facility] = {}
            for key in self._services.keys(facility):
                if key.service is Service.CLINIC and key.name:
                    found.setdefault(_plain(key.name), []).append(key)
        return self._said[facility]

    def affected(self, visit: Appointment) -> bool:
        """Return whether a visit cannot simply take place."""
        return self.of(visit).affects(visit)

    def every(self, visits: Iterable[Appointment]) -> tuple[ClinicDay, ...]:
        """Return the clinics of these visits, by name."""
        found = {one.key: one for one in map(self.of, visits)}
        return tuple(sorted(found.values(), key=lambda one: one.name.casefold()))


def _plain(name: str) -> str:
    """Return a clinic's name as two are compared: letters large or small, spaces as one."""
    return " ".join(name.casefold().split())
