"""The rows of the boards: whose, where they lie now, what for, how long already."""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.codes import Coded, Location
from wardlight.record.events.laboratory import ResultEntered, ResultTold
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant, Moment, age_words
from wardlight.views.bedside.findings import Escalation, Finding
from wardlight.views.laboratory.imaging import Examination
from wardlight.views.laboratory.laboratory_board import Row, Telling
from wardlight.views.laboratory.loops import Step
from wardlight.views.laboratory.transfusion import BloodCase
from wardlight.views.words import flag_words
from wardlight.web.page import Desk
from wardlight.web.times import Times
from wardlight.web.wards.board import MASKED, listed_name


class Whose(Struct, frozen=True, kw_only=True):
    """The patient of a line on a list."""

    name: str
    href: str
    handle: str
    place: str


class SpecimenLine(Struct, frozen=True, kw_only=True):
    """One specimen on a board."""

    row: str
    href: str
    whose: Whose
    tests: str
    priority: str
    accession: str
    state: str
    started: str
    age: str
    late: str  # "12 min overdue", "" while it is in time
    moved: str  # where it was asked for, when the patient lies elsewhere now
    callback: str


class FindingLine(Struct, frozen=True, kw_only=True):
    """One result with who knows of it."""

    entry: str
    request: str
    href: str
    whose: Whose
    words: str
    critical: bool
    at: str
    age: str
    by: str
    told: tuple[str, ...]
    acknowledged: str
    callback: str = ""
    asked: str = ""  # who has to be asked now, on an escalation
    asked_at: str = ""  # when that was done
    label: str = ""


def whose_of(desk: Desk, patient: PatientKey) -> Whose:
    """Return the patient of a line; a protected one's name stays off lists."""
    people = desk.views.people
    known = people.resolve(patient)
    person = people.person(known)
    stay = desk.views.census.stay(known)
    return Whose(
        name=MASKED if person is not None and person.protected else listed_name(person),
        href=desk.patient_url(known),
        handle=desk.handles.of(known),
        place=stay.location.words() if stay is not None else "",
    )


def specimen_url(site: str, request: str) -> str:
    """Return the address of a specimen's page: a random number, nothing of the patient."""
    return f"/laboratory/{site}/specimen/{request}"


def imaging_url(site: str, request: str) -> str:
    """Return the address of an examination's page."""
    return f"/imaging/{site}/{request}"


def blood_url(site: str, request: str) -> str:
    """Return the address of a blood request's page."""
    return f"/blood/{site}/{request}"


def specimen_line(desk: Desk, row: Row, t: Times) -> SpecimenLine:
    """Return one specimen as a board shows it."""
    trace = row.trace
    late = row.late_ms(t.now)
    return SpecimenLine(
        row=trace.request,
        href=specimen_url(trace.site, trace.request),
        whose=whose_of(desk, trace.patient),
        tests=", ".join(one.words() for one in trace.tests) or "as on the paper requisition",
        priority=str(trace.priority),
        accession=trace.accession,
        state=str(trace.state),
        started=t.at(trace.started),
        age=age_words(max(t.now - trace.started, 0)),
        late=f"{age_words(late)} overdue" if late else "",
        moved=trace.place().words() if row.moved else "",
        callback=trace.callback(),
    )


def finding_line(
    desk: Desk, finding: Finding, t: Times, *, href: str, callback: str = ""
) -> FindingLine:
    """Return one result as lists show it."""
    whose = whose_of(desk, finding.patient)
    step = finding.step
    return FindingLine(
        entry=step.id,
        request=finding.request,
        href=href,
        whose=whose,
        words=result_words(finding),
        critical=finding.critical,
        at=t.at(step.occurred),
        age=age_words(max(t.now - step.occurred, 0)),
        by=step.by,
        told=tuple(told_words(one, t) for one in finding.told),
        acknowledged=_by(finding.acknowledged, t) if finding.acknowledged else "",
        callback=callback,
        label=f"{whose.name} \N{MIDDLE DOT} {finding.words()}"[:120],
    )


def telling_line(desk: Desk, telling: Telling, t: Times) -> FindingLine:
    """Return one result to be told or acknowledged."""
    trace = telling.row.trace
    href = specimen_url(trace.site, trace.request)
    return finding_line(desk, telling.finding, t, href=href, callback=trace.callback())


def escalation_line(desk: Desk, one: Escalation, t: Times, *, href: str) -> FindingLine:
    """Return one critical result nobody acknowledged, with who has to be asked now."""
    line = finding_line(desk, one.finding, t, href=href)
    fields = {name: getattr(line, name) for name in line.__struct_fields__}
    asked_at = _by(one.asked, t) if one.asked else ""
    return FindingLine(**{**fields, "asked": str(one.step), "asked_at": asked_at})


def result_words(finding: Finding) -> str:
    """Return a result in words, each value with its flag said."""
    said = finding.step.said
    if not isinstance(said, ResultEntered):
        return finding.words()
    lines = []
    for line in said.lines:
        flag = flag_words((line.flag,)) if line.flag else ""
        value = " ".join(part for part in (line.value, line.unit) if part)
        lines.append(f"{line.test.words()} {value}" + (f" ({flag})" if flag else ""))
    return "; ".join(lines)


def told_words(step: Step, t: Times) -> str:
    """Return who was told, by whom, and whether it was read back."""
    said = step.said
    assert isinstance(said, ResultTold), "chosen by class"
    back = "read back" if said.read_back else "NOT read back"
    return f"{said.to}, by {said.how}, {back}, {t.at(step.occurred)}, {step.by}"


def _by(step: Step, t: Times) -> str:
    return f"{step.by}, {t.at(step.occurred)}"


class ImagingLine(Struct, frozen=True, kw_only=True):
    """One examination on the list."""

    href: str
    whose: Whose
    study: str
    priority: str
    state: str
    at: str
    age: str
    images_with: str
    critical: bool


def imaging_line(desk: Desk, one: Examination, t: Times) -> ImagingLine:
    """Return one examination as the list shows it."""
    return ImagingLine(
        href=imaging_url(one.site, one.request),
        whose=whose_of(desk, one.patient),
        study=one.study(),
        priority=str(one.wanted.priority),
        state=str(one.state),
        at=t.at(one.started),
        age=age_words(max(t.now - one.started, 0)),
        images_with=one.images_with,
        critical=any(finding.critical for finding in one.findings),
    )


class BloodLine(Struct, frozen=True, kw_only=True):
    """One request for blood on the list."""

    href: str
    whose: Whose
    product: str
    priority: str
    group: str
    differs: bool
    units: tuple[str, ...]
    at: str
    age: str


def blood_line(desk: Desk, case: BloodCase, t: Times) -> BloodLine:
    """Return one request for blood as the list shows it."""
    wanted = case.wanted
    return BloodLine(
        href=blood_url(case.site, case.request),
        whose=whose_of(desk, case.patient),
        product=f"{wanted.product}, {wanted.units} units" if wanted.units else wanted.product,
        priority=str(wanted.priority),
        group=case.group or "not tested",
        differs=case.group_differs(),
        units=tuple(f"{unit.number} {unit.said.group}, {unit.state}" for unit in case.units),
        at=t.at(case.started),
        age=age_words(max(t.now - case.started, 0)),
    )


class StepLine(Struct, frozen=True):
    """One step of a loop in words: what, when, by whom, and when it was written down."""

    what: str
    words: str
    at: str
    by: str
    written: str  # "" when it was written as it happened


WRITTEN_LATER_MS = 5 * 60_000


def step_lines(steps: tuple[Step, ...], t: Times) -> list[StepLine]:
    """Return every step of a loop in the order it happened."""
    return [_step_line(one, t) for one in steps]


def _step_line(step: Step, t: Times) -> StepLine:
    what = str(type(step.said).__struct_config__.tag).replace(".", " ").replace("-", " ")
    later = step.recorded - step.occurred > WRITTEN_LATER_MS
    return StepLine(
        what=what.capitalize(),
        words=_said_words(step.said),
        at=t.full(Instant(step.occurred)),
        by=", ".join(part for part in (step.by, step.station) if part),
        written=t.at(step.recorded) if later else "",
    )


_SAID_IF_NOT = frozenset({"read_back", "stopped"})
_LEFT_OUT = frozenset({"request", "results", "matches", "replaces"})


def _said_words(said: object) -> str:
    """Return a statement field by field, leaving out what was left empty."""
    parts = []
    for name in getattr(said, "__struct_fields__", ()):
        words = _words(getattr(said, name))
        if words and name not in _LEFT_OUT and (words != "no" or name in _SAID_IF_NOT):
            parts.append(f"{name.replace('_', ' ')}: {words}")
    return "; ".join(parts)


def _words(value: object) -> str:
    """Return one field in words, "" when nothing was said."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str() | int():
            return str(value or "")
        case tuple():
            return ", ".join(words for one in value if (words := _words(one)))
        case Coded() | Location():
            return value.words()
        case Moment():
            return ""  # every step has its own time
        case _:
            fields = (getattr(value, name) for name in getattr(value, "__struct_fields__", ()))
            return " ".join(words for one in fields if (words := _words(one)))
