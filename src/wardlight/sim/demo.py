"""The simulated network at a speed a viewer can set, and with an EHR that can be taken away."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence

from wardlight.outputs.hl7_sender import Sender
from wardlight.record.instants import Instant
from wardlight.sim.dirt import Sent
from wardlight.sim.figures import SimSite
from wardlight.sim.network import Network

SPEED_MAX = 3_600.0  # simulated seconds in one second
QUEUED_MAX = 100_000  # messages a silent EHR's own engine holds until it speaks again
TURN_SECONDS = 0.2


class DemoClock:
    """A clock that runs as fast as it is told; it never goes back."""

    def __init__(self, starts: Instant, seconds: Callable[[], float], speed: float) -> None:
        """`seconds` is a monotonic count of real seconds."""
        self._seconds = seconds
        self._at = starts
        self._since = seconds()
        self.speed = speed

    def now(self) -> Instant:
        """Return the simulated time."""
        passed = (self._seconds() - self._since) * 1000 * self.speed
        return Instant(self._at + round(passed))

    def set_speed(self, speed: float) -> None:
        """Go on faster or slower from here; 0 holds the time."""
        self._at, self._since = self.now(), self._seconds()
        self.speed = min(max(speed, 0.0), SPEED_MAX)


class DemoNetwork:
    """Sends what the hospitals say to a node, each feed on a connection of its own."""

    def __init__(self, seed: int, sites: Sequence[SimSite], clock: DemoClock) -> None:
        self.clock = clock
        self.sites = sites
        self.off: set[str] = set()
        self.sent = 0
        self._network = Network(seed, sites, clock.now())
        self._senders: dict[tuple[str, str], Sender] = {}
        self._waiting: dict[str, deque[Sent]] = {}
        self._at = ("", 0)

    async def load(self, host: str, port: int, told: Callable[[int, int], None]) -> None:
        """Send what happened before the demo begins; `told` hears (sent, all)."""
        self._at = (host, port)
        history = self._network.advance(self.clock.now())
        step = max(1, len(history) // 50)
        for start in range(0, len(history), step):
            await self._deliver(history[start : start + step])
            told(min(start + step, len(history)), len(history))

    async def run(self) -> None:
        """Send what happens, as it happens, until cancelled."""
        while True:
            await self._deliver(self._audible(self._network.advance(self.clock.now())))
            await asyncio.sleep(TURN_SECONDS)

    def silence(self, site: str) -> None:
        """Take a site's EHR away: its feeds say nothing more."""
        self.off.add(site)

    async def give_back(self, site: str) -> None:
        """Let a site's feeds speak again, with all that waited in its own engine."""
        self.off.discard(site)
        waiting = self._waiting.pop(site, deque())
        await self._deliver(waiting)

    async def close(self) -> None:
        """Hang up."""
        for sender in self._senders.values():
            await sender.close()

    def _audible(self, said: Iterable[Sent]) -> list[Sent]:
        heard: list[Sent] = []
        for one in said:
            if one.site in self.off:
                self._waiting.setdefault(one.site, deque(maxlen=QUEUED_MAX)).append(one)
            else:
                heard.append(one)
        return heard

    async def _deliver(self, said: Iterable[Sent]) -> None:
        by_feed: dict[tuple[str, str], list[Sent]] = {}
        for one in said:
            by_feed.setdefault((one.site, one.feed), []).append(one)
        await asyncio.gather(*(self._speak(feed, told) for feed, told in by_feed.items()))

    async def _speak(self, feed: tuple[str, str], said: list[Sent]) -> None:
        sender = self._senders.get(feed)
        if sender is None:
            sender = self._senders[feed] = Sender(*self._at)
        for one in said:
            await sender.send(one.raw)
            self.sent += 1
