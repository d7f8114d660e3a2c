"""The forms under a medication chart: what may be charted now, and what was charted here."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, structs

from wardlight.record.codes import DoseState
from wardlight.record.events.entered import Warned
from wardlight.record.instants import Instant
from wardlight.rules.asking import Ground
from wardlight.rules.knowing import known_with
from wardlight.rules.medicines.dose_warnings import dose_limits, dose_warnings
from wardlight.rules.medicines.dosing import Code, DoseAsked, Known
from wardlight.rules.paperwork.wristband import numbers_of
from wardlight.views.bedside.mar import CellState, Mar, MarRow
from wardlight.views.bedside.medication_words import drug_words, medication_words
from wardlight.views.facts import DoseFact, OrderFact
from wardlight.web.banner import Opened
from wardlight.web.page import Desk
from wardlight.web.times import Times

CHARTED_SHOWN_MAX = 40
# What does not depend on what is typed, so that it stands in the form before anything is.
STANDING = frozenset(
    {
        Code.ALLERGY_INGREDIENT,
        Code.ALLERGY_CLASS,
        Code.ALLERGIES_UNKNOWN,
        Code.WEIGHT_MISSING,
        Code.WEIGHT_IMPLAUSIBLE,
        Code.DUPLICATE,
        Code.NOT_RUNNING,
        Code.NOT_VERIFIED,
        Code.BLIND_WINDOW,
    }
)
NOT_GIVEN_REASONS = (
    "Held: parameters not met",
    "Held: prescriber asked",
    "Patient not on the unit",
    "Patient refused",
    "Nothing by mouth",
    "Medicine not available",
    "No access",
    "Given before on paper",
)
_OPEN = (CellState.OVERDUE, CellState.LATE_QUESTION)


class Giving(Struct, frozen=True, kw_only=True):
    """One order whose doses may be charted."""

    key: str  # anchor on the page
    number: str
    name: str
    summary: str  # "hydrALAZINE 25 mg oral, due 06:00"
    label: str  # for the list on the tablet: whose entry, of what
    amount: str
    unit: str
    route: str
    ordered: str
    due: str
    section: str
    state: str  # "given", or nothing preselected for what has to be settled first
    warnings: tuple[Warned, ...]
    as_needed: bool
    infusion: bool
    second_check: bool
    low: str = ""
    high: str = ""
    dose_words: str = ""
    not_before: int = 0
    interval_words: str = ""


class Charted(Struct, frozen=True, kw_only=True):
    """One dose that was charted in this system, which may be corrected or taken back."""

    entry: str
    words: str
    at: str
    by: str
    dose: DoseFact
    number: str
    clock: str
    day: str


def bands_of(desk: Desk, opened: Opened) -> str:
    """Return every number that may stand on the wristband, for a tablet that is alone."""
    return " ".join(sorted(numbers_of(desk.views.people, opened.patient)))


def givings(ground: Ground, opened: Opened, record: Mar, t: Times) -> list[Giving]:
    """Return a form for each order that runs, in the order of the chart."""
    family = opened.person.name.family or "Patient"
    made = []
    for at, row in enumerate(record.rows):
        give = _giving(row, at, family, t)
        known = known_with(ground, opened.chart, record, row.order)
        made.append(_with_limits(give, row.order, known) if known else give)
    return made


def _with_limits(give: Giving, order: OrderFact, known: Known) -> Giving:
    """Return the form with what a tablet that is alone can warn of by itself."""
    limits = dose_limits(order, known)
    dose = DoseAsked(drug=order.what, at=known.now, order=order, amount=give.amount, unit=give.unit)
    found = dose_warnings(dose, known)
    return structs.replace(
        give,
        warnings=tuple(one for one in found if one.code in STANDING),
        second_check=any(one.code == Code.SECOND_CHECK for one in found),
        low=limits.low,
        high=limits.high,
        dose_words=limits.dose_words,
        not_before=limits.not_before or 0,
        interval_words=limits.interval_words,
    )


def give_key(at: int) -> str:
    """Return the place on the page where the doses of the at-th order are charted."""
    return f"give-{at + 1}"


def _giving(row: MarRow, at: int, family: str, t: Times) -> Giving:
    order, detail = row.order, row.order.detail
    words = (
        medication_words(detail, as_received=order.as_received, timing=order.timing)
        if detail
        else None
    )
    name = words.drug if words and words.drug else drug_words(order.words())
    dose = (words.dose or words.rate) if words else ""
    route = words.route if words else ""
    due = _due(row, t)
    plain = detail.dose if detail and detail.dose.replace(".", "", 1).isdigit() else ""
    return Giving(
        key=give_key(at),
        number=order.number,
        name=name,
        summary=" ".join(part for part in (name, dose, route) if part),
        label=f"{family} \N{MIDDLE DOT} {name}",
        amount=plain,
        unit=detail.unit if detail else "",
        route=detail.route if detail else "",
        ordered=dose or "dose not stated in the order",
        due=due,
        section=row.section,
        state="given" if row.section != "infusion" else "",
        warnings=(),
        as_needed=row.section == "as needed",
        infusion=row.section == "infusion",
        second_check=False,
    )


def _due(row: MarRow, t: Times) -> str:
    """Return what waits: a time in question first, then what is overdue, then the next one."""
    waiting = [cell for cell in row.cells if cell.state in _OPEN]
    if waiting:
        words = {CellState.OVERDUE: "overdue since", CellState.LATE_QUESTION: "late? due"}
        return f"{words[waiting[0].state]} {t.at(waiting[0].at)}"
    if row.next_due is not None:
        return f"due {t.at(row.next_due)}"
    return {"as needed": "when needed", "infusion": "runs"}.get(row.section, "")


def charted_here(doses: Iterable[DoseFact], t: Times) -> list[Charted]:
    """Return the doses that were charted in this system, newest first."""
    mine = [dose for dose in doses if dose.stamp.entry]
    return [_charted(dose, t) for dose in mine[:CHARTED_SHOWN_MAX]]


def _charted(dose: DoseFact, t: Times) -> Charted:
    amount = " ".join(part for part in (dose.amount, dose.unit) if part)
    said = (drug_words(dose.drug.words()), amount, str(dose.state), dose.reason, dose.note)
    when = Instant(dose.at.at)
    return Charted(
        entry=dose.stamp.entry,
        words=" \N{MIDDLE DOT} ".join(part for part in said if part),
        at=t.at(when),
        by=dose.stamp.said_by(),
        dose=dose,
        number=dose.order,
        clock=t.full(when)[-5:],
        day=t.day_box(when),
    )


STATES = (
    (DoseState.GIVEN, "Given"),
    (DoseState.PARTLY, "Partly given"),
    (DoseState.REFUSED, "Refused"),
    (DoseState.NOT_GIVEN, "Not given or held"),
)
