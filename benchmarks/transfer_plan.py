"""The transfer planner from problem to explained plan, in milliseconds.

    .venv/bin/python benchmarks/transfer_plan.py

One thread; on a machine with neighbours the processor's time is the one to read. Building the
tables, solving, every regret, the lines and the proof are all counted. "crowded": beds for 105 %
of the patients; "mixed": a third have an earlier proposal, some a place a person decided;
"again": the same with the last plan given and one drive changed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.plan.transfers.invented_transfers import region

from wardlight.plan.destinations.drive_time import Drive
from wardlight.plan.transfers.transfer_proposal import propose
from wardlight.plan.transfers.transfers import Proposal, TransferProblem

RUNS = 7
SIZES = ((500, 60, 50), (5_000, 300, 1_000))  # patients, hospitals, ms allowed


def timed(asked: TransferProblem, runs: int = RUNS) -> tuple[float, float, Proposal]:
    """Return the medians of some runs in ms, by the clock and of the processor, and the plan."""
    wall, busy = [], []
    for _ in range(runs):
        began, worked = perf_counter(), process_time()
        proposal = propose(asked)
        wall.append((perf_counter() - began) * 1000)
        busy.append((process_time() - worked) * 1000)
    return median(wall), median(busy), proposal


def fresh(patients: int, hospitals: int, tight: float) -> TransferProblem:
    """Return a region in which nobody has proposed or decided anything yet."""
    asked = region(1, patients, hospitals, tight=tight)
    waiting = tuple(replace(one, proposed="", fixed="", accepted="") for one in asked.waiting)
    return replace(asked, waiting=waiting)


def again(asked: TransferProblem) -> TransferProblem:
    """Return the problem half an hour later: the last plan is known, one drive is longer."""
    lines = propose(asked).lines
    waiting = tuple(
        replace(one, proposed=line.to) for one, line in zip(asked.waiting, lines, strict=True)
    )
    road, drive = next(iter(asked.drives.items()))
    longer = Drive(drive.minutes + 20, drive.lo, drive.hi + 20, drive.source)
    return replace(asked, waiting=waiting, drives={**asked.drives, road: longer})


CASES: tuple[tuple[str, Callable[[int, int], TransferProblem]], ...] = (
    ("fresh", lambda n, h: fresh(n, h, 1.3)),
    ("crowded", lambda n, h: fresh(n, h, 1.05)),
    ("mixed", lambda n, h: region(1, n, h)),
    ("again", lambda n, h: again(fresh(n, h, 1.3))),
)


def measured(runs: int = RUNS) -> list[dict[str, str | float | bool]]:
    """Return a row for each size and case."""
    rows: list[dict[str, str | float | bool]] = []
    for patients, hospitals, most in SIZES:
        for name, made in CASES:
            wall, busy, plan = timed(made(patients, hospitals), runs)
            rows.append(
                {
                    "size": f"{patients} x {hospitals}",
                    "case": name,
                    "median_ms": round(wall, 1),
                    "cpu_ms": round(busy, 1),
                    "may_take_ms": most,
                    "proved": plan.proof.optimal,
                    "moved": sum(bool(line.moved_from) for line in plan.lines),
                }
            )
    return rows


def main() -> int:
    """Print the table; return 1 if a size takes longer than it may."""
    print("| patients x hospitals | case | ms | of CPU | may take | proved | moved |")
    print("| --- | --- | ---: | ---: | ---: | --- | ---: |")
    rows = measured()
    for one in rows:
        print(
            f"| {one['size']} | {one['case']} | {one['median_ms']:.0f} | {one['cpu_ms']:.0f} "
            f"| {one['may_take_ms']} | {'yes' if one['proved'] else 'NO'} | {one['moved']} |"
        )
    return int(any(float(one["cpu_ms"]) > float(one["may_take_ms"]) for one in rows))


if __name__ == "__main__":
    sys.exit(main())
