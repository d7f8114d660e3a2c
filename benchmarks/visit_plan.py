"""Rescheduling visits that take one slot: 10,000 visits and 20,000 slots, proved.

    .venv/bin/python benchmarks/visit_plan.py

From the problem to the explained, checked plan; one thread. Half of the patients were told of a
slot; a tenth of the slots are gone. With links the gap says how far from the bound without them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.plan.visits.invented_visits import clinics

from wardlight.plan.visits.visit_proposal import propose_visits

CASES = ((40, 0), (8, 0), (1, 0), (40, 300))  # services, links
VISITS = 10_000


def measured(visits: int = VISITS) -> list[dict[str, Any]]:
    """Return a row of each case."""
    return [_row(visits, services, links) for services, links in CASES]


def _row(visits: int, services: int, links: int) -> dict[str, Any]:
    problem = clinics(1, visits, 2 * visits, services=services, links=links)
    began, worked = perf_counter(), process_time()
    plan = propose_visits(problem)
    wall, busy = perf_counter() - began, process_time() - worked
    return {
        "visits": visits,
        "slots": 2 * visits,
        "services": services,
        "links": links,
        "s": round(wall, 1),
        "cpu_s": round(busy, 1),
        "moved": len(plan.moves),
        "late_or_none": len(plan.not_before_harm),
        "gap": round(plan.proof.gap / plan.proof.cost, 4),
        "proved": plan.proof.optimal,
        "faults": len(plan.proof.faults),
    }


def main() -> None:
    """Print one JSON line for each case."""
    for row in measured():
        print(json.dumps(row))


if __name__ == "__main__":
    main()
