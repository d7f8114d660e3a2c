"""A server under measurement: started on its own core, watched, and ended by its own id."""

from __future__ import annotations

import functools
import json
import os
import select
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CORES = sorted(os.sched_getaffinity(0))
CLIENT_CORE, SERVER_CORE = CORES[0], CORES[-1]
TICKS_S = os.sysconf("SC_CLK_TCK")
READY_S_MAX = 20.0
STOP_S_MAX = 5.0


class NotReadyError(RuntimeError):
    """The server ended, or said nothing on stdout, before it accepted."""


@dataclass(frozen=True)
class Running:
    """One started server: its process group, and the addresses it announced."""

    process: subprocess.Popen[bytes]
    ready: dict[str, Any]
    ready_after_s: float

    @property
    def mllp_port(self) -> int:
        return port_of(self.ready["mllp"])

    @property
    def http_port(self) -> int:
        return port_of(self.ready["http"])

    def cpu_s(self) -> float:
        """Processor seconds (user and system) of the whole group so far."""
        return sum(int(row[11]) + int(row[12]) for _, row in self._stats()) / TICKS_S

    def memory_mb(self) -> float:
        """Proportional set size of the whole group in MB: what the machine gave it."""
        total_kb = 0
        for pid, _ in self._stats():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total_kb += int(line.split()[1])
        return total_kb / 1024

    def _stats(self) -> list[tuple[int, list[str]]]:
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                row = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended while we looked
            if int(row[2]) == self.process.pid:
                found.append((int(folder.name), row))
        return found

    def stop(self) -> None:
        """Ask the group to end; insist after `STOP_S_MAX` seconds."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sign)
                self.process.wait(STOP_S_MAX)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
            break
        assert self.process.stdout is not None
        self.process.stdout.close()


def last_line(said: bytes) -> str:
    """Return the last line a program said: the problem, without where it was."""
    return (said.decode(errors="replace").strip().splitlines() or [""])[-1].strip()


def port_of(address: Any) -> int:
    """Return the port of "host:port", of an URL, or of the first of a list of them."""
    first = address[0] if isinstance(address, list) else address
    return int(str(first).rstrip("/").rpartition(":")[2])


def stay_on_client_core() -> None:
    """Keep this program, and what it starts to measure with, off the server's core."""
    os.sched_setaffinity(0, {CLIENT_CORE})


def pinned(core: int) -> functools.partial[None]:
    """Return what a child calls to stay on one core."""
    return functools.partial(os.sched_setaffinity, 0, {core})


def start(command: list[str], *, errors: Path) -> Running:
    """Start a server on the server's core and wait for its ready line (JSON on stdout)."""
    began = time.perf_counter()
    with errors.open("wb") as stderr:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=stderr,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=pinned(SERVER_CORE),  # noqa: PLW1509 - no thread runs when servers start
        )
    try:
        ready = await_ready(process, began + READY_S_MAX)
    except NotReadyError as problem:
        Running(process, {}, 0.0).stop()
        raise NotReadyError(f"{problem} {last_line(errors.read_bytes())}".strip()) from None
    return Running(process, ready, time.perf_counter() - began)


def await_ready(process: subprocess.Popen[bytes], until: float) -> dict[str, Any]:
    """Return the first JSON object the server prints that names its MLLP address."""
    assert process.stdout is not None
    said = b""
    while time.perf_counter() < until:
        if not select.select([process.stdout], [], [], 0.05)[0]:
            continue
        part = os.read(process.stdout.fileno(), 65536)
        if not part:
            raise NotReadyError("ended before it was ready.")
        said += part
        for line in said.split(b"\n")[:-1]:
            if line.startswith(b"{") and b'"mllp"' in line:
                found: dict[str, Any] = json.loads(line)
                return found
    raise NotReadyError(f"not ready after {READY_S_MAX:.0f} s.")


def client(command: list[str], *, timeout_s: float, beside_server: bool = False) -> dict[str, Any]:
    """Run a measuring program on this program's core, or on the server's; return its JSON."""
    placed = ["taskset", "-c", str(SERVER_CORE), *command] if beside_server else command
    done = subprocess.run(placed, capture_output=True, timeout=timeout_s, check=False)
    if done.returncode:
        raise NotReadyError(last_line(done.stderr))
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def busy_s() -> float:
    """Return the seconds all cores have been busy since the machine started."""
    row = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    user, nice, system, _idle, _wait, irq, soft, steal = map(int, row[1:9])
    return (user + nice + system + irq + soft + steal) / TICKS_S


def clients_cpu_s() -> float:
    """Return the processor seconds of the programs this one has waited for, and its own."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
