"""How full an emergency department is, as far as anybody knows, and what that costs in minutes.

A count fades with its age towards the usual load of the region, so that an old "empty" attracts
nobody, and its range widens. Ambulances sent since it was made are added at once and in full.
"""

from __future__ import annotations

from bisect import bisect_right

from msgspec import Struct

from wardlight.plan.destinations.destination_policy import DestinationPolicy
from wardlight.plan.destinations.hospital_facts import EdCount
from wardlight.record.instants import HOUR, Instant

LOAD_UNSURE = 0.05  # of a fresh count, to either side
LOAD_UNSURE_PER_H = 0.05  # more for each hour of its age
LOAD_UNSURE_MAX = 0.35


class Load(Struct, frozen=True):
    """Patients for each treatment space, with what is on the way; likely, at best, at worst."""

    ratio: float
    lo: float
    hi: float
    spaces: float
    ems_waiting: float
    counted: bool


def load_of(
    count: EdCount | None,
    table_spaces: int | None,
    inbound: int,
    policy: DestinationPolicy,
    now: Instant,
) -> Load:
    """Return the load of an ED; `inbound` ambulances have been sent there since it counted."""
    spaces = _spaces(count, table_spaces, policy)
    ratio = _ratio(count, spaces)
    usual, old = policy.load_when_unknown, policy.old_after_h * HOUR
    age = max(0, now - count.at) if count is not None else old
    fresh = 0.0 if ratio is None or old <= 0 else max(0.0, 1 - age / old)
    base = usual if ratio is None else fresh * ratio + (1 - fresh) * usual
    wide = LOAD_UNSURE + LOAD_UNSURE_PER_H * age / HOUR if fresh else LOAD_UNSURE_MAX
    wide = min(LOAD_UNSURE_MAX, wide)
    added = inbound / spaces
    return Load(
        ratio=base + added,
        lo=max(0.0, base - wide) + added,
        hi=base + wide + added,
        spaces=spaces,
        ems_waiting=fresh * ((count.ems_waiting if count else 0) or 0),
        counted=ratio is not None and fresh > 0,
    )


def room_of(count: EdCount | None, table_spaces: int | None, policy: DestinationPolicy) -> float:
    """Return the spaces that were free at the count, whatever its age; the usual where none was."""
    spaces = _spaces(count, table_spaces, policy)
    ratio = _ratio(count, spaces)
    return max(0.0, spaces * (1 - (policy.load_when_unknown if ratio is None else ratio)))


def _spaces(count: EdCount | None, table_spaces: int | None, policy: DestinationPolicy) -> float:
    counted = count.spaces if count is not None else None
    return float(counted or table_spaces or policy.spaces_when_unknown)


def _ratio(count: EdCount | None, spaces: float) -> float | None:
    if count is None:
        return None
    if count.patients is not None:
        return count.patients / spaces
    return None if count.free is None else max(0.0, 1 - count.free / spaces)


def wait_for(ratio: float, policy: DestinationPolicy) -> float:
    """Return the wait for a space: whoever is too many waits for one of them to become free."""
    return policy.ed_stay * max(0.0, ratio - 1)


def price_of(ratio: float, policy: DestinationPolicy) -> float:
    """Return what one patient more does to those already there, in minutes; rises ever faster."""
    steps = policy.price
    at = bisect_right(steps, (ratio, float("inf")))
    if at == 0:
        return steps[0][1]
    (load, minutes), (after, dearer) = steps[
        min(at, len(steps) - 1) - 1 : min(at, len(steps) - 1) + 1
    ]
    return minutes + (dearer - minutes) * (ratio - load) / (after - load)
