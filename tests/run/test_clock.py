from __future__ import annotations

from tests.durability.conftest import NewTrial
from tests.durability.sizes import chance, size

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


JUMPS = (2_001, HOUR, DAY, 400 * DAY, START, 2_147_483_648_000 - START)  # to 1970, to 2038


def test_ages_count_real_time_and_a_jump_is_named(new_trial: NewTrial) -> None:
    dice = chance("clock")
    trial = new_trial("P14", size("clock jumps", short=500, long=5_000))
    for number in range(trial.n):
        jump = dice.choice((1, -1)) * dice.choice((*JUMPS, dice.randint(2_001, 400 * DAY)))
        before, after = dice.randint(0, DAY), dice.randint(0, DAY)
        machine = Machine()
        clock = machine.clock()
        recorded = clock.now()
        machine.live(before)
        machine.wall += jump
        machine.live(after)
        [notice] = clock.notices() or [""]
        named = ("forward" if jump > 0 else "back") in notice
        trial.check(named and clock.now() - recorded == before + after, f"{number}: {jump}")
    assert trial.violations == []


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


def test_codes_of_phones_are_doubted_when_the_clock_is_half_a_minute_off() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.live(DAY)
    machine.wall += 20_000
    assert not clock.doubted()
    machine.wall -= 60_000
    assert clock.doubted()


def test_codes_of_phones_are_doubted_on_a_machine_that_woke_up_before_its_log() -> None:
    clock = Machine().clock()
    clock.not_before(Instant(START + HOUR))
    assert clock.doubted()
