"""Rescheduling theatre cases: priority rule, first come first served, and the search, side by side.

    .venv/bin/python benchmarks/theatre_plan.py [--seconds 30] [--seeds 3]

Every plan is checked by tests/plan/theatres/independent_theatres.py. Seconds are those of the
processor, so that neighbours on the machine do not count; the search uses one of them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.plan.theatres.independent_theatres import cost, violations
from tests.plan.theatres.invented_theatres import theatres

from wardlight.plan.theatres.theatre_rules import by_priority, first_come
from wardlight.plan.theatres.theatre_search import improve, plan_of

SIZES = ((150, 10, 4, 0.25), (400, 15, 6, 0.04), (1200, 20, 12, 0.015))  # …, gain asked for


def measured(seconds: float, seeds: int) -> list[dict[str, Any]]:
    """Return a row of each size and seed."""
    return [_row(size, seed, seconds) for size in SIZES for seed in range(seeds)]


def _row(size: tuple[int, int, int, float], seed: int, seconds: float) -> dict[str, Any]:
    cases, days, rooms, least = size
    problem = theatres(seed, cases, days, rooms)
    began = process_time()
    rule = plan_of(problem, by_priority(problem))
    took = process_time() - began
    came = plan_of(problem, first_come(problem))
    until = process_time() + seconds
    best = improve(problem, stop=lambda: process_time() > until, seed=seed)
    assert best.cost == cost(problem, best.lines)
    plans = (rule, best)
    return {
        "cases": cases,
        "days": days,
        "rooms": rooms,
        "seed": seed,
        "first_come": round(came.cost),
        "rule": round(rule.cost),
        "rule_s": round(took, 2),
        "search": round(best.cost),
        "gain": round(1 - best.cost / rule.cost, 4),
        "least": least,
        "no_place": [sum(line.place is None for line in plan.lines) for plan in plans],
        "moved": [sum(line.moved for line in plan.lines) for plan in plans],
        "broken": sum(len(violations(problem, plan.lines)) for plan in (*plans, came)),
    }


def main() -> None:
    """Print one JSON line for each plan."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--seconds", type=float, default=30)
    asked.add_argument("--seeds", type=int, default=3)
    given = asked.parse_args()
    for row in measured(given.seconds, given.seeds):
        print(json.dumps(row))


if __name__ == "__main__":
    main()
