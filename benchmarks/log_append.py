"""How fast the log appends, reads and fetches on this disk, beside the disk's own sync.

    python benchmarks/log_append.py [--folder DIR] [--entries N] [--body BYTES] [--batch N] [--key]

Wall time holds the syncs, CPU time does not wait for them; both are printed.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from wardlight.log.contract import Log, stream
from wardlight.log.sqlite import open_log
from wardlight.record.catalogue import HL7V2_MESSAGE
from wardlight.record.entry import Draft
from wardlight.record.instants import Instant

SYNCS = 200
FETCHES = 200
FETCHED = 50


def drafts(count: int, size: int) -> list[Draft]:
    chance = random.Random(1)
    return [
        Draft(
            site="GEN",
            source="adt-main",
            author="EPIC",
            subject=f"GEN:{chance.randrange(10**8):08d}",
            kind=HL7V2_MESSAGE,
            version=1,
            occurred=Instant(1_700_000_000_000 + number),
            recorded=Instant(1_700_000_000_000 + number),
            body=chance.randbytes(size),
        )
        for number in range(count)
    ]


def sync_floor_ms(folder: Path, size: int) -> float:
    """The median time to write `size` bytes over written ones and sync them."""
    handle = os.open(folder / "floor", os.O_CREAT | os.O_RDWR)
    os.pwrite(handle, bytes(size), 0)
    os.fsync(handle)
    times = []
    for number in range(SYNCS):
        began = perf_counter()
        os.pwrite(handle, bytes([number % 256]) * size, 0)
        os.fdatasync(handle)
        times.append(perf_counter() - began)
    os.close(handle)
    return statistics.median(times) * 1000


def append(log: Log, *, entries: int, batch: int, body: int) -> None:
    waiting = drafts(batch, body)
    wall, cpu = perf_counter(), process_time()
    for _ in range(entries // batch):
        log.append(waiting)
    wall, cpu = perf_counter() - wall, process_time() - cpu
    count = entries // batch * batch
    print(f"append, {batch} a batch, {body} byte bodies:")
    print(f"  {count / wall:>10,.0f} entries/s wall  {count / cpu:>10,.0f} entries/s CPU")
    print(f"  {cpu / count * 1e6:>10.1f} us CPU/entry  {wall / count * batch * 1e3:.2f} ms/batch")


def alone(log: Log, body: int) -> None:
    times = []
    for draft in drafts(SYNCS, body):
        began = perf_counter()
        log.append([draft])
        times.append(perf_counter() - began)
    times.sort()
    p50, p99 = times[len(times) // 2] * 1e3, times[int(len(times) * 0.99)] * 1e3
    print(f"append of one: p50 {p50:.3f} ms, p99 {p99:.3f} ms")


def read(log: Log) -> None:
    began = perf_counter()
    count = sum(1 for _ in stream(log))
    took = perf_counter() - began
    print(f"read of {count:,} entries: {count / took:,.0f} entries/s")


def fetch(log: Log) -> None:
    chance = random.Random(2)
    last = log.head().position
    times = []
    for _ in range(FETCHES):
        positions = [chance.randint(1, last) for _ in range(FETCHED)]
        began = perf_counter()
        log.fetch(positions)
        times.append(perf_counter() - began)
    times.sort()
    p50, p99 = times[len(times) // 2] * 1e3, times[int(len(times) * 0.99)] * 1e3
    print(f"fetch of {FETCHED} positions: p50 {p50:.3f} ms, p99 {p99:.3f} ms")


def main() -> None:
    options = argparse.ArgumentParser(description="Measure the log on this disk.")
    options.add_argument("--folder", type=Path, default=None, help="on the disk to measure")
    options.add_argument("--entries", type=int, default=100_000)
    options.add_argument("--body", type=int, default=2_048)
    options.add_argument("--batch", type=int, default=64)
    options.add_argument("--key", action="store_true", help="encrypted at rest")
    asked = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="log-benchmark-", dir=asked.folder))
    try:
        print(f"sync floor: {sync_floor_ms(folder, 4_096):.3f} ms for one page of 4,096")
        batch_bytes = asked.batch * asked.body
        print(f"sync floor: {sync_floor_ms(folder, batch_bytes):.3f} ms for {batch_bytes:,} bytes")
        log = open_log(folder / "log", "bench", key=bytes(32) if asked.key else None)
        append(log, entries=asked.entries, batch=asked.batch, body=asked.body)
        alone(log, asked.body)
        read(log)
        fetch(log)
        log.close()
        began = perf_counter()
        open_log(folder / "log", "bench", key=bytes(32) if asked.key else None).close()
        print(f"opening: {(perf_counter() - began) * 1e3:.1f} ms")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
