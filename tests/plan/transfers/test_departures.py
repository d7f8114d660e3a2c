from collections import Counter

import pytest
from msgspec.structs import replace
from tests.plan.transfers.invented_transfers import region

from wardlight.plan.destinations.drive_time import Drive
from wardlight.plan.transfers.departures import Fleet, Schedule, Wave, schedule
from wardlight.plan.transfers.transfer_policy import Acuity, shipped_policy
from wardlight.plan.transfers.transfer_proposal import propose
from wardlight.plan.transfers.transfers import STAY, Level, TransferProblem, Waiting

PERIODS = 16


def fleet(vehicles: int, *, bay: int = 4, wave: Wave = Wave.AS_IT_COMES) -> Fleet:
    each = dict.fromkeys(Level, (vehicles,) * PERIODS)
    return Fleet(period_min=30, periods=PERIODS, vehicles=each, bay_else=bay, wave=wave)


def waits(name: str, acuity: Acuity = Acuity.ROUTINE, bed: str = "ward") -> Waiting:
    return Waiting(id=name, origin="CLOSED", bed=bed, acuity=acuity, level=Level.ALS)


def asked(*waiting: Waiting, minutes: float = 20) -> TransferProblem:
    return TransferProblem(
        waiting=waiting,
        receivers=(),
        drives={("CLOSED", "A"): Drive(minutes, minutes, minutes, "")},
        policy=shipped_policy(),
    )


def everyone(problem: TransferProblem, to: str = "A") -> dict[str, str]:
    return {one.id: to for one in problem.waiting}


def leaves(found: Schedule) -> dict[str, int | None]:
    return {one.patient: one.period for one in found.departures}


def test_who_matters_more_leaves_first_when_there_is_one_crew() -> None:
    problem = asked(waits("R"), waits("I", Acuity.IMMEDIATE))
    found = schedule(problem, everyone(problem), fleet(1))
    # 20 to load, 20 there, 20 at the door, 20 back: three periods of 30.
    assert leaves(found) == {"I": 0, "R": 3}
    assert (found.cost, found.bound) == (90.0, 90.0)


def test_a_crew_that_is_not_there_sends_nobody_and_says_so() -> None:
    problem = asked(waits("P"))
    found = schedule(problem, everyone(problem), replace(fleet(1), vehicles={}))
    assert found.departures[0].period is None
    assert found.departures[0].because == "no ALS crew or bay within the schedule"


def test_who_stays_has_no_departure() -> None:
    problem = asked(waits("P"))
    assert schedule(problem, everyone(problem, STAY), fleet(1)).departures == ()


@pytest.mark.parametrize("wave", [Wave.ICU_FIRST, Wave.ICU_LAST])
def test_a_wave_lets_nobody_pass(wave: Wave) -> None:
    waiting = [waits(f"I{n}", bed="ICU") for n in range(3)] + [waits(f"W{n}") for n in range(3)]
    problem = asked(*waiting)
    left = leaves(schedule(problem, everyone(problem), fleet(2, wave=wave)))
    icu = [period for name, period in left.items() if name[0] == "I" and period is not None]
    ward = [period for name, period in left.items() if name[0] == "W" and period is not None]
    assert len(icu) == len(ward) == 3
    first, second = (icu, ward) if wave is Wave.ICU_FIRST else (ward, icu)
    assert max(first) <= min(second)


@pytest.mark.parametrize("seed", range(3))
def test_no_schedule_needs_a_vehicle_or_a_bay_that_is_not_there(seed: int) -> None:
    problem = region(seed, 80, 10)
    goes = {line.patient: line.to for line in propose(problem).lines}
    found = schedule(problem, goes, fleet(4, bay=3), effort=0.5)
    where = {one.id: one for one in problem.waiting}
    on_the_road: Counter[tuple[Level, int]] = Counter()
    loading: Counter[tuple[str, int]] = Counter()
    for one in found.departures:
        if one.period is not None:
            loading[where[one.patient].origin, one.period] += 1
            for period in range(one.period, one.period + one.back_after):
                on_the_road[one.level, period] += 1
    assert {one.patient for one in found.departures} == {p for p, to in goes.items() if to != STAY}
    assert max(on_the_road.values()) <= 4
    assert max(loading.values()) <= 3
    assert 0 <= found.bound <= found.cost
