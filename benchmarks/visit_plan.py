"""Rescheduling visits that take one slot: 10,000 visits and 20,000 slots, proved.

    .venv/bin/python benchmarks/visit_plan.py

From the problem to the explained, checked plan; one thread. Half of the patients were told of a
slot; a tenth of the slots are gone. With links the gap says how far from the bound without them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.plan.visits.invented_visits import clinics

from wardlight.plan.visits.visit_proposal import propose_visits

CASES = ((40, 0), (8, 0), (1, 0), (40, 300))  # services, links
MOST_S = 10.0


def main() -> int:
    """Print the table; return 1 if anything takes longer than it may or is not proved."""
    bad = 0
    print("| services | links | s | s of CPU | moved | late or none | gap | proved |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    for services, links in CASES:
        problem = clinics(1, 10_000, 20_000, services=services, links=links)
        began, worked = perf_counter(), process_time()
        plan = propose_visits(problem)
        wall, busy = perf_counter() - began, process_time() - worked
        proof = plan.proof
        bad += busy > MOST_S or bool(proof.faults) or not (proof.optimal or links)
        share = proof.gap / proof.cost
        print(
            f"| {services} | {links} | {wall:.1f} | {busy:.1f} | {len(plan.moves)} "
            f"| {len(plan.not_before_harm)} | {share:.2%} | {'yes' if proof.optimal else 'no'} |"
        )
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
