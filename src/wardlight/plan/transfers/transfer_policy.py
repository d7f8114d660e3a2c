"""What the transfer planner weighs against what: a file people read, confirm and replace."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from importlib.resources import files

from msgspec import Struct

from wardlight.plan.policy_table import PolicyTable, Row, WrongError, policy_table
from wardlight.record.problems import Problem

FILE = "transfer_policy.tsv"
UNUSABLE = "transfer-policy.unusable"
MINUTES_MAX = 10_000.0


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


def shipped_policy() -> TransferPolicy:
    """Return the policy that comes with the product."""
    found = read_policy((files("wardlight.plan") / "tables" / FILE).read_bytes())
    assert isinstance(found, TransferPolicy), found
    return found


def read_policy(content: bytes) -> TransferPolicy | Problem:
    """Return a policy file read, or the first thing wrong with it. Nothing is half used."""
    try:
        return _policy(policy_table(content))
    except WrongError as wrong:
        return Problem(UNUSABLE, FILE, str(wrong))


def _minutes(row: Row) -> float:
    try:
        minutes = float(row.value)
    except ValueError:
        raise WrongError(f"{row.name}: {row.value!r} is no number") from None
    if not 0 <= minutes <= MINUTES_MAX:  # no NaN either
        raise WrongError(f"{row.name}: {row.value} is not between 0 and {MINUTES_MAX:g}")
    return minutes


def _policy(table: PolicyTable) -> TransferPolicy:
    rows = {name: _minutes(row) for name, row in table.rows.items()}

    def taken(name: str) -> float:
        if name not in rows:
            raise WrongError(f"{name} is missing")
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
        version=table.version,
        date=table.date,
        sources=table.sources,
    )
    if rows:
        raise WrongError(f"{min(rows)} means nothing here")
    if made.share_of_room > 1:
        raise WrongError("share of room is at most 1")
    return made


def _steps(rows: dict[str, float]) -> tuple[Step, ...]:
    steps = []
    for name in [name for name in rows if name.startswith("step ")]:
        try:
            share = float(name[5:])
        except ValueError:
            share = 0.0
        if not 0 < share <= 1:
            raise WrongError(f"{name}: a step is named by its share, as in step 0.75")
        steps.append(Step(share, rows.pop(name)))
    steps.sort(key=lambda step: step.share)
    minutes = [step.minutes for step in steps]
    if not steps or steps[-1].share != 1 or minutes != sorted(minutes):
        raise WrongError("steps rise in share and in minutes, and the last one is step 1")
    return tuple(steps)
