from __future__ import annotations

import pytest

from wardlight.record.instants import DAY, HOUR, MINUTE, Instant
from wardlight.run.clock import NodeClock

START = Instant(1_795_305_600_000)  # 2026-11-22T00:00Z


class Machine:
    """A machine whose wall clock can be set and whose steady clock cannot."""

    def __init__(self, wall: int = START) -> None:
        self.wall = wall
        self.steady = 5_000

    def clock(self) -> NodeClock:
        return NodeClock(lambda: Instant(self.wall), lambda: self.steady)

    def live(self, ms: int) -> None:
        self.wall += ms
        self.steady += ms


@pytest.mark.parametrize(
    "jump", [2_001, -2_001, HOUR, -HOUR, 400 * DAY, -400 * DAY, -START, 2_147_483_648_000 - START]
)
def test_ages_count_real_time_and_a_jump_is_named(jump: int) -> None:
    machine = Machine()
    clock = machine.clock()
    recorded = clock.now()
    machine.live(10 * MINUTE)
    machine.wall += jump
    machine.live(5 * MINUTE)
    assert clock.now() - recorded == 15 * MINUTE
    [notice] = clock.notices()
    assert ("forward" if jump > 0 else "back") in notice


def test_a_clock_that_is_kept_right_by_small_steps_is_not_named() -> None:
    machine = Machine()
    clock = machine.clock()
    for _ in range(100):
        machine.live(HOUR)
        machine.wall += 1
    assert clock.notices() == ()


def test_a_machine_that_wakes_up_in_1970_goes_on_where_the_log_ends() -> None:
    machine = Machine(wall=0)
    clock = machine.clock()
    clock.not_before(START)
    machine.live(MINUTE)
    assert clock.now() == START + MINUTE
    assert "behind the last entry" in clock.notices()[0]


def test_a_log_that_ends_before_now_changes_nothing() -> None:
    clock = Machine().clock()
    clock.not_before(Instant(START - DAY))
    assert (clock.now(), clock.notices()) == (START, ())


def test_a_clock_that_is_set_right_after_waking_up_in_1970_is_named() -> None:
    machine = Machine(wall=0)
    clock = machine.clock()
    clock.not_before(START)
    machine.wall = START + HOUR
    assert "forward" in clock.notices()[0]
