"""The medication administration record: what runs, what was last given, what is next due.

Ward rules (screens.md §3.3, NHS CUI MEDa): past and future differ, a dose that fell into the
blind window (between the last word of the feed and the EHR going off) is "late?" until a person
settles it, and a schedule is only worked out where the pattern is understood with certainty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from wardlight.record.codes import DoseState, OrderState
from wardlight.record.instants import DIGITS_MINUTE, HOUR, MINUTE, Instant
from wardlight.record.reading import Stamp
from wardlight.views.bedside.dose_times import (
    SITE_TIMES,
    Course,
    DosePlan,
    Repeats,
    TimesFrom,
    due_times,
    ends_at,
    next_due,
    plan_of,
)
from wardlight.views.facts import Chart, DoseFact, OrderFact

SATISFIED_WITHIN_MS = 60 * MINUTE
"""A dose counts for the time it was due when charted at most this much earlier or later, or half
the time between two doses if that is shorter. Where the times are only the site's usual ones, a
dose may be later by half the time between two doses: the real time is not known to us."""


class CellState(StrEnum):
    """One mark in the grid of a MAR row."""

    GIVEN = "given"
    PARTLY = "partly given"
    REFUSED = "refused"
    NOT_GIVEN = "not given"
    UNKNOWN = "unknown"  # a dose was charted whose status is not understood
    DUE = "due"  # in the future
    OVERDUE = "overdue"  # due in the past, no dose on record, the feed was being heard
    LATE_QUESTION = "late?"  # due in the blind window or after: may have been given on paper


class MarCell(Struct, frozen=True, kw_only=True, gc=False):
    """A dose given or a time due."""

    at: Instant
    state: CellState
    dose: DoseFact | None = None  # what was charted; None for a time due


class MarRow(Struct, frozen=True, kw_only=True, gc=False):
    """One running medication order with its doses."""

    order: OrderFact
    cells: tuple[MarCell, ...] = ()  # inside the window shown, oldest first
    last_given: DoseFact | None = None  # ever, not only inside the window
    next_due: Instant | None = None  # None: as needed, or the schedule is not understood
    schedule_known: bool = False  # False: "schedule as received: …" is shown instead of times
    section: str = "scheduled"  # scheduled, as needed, infusion, one time
    ended_by_time: bool = False  # TQ1-8 has passed; still listed
    times_from: TimesFrom | None = None  # None: no times; site table: derived, and marked so


class Mar(Struct, frozen=True, kw_only=True, gc=False):
    """The whole MAR of one patient for a window around now."""

    rows: tuple[MarRow, ...] = ()  # scheduled, infusions, one time, as needed; each alphabetical
    unmatched: tuple[DoseFact, ...] = ()  # doses that belong to no running order, 24 h back
    starts: Instant
    ends: Instant
    blind: tuple[Instant, Instant] | None = None
    as_of: Stamp | None = None
    has_dose_feed: bool = False


class _View(Struct, frozen=True, kw_only=True, gc=False):
    """The window and the rules one MAR is worked out under."""

    now: Instant
    starts: Instant
    ends: Instant
    zone: str
    blind: tuple[Instant, Instant] | None
    has_dose_feed: bool
    charts_here: bool
    site_times: Mapping[str, tuple[str, ...]]


def mar(  # noqa: PLR0913 - the contract of the views: a chart and the conditions it is seen under
    chart: Chart,
    *,
    now: Instant,
    zone: str,
    blind: tuple[Instant, Instant] | None = None,
    back_ms: int = 24 * HOUR,
    forward_ms: int = 24 * HOUR,
    site_times: Mapping[str, tuple[str, ...]] = SITE_TIMES,
    charts_here: bool = False,
) -> Mar:
    """Return the MAR from `back_ms` before now to `forward_ms` after it.

    `zone` is the site's IANA zone, `blind` the time between the last word of its feeds and the
    EHR going off, `site_times` its usual clock times by pattern, `charts_here` whether its staff
    chart doses in this system, so that a dose that is not charted since is overdue.
    """
    view = _View(
        now=now,
        starts=Instant(now - back_ms),
        ends=Instant(now + forward_ms),
        zone=zone,
        blind=blind,
        has_dose_feed=chart.has_dose_feed,
        charts_here=charts_here,
        site_times=site_times,
    )
    orders = chart.medications()
    known = {order.number for order in chart.orders} - {""}
    by_order, unmatched = _matched(orders, chart.doses, known)
    rows = [_row(order, by_order.get(at, []), view) for at, order in enumerate(orders)]
    return Mar(
        rows=tuple(sorted(rows, key=_row_order)),
        unmatched=tuple(dose for dose in unmatched if view.starts <= dose.at.at),
        starts=view.starts,
        ends=view.ends,
        blind=blind,
        as_of=_newer(chart.doses_as_of, chart.orders_as_of),
        has_dose_feed=chart.has_dose_feed,
    )


def _matched(
    orders: Sequence[OrderFact], doses: Iterable[DoseFact], known: set[str]
) -> tuple[dict[int, list[DoseFact]], list[DoseFact]]:
    """Return the doses of each running order, and those of none.

    By the order's number; a dose that names no order, or one never heard of, belongs to the one
    running order of exactly its drug, if there is just one and the dose came after it was placed.
    """
    by_number: dict[str, list[int]] = {}
    by_drug: dict[str, list[int]] = {}
    for at, order in enumerate(orders):
        by_number.setdefault(order.number, []).append(at)
        for drug in {order.what.key(), order.detail.drug.key() if order.detail else ""}:
            by_drug.setdefault(drug, []).append(at)
    matched: dict[int, list[DoseFact]] = {}
    unmatched: list[DoseFact] = []
    for dose in doses:
        drug = dose.drug.key()
        same_drug = by_drug.get(drug, []) if drug else []
        if dose.order in known:
            meant = by_number.get(dose.order, [])
            meant = [at for at in meant if at in same_drug] if len(meant) > 1 else meant
        else:
            alone = len(same_drug) == 1 and _placed_before(orders[same_drug[0]], dose)
            meant = same_drug if alone else []
        if len(meant) == 1:
            matched.setdefault(meant[0], []).append(dose)
        else:
            unmatched.append(dose)
    return matched, unmatched


def _placed_before(order: OrderFact, dose: DoseFact) -> bool:
    placed = [moment.at for moment in (order.ordered, order.timing.starts) if moment is not None]
    return bool(placed) and min(placed) <= dose.at.at


def _row(order: OrderFact, doses: Sequence[DoseFact], view: _View) -> MarRow:
    """Return one row; `doses` are newest first."""
    plan = plan_of(order.timing, view.site_times)
    last_given = next((dose for dose in doses if _was_given(dose)), None)
    course = _course(order, plan, last_given, view.zone)
    runs = plan is not None and order.state is not OrderState.HELD
    due = due_times(plan, course, since=view.starts, until=view.ends) if plan and runs else ()
    early, late = _tolerance(plan)
    open_times = _unsatisfied(due or (), doses, early, late)
    cells = [_charted(dose) for dose in doses if view.starts <= dose.at.at <= view.ends]
    cells += [MarCell(at=at, state=_due_state(at, late, view)) for at in open_times]
    known = plan is not None and due is not None
    return MarRow(
        order=order,
        cells=tuple(sorted(cells, key=lambda cell: (cell.at, cell.state))),
        last_given=last_given,
        next_due=_next(plan, course, doses, view) if plan and runs and known else None,
        schedule_known=known,
        section=_section(order, plan),
        ended_by_time=order.timing.ends is not None and ends_at(course) < view.now,
        times_from=plan.times_from if plan and known and _has_times(plan) else None,
    )


def _course(
    order: OrderFact, plan: DosePlan | None, last_given: DoseFact | None, zone: str
) -> Course:
    starts = order.timing.starts
    if starts is None and plan is not None and plan.repeats is Repeats.ONCE:
        starts = order.ordered
    exact = last_given is not None and last_given.at.digits >= DIGITS_MINUTE
    return Course(
        zone=zone,
        starts=starts,
        ends=order.timing.ends,
        last_given=last_given.at if last_given and exact else None,
    )


def _was_given(dose: DoseFact) -> bool:
    return dose.state in (DoseState.GIVEN, DoseState.PARTLY)


def _has_times(plan: DosePlan) -> bool:
    return plan.repeats not in (Repeats.AS_NEEDED, Repeats.CONTINUOUS)


def _tolerance(plan: DosePlan | None) -> tuple[int, int]:
    """Return how much earlier and how much later a dose may be and still count, in ms."""
    gap = plan.gap_ms() if plan else 0
    if plan is None or not gap:
        return SATISFIED_WITHIN_MS, SATISFIED_WITHIN_MS
    within = min(SATISFIED_WITHIN_MS, gap // 2)
    return within, gap // 2 if plan.times_from is TimesFrom.SITE_TABLE else within


def _unsatisfied(
    due: Sequence[Instant], doses: Sequence[DoseFact], early: int, late: int
) -> list[Instant]:
    """Return the due times that no charted dose counts for; each dose counts once."""
    charted = sorted(dose.at.at for dose in doses if dose.at.digits >= DIGITS_MINUTE)
    left: list[Instant] = []
    for at in due:
        fitting = [given for given in charted if at - early <= given <= at + late]
        if fitting:
            charted.remove(min(fitting, key=lambda given: abs(given - at)))
        else:
            left.append(at)
    return left


def _due_state(at: Instant, late: int, view: _View) -> CellState:
    """Return what an open due time is: to come, overdue, or not known to this system.

    A dose may be charted as long as it may be late, so one that was due shortly before the blind
    window may have been given in it. Without a feed of doses nothing is known of any.
    """
    if at > view.now:
        return CellState.DUE
    if view.charts_here and view.blind is not None and at > view.blind[1]:
        return CellState.OVERDUE
    if not view.has_dose_feed:
        return CellState.LATE_QUESTION
    if view.blind is not None and at + min(late, SATISFIED_WITHIN_MS) >= view.blind[0]:
        return CellState.LATE_QUESTION
    return CellState.OVERDUE


def _charted(dose: DoseFact) -> MarCell:
    return MarCell(at=dose.at.at, state=CellState(dose.state.value), dose=dose)


def _next(plan: DosePlan, course: Course, doses: Sequence[DoseFact], view: _View) -> Instant | None:
    """Return the first due time after now that no dose, given a little early, counts for."""
    early, late = _tolerance(plan)
    at = next_due(plan, course, after=view.now)
    if at is not None and not _unsatisfied([at], doses, early, late):
        at = next_due(plan, course, after=at)
    return at


def _section(order: OrderFact, plan: DosePlan | None) -> str:
    repeats = plan.repeats if plan else None
    if repeats is Repeats.AS_NEEDED:
        return "as needed"
    rated = order.detail is not None and bool(order.detail.rate)
    if repeats is Repeats.CONTINUOUS or (rated and not order.timing.pattern):
        return "infusion"
    return "one time" if repeats is Repeats.ONCE else "scheduled"


_SECTIONS = ("scheduled", "infusion", "one time", "as needed")


def _row_order(row: MarRow) -> tuple[int, str, str]:
    return _SECTIONS.index(row.section), row.order.words().casefold(), row.order.number


def _newer(one: Stamp | None, other: Stamp | None) -> Stamp | None:
    stamps = [stamp for stamp in (one, other) if stamp is not None]
    return max(stamps, key=lambda stamp: (stamp.occurred, stamp.position), default=None)
