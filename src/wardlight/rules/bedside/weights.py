"""The weight a dose goes by: missing, old, or hardly possible, in words that say what to do.

Only kilograms, grams and pounds are read, each with its exact factor; a weight without a unit
is not read. The limits of time and change are assumed by us, for a site to confirm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from wardlight.record.events.charting import Observation
from wardlight.record.events.entered import Warned
from wardlight.record.instants import DAY, Instant, age_words
from wardlight.rules.medicines.amounts import number_of, plain
from wardlight.rules.medicines.dosing import Code, Known, warned
from wardlight.rules.medicines.drug_rows import WeightBand
from wardlight.views.facts import Chart
from wardlight.views.laboratory.reports import WEIGHT_CODES, WEIGHT_WORDS, report_time

KG: Mapping[str, Decimal] = {
    "kg": Decimal(1),
    "g": Decimal("0.001"),
    **dict.fromkeys(("lb", "lbs", "[lb_av]", "pound", "pounds"), Decimal("0.45359237")),
}
CHILD_YEARS = 18
NEWBORN_DAYS = 28
OLD_AFTER_DAYS = {"newborn": 2, "child": 14, "adult": 30}
CHANGE_MAX = Decimal("0.25")  # of the last weight
COMPARED_DAYS = {"child": 30, "adult": 180}  # a last weight older than this says nothing
POUNDS = (Decimal("2.0"), Decimal("2.4"))  # 1 kg is 2.2 lb: a ratio between these


class Weighed(Struct, frozen=True):
    """One weight on the chart. `kg` is None where number or unit is not understood."""

    kg: Decimal | None
    at: Instant
    said: str


def weights_of(chart: Chart) -> tuple[Weighed, ...]:
    """Return every weight on the chart, newest first, exactly as it was said beside the kg."""
    found = [
        Weighed(kg_of(line.value, line.unit), (line.at or report_time(report)).at, _said(line))
        for report in chart.reports
        for fact in report.observations
        if (line := fact.observation).value[:1].isdigit()
        if line.test.code in WEIGHT_CODES or line.test.words().casefold() in WEIGHT_WORDS
    ]
    return tuple(sorted(found, key=lambda one: -one.at))


def _said(line: Observation) -> str:
    return f"{line.value} {line.unit}".strip()


def kg_of(value: str, unit: str) -> Decimal | None:
    """Return a weight in kg; None where it is not understood with certainty."""
    number, factor = number_of(value), KG.get(unit.strip().casefold())
    return None if number is None or factor is None or not number else number * factor


def is_child(days: int | None) -> bool:
    """Return whether somebody is known to be under 18."""
    return days is not None and days < CHILD_YEARS * 365.25


def dosing_weight(known: Known) -> Decimal | None:
    """Return the newest weight in kg; None when there is none that can be read."""
    newest = next(iter(weights_of(known.chart)), None)
    return newest.kg if newest else None


def weight_warnings(known: Known) -> Iterator[Warned]:
    """Give what is wrong with the weight a dose would go by."""
    weights = weights_of(known.chart)
    if not weights:
        yield warned(
            Code.WEIGHT_MISSING,
            "No weight on the chart, and this dose goes by weight. Weigh first.",
        )
        return
    newest = weights[0]
    if newest.kg is None:
        yield warned(
            Code.WEIGHT_MISSING,
            f"The weight on the chart, {newest.said}, cannot be read as kilograms. Weigh again.",
        )
        return
    span = known.now - newest.at
    if span > OLD_AFTER_DAYS[_group(known.age_days)] * DAY:
        yield warned(
            Code.WEIGHT_OLD,
            f"The weight {plain(newest.kg)} kg is {age_words(span)} old "
            f"({known.time(newest.at)}). Weigh again.",
        )
    yield from doubtful_weight(newest, weights[1:], known)


def doubtful_weight(newest: Weighed, before: tuple[Weighed, ...], known: Known) -> Iterator[Warned]:
    """Give why a weight is hardly possible: for the age, or against the weight before it.

    Serves a weight that is just being typed as well as one on the chart.
    """
    if newest.kg is None:
        return
    said = [*_against_age(newest.kg, known), *_against_last(newest, before, known)]
    if said:
        yield warned(
            Code.WEIGHT_IMPLAUSIBLE, f"{' '.join(said)} Weigh again, and look at the unit."
        )


def _against_age(kg: Decimal, known: Known) -> Iterator[str]:
    band = _band(known)
    if band is not None and not band.low <= kg <= band.high:
        yield (
            f"{plain(kg)} kg is hardly possible at this age "
            f"({plain(band.low)} to {plain(band.high)} kg)."
        )


def _band(known: Known) -> WeightBand | None:
    days = known.age_days
    if days is None:
        return None
    bands = known.tables.weights
    return next((one for one in bands if one.from_days <= days < one.to_days), None)


def _against_last(newest: Weighed, before: tuple[Weighed, ...], known: Known) -> Iterator[str]:
    last = next((one for one in before if one.kg is not None), None)
    if last is None or last.kg is None or newest.kg is None:
        return
    within = COMPARED_DAYS["child" if is_child(known.age_days) else "adult"] * DAY
    if newest.at - last.at > within:
        return
    larger, smaller = max(newest.kg, last.kg), min(newest.kg, last.kg)
    if larger - smaller <= last.kg * CHANGE_MAX:
        return
    yield f"{plain(newest.kg)} kg, but {plain(last.kg)} kg at {known.time(last.at)}."
    if POUNDS[0] <= larger / smaller <= POUNDS[1]:
        yield "One of the two may be in pounds (1 kg is 2.2 lb)."


def _group(days: int | None) -> str:
    if days is not None and days < NEWBORN_DAYS:
        return "newborn"
    return "child" if is_child(days) else "adult"
