"""How a node's log is looked after, for `wardlight links`: the last scrub, and its mirror."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from wardlight.log.contract import LogError
from wardlight.record.instants import clinical_time, iso
from wardlight.run.clock import system_clock
from wardlight.run.keeping.mirror import mirror_reader, mirror_row
from wardlight.run.keeping.scrub import last_scrub
from wardlight.run.node_views import node_log_of


def care_of(data: Path) -> dict[str, Any]:
    """Return the parts "scrub" and "mirror" of the document; null for what there is not."""
    return {"scrub": _scrub(data), "mirror": _mirror(data)}


def care_lines(data: Path, zone: str) -> list[str]:
    """Return the same in sentences."""
    lines = []
    scrubbed = last_scrub(data)
    if scrubbed is not None:
        row = scrubbed.row()
        lines.append(f"{row.what}: {row.said} ({clinical_time(scrubbed.at, zone)})")
    mirror = _mirror(data)
    if mirror is not None:
        entries, failing = mirror["entries"], mirror["failing"]
        row = mirror_row(entries, entries + mirror["behind"], failing)
        lines.append(f"{row.what}: {row.said}")
    return lines


def _scrub(data: Path) -> dict[str, Any] | None:
    scrubbed = last_scrub(data)
    if scrubbed is None:
        return None
    return {
        "at": iso(scrubbed.at),
        "age_s": max(system_clock() - scrubbed.at, 0) // 1000,
        "ok": scrubbed.ok,
        "entries": scrubbed.entries,
        "first_bad": scrubbed.first_bad,
        "because": scrubbed.because,
    }


def _mirror(data: Path) -> dict[str, Any] | None:
    where = node_log_of(data)
    if not where.settings.log.mirror:
        return None
    entries, failing = 0, ""
    with contextlib.closing(where.read()) as log:
        last = log.head().position
    try:
        with contextlib.closing(mirror_reader(where)) as mirror:
            entries = mirror.head().position
    except LogError as error:
        failing = error.problem.because
    return {"entries": entries, "behind": max(last - entries, 0), "failing": failing}
