"""Ward packs as PDF: every engine prints the same invented ward; pages per CPU second.

An engine is a callable that prints the ward and says how many pages that made and how
many processor seconds it took, everything included: `Engine`. To measure another way of
printing, add it to `ENGINES`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import statistics
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feed
import ingest
import procs
import tools
from servers import SERVERS

PATIENTS_SLOW = 10  # for engines below ten pages a second: one cell stays near ten seconds
PRINT_S_MAX = 120
Result = dict[str, Any]


@dataclass(frozen=True)
class Ward:
    """The same ward twice: as content to print, and as the messages that tell a node of it."""

    content: list[dict[str, Any]]
    messages: list[str]
    folder: Path

    def content_file(self) -> Path:
        path = self.folder / "ward.json"
        path.write_text(json.dumps(self.content))
        return path

    def feed_file(self) -> Path:
        path = self.folder / "ward.feed"
        parts = [text.encode() for text in self.messages]
        path.write_bytes(b"".join(struct.pack(">I", len(part)) + part for part in parts))
        return path


Engine = Callable[[Ward], tuple[int, float]]
"""Prints a ward; returns (pages, CPU seconds)."""


def weasyprint(ward: Ward) -> tuple[int, float]:
    """WeasyPrint on the same content as HTML, in the peers' own environment."""
    script = str(tools.PEERS / "weasyprint_pack.py")
    out = ward.folder / "weasyprint.pdf"
    command = [str(tools.peers_python()), script, str(ward.content_file()), str(out)]
    found = procs.client(command, timeout_s=PRINT_S_MAX)
    return found["pages"], found["cpu_s"]


def wardlight(ward: Ward) -> tuple[int, float]:
    """`wardlight pack --all` of a node that was told the ward, from the shell."""
    server = next(one for one in SERVERS if one.role == "wardlight")
    data = ward.folder / "node"
    running = ingest.begin(server, data)
    try:
        way = ingest.Way(1, 1, 60.0)
        count = str(len(ward.messages))
        told = ingest.send(way, server, running.mllp_port, ward.feed_file(), "--count", count)
        ingest.until_visible(running, told)
    finally:
        running.stop()
    program = str(Path(sys.executable).with_name("wardlight"))
    out = ward.folder / "pack"
    command = [program, "pack", "--all", "--out", str(out), "--data", str(data), "--json"]
    before = os.times()
    done = subprocess.run(command, capture_output=True, timeout=PRINT_S_MAX, check=False)
    after = os.times()
    if done.returncode:
        raise procs.NotReadyError(procs.last_line(done.stderr))
    pages = sum(one["pages"] for one in json.loads(done.stdout)["files"])
    spent = after.children_user + after.children_system
    return pages, spent - before.children_user - before.children_system


ENGINES: dict[str, tuple[Engine, bool]] = {
    "WeasyPrint 70.0": (weasyprint, True),
    "Wardlight": (wardlight, False),
}
"""Name → engine, and whether it is so slow that it gets `PATIENTS_SLOW` patients only."""


def patients_for(name: str, options: argparse.Namespace) -> int:
    """Return how many patients an engine prints."""
    return min(options.patients, PATIENTS_SLOW) if ENGINES[name][1] else int(options.patients)


def measure(engine: Engine, patients: int, seed: int) -> tuple[int, float]:
    """Print one ward with one engine; other patients each round, so that no cache answers."""
    start = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    content, messages = feed.ward(seed, patients, start)
    return engine(Ward(content, messages, tools.fresh_folder("pack")))


def run(options: argparse.Namespace) -> Result:
    """Return pages per CPU second of every engine, median over interleaved rounds."""
    made: dict[str, list[tuple[int, float]]] = {name: [] for name in ENGINES}
    missing: dict[str, str] = {}
    for turn in range(options.rounds):
        for name, (engine, _) in ENGINES.items():
            if name in missing:
                continue
            patients = patients_for(name, options)
            try:
                made[name].append(measure(engine, patients, seed=turn + 1))
            except (procs.NotReadyError, tools.MissingError) as problem:
                missing[name] = str(problem)
    rows = [
        {
            "name": name,
            "patients": patients_for(name, options),
            "pages": int(statistics.median(pages for pages, _ in cells)),
            "cpu_s": round(statistics.median(cpu for _, cpu in cells), 3),
            "pages_per_cpu_s": round(statistics.median(pages / cpu for pages, cpu in cells), 1),
        }
        for name, cells in made.items()
        if cells
    ]  # fmt: skip
    return {"rows": rows, "missing": missing}
