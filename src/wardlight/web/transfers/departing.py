"""Who leaves when, with the vehicles somebody typed beside the plan."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from wardlight.plan.transfers.transfers import Level, Proposal, TransferProblem
from wardlight.record.instants import MINUTE, Instant
from wardlight.web.times import Times

PERIOD_MIN, PERIODS = 30, 24
EFFORT = 1.0  # a page waits for it: about a second
MOST = 500  # vehicles of a kind, patients a period
VEHICLES: Mapping[str, tuple[Level, str]] = {
    "cct": (Level.CCT, "Critical care crews"),
    "als": (Level.ALS, "ALS crews"),
    "bls": (Level.BLS, "BLS crews"),
    "van": (Level.VAN, "Wheelchair vans"),
}
BAYS = "bays"


class Departing(Struct, frozen=True, kw_only=True):
    """The schedule as the page shows it: a sentence, and a time for each request."""

    words: str
    leaves: Mapping[str, str]


def typed(query: Mapping[str, str]) -> dict[str, int]:
    """Return the numbers somebody typed; what is no number of vehicles is left out."""
    names = (*VEHICLES, BAYS)
    return {
        name: min(int(query[name]), MOST)
        for name in names
        if query.get(name, "").isascii() and query.get(name, "").isdecimal()
    }


def departing(
    problem: TransferProblem, proposal: Proposal, numbers: Mapping[str, int], t: Times
) -> Departing | None:
    """Return who leaves when; None where nobody typed a vehicle."""
    there = {VEHICLES[name][0]: (n,) * PERIODS for name, n in numbers.items() if name in VEHICLES}
    if not there:
        return None
    from wardlight.plan.transfers.departures import Fleet, schedule  # noqa: PLC0415 - an extra, and heavy

    fleet = Fleet(
        period_min=PERIOD_MIN,
        periods=PERIODS,
        vehicles=there,
        bay_else=numbers.get(BAYS, 4),
    )
    open_ = {one.id for one in problem.waiting if not one.accepted}
    goes = {line.patient: line.to for line in proposal.lines if line.patient in open_}
    found = schedule(problem, goes, fleet, effort=EFFORT)
    left = sum(one.period is not None for one in found.departures)
    hours = PERIOD_MIN * PERIODS // 60
    return Departing(
        words=f"{left} of {len(found.departures)} leave within {hours} hours. "
        f"Another schedule may be better by up to {found.gap:.0%}.",
        leaves={
            one.patient: one.because if one.period is None else _period(one.period, t)
            for one in found.departures
        },
    )


def _period(number: int, t: Times) -> str:
    begins = Instant(t.now + number * PERIOD_MIN * MINUTE)
    return f"leaves {t.at(begins)} to {t.at(Instant(begins + PERIOD_MIN * MINUTE))}"
