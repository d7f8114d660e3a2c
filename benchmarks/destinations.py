"""Where can they go: one answer over 6,000 hospitals, in milliseconds.

    .venv/bin/python benchmarks/destinations.py

One thread; on a machine with neighbours the processor's time is the one to read. "country": spread
in clusters over an area like that of the United States; "state": all 6,000 in one of 300 by 300 km;
"city": all 6,000 in one of 22 by 22 km, which nobody has. Half have reported and been counted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time

from msgspec import structs

sys.path.insert(0, str(Path(__file__).parents[1]))

from wardlight.plan.destinations.destination_policy import DestinationPolicy, Method, shipped_policy
from wardlight.plan.destinations.destinations import Question, State, ranked
from wardlight.plan.destinations.hospital_facts import EdCount, HospitalFacts, Said
from wardlight.plan.destinations.hospital_index import HospitalIndex
from wardlight.record.hospitals import Hospital
from wardlight.record.instants import HOUR, Instant
from wardlight.record.places import Place, Position, Setting
from wardlight.record.services import DivertCategory, Service, ServiceState

HOSPITALS, QUESTIONS, ALLOWED_MS = 6_000, 40, 20.0
NOW = Instant(1_795_305_600_000)
SPANS = {"country": (22.0, 50.0), "state": (2.7, 3.6), "city": (0.2, 0.28)}  # degrees
SERVICES = (Service.STROKE, Service.CT, Service.TRAUMA, Service.OB)


def hospitals(chance: Random, area: str) -> Iterator[Hospital]:
    high, wide = SPANS[area]
    towns = [(chance.uniform(0, high), chance.uniform(0, wide)) for _ in range(400)]
    for at in range(HOSPITALS):
        town = chance.choice(towns)
        near = 0.25 if area == "country" else high
        yield Hospital(
            code=f"H{at:04d}",
            name=f"Hospital {at}",
            at=Position(
                27 + (town[0] + chance.gauss(0, near)) % high,
                -120 + (town[1] + chance.gauss(0, near)) % wide,
            ),
            can=frozenset({Service.ED, *chance.sample(SERVICES, chance.randint(0, 4))}),
            ed_spaces=chance.choice((None, 12, 25, 60)),
        )


def facts(chance: Random, found: list[Hospital]) -> dict[str, HospitalFacts]:
    known = {}
    for one in chance.sample(found, HOSPITALS // 2):
        at = Instant(NOW - round(chance.uniform(0, 5) * HOUR))
        state = chance.choices(tuple(ServiceState), (70, 10, 12, 5, 3))[0]
        said = Said(state, at, DivertCategory.ED_SATURATION)
        count = EdCount(at=at, patients=chance.randint(0, 40), spaces=30)
        known[one.code] = HospitalFacts(services={Service.ED: said}, count=count)
    return known


def measured(questions: int) -> list[dict[str, str | float]]:
    """Return a row for each area, policy and need: medians and the worst, in milliseconds."""
    shipped = shipped_policy()
    scored = structs.replace(shipped, method=Method.SCORED, signed="benchmark")
    rows: list[dict[str, str | float]] = []
    for area in SPANS:
        chance = Random(7)
        found = list(hospitals(chance, area))
        index, state = HospitalIndex(found), State(now=NOW, facts=facts(chance, found))
        for policy in (shipped, scored):
            for need in ("any", "stroke", "OB"):
                row = [
                    timed(index, state, policy, asked(chance, area, need)) for _ in range(questions)
                ]
                wall, busy = zip(*row, strict=True)
                rows.append(
                    {
                        "area": area,
                        "policy": str(policy.method),
                        "need": need,
                        "median_ms": round(median(wall), 1),
                        "worst_ms": round(max(wall), 1),
                        "cpu_ms": round(median(busy), 1),
                    }
                )
    return rows


def asked(chance: Random, area: str, need: str) -> Question:
    """Return a question from somewhere in the area."""
    high, wide = SPANS[area]
    at = Position(27 + chance.uniform(0, high), -120 + chance.uniform(0, wide))
    return Question(origin=Place(words="call", at=at, setting=Setting.SUBURBAN), need=need)


def timed(
    index: HospitalIndex, state: State, policy: DestinationPolicy, question: Question
) -> tuple[float, float]:
    """Return how long one answer took in milliseconds: by the clock, and of the processor."""
    began, worked = perf_counter(), process_time()
    ranked(index, question, state, policy)
    return (perf_counter() - began) * 1000, (process_time() - worked) * 1000


def slow(row: dict[str, str | float]) -> bool:
    """Return whether an area that exists took longer than is allowed."""
    return row["area"] != "city" and float(row["cpu_ms"]) > ALLOWED_MS


def main() -> int:
    """Print a table; fail where a country or a state takes longer than is allowed."""
    print(f"{'area':8} {'policy':8} {'need':7} {'median ms':>9} {'worst ms':>9} {'cpu ms':>7}")
    rows = measured(QUESTIONS)
    for row in rows:
        area, policy, need, *figures = row.values()
        told = " ".join(f"{one:{size}.1f}" for one, size in zip(figures, (9, 9, 7), strict=True))
        print(f"{area:8} {policy:8} {need:7} {told}")
    return int(any(slow(row) for row in rows))


if __name__ == "__main__":
    raise SystemExit(main())
