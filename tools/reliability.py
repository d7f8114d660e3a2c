"""Write docs/reliability.md from what the tests recorded; nothing is filled in by hand.

tools/reliability.py [RESULTS]      default: docs/reliability.jsonl, written by `make soak`
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS, PAGE = ROOT / "docs" / "reliability.jsonl", ROOT / "docs" / "reliability.md"
PROMISES = {
    "P1": "No acknowledged entry is lost when the process is killed",
    "P2": "No acknowledged entry is lost when the power is cut",
    "P3": "Whichever call to the disk fails, nothing is acknowledged that is not there",
    "P4": "A full disk loses nothing, stops no reading, and is over when there is room",
    "P6": "A changed bit is never shown as the truth",
    "P7": "Whoever changes the log is found out by any head that was kept elsewhere",
    "P8": "A message that comes again, or late, adds no fact",
    "P9": "No message, however spoiled, is lost, fatal or slow",
    "P14": "Ages are right whatever happens to the machine's clock",
    "P18": "A backup is restored entry by entry",
    "P24": "A stolen disk gives no patient away",
    "P26": "An upgrade cut short anywhere loses nothing and can be taken back",
    "P29": "The tests have teeth: planted faults are found",
    "P30": "Evidence verifies with Python alone, and no corruption of it does",
}
HEAD = """# What was tried to break it, and what came of it

Written by `make soak` from what each test recorded (`docs/reliability.jsonl`). N is how often it
was tried; with no violation in N independent trials the true rate of failure is below the bound
with 95 % confidence (rule of three). Every trial follows from its seed: `WARDLIGHT_SEED=2 make
soak` makes others.
"""
TEETH = """
## The tests have teeth

Here a violation is what was wanted: each line is a fault that was planted on purpose, and how
often it was found.

"""
KNOWN = ("promise", "test", "n", "seed", "violations", "bound", "seconds")


def main(arguments: list[str]) -> int:
    """Write the page."""
    path = Path(arguments[0]) if arguments else RESULTS
    rows = newest([json.loads(line) for line in path.read_text("utf-8").splitlines()])
    PAGE.write_text(page(rows), "utf-8")
    broken = [row for row in rows if row["violations"] and row["promise"] != "P29"]
    for row in broken:
        sys.stderr.write(f"broken: {row['promise']} {row['test']}: {row['violations']}\n")
    return 1 if broken else 0


def newest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the last record of each test, by promise."""
    last = {(row["promise"], row["test"]): row for row in rows}
    return sorted(last.values(), key=lambda row: (int(row["promise"][1:]), row["test"]))


def page(rows: list[dict[str, Any]]) -> str:
    """Return the page."""
    kept = [row for row in rows if row["promise"] != "P29"]
    teeth = [row for row in rows if row["promise"] == "P29"]
    titles = "| promise | test | N | violations | bound (95 %) | measured | seconds | seed |"
    lines = [HEAD, titles, "| --- | --- | --: | --: | --: | --- | --: | --: |"]
    said = ""
    for row in kept:
        promise = row["promise"]
        words = f"**{promise}** {PROMISES[promise]}" if promise != said else ""
        said = promise
        lines.append(
            f"| {words} | {named(row)} | {row['n']:,} | {row['violations']:,} | {bound(row)} "
            f"| {figures(row)} | {row['seconds']:,} | {row['seed']} |"
        )
    lines += [TEETH + "| test | planted | found | seconds |", "| --- | --: | --: | --: |"]
    lines += [
        f"| {named(row)} | {row['n']:,} | {row['violations']:,} | {row['seconds']:,} |"
        for row in teeth
    ]
    return "\n".join(lines) + "\n"


def named(row: dict[str, Any]) -> str:
    """Return a test's name as words."""
    return str(row["test"]).removeprefix("test_").replace("_", " ")


def bound(row: dict[str, Any]) -> str:
    """Return the bound; nothing when there is none."""
    return "" if row["bound"] is None else f"{row['bound']:.2g}"


def figures(row: dict[str, Any]) -> str:
    """Return what else a test measured."""
    more = {name: value for name, value in row.items() if name not in KNOWN}
    return ", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in more.items())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
