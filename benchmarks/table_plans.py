"""The tables of what is planned and read: the region, scans, clinics and theatres."""

from __future__ import annotations

from typing import Any

from goals import goal, goals

Result = dict[str, Any]


def region(result: Result) -> list[str]:
    """Where can they go, who goes where, and what counties fetch: of the processor's time."""
    answers = [one for one in result.get("destinations", []) if one["area"] != "city"]
    slowest = max((one["cpu_ms"] for one in answers), default=None)
    name = "destination answer, 6,000 hospitals (slowest area, policy and need)"
    lines = [goal(name, slowest, 20, unit="ms", least=False)]
    plans = result.get("plans", [])
    for size, most in sorted({(one["size"], one["may_take_ms"]) for one in plans}, key=_most):
        took = max(one["cpu_ms"] for one in plans if one["size"] == size)
        name = f"transfer plan, {size} (slowest of 4 cases, with proof and every regret)"
        lines.append(goal(name, took, most, unit="ms", least=False))
    lines += [
        f"| {name} of {result['hospitals']} hospitals | - | {ms:,.0f} ms | |"
        for name, ms in result.get("documents", {}).items()
    ]
    return goals(lines)[1:]


def _most(size: tuple[str, float]) -> float:
    return size[1]


def scans(result: Result) -> list[str]:
    """Pages read a second, of each kind of file."""
    lines = [
        "| file | readers | pages known | pages a second | pages per CPU s |",
        "| --- | --: | --: | --: | --: |",
    ]
    rows = result.get("rows", [])
    lines += [
        f"| {one['file'].upper()} | {one['readers']} | {one['known']} of {one['pages']}"
        f" | {one['pages_a_second']:.1f} | {one['pages_a_cpu_second']:.1f} |"
        for one in rows
    ]
    return lines + goals(
        [
            goal(
                f"scan intake on 2 cores, {one['file'].upper()}",
                one["pages_a_second"],
                20,
                unit="pages/s",
                least=True,
            )
            for one in rows
        ]
    )


def clinics(result: Result) -> list[str]:
    """New times for visits and operations; how long an agent waits for the next patient."""
    return [
        *visits(result.get("visits", [])),
        "",
        *theatres(result.get("theatres", []), result.get("theatre_seconds", 0)),
        "",
        *next_patients(result.get("next_patient", [])),
    ]


def visits(rows: list[Result]) -> list[str]:
    """Visits that take one slot: seconds to a proved, checked and explained plan."""
    lines = [
        "| visits | slots | services | links | CPU s | moved | late or none | gap | proved |",
        "| --: | --: | --: | --: | --: | --: | --: | --: | --- |",
    ]
    lines += [
        f"| {one['visits']:,} | {one['slots']:,} | {one['services']} | {one['links']}"
        f" | {one['cpu_s']} | {one['moved']:,} | {one['late_or_none']} | {one['gap']:.2%}"
        f" | {'yes' if one['proved'] else '**no**'} |"
        for one in rows
    ]
    alone = [one for one in rows if not one["links"]]
    slowest = max((one["cpu_s"] for one in alone), default=None)
    name = "visits of one slot, slowest case, proved"
    if not all(one["proved"] for one in alone):
        slowest = None
    return lines + goals([goal(name, slowest, 10, unit="s", least=False)])


def theatres(rows: list[Result], seconds: float) -> list[str]:
    """Operations: first come, the priority rule, and the search after so many seconds."""
    lines = [
        "| cases / days / rooms | seed | first come | rule | search | gain | no place | broken |",
        "| --- | --: | --: | --: | --: | --: | --: | --: |",
    ]
    lines += [
        f"| {one['cases']:,} / {one['days']} / {one['rooms']} | {one['seed']}"
        f" | {one['first_come']:,} | {one['rule']:,} | {one['search']:,} | {one['gain']:.1%}"
        f" | {one['no_place'][0]}, {one['no_place'][1]} | {one['broken']} |"
        for one in rows
    ]
    sizes = dict.fromkeys((one["cases"], one["least"]) for one in rows)
    told = []
    for cases, least in sizes:
        worst = min(one["gain"] for one in rows if one["cases"] == cases) * 100
        name = f"{cases:,} cases below the priority rule after {seconds:g} s, worst seed"
        told.append(goal(name, worst, least * 100, unit="%", least=True))
    broken = float(sum(one["broken"] for one in rows)) if rows else None
    return lines + goals([*told, goal("rules broken", broken, 0, unit="", least=False)])


def next_patients(rows: list[Result]) -> list[str]:
    """The next patient, from the question until the lease is on disk and in the views."""
    lines = []
    for one in rows:
        who = f"{one['agents']} agents, {one['visits']:,} visits"
        for words, key in (
            ("in one instant", "all_at_once"),
            ("in one instant, 400 others on the phone", "again_with_400_out"),
            ("within ten seconds", "over_ten_seconds"),
        ):
            name = f"next patient p99, {who}, {words}"
            lines.append(goal(name, one.get(f"{key}_p99_ms"), 50, unit="ms", least=False))
    return goals(lines)[1:]
