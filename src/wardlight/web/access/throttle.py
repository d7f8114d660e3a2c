"""How often somebody may try from one address: slower and slower, and never locked out.

The address is what is slowed, not the account: whoever types wrong words somewhere else does not
keep a nurse from her patients.
"""

from __future__ import annotations

from collections import OrderedDict

from wardlight.record.instants import MINUTE, SECOND, Instant

FREE_TRIES = 10
WITHIN_MS = 10 * MINUTE
WAIT_FIRST_MS, WAIT_MAX_MS = 2 * SECOND, MINUTE
ADDRESSES_MAX = 10_000


class Throttle:
    """Counts wrong tries by address."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, tuple[int, Instant]] = OrderedDict()

    def wait_ms(self, address: str, now: Instant) -> int:
        """Return how long an address has to wait before its next try; 0 for not at all."""
        count, last = self._of(address, now)
        if count < FREE_TRIES:
            return 0
        pause = min(WAIT_FIRST_MS << min(count - FREE_TRIES, 10), WAIT_MAX_MS)
        return max(0, (last + pause - now))

    def wrong(self, address: str, now: Instant) -> None:
        """Count a try that failed."""
        count, _ = self._of(address, now)
        self._wrong[address] = (count + 1, now)
        self._wrong.move_to_end(address)
        while len(self._wrong) > ADDRESSES_MAX:
            self._wrong.popitem(last=False)

    def right(self, address: str) -> None:
        """Forget the wrong tries of an address: somebody got in."""
        self._wrong.pop(address, None)

    def _of(self, address: str, now: Instant) -> tuple[int, Instant]:
        count, last = self._wrong.get(address, (0, now))
        return (0, now) if now - last > WITHIN_MS else (count, last)
