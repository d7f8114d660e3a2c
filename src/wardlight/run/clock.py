"""The node's clock. Order never rests on it: the log's positions do that."""

from __future__ import annotations

import time

from wardlight.record.instants import Instant


def system_clock() -> Instant:
    """Return the time now."""
    return Instant(time.time_ns() // 1_000_000)
