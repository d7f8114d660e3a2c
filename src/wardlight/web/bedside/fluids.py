"""Fluids in and out on the page of observations: sums by day and shift, and each volume."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from msgspec import Struct

from wardlight.record.events.observations import Flow
from wardlight.record.instants import DAY, HOUR, Instant
from wardlight.views.bedside.fluid_balance import Balance
from wardlight.views.facts import ReportFact
from wardlight.views.laboratory.reports import report_time
from wardlight.web.times import Times
from wardlight.wire.entered.observations import FLUIDS

ROUTES = ("oral", "IV", "tube feed", "blood", "urine", "drain", "stool", "emesis")
SHOWN_BACK_MS = 48 * HOUR


class Fluids(Struct, frozen=True):
    """What went in and out over one span."""

    words: str
    in_ml: str
    out_ml: str
    net_ml: str
    routes: str
    not_added: tuple[str, ...]


class VolumeLine(Struct, frozen=True, kw_only=True):
    """One volume that was charted here, which may be corrected or taken back."""

    entry: str
    at: Instant
    by: str
    flow: str
    route: str
    volume: str
    note: str


def fluids(one: Balance, t: Times) -> Fluids:
    """Return a day or a shift in words."""
    open_ = ", so far" if one.open else ""
    whole_day = one.ends - one.starts > DAY // 2 + 2 * HOUR
    span = t.full(one.starts).partition(" ")[0] if whole_day else f"{t.full(one.starts)} on"
    return Fluids(
        words=f"{span}{open_}",
        in_ml=_ml(one.in_ml),
        out_ml=_ml(one.out_ml),
        net_ml=_ml(one.in_ml - one.out_ml, signed=True),
        routes=", ".join(f"{route} {flow} {_ml(volume)}" for flow, route, volume in one.routes),
        not_added=tuple(volume.said for volume in one.not_added),
    )


def _ml(volume: Decimal, *, signed: bool = False) -> str:
    return f"{volume:+,.0f}" if signed else f"{volume:,.0f}"


def volume_lines(reports: Iterable[ReportFact], t: Times) -> list[VolumeLine]:
    """Return each volume charted here in the last two days, newest first."""
    mine = [one for one in reports if one.section == FLUIDS and one.stamp.entry]
    found = [line for one in mine for line in _lines(one)]
    recent = [one for one in found if t.now - one.at < SHOWN_BACK_MS]
    return sorted(recent, key=lambda one: -one.at)


def _lines(report: ReportFact) -> Iterable[VolumeLine]:
    for fact in report.observations:
        flow, _, route = fact.observation.test.words().removeprefix("Fluid ").partition(": ")
        if flow in tuple(Flow):
            yield VolumeLine(
                entry=report.stamp.entry,
                at=report_time(report).at,
                by=report.stamp.said_by(),
                flow=flow,
                route=route,
                volume=fact.observation.value,
                note=" ".join(report.notes),
            )
