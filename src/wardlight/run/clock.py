"""The node's clock: ages count real time, whatever happens to the clock on the wall.

Order never rests on a clock: the log's positions do that. The wall clock is read once, at the
start; from then on a steady clock of the machine counts. When the two part, every screen says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from wardlight.record.instants import Clock, Instant, age_words

JUMP_MS = 2_000  # less is how computers keep time; more is a clock that was set
CODES_MS = 30_000  # codes of phones change this often (RFC 6238 §4.1)
BEHIND = (
    "this machine's clock is {} behind the last entry of the log: everything is at least as old "
    "as it says. Set the clock and restart the node"
)
SET = (
    "this machine's clock was set {} by {}: ages still count real time, clock times of this node "
    "do not. Set the clock and restart the node"
)
_NANOSECONDS = 1_000_000


def system_clock() -> Instant:
    """Return the time on the machine's wall clock."""
    return Instant(time.time_ns() // _NANOSECONDS)


def steady_clock() -> int:
    """Return milliseconds that only go forward, asleep or not."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // _NANOSECONDS


class NodeClock:
    """The wall clock as it was at the start, carried on by the steady one."""

    def __init__(
        self, wall: Clock = system_clock, steady: Callable[[], int] = steady_clock
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._offset = wall() - steady()
        self._behind = 0

    def now(self) -> Instant:
        """Return the time by which this node judges ages."""
        return Instant(self._steady() + self._offset)

    def not_before(self, recorded: Instant) -> None:
        """Begin no earlier than the log's last entry: a machine may wake up in 1970."""
        behind = recorded - self.now()
        if behind > JUMP_MS:
            self._behind = behind
            self._offset += behind

    def doubted(self) -> bool:
        """Return whether the clock is so far off that codes by the clock cannot be trusted."""
        return self._behind > CODES_MS or abs(self._wall() - self.now()) > CODES_MS

    def notices(self) -> tuple[str, ...]:
        """Return what every screen has to say about the clock; nothing while it can be trusted."""
        ahead = self._wall() - self.now()
        if self._behind and abs(ahead + self._behind) <= JUMP_MS:
            return (BEHIND.format(age_words(self._behind)),)
        if abs(ahead) <= JUMP_MS:
            return ()
        return (SET.format("forward" if ahead > 0 else "back", age_words(abs(ahead))),)
