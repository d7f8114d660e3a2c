"""How many patients know and how many do not: by state, clinic and class, over time, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from wardlight.record.events.triage import UrgencyClass
from wardlight.record.instants import DAY, HOUR, Instant
from wardlight.views.clinics.cases import OPEN, TOLD, Case, CaseState
from wardlight.views.services.clinic_status import clinic_of

PACE_MS = 4 * HOUR  # the last hours a forecast is made from
BACK_MS = 3 * DAY  # how far back the curve goes
STEPS = 72


class ClinicNumbers(Struct, frozen=True, kw_only=True):
    """One clinic's counts."""

    name: str
    states: Counter[CaseState]
    open_by_class: Counter[UrgencyClass]  # of those decided about: the others have no class yet
    oldest: Instant | None  # since when the longest open one waits to be told

    def open(self) -> int:
        """Return how many do not know yet."""
        return sum(self.states[one] for one in OPEN)

    def told(self) -> int:
        """Return how many know."""
        return sum(self.states[one] for one in TOLD)


class Forecast(Struct, frozen=True, kw_only=True):
    """When everybody knows, at the pace of the last hours; None: at that pace never."""

    told_lately: int
    per_hour: float
    done: Instant | None


class Numbers(Struct, frozen=True, kw_only=True):
    """The whole of it, as of one moment."""

    total: ClinicNumbers
    clinics: tuple[ClinicNumbers, ...]
    curve: tuple[tuple[Instant, int], ...]  # time, how many did not know then
    forecast: Forecast


def numbers(cases: Sequence[Case], now: Instant) -> Numbers:
    """Return the numbers of these cases; every case is counted once, in one state."""
    total = _counted("all", cases)
    by_clinic: dict[str, list[Case]] = {}
    for case in cases:
        by_clinic.setdefault(clinic_of(case.appointment), []).append(case)
    clinics = [_counted(name, held) for name, held in by_clinic.items()]
    return Numbers(
        total=total,
        clinics=tuple(sorted(clinics, key=lambda one: (-one.open(), one.name))),
        curve=curve(cases, now),
        forecast=forecast(cases, total.open(), now),
    )


def _counted(name: str, cases: Iterable[Case]) -> ClinicNumbers:
    states: Counter[CaseState] = Counter()
    classes: Counter[UrgencyClass] = Counter()
    since = []
    for case in cases:
        states[case.state] += 1
        if case.state in OPEN and case.verdict is not None:
            classes[case.verdict.line.urgency] += 1
            since.append(case.verdict.at)
    return ClinicNumbers(
        name=name, states=states, open_by_class=classes, oldest=min(since, default=None)
    )


def curve(cases: Iterable[Case], now: Instant) -> tuple[tuple[Instant, int], ...]:
    """Return how many had been decided and not told, at even steps up to now."""
    changes: list[tuple[Instant, int]] = []
    for case in cases:
        if case.verdict is None or case.state is CaseState.OFF:
            continue
        changes.append((case.verdict.at, 1))
        if case.state in TOLD and case.told is not None:
            changes.append((max(case.told.at, case.verdict.at), -1))
    if not changes:
        return ()
    changes.sort()
    first = max(changes[0][0], Instant(now - BACK_MS))
    step = max((now - first) // STEPS, 1)
    points, at, open_ = [], 0, 0
    for time in range(first, now + 1, step):
        while at < len(changes) and changes[at][0] <= time:
            open_ += changes[at][1]
            at += 1
        points.append((Instant(time), open_))
    return tuple(points)


def forecast(cases: Iterable[Case], open_: int, now: Instant) -> Forecast:
    """Return when everybody knows, at the pace of the last four hours."""
    lately = sum(
        case.state in TOLD and case.told is not None and case.told.at > now - PACE_MS
        for case in cases
    )
    pace = lately / (PACE_MS / HOUR)
    done = Instant(now + round(open_ / pace * HOUR)) if pace and open_ else None
    return Forecast(told_lately=lately, per_hour=pace, done=now if not open_ else done)
