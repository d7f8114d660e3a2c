"""NEWS2, the early-warning score of a set of vital signs.

Source: Royal College of Physicians, National Early Warning Score (NEWS) 2: Standardising the
assessment of acute-illness severity in the NHS, London 2017 (chart 1 "The NEWS scoring system",
chart 2 "NEWS thresholds and triggers"). It is not for children under 16 nor in pregnancy. A score
is only given when every part was measured; parts that were are shown, and what is missing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from wardlight.record.instants import Instant
from wardlight.record.reading import Stamp
from wardlight.views.facts import Chart, ReportFact
from wardlight.views.laboratory.reports import report_time

NEWS2_FROM_YEARS = 16
HIGH, MEDIUM, RED = 7, 5, 3

# Each band: the greatest value it holds for, and its points (chart 1). The last one has no end.
_Bands = tuple[tuple[str, int], ...]
RESPIRATIONS: _Bands = (("8", 3), ("11", 1), ("20", 0), ("24", 2), ("Infinity", 3))
SPO2_SCALE_1: _Bands = (("91", 3), ("93", 2), ("95", 1), ("Infinity", 0))
SPO2_SCALE_2_AIR: _Bands = (("83", 3), ("85", 2), ("87", 1), ("Infinity", 0))
SPO2_SCALE_2_OXYGEN: _Bands = (
    ("83", 3),
    ("85", 2),
    ("87", 1),
    ("92", 0),
    ("94", 1),
    ("96", 2),
    ("Infinity", 3),
)
SYSTOLIC: _Bands = (("90", 3), ("100", 2), ("110", 1), ("219", 0), ("Infinity", 3))
PULSE: _Bands = (("40", 3), ("50", 1), ("90", 0), ("110", 1), ("130", 2), ("Infinity", 3))
TEMPERATURE: _Bands = (("35.0", 3), ("36.0", 1), ("38.0", 0), ("39.0", 1), ("Infinity", 2))
_STEP: Mapping[str, Decimal] = {"temperature": Decimal("0.1")}  # all others: whole numbers
_NUMBER = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3})?")
CONSCIOUSNESS: Mapping[str, int] = {"A": 0, "C": 3, "V": 3, "P": 3, "U": 3}
ON_OXYGEN = 2
PARTS = (
    *("respirations", "spo2", "oxygen", "systolic", "pulse"),
    *("consciousness", "temperature"),
)


class Risk(StrEnum):
    """Clinical risk by chart 2."""

    LOW = "low"
    LOW_MEDIUM = "low-medium"  # one part scores 3
    MEDIUM = "medium"
    HIGH = "high"


class Signs(Struct, frozen=True, kw_only=True):
    """A set of vital signs as they were written down; "" was not measured.

    Temperature is in degrees Celsius. `scale` is "2" only where a doctor has set SpO2 scale 2.
    """

    respirations: str = ""
    spo2: str = ""
    scale: str = "1"
    on_oxygen: bool | None = None  # None: not said
    systolic: str = ""
    pulse: str = ""
    consciousness: str = ""  # A C V P U
    temperature: str = ""


class EarlyWarning(Struct, frozen=True, kw_only=True):
    """What NEWS2 says of one set. `total` is None when a part is missing or it does not apply."""

    total: int | None = None
    risk: Risk | None = None
    red: tuple[str, ...] = ()  # the parts that score 3 by themselves
    parts: Mapping[str, int] = {}
    missing: tuple[str, ...] = ()
    not_for: str = ""  # why NEWS2 does not apply

    def at_least(self) -> int:
        """Return the points of the parts that are known: the score is not below this."""
        return sum(self.parts.values())

    def words(self) -> str:
        """Return `NEWS2 7, high risk`, or why there is no score."""
        if self.not_for:
            return f"NEWS2 not scored: {self.not_for}"
        red = f" {', '.join(self.red)} scores 3 alone." if self.red else ""
        if self.total is None or self.risk is None:
            missing = ", ".join(self.missing)
            return f"NEWS2 cannot be scored: {missing} missing. At least {self.at_least()}.{red}"
        return f"NEWS2 {self.total}, {self.risk.value} risk.{red}"


def early_warning(signs: Signs, *, age_years: int | None, pregnant: bool = False) -> EarlyWarning:
    """Return the score of one set. An unknown age is said, not assumed."""
    not_for = _not_for(age_years, pregnant=pregnant)
    if not_for:
        return EarlyWarning(not_for=not_for)
    found = {part: _points(part, signs) for part in PARTS}
    parts = {part: points for part, points in found.items() if points is not None}
    missing = tuple(part for part in PARTS if part not in parts)
    red = tuple(part for part, points in parts.items() if points == RED)
    if missing:
        return EarlyWarning(parts=parts, missing=missing, red=red)
    total = sum(parts.values())
    return EarlyWarning(total=total, risk=_risk(total, red), parts=parts, red=red)


def _not_for(age_years: int | None, *, pregnant: bool) -> str:
    if age_years is None:
        return "the age is not known, and NEWS2 is for 16 years and over"
    if age_years < NEWS2_FROM_YEARS:
        return "NEWS2 is for 16 years and over; use the chart for children"
    return "NEWS2 is not for pregnancy; use the obstetric chart" if pregnant else ""


def _risk(total: int, red: tuple[str, ...]) -> Risk:
    if total >= HIGH:
        return Risk.HIGH
    if total >= MEDIUM:
        return Risk.MEDIUM
    return Risk.LOW_MEDIUM if red else Risk.LOW


def _points(part: str, signs: Signs) -> int | None:
    match part:
        case "oxygen":
            return None if signs.on_oxygen is None else ON_OXYGEN * signs.on_oxygen
        case "consciousness":
            return CONSCIOUSNESS.get(signs.consciousness.strip().upper())
        case "spo2":
            bands = _spo2_bands(signs)
            return None if bands is None else _banded(part, signs.spo2, bands)
        case _:
            return _banded(part, getattr(signs, part), _BANDS[part])


_BANDS: Mapping[str, _Bands] = {
    "respirations": RESPIRATIONS,
    "systolic": SYSTOLIC,
    "pulse": PULSE,
    "temperature": TEMPERATURE,
}


def _spo2_bands(signs: Signs) -> _Bands | None:
    """Return the scale; on scale 2 it depends on whether oxygen is given."""
    if signs.scale == "1":
        return SPO2_SCALE_1
    if signs.scale != "2" or signs.on_oxygen is None:
        return None
    return SPO2_SCALE_2_OXYGEN if signs.on_oxygen else SPO2_SCALE_2_AIR


def _banded(part: str, value: str, bands: _Bands) -> int | None:
    """Return the points of a value; one between two steps of the chart counts as the worse."""
    number = _number(value)
    if number is None:
        return None
    step = _STEP.get(part, Decimal(1))
    below = number // step * step
    return max(_band(below, bands), _band(below if below == number else below + step, bands))


def _number(value: str) -> Decimal | None:
    return Decimal(value.strip()) if _NUMBER.fullmatch(value.strip()) else None


def _band(number: Decimal, bands: _Bands) -> int:
    return next(points for most, points in bands if number <= Decimal(most))


class Scored(Struct, frozen=True):
    """One set on the chart with its score."""

    at: Instant
    signs: Signs
    score: EarlyWarning
    stamp: Stamp


_LOINC: Mapping[str, str] = {
    "9279-1": "respirations",
    "59408-5": "spo2",  # by pulse oximetry
    "2708-6": "spo2",
    "8480-6": "systolic",
    "8867-4": "pulse",
    "8310-5": "temperature",
    "67775-7": "consciousness",
    "3151-8": "oxygen flow",
}
_WORDS = {"on oxygen": "on oxygen", "spo2 scale": "scale"}
_CELSIUS = frozenset({"cel", "c", "\N{DEGREE SIGN}c", "degc", "deg c"})
_FAHRENHEIT = frozenset({"[degf]", "f", "\N{DEGREE SIGN}f", "degf", "deg f"})


def early_warnings(
    chart: Chart, *, age_years: int | None, pregnant: bool = False
) -> tuple[Scored, ...]:
    """Return every set of vital signs on the chart with its score, newest first.

    A report without respirations, pulse, pressure, saturation or temperature is no such set.
    """
    found = []
    for report in chart.reports:
        signs = signs_of(report)
        if signs is not None:
            score = early_warning(signs, age_years=age_years, pregnant=pregnant)
            found.append(Scored(report_time(report).at, signs, score, report.stamp))
    return tuple(sorted(found, key=lambda one: -one.at))


def signs_of(report: ReportFact) -> Signs | None:
    """Return the vital signs of one report; None when it holds none."""
    said = dict(_said(report))
    measured = {name: said[name] for name in _MEASURED if name in said}
    if not measured:
        return None
    return Signs(
        **measured,
        scale=said.get("scale", "1"),
        consciousness=said.get("consciousness", ""),
        on_oxygen=_on_oxygen(said),
    )


_MEASURED = ("respirations", "spo2", "systolic", "pulse", "temperature")


def _said(report: ReportFact) -> Iterator[tuple[str, str]]:
    for fact in report.observations:
        line = fact.observation
        name = _LOINC.get(line.test.code) or _WORDS.get(line.test.words().casefold())
        if name == "temperature":
            yield name, _celsius(line.value, line.unit)
        elif name is not None:
            yield name, line.value


def _celsius(value: str, unit: str) -> str:
    """Return a temperature in degrees Celsius; "" where its unit is not understood."""
    if unit.strip().casefold() in _CELSIUS:
        return value
    degrees = _number(value)
    if unit.strip().casefold() not in _FAHRENHEIT or degrees is None:
        return ""
    return str(round((degrees - 32) * 5 / 9, 1))


def _on_oxygen(said: Mapping[str, str]) -> bool | None:
    """Return whether oxygen was given: as it was said, else by the flow."""
    stated = said.get("on oxygen", "").strip().casefold()
    if stated in ("yes", "no"):
        return stated == "yes"
    flow = _number(said.get("oxygen flow", ""))
    return None if flow is None else flow > 0
