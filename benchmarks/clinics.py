"""What clinics and theatres cost: new times for visits and operations, the next patient to ring.

Visits and operations on invented clinics, every plan looked over by a checker of its own; agents
on a real log on disk. One thread; the planners' seconds are those of the processor.
"""

from __future__ import annotations

import argparse
from typing import Any

import next_patient
import theatre_plan
import visit_plan

SECONDS, SEEDS = 30.0, 2


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure everything; `--quick` plans smaller clinics for a second."""
    quick = options.quick
    return {
        "visits": visit_plan.measured(1_000 if quick else visit_plan.VISITS),
        "theatres": theatre_plan.measured(1.0 if quick else SECONDS, 1 if quick else SEEDS),
        "theatre_seconds": 1.0 if quick else SECONDS,
        "next_patient": next_patient.measured(20 if quick else next_patient.ROUNDS),
    }
