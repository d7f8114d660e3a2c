"""What the region costs: a destination, a transfer plan, the documents counties fetch.

Each figure is the median of some runs in one thread of this process, of the processor's time: the
clock's would count neighbours too. Destinations are asked of 6,000 hospitals spread over a country
and over one state, under the shipped policy and a signed one; plans of 500 patients for 60
hospitals and 5,000 for 300, with every regret; documents of 300 hospitals of 15 services each.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import destinations
import transfer_plan
from tests.wire.edxl.boards import NOW, board, told

from wardlight.record.instants import MINUTE, Instant
from wardlight.record.services import Service, ServiceKey, ServiceState
from wardlight.wire.board_rows import board_csv
from wardlight.wire.edxl import have, have_draft
from wardlight.wire.edxl.tree import wrong_in
from wardlight.wire.fhir.saner import measure_reports
from wardlight.wire.outside import ToldBeds, ToldBoard, ToldHospital

HOSPITALS, RUNS = 300, 5
Result = dict[str, Any]


def crowd(count: int) -> ToldBoard:
    """Return a board on which every hospital said something of fifteen services."""
    chance = Random(7)
    states = (ServiceState.OPEN, ServiceState.LIMITED, ServiceState.DIVERT, ServiceState.CLOSED)
    services = [one for one in Service if one is not Service.CLINIC][:15]
    return board(
        *(
            ToldHospital(
                code=f"H{at:03d}",
                name=f"Invented Hospital {at}",
                services=tuple(
                    told(
                        chance.choice(states),
                        key=ServiceKey(f"H{at:03d}", one),
                        stated=Instant(NOW - chance.randrange(120) * MINUTE),
                    )
                    for one in services
                ),
                beds=tuple(
                    ToldBeds(kind=kind, available=chance.randrange(9), baseline=40, counted=NOW)
                    for kind in ("ward", "ICU", "tele")
                ),
            )
            for at in range(count)
        )
    )


def timed(work: Callable[[], object], runs: int) -> float:
    """Return the median of some runs in milliseconds of the processor."""
    took = []
    for _ in range(runs):
        began = process_time()
        work()
        took.append((process_time() - began) * 1000)
    return round(median(took), 1)


def documents(runs: int) -> dict[str, float]:
    """Return what each document costs, made from the same board and checked as it is published."""
    seen = crowd(HOSPITALS)

    def checked(made: Any, shape: Any, as_bytes: Callable[[Any], bytes]) -> bytes:
        if wrong := wrong_in(made, shape):
            raise ValueError(wrong[0])
        return as_bytes(made)

    return {
        "EDXL-HAVE 1.0": timed(lambda: checked(have.have(seen), have.SHAPE, have.have_bytes), runs),
        "EDXL-HAVE 2.0 draft": timed(
            lambda: checked(have_draft.have_draft(seen), have_draft.SHAPE, have_draft.draft_bytes),
            runs,
        ),
        "CSV": timed(lambda: board_csv(seen), runs),
        "SANER": timed(lambda: measure_reports(seen), runs),
    }


def run(options: argparse.Namespace) -> Result:
    """Measure everything; `--quick` asks fewer times."""
    runs = 2 if options.quick else RUNS
    return {
        "destinations": destinations.measured(8 if options.quick else destinations.QUESTIONS),
        "plans": transfer_plan.measured(runs),
        "documents": documents(runs),
        "hospitals": HOSPITALS,
    }
