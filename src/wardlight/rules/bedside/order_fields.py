"""The fields of an order: what is missing or cannot be read, and what they make together."""

from __future__ import annotations

import re

from wardlight.record.codes import Coded
from wardlight.record.events.charting import MedicationDetail, Timing
from wardlight.record.instants import Moment
from wardlight.rules.asking import Asked, Ground
from wardlight.rules.medicines.amounts import number_of
from wardlight.rules.times import TimeTrouble, planned, when

TEXT_MAX, LINE_MAX = 2_000, 200
PRESCRIBER = "physician"  # the role whose own order needs no read-back
YES = "yes"
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])")
_LONG = frozenset({"text", "note", "reason"})
_NEEDED = (
    ("drug", "Write the medicine, generic name first."),
    ("route", "Write the route in full: oral, intravenous."),
    ("pattern", "Write how often: every 8 hours, three times a day, once."),
)
NOT_A_NUMBER = "Write a plain number, the unit beside it: 25, 0.5, 1,000, or 2-4."
NOT_CLOCKS = "Write each time as four digits, a blank between them: 06:00 14:00 22:00."


def too_long(asked: Asked) -> dict[str, str]:
    """Return the fields that hold more than an order may; nothing is ever cut off."""
    found = {}
    for name, value in asked.fields.pairs:
        most = TEXT_MAX if name in _LONG else LINE_MAX
        if len(value) > most:
            found[name] = f"This holds {most:,} characters. Write the rest as a note."
    return found


def wrong_medicine(asked: Asked, ground: Ground) -> dict[str, str]:
    """Return what is missing of a medicine, or cannot be read in one way only."""
    fields = asked.fields
    wrong = {name: words for name, words in _NEEDED if not fields.one(name)}
    if not (fields.one("amount") or fields.one("rate")):
        wrong["amount"] = "Write the dose."
    for number, unit in (("amount", "unit"), ("rate", "rate_unit")):
        typed = fields.one(number)
        if typed and not fields.one(unit):
            wrong[unit] = "Write the unit in full."
        if typed and not _is_amount(typed):
            wrong[number] = NOT_A_NUMBER
    if fields.one("as_needed") == YES and not fields.one("indication"):
        wrong["indication"] = "Say what it is for: it is given when that is seen."
    starts = _starts(asked, ground)
    if isinstance(starts, TimeTrouble):
        wrong["first_at"] = starts
    if clocks(asked) is None:
        wrong["time"] = NOT_CLOCKS
    return wrong


def _is_amount(typed: str) -> bool:
    """Return whether an amount, or a range of them, can be read in one way only."""
    numbers = [
        number_of(one) for one in re.split(r"\s*(?:-|\N{EN DASH}|\bto\b)\s*", typed, maxsplit=1)
    ]
    return all(one is not None for one in numbers)


def wrong_prescriber(asked: Asked) -> dict[str, str]:
    """Return what is missing of who ordered; a spoken order has to be read back."""
    if asked.author.role == PRESCRIBER:
        return {}
    wrong = {}
    if not asked.fields.one("prescriber"):
        wrong["prescriber"] = "Write who ordered it."
    if not asked.fields.one("read_back_by") and asked.fields.one("spoken") != "no":
        wrong["read_back_by"] = "A spoken order is read back: write who did."
    return wrong


def clocks(asked: Asked) -> tuple[str, ...] | None:
    """Return the times of day an order names, `06:00`; None when one cannot be read."""
    typed = [one for line in asked.fields.many("time") for one in re.split(r"[\s,;]+", line) if one]
    found = [_CLOCK.fullmatch(one) for one in typed]
    if any(one is None for one in found):
        return None
    return tuple(sorted({f"{int(one[1]):02d}:{one[2]}" for one in found if one}))


def _starts(asked: Asked, ground: Ground) -> Moment | TimeTrouble | None:
    """Return when the first dose is due, which may be to come; None when nothing was typed."""
    if not (asked.fields.one("first_at") or asked.fields.one("first_on")):
        return None
    at = planned(asked, ground, "first_at", "first_on")
    return at if isinstance(at, TimeTrouble) else Moment(at)


def detail_of(asked: Asked) -> MedicationDetail:
    """Return the medicine as it was typed: nothing is rounded or converted."""
    fields = asked.fields
    return MedicationDetail(
        drug=Coded(text=fields.one("drug")),
        dose=fields.one("amount"),
        unit=fields.one("unit"),
        form=fields.one("form"),
        strength=fields.one("strength"),
        rate=fields.one("rate"),
        rate_unit=fields.one("rate_unit"),
        route=fields.one("route"),
        instructions=fields.one("text"),
        indication=fields.one("indication"),
    )


def timing_of(asked: Asked, ground: Ground) -> Timing:
    """Return when an order is to be carried out; without a first time it begins when written."""
    starts, made = _starts(asked, ground), when(asked, ground)
    if not isinstance(starts, Moment):
        starts = None if isinstance(made, TimeTrouble) else Moment(made)
    return Timing(
        pattern=asked.fields.one("pattern"),
        times=clocks(asked) or (),
        starts=starts,
        priority=asked.fields.one("priority"),
        as_needed=asked.fields.one("as_needed") == YES,
    )
