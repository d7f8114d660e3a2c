"""How many faults a test makes, from which seed, and where it writes what it found.

`WARDLIGHT_SOAK=1` asks for the long form, `WARDLIGHT_SEED` for another seed, and
`WARDLIGHT_RELIABILITY` names a file that gets one line of JSON a test.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random

import msgspec
import pytest

SOAK = os.environ.get("WARDLIGHT_SOAK") == "1"
SEED = int(os.environ.get("WARDLIGHT_SEED", "20261123"))
RESULTS = os.environ.get("WARDLIGHT_RELIABILITY")
# `make check` leaves both forms out, `make test` runs the short one, `make soak` the long one.
MARKS = [pytest.mark.slow, pytest.mark.soak] if SOAK else [pytest.mark.slow]


class Trial(msgspec.Struct):
    """One promise, tried `n` times; `violations` names each time it was broken.

    `figures` are what else the trial measured, each with its unit in its name.
    """

    promise: str
    n: int
    violations: list[str]
    seed: int = SEED
    figures: dict[str, float] = {}

    @property
    def bound(self) -> float | None:
        """Upper bound of the failure rate at 95 % (rule of three), when nothing failed."""
        return None if self.violations or not self.n else min(1.0, 3 / self.n)

    def check(self, kept: bool, what: str) -> None:  # noqa: FBT001 -- reads like assert
        if not kept:
            self.violations.append(what)


def size(what: str, *, short: int, long: int) -> int:
    """Return how many of `what` to make; WARDLIGHT_SIZE_<WHAT> overrides both forms."""
    asked = os.environ.get(f"WARDLIGHT_SIZE_{what.replace(' ', '_').upper()}")
    return int(asked) if asked else (long if SOAK else short)


def chance(*named: object) -> Random:
    """Return the dice of one part of a test: the same for the same seed and names."""
    return Random(repr((SEED, *named)))  # noqa: S311 -- chance for a test


def note(trial: Trial, test: str, seconds: float) -> dict[str, object]:
    """Write the trial's line where WARDLIGHT_RELIABILITY says, and return it."""
    line: dict[str, object] = {
        "promise": trial.promise,
        "test": test,
        "n": trial.n,
        "seed": trial.seed,
        "violations": len(trial.violations),
        "bound": trial.bound,
        "seconds": round(seconds, 1),
        **trial.figures,
    }
    if RESULTS:
        with Path(RESULTS).open("a", encoding="utf-8") as results:
            results.write(json.dumps(line) + "\n")
    return line
