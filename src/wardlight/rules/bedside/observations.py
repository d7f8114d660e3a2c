"""Vital signs, fluids and notes: what can be true is written, what is odd is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from wardlight.record.events.entered import Warned
from wardlight.record.events.observations import (
    Flow,
    IntakeOutput,
    NoteKind,
    NoteWritten,
    Reading,
    VitalsCharted,
)
from wardlight.record.instants import Instant
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.bedside.weights import Weighed, doubtful_weight, kg_of, weights_of
from wardlight.rules.knowing import known_of
from wardlight.rules.times import TimeTrouble, when

NUMBER = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?")
NOTE_MAX = 20_000
UNLIKELY = "unlikely-value"


class Limits(Struct, frozen=True):
    """What a sign can be, and beyond what it is asked about; units as a ward types them."""

    unit: str
    lowest: float
    low: float
    high: float
    highest: float
    words: str


# Not what is healthy: what a person can have (lowest, highest), and what is rare enough to be a
# slip of the finger (low, high). Set by us; nobody is kept from writing what they saw.
SIGNS: Mapping[str, Limits] = {
    "respirations": Limits("/min", 0, 5, 60, 120, "Respirations"),
    "spo2": Limits("%", 0, 60, 100, 100, "SpO2"),
    "oxygen": Limits("L/min", 0, 0, 15, 80, "Oxygen"),
    "systolic": Limits("mm[Hg]", 0, 60, 260, 350, "Systolic pressure"),
    "diastolic": Limits("mm[Hg]", 0, 25, 150, 250, "Diastolic pressure"),
    "pulse": Limits("/min", 0, 30, 220, 350, "Pulse"),
    "temperature": Limits("Cel", 10, 32, 42, 46, "Temperature in \N{DEGREE SIGN}C"),
    "pain": Limits("", 0, 0, 10, 10, "Pain"),
    "gcs": Limits("", 3, 3, 15, 15, "Glasgow Coma Scale"),
    "glucose": Limits("mg/dL", 0, 30, 500, 2_000, "Glucose"),
    "weight": Limits("kg", 0.2, 0.5, 300, 700, "Weight"),
    "height": Limits("cm", 15, 25, 230, 280, "Height"),
}
FAHRENHEIT = (86.0, 113.0)  # 30 to 45 °C: a thermometer that was read in the other scale
CHOICES: Mapping[str, tuple[str, ...]] = {
    "consciousness": ("A", "C", "V", "P", "U"),
    "on oxygen": ("yes", "no"),
    "spo2 scale": ("1", "2"),
}
# What says how a sign was taken: no set by itself, so that an empty form is not charted.
_ALONE_NOTHING = frozenset({"on oxygen", "spo2 scale"})
_WHOLE = frozenset({"pain", "gcs"})
FLUID_ML_MAX, FLUID_ML_RARE = 20_000, 3_000
ROUTE_MAX = 60
GCS_AWAKE = 13  # below it nobody is alert (9 to 12: moderate impairment)
TOO_LONG = f"This holds {NOTE_MAX:,} characters. Make two of it."
NOTHING_CHARTED = "Nothing was charted yet: look at the marked fields."


def vitals(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Chart a set of observations; every value is kept as it was typed."""
    at = when(asked, ground)
    wrong: dict[str, str] = {"at": at} if isinstance(at, TimeTrouble) else {}
    readings = tuple(_readings(asked))
    wrong |= {one.sign: words for one in readings if (words := _impossible(one))}
    if not any(one.sign not in _ALONE_NOTHING for one in readings):
        wrong.setdefault("pulse", "Write at least one value.")
    wrong |= _note_too_long(asked)
    if wrong or isinstance(at, TimeTrouble):
        return Refusal(NOTHING_CHARTED, wrong)
    said = VitalsCharted(readings=readings, note=asked.fields.one("note"))
    warnings = (*_unlikely(readings), *_weight(asked, ground, at))
    return Accepted(said=said, occurred=at, warnings=warnings)


def _note_too_long(asked: Asked) -> dict[str, str]:
    return {"note": TOO_LONG} if len(asked.fields.one("note")) > NOTE_MAX else {}


def _weight(asked: Asked, ground: Ground, at: Instant) -> Iterator[Warned]:
    """Ask about a weight that is hardly possible, before any dose goes by it."""
    typed = asked.fields.one("weight").replace(",", ".")
    known = known_of(ground, asked.patient) if typed else None
    if known is not None:
        weight = Weighed(kg_of(typed, "kg"), at, f"{typed} kg")
        yield from doubtful_weight(weight, weights_of(known.chart), known)


def _readings(asked: Asked) -> Iterator[Reading]:
    for sign in (*SIGNS, *CHOICES):
        typed = asked.fields.one(sign)
        if typed:
            unit = SIGNS[sign].unit if sign in SIGNS else ""
            yield Reading(sign, typed.replace(",", "."), unit)


def _impossible(one: Reading) -> str:
    """Return what is wrong with a value that nobody can have; "" when nothing is."""
    if one.sign in CHOICES:
        choices = CHOICES[one.sign]
        return "" if one.value in choices else f"Choose one of {', '.join(choices)}."
    limits = SIGNS[one.sign]
    if not NUMBER.fullmatch(one.value):
        return "Write a number."
    if one.sign in _WHOLE and "." in one.value:
        return "Write a whole number."
    if one.sign == "temperature" and FAHRENHEIT[0] <= float(one.value) <= FAHRENHEIT[1]:
        celsius = (float(one.value) - 32) * 5 / 9
        return f"That looks like Fahrenheit. Write {celsius:.1f} if you read {one.value} there."
    if not limits.lowest <= float(one.value) <= limits.highest:
        return f"{limits.words} is between {limits.lowest:g} and {limits.highest:g}."
    return ""


def _unlikely(readings: tuple[Reading, ...]) -> Iterator[Warned]:
    odd = [
        f"{SIGNS[one.sign].words} {one.value} is rare: measure or type it again"
        for one in readings
        if one.sign in SIGNS and not SIGNS[one.sign].low <= float(one.value) <= SIGNS[one.sign].high
    ]
    odd += _at_odds({one.sign: one.value for one in readings})
    if odd:
        yield Warned(UNLIKELY, ". ".join(odd))


def _at_odds(said: Mapping[str, str]) -> Iterator[str]:
    """Give what two values of one set say against each other."""
    if float(said.get("diastolic", 0)) >= float(said.get("systolic", 1_000)):
        yield "The diastolic pressure is not below the systolic"
    if said.get("on oxygen") == "no" and float(said.get("oxygen", 0)) > 0:
        yield f"Oxygen {said['oxygen']} L/min is written, and that the patient breathes air"
    if said.get("consciousness") == "A" and float(said.get("gcs", GCS_AWAKE)) < GCS_AWAKE:
        yield f"Alert, and a Glasgow Coma Scale of {said['gcs']}, do not go together"


def fluid(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Chart one volume in or out."""
    at = when(asked, ground)
    wrong: dict[str, str] = {"at": at} if isinstance(at, TimeTrouble) else {}
    flow, route, volume = (asked.fields.one(name) for name in ("flow", "route", "volume"))
    if flow not in tuple(Flow):
        wrong["flow"] = "Choose in or out."
    if not route:
        wrong["route"] = "Say by which way: oral, IV, urine, drain."
    elif len(route) > ROUTE_MAX:
        wrong["route"] = "Name the way in a few words; the rest goes into the note."
    if not NUMBER.fullmatch(volume) or float(volume) > FLUID_ML_MAX:
        wrong["volume"] = f"Write millilitres, up to {FLUID_ML_MAX}."
    wrong |= _note_too_long(asked)
    if wrong or isinstance(at, TimeTrouble):
        return Refusal(NOTHING_CHARTED, wrong)
    note = asked.fields.one("note")
    said = IntakeOutput(flow=Flow(flow), route=route, volume=volume, note=note)
    return Accepted(said=said, occurred=at, warnings=tuple(_much(volume)))


def _much(volume: str) -> Iterator[Warned]:
    if float(volume) > FLUID_ML_RARE:
        yield Warned(UNLIKELY, f"{volume} mL at once is rare: read or type it again")


PARTS: Mapping[NoteKind, tuple[str, ...]] = {
    NoteKind.NURSING: ("",),
    NoteKind.PROGRESS: ("Subjective", "Objective", "Assessment", "Plan"),
    NoteKind.SBAR: ("Situation", "Background", "Assessment", "Recommendation"),
    NoteKind.HAND_OFF: (
        "Illness severity",
        "Patient summary",
        "Action list",
        "Situation awareness",
        "Synthesis by receiver",
    ),
}


def note(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write a note in the parts of its kind (SBAR; I-PASS, Starmer et al. 2014, NEJMsa1405556)."""
    at = when(asked, ground)
    if isinstance(at, TimeTrouble):
        return Refusal("Nothing was written yet.", {"at": at})
    kind = asked.fields.one("note_kind")
    if kind not in tuple(NoteKind):
        return Refusal("Nothing was written yet.", {"note_kind": "Choose what kind of note it is."})
    texts = [asked.fields.one(f"part_{number}") for number in range(len(PARTS[NoteKind(kind)]))]
    parts = tuple(
        (heading, text) for heading, text in zip(PARTS[NoteKind(kind)], texts, strict=True) if text
    )
    if not parts:
        return Refusal("Nothing was written yet.", {"part_0": "Write something."})
    if sum(len(text) for _, text in parts) > NOTE_MAX:
        return Refusal("Nothing was written yet.", {"part_0": TOO_LONG})
    return Accepted(said=NoteWritten(kind=NoteKind(kind), parts=parts), occurred=at)
