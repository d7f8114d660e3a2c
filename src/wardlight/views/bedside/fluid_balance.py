"""Fluid in and out, by local day and by shift: what was written, added up and nothing else.

A day is the site's calendar day and a shift runs between two wall-clock times, so that on the
nights the clock changes a night shift has 11 or 13 hours and no volume is counted twice or lost.
A volume that cannot be added (no number, not in millilitres) is listed, never taken for 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from wardlight.record.events.observations import Flow
from wardlight.record.instants import Instant, instant_of, local, zone_named
from wardlight.views.facts import Chart, ObservationFact
from wardlight.views.laboratory.reports import report_time

SHIFTS = ("07:00", "19:00")
DAYS_MAX = 62
_MIDNIGHT = ("00:00",)
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,3})?")


class Volume(Struct, frozen=True):
    """One volume in or out. `ml` is None where it cannot be added."""

    at: Instant
    flow: Flow
    route: str
    ml: Decimal | None
    said: str  # as it was charted, with its unit


class Balance(Struct, frozen=True, kw_only=True):
    """The volumes of one day or shift, which begins at `starts` and ends just before `ends`."""

    starts: Instant
    ends: Instant
    in_ml: Decimal = Decimal(0)
    out_ml: Decimal = Decimal(0)
    routes: tuple[tuple[Flow, str, Decimal], ...] = ()  # in before out, largest first
    not_added: tuple[Volume, ...] = ()
    open: bool = False  # not over yet

    def net_ml(self) -> Decimal:
        """Return intake minus output of what could be added."""
        return self.in_ml - self.out_ml


class FluidBalance(Struct, frozen=True, kw_only=True):
    """Days and shifts that have a volume, newest first."""

    days: tuple[Balance, ...] = ()
    shifts: tuple[Balance, ...] = ()


def fluid_balance(
    chart: Chart, *, now: Instant, zone: str, shifts: Sequence[str] = SHIFTS
) -> FluidBalance:
    """Return the balance of every day and shift of the last two months."""
    volumes = sorted(volumes_of(chart), key=lambda one: one.at)
    return FluidBalance(
        days=_balances(volumes, _MIDNIGHT, now, zone),
        shifts=_balances(volumes, shifts, now, zone),
    )


def volumes_of(chart: Chart) -> Iterator[Volume]:
    """Give every volume that was charted (`Fluid in: oral`, as the form for fluids writes it)."""
    for report in chart.reports:
        for fact in report.observations:
            said = _flow(fact.observation.test.words())
            if said is not None and fact.observation.value:
                yield _volume(fact, *said, (fact.observation.at or report_time(report)).at)


def _flow(words: str) -> tuple[Flow, str] | None:
    for flow in Flow:
        head = f"fluid {flow.value}:"
        if words.casefold().startswith(head):
            return flow, words[len(head) :].strip()
    return None


def _volume(fact: ObservationFact, flow: Flow, route: str, at: Instant) -> Volume:
    value, unit = fact.observation.value, fact.observation.unit
    added = unit.casefold() == "ml" and _NUMBER.fullmatch(value.strip())
    ml = Decimal(value.strip()) if added else None
    return Volume(at, flow, route, ml, f"{value} {unit}".strip())


def _balances(
    volumes: Sequence[Volume], clocks: Sequence[str], now: Instant, zone: str
) -> tuple[Balance, ...]:
    if not volumes:
        return ()
    edges = _edges(volumes[0].at, max(volumes[-1].at, now), clocks, zone)
    found = []
    for starts, ends in pairwise(edges):
        mine = [one for one in volumes if starts <= one.at < ends]
        if mine:
            found.append(_added(mine, starts, ends, is_open=now < ends))
    return tuple(reversed(found))


def _edges(first: Instant, last: Instant, clocks: Sequence[str], zone: str) -> list[Instant]:
    """Return the instants at which days or shifts begin, from before `first` to after `last`."""
    until = local(last, zone).date() + timedelta(days=1)
    day = max(local(first, zone).date(), until - timedelta(days=DAYS_MAX)) - timedelta(days=1)
    edges = []
    while day <= until:
        edges += [_wall(day, clock, zone) for clock in clocks]
        day += timedelta(days=1)
    return sorted(edges)


def _wall(day: date, clock: str, zone: str) -> Instant:
    hour, minute = int(clock[:2]), int(clock[3:])
    at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone_named(zone))
    return instant_of(at.astimezone(UTC))


def _added(volumes: Sequence[Volume], starts: Instant, ends: Instant, *, is_open: bool) -> Balance:
    routes: dict[tuple[Flow, str], Decimal] = {}
    for one in volumes:
        if one.ml is not None:
            key = (one.flow, one.route)
            routes[key] = routes.get(key, Decimal(0)) + one.ml
    listed = [(flow, route, ml) for (flow, route), ml in routes.items()]
    return Balance(
        starts=starts,
        ends=ends,
        in_ml=_total(listed, Flow.IN),
        out_ml=_total(listed, Flow.OUT),
        routes=tuple(sorted(listed, key=lambda one: (one[0], -one[2], one[1]))),
        not_added=tuple(one for one in volumes if one.ml is None),
        open=is_open,
    )


def _total(routes: Sequence[tuple[Flow, str, Decimal]], flow: Flow) -> Decimal:
    return sum((ml for one, _, ml in routes if one is flow), Decimal(0))
