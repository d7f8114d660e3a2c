"""One cell: one server, one way of sending; and the rounds that make a median of it."""

from __future__ import annotations

import datetime as dt
import socket
import statistics
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import disk
import feed
import procs
import tools
from servers import Server

WARM_UP_S = 0.5
VISIBLE_S_MAX = 10.0
POLL_S = 0.001
STRANGER = 9_000_000  # numbers of the patients who are sent to see when they show

Cell = dict[str, Any]


@dataclass(frozen=True)
class Way:
    """How the feed is sent: connections, unanswered messages on each, for how long.

    With `same_core` the client sits on the server's core. One message alone keeps only one
    of the two busy at a time; on two cores of a virtual machine each message also pays for
    waking the other core twice, which is no doing of the server.
    """

    connections: int
    window: int = 1
    seconds: float = 3.0
    same_core: bool = False

    @property
    def label(self) -> str:
        return f"{self.connections}x{self.window}" + (" same core" if self.same_core else "")


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def begin(server: Server, data: Path) -> procs.Running:
    """Start a server on a free port with its data in `data`."""
    return procs.start(server.command(data, free_port()), errors=data.with_suffix(".stderr"))


def send(way: Way, server: Server, port: int, path: Path, *more: str) -> Cell:
    """Send the feed one way; return what the load client counted."""
    command = [
        *tools.load_client(), str(path), "--port", str(port),
        "--connections", str(way.connections), "--window", str(way.window),
        "--seconds", str(way.seconds), *(["--reconnect"] if server.reconnect else []), *more,
    ]  # fmt: skip
    return procs.client(command, timeout_s=way.seconds + 30, beside_server=way.same_core)


def measure(server: Server, way: Way, path: Path) -> Cell:
    """Measure one server once, from an empty store; errors are counted, not hidden."""
    data = tools.fresh_folder("cell")
    running = begin(server, data)
    try:
        warm_up = Way(way.connections, way.window, WARM_UP_S, same_core=way.same_core)
        warm = send(warm_up, server, running.mllp_port, path)
        cpu, busy, mine = running.cpu_s(), procs.busy_s(), procs.clients_cpu_s()
        began = time.perf_counter()
        cell = send(way, server, running.mllp_port, path, "--skip", str(warm["sent"]))
        wall = time.perf_counter() - began
        used = running.cpu_s() - cpu
        others = procs.busy_s() - busy - used - (procs.clients_cpu_s() - mine)
        if server.role in ("wardlight", "variant"):
            cell |= until_visible(running, cell)
    finally:
        running.stop()
    cell["cpu_us"] = round(used / max(cell["accepted"], 1) * 1e6, 1)
    cell["neighbours"] = round(max(others, 0.0) / wall, 2)
    cell["errors"] = sum(cell[key] for key in ("rejected", "wrong_id", "unanswered", "closed"))
    return cell


def until_visible(running: procs.Running, cell: Cell) -> Cell:
    """Send one more patient and wait until it can be read: then all before it can be, too."""
    began = time.perf_counter()
    show_stranger(running, STRANGER + cell["sent"] % 100_000)
    behind = time.perf_counter() - began
    whole = cell["seconds"] + behind
    return {"behind_s": round(behind, 4), "msg_s_visible": round(cell["accepted"] / whole, 1)}


def show_stranger(running: procs.Running, number: int) -> float:
    """Admit a patient nobody knows; return the seconds from the wire to the read API."""
    message, mrn = stranger(number)
    address = f"http://127.0.0.1:{running.http_port}/fhir/Patient?identifier={mrn}"
    with socket.create_connection(("127.0.0.1", running.mllp_port), timeout=5) as line:
        began = time.perf_counter()
        line.sendall(b"\x0b" + message + b"\x1c\r")
        if b"MSA|AA|" not in line.recv(65536).replace(b"MSA|CA|", b"MSA|AA|"):
            raise procs.NotReadyError("the patient sent to be seen was not accepted")
        while time.perf_counter() - began < VISIBLE_S_MAX:
            if mrn.encode() in read(address):
                return time.perf_counter() - began
            time.sleep(POLL_S)
    raise procs.NotReadyError(f"not visible after {VISIBLE_S_MAX:.0f} s")


def stranger(number: int) -> tuple[bytes, str]:
    """Return an A04 (outpatient, so no bed is taken) of an invented patient, and the MRN."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    hospital = feed.Hospital(
        seed=number, patients=1, beds=0, now=now, control=5_000_000_000 + number
    )
    patient = hospital.known[0]
    patient.number = number
    return feed.adt(hospital, "A04", patient, None).encode(), patient.mrn


def read(address: str, cookies: str = "") -> bytes:
    """Return the body of a page of the node; nothing when it has no such page yet."""
    # A program sends no cookie at all: with one, a node takes it for a person who has to sign in.
    asked = urllib.request.Request(address, headers={"cookie": cookies} if cookies else {})
    try:
        with urllib.request.urlopen(asked, timeout=5) as page:
            return bytes(page.read())
    except urllib.error.HTTPError as problem:
        if problem.code == 404:  # noqa: PLR2004 - not known yet
            return b""
        raise procs.NotReadyError(f"the read API answers {problem.code}") from None


def turns(servers: list[Server], ways: list[Way], rounds: int) -> Iterator[tuple[Server, Way]]:
    """Yield every cell once a round, so that a busy minute hits all rows alike."""
    for _ in range(rounds):
        for way in ways:
            for server in servers:
                yield server, way


def run(servers: list[Server], ways: list[Way], rounds: int, path: Path) -> dict[str, Any]:
    """Measure all cells; return medians by row and way, the disk's floor, what was left out."""
    cells: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    missing: dict[str, str] = {}
    disks = []
    for server, way in turns(servers, ways, rounds):
        if server.name in missing:
            continue
        if server is servers[0]:
            disks.append(disk.measure(tools.fresh_folder("disk"), min(way.seconds, 1.0)))
        try:
            cell = measure(server, way, path)
        except (procs.NotReadyError, tools.MissingError) as problem:
            missing[server.name] = str(problem)
            print(f"{server.name:34} left out: {problem}")
            continue
        cells[server.name, way.label].append(cell)
        say(server, way, cell)
    return {
        "disk": medians(disks),
        "rows": [row(server, ways, cells) for server in servers if server.name not in missing],
        "missing": missing,
    }


def say(server: Server, way: Way, cell: Cell) -> None:
    """Print one finished cell."""
    seen = f" visible {cell['msg_s_visible']:,.0f}/s" if "msg_s_visible" in cell else ""
    print(
        f"{server.name:34} {way.label:>13} {cell['msg_s']:>9,.0f}/s{seen} "
        f"p50 {cell['p50_us']:,.0f} µs p99 {cell['p99_us']:,.0f} µs"
        f"  {cell['cpu_us']:,.0f} µs CPU each  errors {cell['errors']}"
        f"  neighbours {cell['neighbours']}",
        flush=True,
    )


def row(server: Server, ways: list[Way], cells: dict[tuple[str, str], list[Cell]]) -> Cell:
    """Return a server's row: the median of each number over the rounds, for each way."""
    return {
        "name": server.name, "role": server.role, "commit": server.commit,
        "store": server.store, "reconnect": server.reconnect, "in_gate": server.in_gate,
        "ways": {way.label: medians(cells[server.name, way.label]) for way in ways},
    }  # fmt: skip


def medians(samples: list[Cell]) -> Cell:
    """Return the median of every number; of errors the sum, so that one is enough to show."""
    if not samples:
        return {}
    found: Cell = {key: statistics.median(s[key] for s in samples) for key in samples[0]}
    if "errors" in found:
        found["errors"] = sum(s["errors"] for s in samples)
    return found | {"rounds": len(samples)}
