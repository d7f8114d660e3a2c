"""What the read API reads: the views of a node, and resources of each type from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from wardlight.outputs.fhir.allergies import allergies
from wardlight.outputs.fhir.appointments import appointments
from wardlight.outputs.fhir.conditions import conditions
from wardlight.outputs.fhir.encounters import encounters
from wardlight.outputs.fhir.flags import flags
from wardlight.outputs.fhir.locations import Places, places
from wardlight.outputs.fhir.medicines import administrations, medication_requests
from wardlight.outputs.fhir.orders import service_requests
from wardlight.outputs.fhir.patient import joined, patient
from wardlight.outputs.fhir.remembered import Remembered
from wardlight.outputs.fhir.results import observations, reports
from wardlight.outputs.fhir.subject import Row, Subject
from wardlight.record.identity import PatientKey, Person
from wardlight.record.instants import DAY, Clock, Instant, PartialDate
from wardlight.record.sources import Site
from wardlight.views.facts import Chart
from wardlight.views.rows import Appointment, BedRow, Stay, UnitSummary

SCHEDULE_BACK_MS = 30 * DAY
SCHEDULE_AHEAD_MS = 400 * DAY
NOBODY = PatientKey("")
"""Stands for what belongs to no patient: places, and appointments without one."""

HandleOf = Callable[[PatientKey], str]
KeyOf = Callable[[str], PatientKey | None]
_FromChart = Callable[[Chart, Subject], list[Row]]


class People(Protocol):
    """Who is known (views.people)."""

    def resolve(self, key: PatientKey, /) -> PatientKey:
        """Return the key a record is known by now."""

    def person(self, key: PatientKey, /) -> Person | None:
        """Return a person."""

    def aliases(self, key: PatientKey, /) -> tuple[PatientKey, ...]:
        """Return the keys of records joined with this one."""

    def search(self, text: str, today: PartialDate | None, /) -> list[PatientKey]:
        """Return who is found by a name, birth date or identifier."""

    def keys(self) -> Iterable[PatientKey]:
        """Return everybody."""


class Census(Protocol):
    """Where patients are (views.census)."""

    def units(self) -> Sequence[UnitSummary]:
        """Return the units of all sites."""

    def beds(self, site: str, unit: str, /) -> Sequence[BedRow]:
        """Return the beds of a unit."""

    def stays(self, patient: PatientKey, /) -> Sequence[Stay]:
        """Return a patient's stays."""

    def stay(self, patient: PatientKey, /) -> Stay | None:
        """Return the stay that counts."""


class Schedule(Protocol):
    """Who is coming (views.schedule)."""

    def of(self, patient: PatientKey, /) -> Sequence[Appointment]:
        """Return a patient's appointments."""

    def between(self, start: Instant, end: Instant, /) -> Sequence[Appointment]:
        """Return appointments by time."""


class Links(Protocol):
    """How old the feeds are (views.links)."""

    def site_as_of(self, site: str, /) -> Instant | None:
        """Return when a site's feeds were last heard."""


class KeptViews(Protocol):
    """The views as far as this interface reads them; `views.fold.Views` is the real one."""

    @property
    def version(self) -> int:
        """Grows with each change."""

    @property
    def people(self) -> People:
        """Who is known."""

    @property
    def census(self) -> Census:
        """Where they are."""

    @property
    def schedule(self) -> Schedule:
        """Who is coming."""

    @property
    def links(self) -> Links:
        """How old all this is."""

    def chart(self, patient: PatientKey, /) -> Chart:
        """Return a patient's chart."""


_FROM_CHART: Mapping[str, _FromChart] = {
    "AllergyIntolerance": lambda chart, who: allergies(chart.allergies, who),
    "Condition": lambda chart, who: conditions(chart.problems, who),
    "DiagnosticReport": lambda chart, who: reports(chart.reports, chart.orders, who),
    "Flag": flags,
    "MedicationAdministration": lambda chart, who: administrations(chart.doses, chart.orders, who),
    "MedicationRequest": lambda chart, who: medication_requests(chart.orders, who),
    "Observation": lambda chart, who: observations(chart.reports, chart.orders, who),
    "ServiceRequest": lambda chart, who: service_requests(chart.orders, who),
}


class KeptCopy(Struct, frozen=True, kw_only=True):
    """A node's views as FHIR resources, patient by patient."""

    views: KeptViews
    sites: Mapping[str, Site]
    clock: Clock
    handle_of: HandleOf
    key_of: KeyOf
    systems: Mapping[str, str]  # assigning authority → URI, where a site has set one
    remembered: Remembered

    def zone(self) -> str:
        """Return the zone of times that name none: the first site's."""
        return next((site.zone for site in self.sites.values()), "UTC")

    def subject(self, key: PatientKey) -> Subject:
        """Return the patient as resources name them, in the zone of where they are."""
        if key == NOBODY:
            return Subject(key=key, handle="schedule", zone=self.zone(), systems=self.systems)
        stay = self.views.census.stay(key)
        site = self.sites.get(stay.site) if stay else None
        person = self.views.people.person(key)
        return Subject(
            key=key,
            handle=self.handle_of(key),
            zone=site.zone if site else self.zone(),
            protected=person.protected if person else False,
            systems=self.systems,
        )

    def places(self) -> Places:
        """Return every site, unit and bed."""
        census, links = self.views.census, self.views.links
        return places(
            self.sites,
            [(one.site, one.unit, census.beds(one.site, one.unit)) for one in census.units()],
            {code: links.site_as_of(code) for code in self.sites},
        )

    def as_of(self) -> Instant | None:
        """Return when the feed was last heard that has been silent longest; None: never heard."""
        heard = [self.views.links.site_as_of(code) for code in self.sites]
        known = [at for at in heard if at is not None]
        return min(known) if known and len(known) == len(heard) else None

    def known(self, handle: str) -> PatientKey | None:
        """Return the patient of a handle as known now, also by the handle of a joined record."""
        key = self.key_of(handle)
        return self.views.people.resolve(key) if key is not None else None

    def rows(self, kind: str, key: PatientKey) -> list[Row]:
        """Return the resources of one type of one patient, or of nobody."""
        if kind == "Location":
            return list(self.places().rows) if key == NOBODY else []
        subject = self.subject(key)
        if kind == "Appointment":
            return appointments(self._appointments(key), subject)
        if key == NOBODY:
            return []
        if kind == "Patient":
            return self.patients(key, subject)
        if kind == "Encounter":
            stays = self.views.census.stays(key)
            return encounters(stays, subject, self.remembered.places(self.places)) if stays else []
        return _FROM_CHART[kind](self.views.chart(key), subject)

    def patients(self, key: PatientKey, subject: Subject) -> list[Row]:
        """Return the patient, with the records that were joined into this one."""
        person = self.views.people.person(key)
        if person is None:
            return []
        retired = [
            self.handle_of(alias) for alias in self.views.people.aliases(key) if alias != key
        ]
        return [Row(0, patient(person, subject, replaces=retired))]

    def joined_record(self, handle: str) -> Row | None:
        """Return the record behind a handle that was joined with another; None if it was not."""
        key = self.key_of(handle)
        survivor = self.views.people.resolve(key) if key is not None else None
        if key is None or survivor is None or survivor == key:
            return None
        retired = Subject(key=key, handle=handle, zone=self.zone(), systems=self.systems)
        return Row(0, joined(retired, key, self.handle_of(survivor)))

    def _appointments(self, key: PatientKey) -> Sequence[Appointment]:
        if key != NOBODY:
            return self.views.schedule.of(key)
        now = self.clock()
        start, end = Instant(now - SCHEDULE_BACK_MS), Instant(now + SCHEDULE_AHEAD_MS)
        listed = self.views.schedule.between(start, end)
        return [one for one in listed if one.patient is None]
