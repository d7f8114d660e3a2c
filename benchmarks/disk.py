"""The physical floor: how long one sync of 2 KB takes on the disk under the data folder."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

import procs

BLOCK = b"\xa5" * 2048
ROOM = 16 * 1024 * 1024


def sync_times_us(path: Path, seconds: float, *, append: bool) -> list[float]:
    """Write 2 KB and fdatasync, again and again; return microseconds of each."""
    took: list[float] = []
    with path.open("wb", buffering=0) as file:
        number = file.fileno()
        if not append:
            file.write(bytes(ROOM))
            os.fsync(number)
        until, at = time.perf_counter() + seconds, 0
        while (began := time.perf_counter()) < until:
            os.pwrite(number, BLOCK, at)
            os.fdatasync(number)
            took.append((time.perf_counter() - began) * 1e6)
            at += len(BLOCK)
            if not append:
                at %= ROOM
    path.unlink()
    return took


def measure(folder: Path, seconds: float) -> dict[str, float]:
    """Return the medians of overwriting a written file and of growing one.

    Taken on the servers' core: a sync takes longer on a core that the disk does not call.
    """
    here = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {procs.SERVER_CORE})
    over = sync_times_us(folder / "disk", seconds, append=False)
    grow = sync_times_us(folder / "disk", seconds, append=True)
    os.sched_setaffinity(0, here)
    return {
        "overwrite_p50_us": round(statistics.median(over), 1),
        "append_p50_us": round(statistics.median(grow), 1),
        "overwrite_p99_us": round(statistics.quantiles(over, n=100)[98], 1),
        "append_p99_us": round(statistics.quantiles(grow, n=100)[98], 1),
    }
