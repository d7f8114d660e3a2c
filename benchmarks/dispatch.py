"""Fifty dispatchers watch the board of one node, and a charge nurse changes a status now and then.

Each board keeps a question open for what is new, as the page does, and fetches the board when it
is answered. What is measured is what a dispatcher waits for: from handing in the entry at the node
to the new words on the slowest of the boards; and what fifty open boards cost while nothing
happens.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import secrets
import statistics
import time
from typing import Any

import ingest
import node
import people
import procs
import tools
from charting import OK, Station

BOARDS = 50
CHANGES = 12
APART_S = 1.0
IDLE_S = 15.0
STATES = ("divert", "open")
Result = dict[str, Any]


class Board:
    """One open board: it learns of a change, fetches itself and notes when it had the words."""

    def __init__(self, port: int) -> None:
        self._station = Station(port, "", "/ems")
        self.mark = ""
        self.at = 0.0
        self.told: asyncio.Event = asyncio.Event()

    async def watch(self) -> None:
        await self._fetch()
        while True:
            _, body, _ = await self._station.ask("GET", f"/ems/wait?mark={self.mark}")
            if json.loads(body)["mark"] != self.mark:
                await self._fetch()

    async def _fetch(self) -> None:
        status, body, _ = await self._station.ask("GET", "/ems")
        found = re.search(rb'data-mark="([0-9a-f]+)"', body)
        if status != OK or found is None:
            raise procs.NotReadyError("no board")
        self.mark, self.at = found[1].decode(), time.perf_counter()
        self.told.set()


async def change(nurse: Station, state: str) -> None:
    fields = [["service", "ED"], ["state", state], ["authorised_by", "Dr Bench"]]
    fields += [["category", "ED saturation"]] * (state != "open")
    offered = {"id": secrets.token_hex(16), "kind": "service.stated", "site": "TEST"}
    body = json.dumps(offered | {"fields": fields}).encode()
    status, told, _ = await nurse.ask("POST", "/entries", body)
    if status != OK:
        raise procs.NotReadyError(f"the status was not taken: {told[:200]!r}")


async def watched(running: procs.Running, cookies: str, idle_s: float) -> Result:
    """Measure with all boards open; return waits in milliseconds and shares of a core."""
    boards = [Board(running.http_port) for _ in range(BOARDS)]
    watching = [asyncio.ensure_future(board.watch()) for board in boards]
    await asyncio.gather(*(board.told.wait() for board in boards))
    idle = running.cpu_s()
    await asyncio.sleep(idle_s)
    idle = (running.cpu_s() - idle) / idle_s
    nurse = Station(running.http_port, cookies, "")
    slowest, busy = [], running.cpu_s()
    for number in range(CHANGES):
        for board in boards:
            board.told.clear()
        began = time.perf_counter()
        await change(nurse, STATES[number % 2])
        await asyncio.gather(*(board.told.wait() for board in boards))
        slowest.append((max(board.at for board in boards) - began) * 1e3)
        await asyncio.sleep(APART_S)
    busy = running.cpu_s() - busy
    for task in watching:
        task.cancel()
    return {
        "boards": BOARDS,
        "changes": CHANGES,
        "idle_core_share": round(idle, 3),
        "cpu_ms_per_change": round(busy / CHANGES * 1e3 - idle * APART_S * 1e3, 1),
        "slowest_p50_ms": round(statistics.median(slowest), 1),
        "slowest_max_ms": round(max(slowest), 1),
    }


def run(options: argparse.Namespace) -> Result:
    """Measure how soon fifty open boards know a change, and what they cost."""
    data = tools.fresh_folder("dispatch")
    ingest.begin(node.WARDLIGHT, data).stop()  # makes the folder people are added to
    [(account, codes)] = people.hired(data, 1, role="charge nurse")
    running = ingest.begin(node.WARDLIGHT, data)
    try:
        cookies = people.signed_in(running.http_port, account, codes[0])
        return asyncio.run(watched(running, cookies, 3.0 if options.quick else IDLE_S))
    finally:
        running.stop()
