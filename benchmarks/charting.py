"""A hospital charting: 150 stations, five entries a second, every ward board open and refreshed.

Each station keeps its ward's board open (asked for every 10 s, as the page does) and its heartbeat
every 10 s; together they hand in five observations or doses a second. What is measured is what a
nurse waits for: the acknowledgement of an entry, and the board when it is asked for whole.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import secrets
import statistics
import time
from typing import Any

import feed
import ingest
import node
import people
import procs
import tools

STATIONS = 150
ENTRIES_PER_S = 5
REFRESH_S = 10.0
SECONDS = 60.0
BEDS = 300
NURSES = 15
OK = 200
Result = dict[str, Any]


class Station:
    """One ward PC or tablet: a connection that is kept open, and who is signed in."""

    def __init__(self, port: int, cookies: str, board: str) -> None:
        self.port, self.cookies, self.board = port, cookies, board
        self._lock = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes, float]:
        """Send one request; return the status, the body and how long it took in milliseconds."""
        async with self._lock:
            began = time.perf_counter()
            if self._streams is None or self._streams[0].at_eof():  # the server lets idle ones go
                self._streams = await asyncio.open_connection("127.0.0.1", self.port)
            reader, writer = self._streams
            head = (
                f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
                f"Cookie: {self.cookies}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", answer, re.IGNORECASE)
            content = await reader.readexactly(int(length[1])) if length else b""
            took = (time.perf_counter() - began) * 1e3
            return int(answer[9:12]), content, took


class Tally:
    """What was waited for."""

    def __init__(self) -> None:
        self.entries: list[float] = []
        self.pages: list[float] = []
        self.refused = 0
        self.acknowledged = 0


async def refreshing(station: Station, tally: Tally, until: float) -> None:
    await asyncio.sleep(random.uniform(0, REFRESH_S))
    while time.perf_counter() < until:
        status, _, took = await station.ask("GET", station.board)
        tally.pages.append(took)
        tally.refused += status != OK
        await station.ask("GET", "/ping")
        await asyncio.sleep(REFRESH_S)


async def charting(
    stations: list[Station], patients: list[str], tally: Tally, until: float
) -> None:
    begun: set[asyncio.Task[None]] = set()
    step = 1 / ENTRIES_PER_S
    due = time.perf_counter()
    number = 0
    while time.perf_counter() < until:
        station = stations[number % len(stations)]
        task = asyncio.create_task(enter(station, patients[number % len(patients)], tally))
        begun.add(task)
        task.add_done_callback(begun.discard)
        number += 1
        due += step
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
    await asyncio.gather(*begun)


async def enter(station: Station, patient: str, tally: Tally) -> None:
    offered = {
        "id": secrets.token_hex(16),
        "kind": "vitals.charted",
        "site": station.board.split("/")[2],
        "patient": patient,
        "fields": [
            ["pulse", str(random.randint(60, 110))],
            ["respirations", "18"],
            ["systolic", "131"],
            ["diastolic", "80"],
            ["temperature", "37.4"],
        ],
    }
    status, body, took = await station.ask("POST", "/entries", json.dumps(offered).encode())
    tally.entries.append(took)
    told = json.loads(body) if status == OK else {}
    if told.get("id") == offered["id"]:
        tally.acknowledged += 1
    else:
        tally.refused += 1


async def day(stations: list[Station], patients: list[str], seconds: float) -> Tally:
    tally = Tally()
    until = time.perf_counter() + seconds
    boards = [refreshing(station, tally, until) for station in stations]
    await asyncio.gather(charting(stations, patients, tally, until), *boards)
    return tally


def boards_of(port: int, cookies: str) -> list[str]:
    """Return every ward board the start page links."""
    page = ingest.read(f"http://127.0.0.1:{port}/", cookies).decode(errors="replace")
    return sorted(set(re.findall(r'href="(/ward/[^/"#]+/[^/"#]+)"', page)))


def patients_of(port: int, cookies: str, boards: list[str]) -> list[str]:
    """Return the handles of the patients on these boards."""
    found: list[str] = []
    for board in boards:
        page = ingest.read(f"http://127.0.0.1:{port}{board}", cookies).decode(errors="replace")
        found += re.findall(r'href="/patient/([A-Z2-7]{16})"', page)
    return sorted(set(found))


def run(options: argparse.Namespace) -> Result:
    """Measure entries and ward pages while a hospital charts."""
    data = tools.fresh_folder("charting")
    path = tools.feed_file("house", "--known", str(BEDS), "--beds", str(BEDS), "--messages", "200")
    first = ingest.begin(node.WARDLIGHT, data)
    try:
        node.fill(first, path, BEDS + feed.full_house_length(BEDS))
    finally:
        first.stop()
    nurses = people.hired(data, NURSES)
    running = ingest.begin(node.WARDLIGHT, data)
    seconds = 6.0 if options.quick else SECONDS
    try:
        sessions = [
            people.signed_in(running.http_port, account, code)
            for account, codes in nurses
            for code in codes
        ]
        boards = boards_of(running.http_port, sessions[0])
        patients = patients_of(running.http_port, sessions[0], boards)
        if not boards or not patients:
            raise procs.NotReadyError("no ward board or no patient to chart on")
        stations = [
            Station(running.http_port, cookies, boards[at % len(boards)])
            for at, cookies in enumerate(sessions[:STATIONS])
        ]
        cpu = running.cpu_s()
        tally = asyncio.run(day(stations, patients, seconds))
        used = running.cpu_s() - cpu
    finally:
        running.stop()
    return {
        "stations": len(stations),
        "patients": len(patients),
        "boards": len(boards),
        "entries_per_s": round(tally.acknowledged / seconds, 2),
        "entries": tally.acknowledged,
        "refused": tally.refused,
        "entry_p50_ms": round(statistics.median(tally.entries), 2),
        "entry_p99_ms": round(node.p99(tally.entries), 2),
        "page_p50_ms": round(statistics.median(tally.pages), 2),
        "page_p99_ms": round(node.p99(tally.pages), 2),
        "pages": len(tally.pages),
        "server_core_share": round(used / seconds, 2),
    }
