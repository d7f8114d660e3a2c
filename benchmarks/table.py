"""The tables of benchmarks/README.md, made from the results of the last run of each part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from goals import goal, goals
from table_plans import clinics, region, scans

BEGIN, END = "<!-- tables: begin (made by run.py) -->", "<!-- tables: end -->"
ORDER = (
    "ingest",
    "latency",
    "pack",
    "start",
    "web",
    "charting",
    "dispatch",
    "region",
    "scans",
    "clinics",
    "memory",
)
HOW = {
    "region": "one thread; the processor's time, not the clock's",
    "scans": "a reader on each core",
    "clinics": "one thread; planners by the processor's time, the next patient by the clock",
}
TIMES = "\N{MULTIPLICATION SIGN}"
Result = dict[str, Any]


def renew(readme: Path, results: Path) -> None:
    """Write the tables of all results there are between the marks of the README."""
    lines: list[str] = []
    for part in ORDER:
        path = results / f"{part}.json"
        if path.exists():
            lines += ["", *lines_of(json.loads(path.read_text()))]
    lines = lines or ["", "Not measured yet."]
    before, _, rest = readme.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    readme.write_text(before + BEGIN + "\n" + "\n".join(lines) + "\n\n" + END + after)


def lines_of(result: Result) -> list[str]:
    """Return one part as Markdown."""
    makers = {
        "ingest": ingest, "latency": latency, "pack": pack,
        "start": start, "web": web, "charting": charting, "dispatch": dispatch,
        "region": region, "scans": scans, "clinics": clinics, "memory": memory,
    }  # fmt: skip
    machine = result["machine"]
    pinned = "server and client on a core each" if machine["pinned"] else "one core for all"
    how = (
        f"Node {machine['node']}; {pinned};"
        f" median of {result['rounds']} interleaved rounds of {result['seconds']:g} s"
    )
    how = HOW.get(result["part"], how)
    title = f"### {result['part'].capitalize()}"
    taken = (
        f"Taken {machine['at']} on {machine['cores']} cores ({machine['cpu']}), Linux"
        f" {machine['kernel']}, Python {machine['python']}, {how}."
    )
    quick = ["**A quick run: it proves that the cells work; its numbers mean little.**", ""]
    lines = [title, "", taken, "", *(quick if result["quick"] else [])]
    lines += makers[result["part"]](result)
    gone = [f"- {name}: left out, {why}" for name, why in result.get("missing", {}).items()]
    return lines + (["", *gone] if gone else [])


def rate_of(row: Result, way: str) -> float:
    """Return the rate that counts: for Wardlight with the views up to date."""
    cell = row["ways"][way]
    return float(cell.get("msg_s_visible", cell["msg_s"]))


def best(result: Result, way: str, *, gate: bool, group: bool = False) -> Result | None:
    """Return the fastest peer: of those with a commit each, or of those with our group commit."""
    peers = [
        row for row in result.get("rows", [])
        if row["role"] == "peer" and (row["in_gate"] if gate else group and not row["in_gate"])
    ]  # fmt: skip
    return max(peers, key=lambda row: rate_of(row, way), default=None)


def named(result: Result, name: str) -> Result | None:
    return next((row for row in result.get("rows", []) if row["name"].startswith(name)), None)


def over(ours: Result | None, theirs: Result | None, way: str) -> float | None:
    """Return our rate divided by theirs; None when either is missing."""
    if ours is None or theirs is None or not rate_of(theirs, way):
        return None
    return rate_of(ours, way) / rate_of(theirs, way)


INGEST_HEAD = (
    "| server | commit | store | msg/s | ACK p50 ms | ACK p99 ms | CPU µs | errors | Wardlight |",
    "| --- | --- | --- | --: | --: | --: | --: | --: | --: |",
)


def caption(count: str, disk: Result, *, same_core: bool) -> str:
    """Return how the feed was sent, and what the disk alone takes."""
    number = "One connection" if count == "1" else f"{count} connections"
    where = ", the client on the server's core" if same_core else ""
    return (
        f"{number}, one message unanswered on each{where}. One sync of 2 KB takes the disk"
        f" {disk['append_p50_us']:.0f} µs appending, {disk['overwrite_p50_us']:.0f} µs overwriting."
        " Last column: Wardlight's rate as a multiple of the row's."
    )


def ingest(result: Result) -> list[str]:
    """Rates, times to the ACK and CPU of every server, with ratios to Wardlight."""
    lines: list[str] = []
    ours = named(result, "Wardlight")
    ways = list(result["rows"][0]["ways"]) if result.get("rows") else []
    for way in ways:
        count = way.partition("x")[0]
        lines += [
            caption(count, result["disk"], same_core=way.endswith("same core")),
            "",
            *INGEST_HEAD,
        ]
        lines += [ingest_row(row, ours, way) for row in result["rows"]]
        if count != "1":
            lines += goals(ingest_goals(result, ours, way))
        lines.append("")
    return lines[:-1]


def ingest_row(row: Result, ours: Result | None, way: str) -> str:
    cell = row["ways"][way]
    ratio = over(ours, row, way)
    times = "" if ratio is None or row is ours else f"{ratio:.2f} {TIMES}"
    name = row["name"] + (" (a connection each)" if row["reconnect"] else "")
    seen = " and readable" if "msg_s_visible" in cell else ""
    return (
        f"| {name}{seen} | {row['commit']} | {row['store']} | {rate_of(row, way):,.0f}"
        f" | {cell['p50_us'] / 1e3:.2f} | {cell['p99_us'] / 1e3:.2f}"
        f" | {cell['cpu_us']:.0f} | {cell['errors']} | {times} |"
    )


def ingest_goals(result: Result, ours: Result | None, way: str) -> list[str]:
    rate = rate_of(ours, way) if ours else None
    peer, tuned = best(result, way, gate=True), best(result, way, gate=False, group=True)
    slow, floor = named(result, "python-hl7"), named(result, "floor: C")
    share = over(ours, floor, way)
    plain = over(ours, named(result, "variant: Wardlight, no encryption"), way)
    return [
        goal("messages a second, one core", rate, 10_000, unit="/s", least=True),
        goal("over the best peer, a commit each", over(ours, peer, way), 3, unit=TIMES, least=True),
        goal("over python-hl7", over(ours, slow, way), 25, unit=TIMES, least=True),
        goal("of the C floor", share and share * 100, 15, unit="%", least=True),
        goal("of itself with a plain log", plain and plain * 100, 75, unit="%", least=True),
        f"| over the best peer given group commit | - | {times_of(over(ours, tuned, way))} | |",
    ]


def times_of(ratio: float | None) -> str:
    return "not measured" if ratio is None else f"{ratio:.2f} {TIMES}"


def sync_goal(where: str, ours: Result | None, way: str, sync: float | None) -> str:
    """Return the goal of one message alone, for one placing of client and server."""
    ratio = ours["ways"][way]["p50_us"] / sync if ours and sync else None
    return goal(f"ACK p50 over one disk sync, {where}", ratio, 1.5, unit=TIMES, least=False)


def latency(result: Result) -> list[str]:
    """One message alone, against the disk's own sync; and from the wire to the read API."""
    lines = ingest(result)
    ours = named(result, "Wardlight")
    sync = result.get("disk", {}).get("append_p50_us")
    seen = result.get("visible", {})
    return lines + goals(
        [
            sync_goal("a core each", ours, "1x1", sync),
            sync_goal("one core", ours, "1x1 same core", sync),
            goal("wire → read API p99 at 50/s", seen.get("p99_ms"), 1000, unit="ms", least=False),
        ]
    )


def pack(result: Result) -> list[str]:
    """Pages per CPU second."""
    rows = result.get("rows", [])
    lines = [
        "| engine | patients | pages | CPU s | pages per CPU s |",
        "| --- | --: | --: | --: | --: |",
    ]
    lines += [
        f"| {r['name']} | {r['patients']} | {r['pages']} | {r['cpu_s']:.2f}"
        f" | {r['pages_per_cpu_s']:.1f} |"
        for r in rows
    ]
    speed = {row["name"]: row["pages_per_cpu_s"] for row in rows}
    ours = speed.get("Wardlight")
    theirs = next((value for name, value in speed.items() if name.startswith("Weasy")), None)
    ratio = ours / theirs if ours and theirs else None
    return lines + goals(
        [
            goal("pages per CPU second", ours, 100, unit="", least=True),
            goal("over WeasyPrint", ratio, 15, unit=TIMES, least=True),
        ]
    )


def start(result: Result) -> list[str]:
    """Start of a full node, the command's own start, the size of the install."""
    size = (
        f"{result['known']:,} patients, {result['entries']:,} entries" if "known" in result else ""
    )
    return goals(
        [
            goal(f"first chart ({size})", result.get("first_chart_s"), 3, unit="s", least=False),
            goal("`wardlight --help`", result.get("help_s"), 0.5, unit="s", least=False),
            goal("base install", result.get("install_mb"), 150, unit="MB", least=False),
        ]
    )[1:]


def web(result: Result) -> list[str]:
    """The ward board, many readers at once."""
    rate = f", {result['req_s']:,.0f} requests a second" if "req_s" in result else ""
    name = f"ward board p99, {result.get('parallel', 50)} in parallel{rate}"
    return goals([goal(name, result.get("p99_ms"), 50, unit="ms", least=False)])[1:]


def dispatch(result: Result) -> list[str]:
    """The dispatcher's board on fifty screens: how soon all know, and what they cost."""
    load = f"{result.get('boards', 0)} open boards, {result.get('changes', 0)} changes"
    return goals(
        [
            goal(
                f"change on the slowest board, worst ({load})",
                result.get("slowest_max_ms"),
                2_000,
                unit="ms",
                least=False,
            ),
            goal(
                "share of one core while nothing happens",
                result.get("idle_core_share"),
                0.25,
                unit="",
                least=False,
            ),
        ]
    )


def charting(result: Result) -> list[str]:
    """A hospital charting: what a nurse waits for."""
    load = (
        f"{result.get('stations', 0)} stations, {result.get('entries_per_s', 0):g} entries a"
        f" second, {result.get('pages', 0):,} boards asked for"
    )
    return goals(
        [
            goal(
                f"entry acknowledged p99 ({load})",
                result.get("entry_p99_ms"),
                200,
                unit="ms",
                least=False,
            ),
            goal(
                "ward page p99, while they chart",
                result.get("page_p99_ms"),
                300,
                unit="ms",
                least=False,
            ),
        ]
    )[1:]


def memory(result: Result) -> list[str]:
    """Memory of a full node."""
    name = f"300 beds, 30 days of schedule, {result.get('known', 0):,} known patients"
    return goals([goal(name, result.get("full_mb"), 1024, unit="MB", least=False)])[1:]
