"""Compare Wardlight with its peers: one run, the same work, the same durability.

    python benchmarks/run.py all            every part, about fifteen minutes
    python benchmarks/run.py ingest         64 connections: floors, peers, Wardlight
    python benchmarks/run.py latency        one message alone; wire to read API
    python benchmarks/run.py pack | start | web | charting | dispatch | memory
    python benchmarks/run.py region | scans | clinics
    python benchmarks/run.py all --quick    proves that every cell works; its numbers mean little

Each part writes benchmarks/results/PART.json and renews the tables in benchmarks/README.md.
The server has one core, the client another; rounds are interleaved; loopback only.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import charting
import clinics
import dispatch
import ingest
import node
import pack
import procs
import region
import scans
import table
import tools
from servers import SERVERS, Server

RESULTS = tools.HERE / "results"
Result = dict[str, Any]


def machine() -> Result:
    """Return what the numbers were taken on; no name or address of the machine."""
    model = "unknown"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    node_version = "none"
    if program := shutil.which("node"):
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        node_version = answer.stdout.strip()
    return {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "cpu": model,
        "cores": len(procs.CORES),
        "load_1m": round(os.getloadavg()[0], 2),
        "kernel": ".".join(platform.release().split(".")[:2]),
        "python": platform.python_version(),
        "node": node_version.removeprefix("v"),
        "pinned": procs.SERVER_CORE != procs.CLIENT_CORE,
        "client": Path(tools.load_client()[-1]).name,
    }


def chosen(options: argparse.Namespace, roles: tuple[str, ...]) -> list[Server]:
    """Return the servers of these roles, or those whose name contains what --only says."""
    wanted = [server for server in SERVERS if server.role in roles]
    return [server for server in wanted if options.only.lower() in server.name.lower()]


def mixed_feed(options: argparse.Namespace) -> Path:
    return tools.feed_file("mixed", "--messages", str(options.messages), "--patients", "800")


def ingest_part(options: argparse.Namespace) -> Result:
    ways = [ingest.Way(count, 1, options.seconds) for count in options.connections]
    servers = chosen(options, ("floor", "peer", "variant", "wardlight"))
    return ingest.run(servers, ways, options.rounds, mixed_feed(options))


def latency_part(options: argparse.Namespace) -> Result:
    ways = [ingest.Way(1, 1, options.seconds, same_core=same) for same in (False, True)]
    servers = chosen(options, ("floor", "peer", "wardlight"))
    found = ingest.run(servers, ways, options.rounds, mixed_feed(options))
    return found | {"visible": node.visible(mixed_feed(options), options)}


PARTS: dict[str, Callable[[argparse.Namespace], Result]] = {
    "ingest": ingest_part,
    "latency": latency_part,
    "pack": pack.run,
    "start": node.start,
    "web": node.web,
    "charting": charting.run,
    "dispatch": dispatch.run,
    "region": region.run,
    "scans": scans.run,
    "clinics": clinics.run,
    "memory": node.memory,
}


def perform(part: str, options: argparse.Namespace) -> None:
    """Run one part, keep its result, renew the tables."""
    print(f"-- {part}", flush=True)
    found = {
        "part": part,
        "quick": options.quick,
        "rounds": options.rounds,
        "seconds": options.seconds,
        "machine": machine(),
    }
    try:
        found |= PARTS[part](options)
    except (procs.NotReadyError, tools.MissingError) as problem:
        found |= {"missing": {"Wardlight": str(problem)}}
        print(f"left out: {problem}")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{part}.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    print("\n".join(table.lines_of(found)))
    table.renew(tools.HERE / "README.md", RESULTS)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=[*PARTS, "all", "tables"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0, help="of one cell, at most 10")
    parser.add_argument("--messages", type=int, default=60_000, help="in the mixed feed")
    parser.add_argument("--connections", type=int, nargs="+", default=[64])
    parser.add_argument("--only", default="", help="servers whose name contains this")
    parser.add_argument("--patients", type=int, default=500, help="in the pack")
    parser.add_argument("--known", type=int, default=100_000, help="patients a full node knows")
    parser.add_argument("--entries", type=int, default=1_000_000, help="in a full node's log")
    parser.add_argument("--board", default="", help="path of the ward board; else the first link")
    parser.add_argument("--quick", action="store_true", help="one short round, small stores")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.messages = 1, min(options.seconds, 1.0), 8_000
        options.patients, options.known, options.entries = 12, 500, 4_000
    options.seconds = min(options.seconds, 10.0)
    return options


def main() -> None:
    options = read_options()
    if options.part == "tables":
        table.renew(tools.HERE / "README.md", RESULTS)
        return
    procs.stay_on_client_core()
    for part in PARTS if options.part == "all" else [options.part]:
        perform(part, options)
    shutil.rmtree(tools.BUILD / "data", ignore_errors=True)


if __name__ == "__main__":
    main()
