"""Hold what the views show against what is true, patient by patient, and say where they differ."""

from __future__ import annotations

from collections.abc import Iterator

from wardlight.feeds.senders import Senders
from wardlight.log.memory import MemoryLog
from wardlight.record import catalogue
from wardlight.record.codes import AllergyState, DoseState, ResultState
from wardlight.record.entry import Draft
from wardlight.record.identity import PatientKey
from wardlight.record.instants import HOUR, Instant
from wardlight.record.sources import Source
from wardlight.sim.dirt import Sent
from wardlight.sim.network import Network
from wardlight.sim.truth import TruePatient, Where
from wardlight.views.facts import Chart
from wardlight.views.fold import Views
from wardlight.views.rows import StayState
from wardlight.wire.hl7v2.batch import split
from wardlight.wire.hl7v2.reading import reader

Difference = tuple[str, str, object, object]
"""Number, fact, what is true, what is shown."""

_STATES = {
    Where.PRESENT: StayState.PRESENT,
    Where.ON_LEAVE: StayState.ON_LEAVE,
    Where.LEFT: StayState.LEFT,
    Where.CANCELLED: StayState.CANCELLED,
}


class KeptCopy:
    """A log in memory and its views, fed as a node would be."""

    def __init__(self, sites: list[str]) -> None:
        self.log = MemoryLog("sim")
        self._senders = Senders(Source(name="port", site=sites[0]), sites=sites)
        self._reading = reader(self._senders)
        self.views = self.rebuilt()

    def hear(self, sent: list[Sent]) -> None:
        """Take messages into the log and the views."""
        for one in sent:
            for raw in split(one.raw).messages:
                source = self._senders.of(raw)
                draft = Draft(
                    site=source.site,
                    source=source.name,
                    author=source.name,
                    subject="",
                    kind=catalogue.HL7V2_MESSAGE,
                    version=1,
                    occurred=one.at,
                    recorded=one.at,
                    body=raw,
                )
                for entry in self.log.append([draft]):
                    self.views.apply(entry)

    def rebuilt(self) -> Views:
        """Return views folded anew from the first entry."""
        views = Views(*self._reading, self.log.fetch)
        position = 0
        while entries := self.log.read(position, 10_000):
            for entry in entries:
                views.apply(entry)
            position = entries[-1].position
        return views


def differences(network: Network, views: Views) -> Iterator[Difference]:
    """Give every fact that the views show otherwise than it is."""
    for site, patients in network.truth().items():
        present: set[str] = set()
        for patient in patients.values():
            key = PatientKey(f"{site}|{patient.mrn}")
            yield from _identity(key, patient, views)
            yield from _stay(key, patient, views)
            yield from _visits(key, patient, views)
            stay = patient.stay()
            if stay is not None and stay.state in (Where.PRESENT, Where.ON_LEAVE):
                present.add(key)
                yield from _chart(patient, views.chart(key))
        shown = {str(stay.patient) for stay in views.census.present(site)}
        for number in sorted(shown ^ present):
            yield number, "census", number in present, number in shown
        for old, new in network.retired()[site].items():
            led_to = views.people.resolve(PatientKey(f"{site}|{old}"))
            if led_to != f"{site}|{new}":
                yield old, "merged into", new, led_to


def _identity(key: PatientKey, patient: TruePatient, views: Views) -> Iterator[Difference]:
    person = views.people.person(key)
    if person is None:
        if patient.stays or patient.visits:
            yield patient.mrn, "known", True, False
        return
    birth = person.birth.iso().replace("-", "") if person.birth else ""
    shown = (person.name.family, person.name.given, birth, person.sex)
    true = (patient.family, patient.given, patient.birth, patient.sex)
    if shown != true:
        yield patient.mrn, "identity", true, shown


def _stay(key: PatientKey, patient: TruePatient, views: Views) -> Iterator[Difference]:
    true, shown = patient.stay(), views.census.stay(key)
    if true is None:
        if shown is not None:
            yield patient.mrn, "stay", None, shown.state
        return
    if shown is None:
        yield patient.mrn, "stay", true.state, None
        return
    if shown.state is not _STATES[true.state] or shown.provisional:
        yield patient.mrn, "stay", true.state, (shown.state, shown.provisional)
    where = shown.location
    if (where.unit, where.room + where.bed) != (true.unit, true.bed):
        yield patient.mrn, "bed", (true.unit, true.bed), where


def _chart(patient: TruePatient, chart: Chart) -> Iterator[Difference]:
    yield from _allergies(patient, chart)
    weight = chart.weight.value if chart.weight else ""
    if weight not in (patient.weight, ""):
        yield patient.mrn, "weight", patient.weight, weight
    codes = [fact.text for fact in chart.code_status()]
    if codes not in ([patient.code_status] if patient.code_status else [], []):
        yield patient.mrn, "code status", patient.code_status, codes
    true = {
        order.number: (order.drug.name, float(order.dose), order.drug.unit, order.state)
        for order in patient.orders.values()
        if order.state in ("active", "held")
    }
    shown = {
        order.number.rpartition("|")[2]: (
            order.what.words(),
            float(order.detail.dose) if order.detail else 0.0,
            order.detail.unit if order.detail else "",
            order.state.value,
        )
        for order in chart.medications()
    }
    if shown != true:
        yield patient.mrn, "medicines", true, shown
    yield from _doses(patient, chart)
    yield from _values(patient, chart)


def _allergies(patient: TruePatient, chart: Chart) -> Iterator[Difference]:
    shown = {fact.allergy.agent.words() for fact in chart.allergies.known}
    true = {one[1] for one in patient.allergies.values()}
    state = chart.allergies.state
    told = state is not AllergyState.NOT_RECORDED
    wanted = AllergyState.NOT_RECORDED
    if true:
        wanted = AllergyState.KNOWN
    elif patient.none_known:
        wanted = AllergyState.NONE_KNOWN
    if (told and (shown, state) != (true, wanted)) or (
        not told and wanted is not state and _charted(patient)
    ):
        yield patient.mrn, "allergies", (true, wanted), (shown, state)


def _charted(patient: TruePatient) -> bool:
    """Say whether nursing has had time to say more than the bare admission."""
    return patient.spoken - patient.stays[-1].admitted > 24 * HOUR


def _doses(patient: TruePatient, chart: Chart) -> Iterator[Difference]:
    shown: dict[str, tuple[int, str]] = {}
    for dose in chart.doses:
        if dose.state is DoseState.GIVEN:
            shown.setdefault(dose.order.rpartition("|")[2], (dose.at.at // 1000, dose.amount))
    for order in patient.orders.values():
        true = order.last_given and (order.last_given[0] // 1000, order.last_given[1])
        if true != shown.get(order.number):
            yield patient.mrn, f"last dose {order.number}", true, shown.get(order.number)


def _values(patient: TruePatient, chart: Chart) -> Iterator[Difference]:
    lines = {
        (report.number.rpartition("|")[2], line.observation.test.code): line.observation
        for report in chart.reports
        for line in report.observations
    }
    for code, true in patient.values.items():
        line = lines.get((true.number, code))
        state = ResultState(true.state)
        value = "" if true.state == "withdrawn" else true.value
        if line is None or (line.value, line.state) != (value, state):
            yield patient.mrn, f"result {code}", (value, state), line


def _visits(key: PatientKey, patient: TruePatient, views: Views) -> Iterator[Difference]:
    shown = {
        one.number.rpartition("|")[2]: (one.starts.at if one.starts else 0, one.state.value)
        for one in views.schedule.of(key)
    }
    for visit in patient.visits.values():
        true = (Instant(visit.starts - visit.starts % 1000), visit.state)
        if shown.get(visit.number) != true:
            yield patient.mrn, f"visit {visit.number}", true, shown.get(visit.number)
