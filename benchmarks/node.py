"""Parts only a ward's node has: seen on the wire, start with a full log, pages, memory."""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import feed
import ingest
import people
import procs
import tools
from servers import ROOT, SERVERS

WARDLIGHT = next(server for server in SERVERS if server.role == "wardlight")
PACED_PER_S = 50
PARALLEL = 50
BEDS = 300
HELP_RUNS = 9
FIRST_CHART_S_MAX = 20.0
FILL_CONNECTIONS = 64
FILL_S_MAX = 600.0
Result = dict[str, Any]


def p99(samples: list[float]) -> float:
    ranked = sorted(samples)
    return ranked[int(0.99 * (len(ranked) - 1))]


def visible(path: Path, options: argparse.Namespace) -> Result:
    """From the wire to the read API under 50 messages a second on 8 connections."""
    data = tools.fresh_folder("cell")
    try:
        running = ingest.begin(WARDLIGHT, data)
    except (procs.NotReadyError, tools.MissingError) as problem:
        return {"missing": str(problem)}
    way = ingest.Way(8, 1, options.seconds)
    paced = threading.Thread(
        target=ingest.send,
        args=(way, WARDLIGHT, running.mllp_port, path, "--rate", str(PACED_PER_S)),
    )
    waits: list[float] = []
    try:
        paced.start()
        while paced.is_alive():
            waits.append(ingest.show_stranger(running, ingest.STRANGER + len(waits)) * 1e3)
            time.sleep(0.02)
        paced.join()
    except procs.NotReadyError as problem:
        paced.join()
        return {"missing": str(problem)}
    finally:
        running.stop()
    return {
        "messages_per_s": PACED_PER_S,
        "samples": len(waits),
        "p50_ms": round(statistics.median(waits), 2),
        "p99_ms": round(p99(waits), 2),
        "max_ms": round(max(waits), 2),
    }


def fill(running: procs.Running, path: Path, count: int) -> Result:
    """Send the first `count` messages of a feed as fast as they are acknowledged."""
    way = ingest.Way(FILL_CONNECTIONS, 1, FILL_S_MAX)
    sent = ingest.send(way, WARDLIGHT, running.mllp_port, path, "--count", str(count))
    ingest.until_visible(running, sent)
    return sent


def full_feed(options: argparse.Namespace) -> tuple[Path, int]:
    """Return a feed of every known patient, 300 full beds, then the mix; and its length."""
    houseful = feed.full_house_length(BEDS)
    mix = max(2_000, min(options.entries - options.known - houseful, 100_000))
    name = ("--known", str(options.known), "--beds", str(BEDS), "--messages", str(mix))
    return tools.feed_file("full", *name), options.known + houseful + mix


def full_node(options: argparse.Namespace) -> Path:
    """Return a stopped node's folder with all known patients and entries; made once a day."""
    path, _ = full_feed(options)
    data = tools.BUILD / f"node-{path.stem}-{options.entries}"
    if (data / "complete").exists():
        return data
    for old in tools.BUILD.glob("node-*"):
        shutil.rmtree(old, ignore_errors=True)
    data.mkdir(parents=True)
    running = ingest.begin(WARDLIGHT, data)
    try:
        sent = fill(running, path, options.entries)
        print(f"filled with {sent['accepted']:,} messages at {sent['msg_s']:,.0f}/s")
    finally:
        running.stop()
    (data / "complete").touch()
    return data


def first_chart(data: Path) -> tuple[float, float]:
    """Start the node; return seconds to its ready line and to the first chart served."""
    began = time.perf_counter()
    running = ingest.begin(WARDLIGHT, data)
    address = f"http://127.0.0.1:{running.http_port}/fhir/Patient?identifier=MRN0000001"
    try:
        while time.perf_counter() - began < FIRST_CHART_S_MAX:
            if b"MRN0000001" in ingest.read(address):
                return running.ready_after_s, time.perf_counter() - began
            time.sleep(0.005)
    finally:
        running.stop()
    raise procs.NotReadyError(f"no chart after {FIRST_CHART_S_MAX:.0f} s")


def start(options: argparse.Namespace) -> Result:
    """Start of a full node, `wardlight --help`, and the size of the base install."""
    found: Result = {"known": options.known, "entries": options.entries}
    found |= help_time() | install_size()
    data = full_node(options)
    times = [first_chart(data) for _ in range(options.rounds)]
    return found | {
        "ready_s": round(statistics.median(t[0] for t in times), 3),
        "first_chart_s": round(statistics.median(t[1] for t in times), 3),
    }


def help_time() -> Result:
    """Median wall seconds of `wardlight --help`."""
    program = Path(sys.executable).with_name("wardlight")
    if not program.exists():
        raise tools.MissingError("the wardlight command is not installed beside this Python")
    took = []
    for _ in range(HELP_RUNS):
        began = time.perf_counter()
        subprocess.run([str(program), "--help"], capture_output=True, check=True)
        took.append(time.perf_counter() - began)
    return {"help_s": round(statistics.median(took), 3)}


def install_size() -> Result:
    """Bytes on disk of a fresh environment with the base install, without pip itself."""
    place = tools.BUILD / "install"
    python = place / "bin" / "python"
    shutil.rmtree(place, ignore_errors=True)
    try:
        tools.quiet("the base install", [sys.executable, "-m", "venv", str(place)])
        tools.quiet(
            "the base install",
            [str(python), "-m", "pip", "install", "-q", "--no-compile", str(ROOT)],
        )
    except tools.MissingError as problem:
        return {"install_missing": str(problem)}
    tools.quiet("pip", [str(python), "-m", "pip", "uninstall", "-q", "-y", "pip", "setuptools"])
    used = sum(f.stat().st_blocks * 512 for f in place.rglob("*") if f.is_file())
    shutil.rmtree(place)
    return {"install_mb": round(used / 1e6, 1)}


def memory(options: argparse.Namespace) -> Result:
    """Memory of a node with 300 full beds, 30 days of schedule and all known patients."""
    path, length = full_feed(options)
    data = tools.fresh_folder("memory")
    running = ingest.begin(WARDLIGHT, data)
    try:
        empty = running.memory_mb()
        sent = fill(running, path, length)
        return {
            "known": options.known,
            "messages": sent["accepted"],
            "empty_mb": round(empty, 1),
            "full_mb": round(running.memory_mb(), 1),
        }
    finally:
        running.stop()


async def one_reader(port: int, page: tuple[str, str], until: float, took: list[float]) -> int:
    """Ask for one page again and again on one connection; return how many were not 200."""
    path, cookies = page
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookies}\r\n\r\n"
    request = head.encode()
    bad = 0
    while time.perf_counter() < until:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if length is None:
            raise procs.NotReadyError("a page came without its length")
        await reader.readexactly(int(length[1]))
        took.append((time.perf_counter() - began) * 1e3)
        bad += b" 200 " not in head[:16]
    writer.close()
    return bad


async def readers(port: int, page: tuple[str, str], seconds: float) -> tuple[list[float], int]:
    took: list[float] = []
    until = time.perf_counter() + seconds
    bad = await asyncio.gather(*(one_reader(port, page, until, took) for _ in range(PARALLEL)))
    return took, sum(bad)


def ward_board(port: int, wanted: str, cookies: str) -> str:
    """Return the path of a ward board: the one named, or the first ward the start page links."""
    if wanted:
        return str(wanted)
    start_page = ingest.read(f"http://127.0.0.1:{port}/", cookies).decode(errors="replace")
    links = re.findall(r'href="(/[^"#]*)"', start_page)
    wards: list[str] = [link for link in links if re.search(r"^/ward/[^/]+/[^/]+$", link)]
    if not wards:
        raise procs.NotReadyError("the start page leads to no ward")
    return wards[0]


def web(options: argparse.Namespace) -> Result:
    """The ward board at 50 requests in parallel, while the mixed feed goes on at its pace."""
    path = tools.feed_file("mixed", "--messages", str(options.messages), "--patients", "800")
    data = tools.fresh_folder("web")
    ingest.begin(WARDLIGHT, data).stop()  # makes the folder people are added to
    account, codes = people.hired(data, 1)[0]
    running = ingest.begin(WARDLIGHT, data)
    took: list[float] = []
    bad = 0
    try:
        fill(running, path, min(options.messages, 20_000))
        cookies = people.signed_in(running.http_port, account, codes[0])
        board = ward_board(running.http_port, options.board, cookies)
        way = ingest.Way(1, 1, options.seconds)
        pace = ("--rate", str(PACED_PER_S))
        for _ in range(options.rounds):
            news = (way, WARDLIGHT, running.mllp_port, path, *pace)
            paced = threading.Thread(target=ingest.send, args=news)
            paced.start()
            more, wrong = asyncio.run(readers(running.http_port, (board, cookies), options.seconds))
            paced.join()
            took, bad = took + more, bad + wrong
    finally:
        running.stop()
    return {
        "board": board,
        "messages_per_s": PACED_PER_S,
        "parallel": PARALLEL,
        "requests": len(took),
        "not_200": bad,
        "req_s": round(len(took) / (options.seconds * options.rounds), 1),
        "p50_ms": round(statistics.median(took), 2),
        "p99_ms": round(p99(took), 2),
    }
