"""What the transfer planner weighs against what: a file people read, confirm and replace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from importlib.resources import files
from math import isfinite

from msgspec import Struct

from wardlight.record.problems import Problem

FILE = "transfer_policy.tsv"
BYTES_MAX = 100_000
UNUSABLE = "transfer-policy.unusable"
MINUTES_MAX = 10_000.0
_COLUMNS = "name\tvalue\tsource\tnote"
_HEAD = re.compile(r"#\s*(version|date|source (\w+)):\s*(\S.*)")


class Acuity(StrEnum):
    """How soon a patient has to go (the triage column of HICS 255)."""

    IMMEDIATE = "immediate"
    URGENT = "urgent"
    ROUTINE = "routine"


class Step(Struct, frozen=True, gc=False):
    """Beds up to this share of a receiver's free ones cost so many minutes each."""

    share: float
    minutes: float


class TransferPolicy(Struct, frozen=True, kw_only=True):
    """The weights of a plan. All prices in minutes, each at least 0."""

    weights: Mapping[Acuity, float]
    steps: tuple[Step, ...]  # rising in share and in minutes; the last share is 1
    handover: float
    call_first: float
    move: float
    stay: float
    beds_when_unknown: int
    drive_when_unknown: float
    share_of_room: float = 1.0
    version: str = ""
    date: str = ""
    sources: Mapping[str, str] = {}


class _WrongError(ValueError):
    """A line that cannot be used; its text is a sentence."""


def shipped_policy() -> TransferPolicy:
    """Return the policy that comes with the product."""
    found = read_policy((files(__package__) / "tables" / FILE).read_bytes())
    assert isinstance(found, TransferPolicy), found
    return found


def read_policy(content: bytes) -> TransferPolicy | Problem:
    """Return a policy file read, or the first thing wrong with it. Nothing is half used."""
    if len(content) > BYTES_MAX:
        return Problem(UNUSABLE, FILE, f"longer than {BYTES_MAX} bytes")
    try:
        text = content.decode("utf-8-sig")
        heads, rows = _parted(text)
        return _policy(heads, rows)
    except UnicodeDecodeError:
        return Problem(UNUSABLE, FILE, "not text in UTF-8")
    except _WrongError as wrong:
        return Problem(UNUSABLE, FILE, str(wrong))


def _parted(text: str) -> tuple[dict[str, str], dict[str, float]]:
    heads: dict[str, str] = {}
    rows: dict[str, float] = {}
    lines = [line for line in text.splitlines() if line.strip()]
    for line in (line for line in lines if line.startswith("#")):
        if found := _HEAD.match(line):
            heads[found[1]] = found[3]
    body = [line for line in lines if not line.startswith("#")]
    if not body or body[0] != _COLUMNS:
        raise _WrongError("the columns are to be name, value, source, note")
    for line in body[1:]:
        name, value, source = _row(line)
        if f"source {source}" not in heads:
            raise _WrongError(f"{name}: the head names no source {source!r}")
        if name in rows:
            raise _WrongError(f"{name} stands there twice")
        rows[name] = value
    return heads, rows


def _row(line: str) -> tuple[str, float, str]:
    parts = [*line.split("\t"), "", ""]
    name = parts[0]
    try:
        value = float(parts[1])
    except ValueError:
        raise _WrongError(f"{name}: {parts[1]!r} is no number") from None
    if not isfinite(value) or not 0 <= value <= MINUTES_MAX:
        raise _WrongError(f"{name}: {parts[1]} is not between 0 and {MINUTES_MAX:g}")
    return name, value, parts[2]


def _policy(heads: Mapping[str, str], rows: dict[str, float]) -> TransferPolicy:
    def taken(name: str) -> float:
        if name not in rows:
            raise _WrongError(f"{name} is missing")
        return rows.pop(name)

    made = TransferPolicy(
        weights={acuity: taken(f"weight {acuity}") for acuity in Acuity},
        handover=taken("handover"),
        call_first=taken("call first"),
        move=taken("move"),
        stay=taken("stay"),
        beds_when_unknown=int(taken("beds when unknown")),
        drive_when_unknown=taken("drive when unknown"),
        share_of_room=taken("share of room"),
        steps=_steps(rows),
        version=heads.get("version", ""),
        date=heads.get("date", ""),
        sources={key[7:]: text for key, text in heads.items() if key.startswith("source ")},
    )
    if rows:
        raise _WrongError(f"{min(rows)} means nothing here")
    if made.share_of_room > 1:
        raise _WrongError("share of room is at most 1")
    return made


def _steps(rows: dict[str, float]) -> tuple[Step, ...]:
    steps = []
    for name in [name for name in rows if name.startswith("step ")]:
        try:
            share = float(name[5:])
        except ValueError:
            share = 0.0
        if not 0 < share <= 1:
            raise _WrongError(f"{name}: a step is named by its share, as in step 0.75")
        steps.append(Step(share, rows.pop(name)))
    steps.sort(key=lambda step: step.share)
    minutes = [step.minutes for step in steps]
    if not steps or steps[-1].share != 1 or minutes != sorted(minutes):
        raise _WrongError("steps rise in share and in minutes, and the last one is step 1")
    return tuple(steps)
