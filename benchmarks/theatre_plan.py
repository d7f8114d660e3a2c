"""Rescheduling theatre cases: priority rule, first come first served, and the search, side by side.

    .venv/bin/python benchmarks/theatre_plan.py [--seconds 30] [--seeds 3]

Every plan is checked by tests/plan/theatres/independent_theatres.py. Seconds are those of the
processor, so that neighbours on the machine do not count; the search uses one of them.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from statistics import mean
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.plan.theatres.independent_theatres import cost, violations
from tests.plan.theatres.invented_theatres import theatres

from wardlight.plan.theatres.theatre_rules import by_priority, first_come
from wardlight.plan.theatres.theatre_search import improve, plan_of

HEADS = (
    "cases / days / rooms",
    "seed",
    "first come",
    "priority rule",
    "s",
    "search",
    "gain",
    "no place: rule, search",
    "moved: rule, search",
    "broken rules",
)
SIZES = ((150, 10, 4, 0.25), (400, 15, 6, 0.04), (1200, 20, 12, 0.015))  # …, gain asked for


def main() -> int:
    """Print the table; return 1 if a plan breaks a rule or a gain is smaller than asked for."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--seconds", type=float, default=30)
    asked.add_argument("--seeds", type=int, default=3)
    given = asked.parse_args()
    bad = 0
    print(f"| {' | '.join(HEADS)} |")
    print(f"|{' ---: |' * len(HEADS)}")
    for cases, days, rooms, least in SIZES:
        gains = []
        for seed in range(given.seeds):
            problem = theatres(seed, cases, days, rooms)
            began = process_time()
            rule = plan_of(problem, by_priority(problem))
            took = process_time() - began
            came = plan_of(problem, first_come(problem))
            until = process_time() + given.seconds
            best = improve(problem, stop=lambda until=until: process_time() > until, seed=seed)
            broken = sum(len(violations(problem, plan.lines)) for plan in (rule, came, best))
            assert best.cost == cost(problem, best.lines)
            gains.append(1 - best.cost / rule.cost)
            bad += broken > 0
            none = [sum(line.place is None for line in plan.lines) for plan in (rule, best)]
            moved = [sum(line.moved for line in plan.lines) for plan in (rule, best)]
            print(
                f"| {cases} / {days} / {rooms} | {seed} | {came.cost:.0f} | {rule.cost:.0f} "
                f"| {took:.2f} | {best.cost:.0f} | {gains[-1]:.1%} | {none[0]}, {none[1]} "
                f"| {moved[0]}, {moved[1]} | {broken} |",
                flush=True,
            )
        bad += mean(gains) < least
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
