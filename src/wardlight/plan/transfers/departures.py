"""When each patient leaves, with the vehicles there are: departures period by period.

Patients who leave the same place with the same crew, are away as long and matter as much are one
number. Trips are rounded up to whole periods, so that a schedule found here can be driven: at no
moment are more vehicles of a kind on the road than there are (interval graphs are perfect).
Evacuations have been held up by the number of ALS crews more than by anything else (AHRQ Mass
Evacuation Transportation Model, pilots); loading bays come next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from math import ceil
from typing import Any

from msgspec import Struct
from ortools.sat.python import cp_model

from wardlight.plan.transfers.transfers import STAY, Level, TransferProblem

SCALE = 10
PERIODS_MAX = 96
GAP = 0.01  # share of the cost at which looking further is not worth it
EFFORT = 4.0  # CP-SAT's deterministic time: the same on every machine, about as many seconds


class Wave(StrEnum):
    """Whether intensive care leaves a place before all others, after them, or as it comes."""

    AS_IT_COMES = "as it comes"
    ICU_FIRST = "ICU first"
    ICU_LAST = "ICU last"


class Fleet(Struct, frozen=True, kw_only=True):
    """Vehicles that stand by in each period, and how many patients a place can load in one.

    A level that is not named has no vehicle; a place that is not named has `bay_else` bays.
    """

    period_min: int
    periods: int
    vehicles: Mapping[Level, tuple[int, ...]]
    bays: Mapping[str, int] = {}
    bay_else: int = 4
    loading_min: int = 20
    wave: Wave = Wave.AS_IT_COMES
    icu_beds: frozenset[str] = frozenset({"ICU", "NICU"})


class Departure(Struct, frozen=True, kw_only=True, gc=False):
    """One patient's place in the schedule; `period` None: not within it, for `because`."""

    patient: str
    level: Level
    period: int | None
    back_after: int  # periods the vehicle is away
    because: str = ""


class Schedule(Struct, frozen=True, kw_only=True):
    """Who leaves when. `cost` and `bound`: minutes waited, each times the patient's weight."""

    departures: tuple[Departure, ...]
    cost: float
    bound: float

    @property
    def gap(self) -> float:
        """Return by what share of its cost a better schedule could be better."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0


class _Trip(Struct, frozen=True, order=True):
    origin: str
    level: Level
    away: int
    weight: int
    icu: bool


def schedule(
    problem: TransferProblem,
    goes_to: Mapping[str, str],
    fleet: Fleet,
    *,
    effort: float = EFFORT,
    seed: int = 0,
) -> Schedule:
    """Return departures of the patients of a plan (`goes_to`: patient, receiver); STAY has none."""
    assert 0 < fleet.periods <= PERIODS_MAX, fleet.periods
    trips = _trips(problem, goes_to, fleet)
    model = cp_model.CpModel()
    leave = {
        trip: [
            model.new_int_var(0, len(patients), f"{at}.{period}") for period in range(fleet.periods)
        ]
        for at, (trip, patients) in enumerate(trips.items())
    }
    for trip, patients in trips.items():
        model.add(sum(leave[trip]) <= len(patients))
    _vehicles(model, leave, fleet)
    _bays(model, leave, fleet)
    _waves(model, leave, trips, fleet)
    model.minimize(_cost(leave, trips, fleet))
    start = _in_turn(trips, fleet)
    for trip, counts in leave.items():
        for count, first in zip(counts, start[trip], strict=True):
            model.add_hint(count, first)
    solver = _solver(effort, seed)
    status = solver.solve(model)
    counted = start
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        counted = {trip: [solver.value(count) for count in leave[trip]] for trip in leave}
    return Schedule(
        departures=_departures(trips, counted),
        cost=_cost(counted, trips, fleet) / SCALE,
        bound=max(solver.best_objective_bound, 0.0) / SCALE,
    )


def _cost(
    leave: Mapping[_Trip, Sequence[Any]], trips: Mapping[_Trip, list[str]], fleet: Fleet
) -> Any:
    """Return minutes waited times weights; not to leave at all counts two schedules long."""
    never = 2 * fleet.periods
    return fleet.period_min * sum(
        trip.weight
        * (
            sum(period * count for period, count in enumerate(counts))
            + never * (len(trips[trip]) - sum(counts))
        )
        for trip, counts in leave.items()
    )


def _in_turn(trips: Mapping[_Trip, list[str]], fleet: Fleet) -> dict[_Trip, list[int]]:
    """Return the plain schedule to begin from: who matters most first, then the shorter way."""
    free = {level: _there(fleet, level) for level in Level}
    bays = {
        trip.origin: [fleet.bays.get(trip.origin, fleet.bay_else)] * fleet.periods for trip in trips
    }
    made = {trip: [0] * fleet.periods for trip in trips}
    opens = dict.fromkeys(bays, 0)
    waves = (True, False) if fleet.wave is Wave.ICU_FIRST else (False, True)
    for icu in waves if fleet.wave is not Wave.AS_IT_COMES else (None,):
        mine = [trip for trip in trips if icu is None or trip.icu is icu]
        for trip in sorted(mine, key=lambda trip: (-trip.weight, trip.away)):
            _place(
                trip,
                len(trips[trip]),
                opens[trip.origin],
                (free[trip.level], bays[trip.origin], made[trip]),
            )
        for trip in mine:
            left = sum(made[trip]) == len(trips[trip])
            last = max((at for at, count in enumerate(made[trip]) if count), default=0)
            opens[trip.origin] = max(opens[trip.origin], last if left else fleet.periods)
    return made


def _place(
    trip: _Trip, many: int, opens: int, tables: tuple[list[int], list[int], list[int]]
) -> None:
    """Enter as many of a trip as there are vehicles and bays for, from a period on."""
    free, bay, made = tables
    for period in range(opens, len(bay)):
        count = min(many, bay[period], *free[period : period + trip.away])
        made[period] += count
        bay[period] -= count
        many -= count
        for at in range(period, min(period + trip.away, len(free))):
            free[at] -= count


def _there(fleet: Fleet, level: Level) -> list[int]:
    given = fleet.vehicles.get(level, ())[: fleet.periods]
    return [*given, *[0] * (fleet.periods - len(given))]


def _trips(
    problem: TransferProblem, goes_to: Mapping[str, str], fleet: Fleet
) -> dict[_Trip, list[str]]:
    made: dict[_Trip, list[str]] = {}
    for one in problem.waiting:
        to = goes_to.get(one.id, STAY)
        if to == STAY:
            continue
        drive = problem.drives.get((one.origin, to))
        minutes = (
            fleet.loading_min
            + problem.policy.handover
            + 2 * (drive.hi if drive else problem.policy.drive_when_unknown)
        )
        trip = _Trip(
            origin=one.origin,
            level=one.level,
            away=max(ceil(minutes / fleet.period_min), 1),
            weight=round(problem.policy.weights[one.acuity] * SCALE),
            icu=one.bed in fleet.icu_beds,
        )
        made.setdefault(trip, []).append(one.id)
    return dict(sorted(made.items()))


_Leave = Mapping[_Trip, Sequence[Any]]


def _vehicles(model: cp_model.CpModel, leave: _Leave, fleet: Fleet) -> None:
    for level in {trip.level for trip in leave}:
        there = _there(fleet, level)
        for period in range(fleet.periods):
            away = [
                counts[start]
                for trip, counts in leave.items()
                if trip.level is level
                for start in range(max(period - trip.away + 1, 0), period + 1)
            ]
            model.add(sum(away) <= there[period])


def _bays(model: cp_model.CpModel, leave: _Leave, fleet: Fleet) -> None:
    for origin in {trip.origin for trip in leave}:
        bay = fleet.bays.get(origin, fleet.bay_else)
        for period in range(fleet.periods):
            here = [counts[period] for trip, counts in leave.items() if trip.origin == origin]
            model.add(sum(here) <= bay)


def _waves(
    model: cp_model.CpModel, leave: _Leave, trips: Mapping[_Trip, list[str]], fleet: Fleet
) -> None:
    """Let nobody of the second wave leave a place before all of the first wave have left it."""
    if fleet.wave is Wave.AS_IT_COMES:
        return
    for origin in {trip.origin for trip in leave}:
        here = [trip for trip in leave if trip.origin == origin]
        first = [trip for trip in here if trip.icu is (fleet.wave is Wave.ICU_FIRST)]
        second = [trip for trip in here if trip not in first]
        many = sum(len(trips[trip]) for trip in first)
        for period in range(fleet.periods) if first and second else ():
            gone = model.new_bool_var(f"{origin}.{period}")
            left = sum(leave[trip][at] for trip in first for at in range(period + 1))
            model.add(left >= many * gone)
            for trip in second:
                model.add(leave[trip][period] <= len(trips[trip]) * gone)


def _solver(effort: float, seed: int) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = effort
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = 1  # the same answer for the same question
    solver.parameters.relative_gap_limit = GAP
    return solver


def _departures(
    trips: Mapping[_Trip, list[str]], counted: Mapping[_Trip, Sequence[int]]
) -> tuple[Departure, ...]:
    made: list[Departure] = []
    for trip, patients in trips.items():
        periods = [at for at, count in enumerate(counted[trip]) for _ in range(count)]
        slots = [*periods, *[None] * (len(patients) - len(periods))]
        made += [_departure(trip, *pair) for pair in zip(patients, slots, strict=True)]
    return tuple(made)


def _departure(trip: _Trip, patient: str, period: int | None) -> Departure:
    because = "" if period is not None else f"no {trip.level} crew or bay within the schedule"
    return Departure(
        patient=patient, level=trip.level, period=period, back_after=trip.away, because=because
    )
