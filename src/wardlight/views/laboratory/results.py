"""Results of the last 72 hours, critical first, each with its status, flags, range and time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from wardlight.record.codes import Coded, OrderKind, OrderState
from wardlight.record.instants import HOUR, Instant, Moment
from wardlight.record.reading import Stamp
from wardlight.views.facts import Chart, ObservationFact, OrderFact, ReportFact
from wardlight.views.laboratory.reports import HIDDEN, report_time

CRITICAL = frozenset({"LL", "HH", "AA", "CL", "CH", "CRIT", "CRITICAL", "PANIC"})
"""HL7 v2.5.1 table 0078 (LL, HH, AA), and the words laboratories use for the same."""

_TEXT_KINDS = frozenset({"TX", "FT", "ED", "RP"})  # OBX-2: read as a report, not as a value


class AnalyteRow(Struct, frozen=True, kw_only=True, gc=False):
    """One analyte: its newest value and the ones before it, newest first."""

    test: Coded
    newest: ObservationFact
    earlier: tuple[ObservationFact, ...] = ()
    critical: bool = False  # LL, HH, AA, or the sender's critical flag on the newest value
    at: Moment | None = None


class Results(Struct, frozen=True, kw_only=True, gc=False):
    """What the results page shows."""

    analytes: tuple[AnalyteRow, ...] = ()  # critical first, then newest first
    reports: tuple[ReportFact, ...] = ()  # text reports and panels, newest first
    pending: tuple[OrderFact, ...] = ()  # ordered, no result yet
    withdrawn: int = 0  # lines whose value is hidden: withdrawn or wrong patient
    since: Instant
    as_of: Stamp | None = None


class _Found(Struct, frozen=True, gc=False):
    """One value with the time it is a value of."""

    fact: ObservationFact
    at: Moment


_AnalyteKey = tuple[str, str, str, int]  # test, OBX-4, specimen, repeat


def results(chart: Chart, *, now: Instant, window_ms: int = 72 * HOUR) -> Results:
    """Return what was found in the window, and what has been ordered and not yet found.

    An analyte is shown when its newest value is in the window; the value before the window is
    kept beside it so that a change can be seen.
    """
    since = Instant(now - window_ms)
    shown = tuple(report for report in chart.reports if report_time(report).at >= since)
    rows = [row for row in _analytes(chart.reports, since) if row.at and row.at.at >= since]
    return Results(
        analytes=tuple(sorted(rows, key=_critical_first)),
        reports=shown,
        pending=_pending(chart),
        withdrawn=sum(
            line.observation.state in HIDDEN for report in shown for line in report.observations
        ),
        since=since,
        as_of=chart.results_as_of,
    )


def _critical_first(row: AnalyteRow) -> tuple[bool, int, str]:
    return not row.critical, -(row.at.at if row.at else 0), row.test.words().casefold()


def _analytes(reports: Sequence[ReportFact], since: Instant) -> Iterator[AnalyteRow]:
    found: dict[_AnalyteKey, list[_Found]] = {}
    for report in reports:
        for key, value in _values(report):
            found.setdefault(key, []).append(value)
    for values in found.values():
        values.sort(key=lambda one: (-one.at.at, -one.fact.stamp.position))
        newest, before = values[0], values[1:]
        earlier = [one for one in before if one.at.at >= since]
        yield AnalyteRow(
            test=newest.fact.observation.test,
            newest=newest.fact,
            earlier=tuple(one.fact for one in earlier or before[:1]),
            critical=is_critical(newest.fact),
            at=newest.at,
        )


def is_critical(line: ObservationFact) -> bool:
    """Return whether the sender flagged the value as critical."""
    return any(flag.strip().upper() in CRITICAL for flag in line.observation.flags)


def _values(report: ReportFact) -> Iterator[tuple[_AnalyteKey, _Found]]:
    """Return the lines that are values; several like ones that are not numbers are text."""
    like = Counter(
        (line.observation.test.key(), line.observation.sub) for line in report.observations
    )
    for line in report.observations:
        said = line.observation
        test = said.test.key()
        if said.kind in _TEXT_KINDS or (said.kind != "NM" and like[test, said.sub] > 1):
            continue
        key = (test, said.sub, report.specimen.casefold(), line.repeat)
        yield key, _Found(line, said.at or report_time(report))


def _pending(chart: Chart) -> tuple[OrderFact, ...]:
    """Return tests ordered and not reported yet, newest first: the downtime work list."""
    asked = [order for order in chart.orders if _is_open_test(order)]
    sharing = Counter(order.number for order in asked)
    answered: dict[str, set[str]] = {}
    for report in chart.reports:
        if report.observations:
            for number in (report.number, report.other_number):
                answered.setdefault(number, set()).add(report.test.key())
    answered.pop("", None)
    return tuple(
        order for order in asked if not _answers(order, answered, alone=sharing[order.number] == 1)
    )


def _is_open_test(order: OrderFact) -> bool:
    running = (OrderState.ACTIVE, OrderState.HELD, OrderState.UNKNOWN)
    return order.kind in (OrderKind.LABORATORY, OrderKind.IMAGING) and order.state in running


def _answers(order: OrderFact, answered: dict[str, set[str]], *, alone: bool) -> bool:
    """Return whether a report answers an order: by number, and by test where it is shared."""
    if alone and order.number in answered:
        return True
    tests = answered.get(order.number, set()) | answered.get(order.other_number, set())
    return order.what.key() in tests
