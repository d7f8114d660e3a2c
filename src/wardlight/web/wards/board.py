"""One patient in one line of a list: name or mask, alerts, what is due, what was last heard."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence

from msgspec import Struct

from wardlight.record.codes import AllergyState
from wardlight.record.identity import PatientKey, Person
from wardlight.record.instants import HOUR, Instant
from wardlight.views.bedside.mar import CellState, Mar, MarRow, mar
from wardlight.views.facts import AllergyList, Chart
from wardlight.views.laboratory.results import Results, results
from wardlight.views.rows import Stay, StayState
from wardlight.views.services.downtimes import blind
from wardlight.views.words import coded, name_words, number_groups, number_of, sex_words
from wardlight.web.page import Desk
from wardlight.web.times import Times

MASKED = "Name withheld"
FACTS_KEPT_MAX = 2_048  # patients
SOON_MS = 1 * HOUR
_OPEN = frozenset({CellState.OVERDUE, CellState.LATE_QUESTION})


class Mark(Struct, frozen=True):
    """One alert on a line: its words, and how it is drawn (never by colour alone)."""

    text: str
    kind: str = "plain"  # stop, warn, plain, quiet


class Due(Struct, frozen=True, kw_only=True):
    """What a line says of medicines."""

    next_at: Instant | None = None
    next_count: int = 0
    late: tuple[str, ...] = ()  # "02:00 insulin glargine late?"
    overdue: int = 0
    unknown: int = 0  # running orders whose schedule is not understood
    said: bool = True  # False: no order was ever heard of for this patient


class Facts(Struct, frozen=True, kw_only=True):
    """What a line takes from a chart; worked out once a minute and chart."""

    marks: tuple[Mark, ...]
    due: Due
    criticals: tuple[str, ...]
    last_result: Instant | None
    allergies_known: int


class Line(Struct, frozen=True, kw_only=True):
    """One patient on a list."""

    row: str  # the handle: what a refreshed list is compared by
    href: str
    name: str
    masked: bool
    name_alert: bool
    born: str
    sex: str
    number_label: str
    number: tuple[str, ...]
    marks: tuple[Mark, ...]
    facts: Facts
    last_heard: Instant
    stay: Stay

    def attention(self) -> bool:
        """Return whether the filter "alerts" keeps this line."""
        return any(mark.kind in ("stop", "warn") for mark in (*self.marks, *self.facts.marks))

    def due_now(self, now: Instant) -> bool:
        """Return whether a dose is late, or due within the hour."""
        due = self.facts.due
        soon = due.next_at is not None and due.next_at - now <= SOON_MS
        return bool(due.late or due.overdue or soon)


class FactsShelf:
    """Facts of patients seen on boards, kept while neither chart nor minute change."""

    def __init__(self) -> None:
        self._kept: OrderedDict[PatientKey, tuple[Chart, Times, Facts]] = OrderedDict()

    def of(self, desk: Desk, patient: PatientKey, site: str, t: Times) -> Facts:
        """Return what the patient's line says at this minute."""
        chart = desk.views.chart(patient)
        kept = self._kept.get(patient)
        if kept is not None and kept[0] is chart and kept[1] == t:
            self._kept.move_to_end(patient)
            return kept[2]
        facts = facts_of(chart, mar_of(desk, chart, site, t), results(chart, now=t.now), t)
        self._kept[patient] = (chart, t, facts)
        while len(self._kept) > FACTS_KEPT_MAX:
            self._kept.popitem(last=False)
        return facts


def mar_of(desk: Desk, chart: Chart, site: str, t: Times) -> Mar:
    """Return the MAR as seen from a site now."""
    return mar(
        chart,
        now=t.now,
        zone=t.zone,
        blind=blind_window(desk, site),
        charts_here=desk.views.charts_here(site),
    )


def blind_window(desk: Desk, site: str) -> tuple[Instant, Instant] | None:
    """Return the time between the last word of a site's feeds and its EHR going off."""
    return blind(desk.views.downtimes.at(site), desk.views.links.site_as_of(site))


def facts_of(chart: Chart, record: Mar, found: Results, t: Times) -> Facts:
    """Return what a list shows of a chart."""
    criticals = tuple(
        f"{coded(row.test)} {row.newest.observation.value} {row.newest.observation.unit}".strip()
        for row in found.analytes
        if row.critical
    )
    last = chart.results_as_of
    return Facts(
        marks=tuple(_chart_marks(chart)),
        due=_due(chart, record, t),
        criticals=criticals,
        last_result=last.occurred if last else None,
        allergies_known=len(chart.allergies.known),
    )


def _chart_marks(chart: Chart) -> list[Mark]:
    marks = [allergy_mark(chart.allergies)]
    alerts = [f"{fact.alert.capitalize()}: {fact.text}".rstrip(": ") for fact in chart.alerts]
    return [*marks, *(Mark(alert, "warn") for alert in alerts)]


def allergy_mark(allergies: AllergyList) -> Mark:
    """Return the allergy word of a list; "not recorded" never looks like "none"."""
    match allergies.state:
        case AllergyState.KNOWN:
            return Mark(f"Allergies: {len(allergies.known)}", "stop")
        case AllergyState.NONE_KNOWN:
            return Mark("No known allergies", "quiet")
        case AllergyState.UNAVAILABLE:
            return Mark("Allergies unavailable", "warn")
    return Mark("Allergies not recorded", "warn")


def _due(chart: Chart, record: Mar, t: Times) -> Due:
    upcoming = [row.next_due for row in record.rows if row.next_due is not None]
    soonest = min(upcoming, default=None)
    late = [
        f"{t.at(cell.at)} {row.order.words()}"
        for row in record.rows
        for cell in row.cells
        if cell.state is CellState.LATE_QUESTION
    ]
    return Due(
        next_at=soonest,
        next_count=upcoming.count(soonest) if soonest is not None else 0,
        late=tuple(late),
        overdue=sum(map(_overdue, record.rows)),
        unknown=sum(not row.schedule_known for row in record.rows),
        said=chart.orders_as_of is not None,
    )


def _overdue(row: MarRow) -> int:
    return sum(cell.state is CellState.OVERDUE for cell in row.cells)


def line_of(
    desk: Desk, stay: Stay, facts: Facts, t: Times, *, alike: Collection[PatientKey] = ()
) -> Line:
    """Return the line of one stay; a protected patient's name stays off lists."""
    patient = desk.views.people.resolve(stay.patient)
    person = desk.views.people.person(patient)
    masked = person is not None and person.protected
    label, number = number_of(patient, person)
    return Line(
        row=f"{desk.handles.of(patient)}.{stay.location.bed}",
        href=desk.patient_url(patient),
        name=MASKED if masked else listed_name(person),
        masked=masked,
        name_alert=patient in alike,
        born="withheld" if masked else t.born(person),
        sex="" if masked else sex_words(person.sex if person else ""),
        number_label=label,
        number=() if masked else tuple(number_groups(number)),
        marks=tuple(stay_marks(stay, person, t)),
        facts=facts,
        last_heard=stay.stamp.occurred,
        stay=stay,
    )


def listed_name(person: Person | None) -> str:
    """Return the name for a list."""
    return name_words(person.name) if person else "Name not known"


def stay_marks(stay: Stay, person: Person | None, t: Times) -> list[Mark]:
    """Return what has to be known about where and who a patient is."""
    marks: list[Mark] = []
    if person is not None and person.unconfirmed:
        marks.append(Mark("IDENTITY NOT CONFIRMED", "stop"))
    if person is not None and person.died is not None:
        marks.append(Mark(f"Died {t.moment(person.died)}", "warn"))
    if stay.provisional:
        marks.append(Mark("Admission not seen", "warn"))
    if stay.state is StayState.ON_LEAVE:
        back = f", back {t.moment(stay.expected_return)}" if stay.expected_return else ""
        marks.append(Mark(f"On leave{back}", "warn"))
    if stay.temporary is not None and stay.temporary.words():
        marks.append(Mark(f"Off the unit: {stay.temporary.words()}", "warn"))
    if stay.planned is not None and stay.planned.words():
        marks.append(Mark(f"Going to {stay.planned.words()}"))
    return [*marks, *(Mark(note, "warn") for note in stay.notes)]


def alike_of(desk: Desk, stays: Sequence[Stay]) -> Collection[PatientKey]:
    """Return the patients of a unit who share a family name: NAME ALERT."""
    people = desk.views.people
    return people.similar([people.resolve(stay.patient) for stay in stays])
