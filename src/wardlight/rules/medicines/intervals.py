"""How far apart two doses have to be: by the order's own words, and by the site's table.

An order "every 4 hours as needed" asks for four hours; a scheduled dose may come early, but not
by more than half the time between two of them. What is not understood is said, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from wardlight.record.events.charting import MedicationDetail, Timing
from wardlight.record.instants import DAY, HOUR, MINUTE
from wardlight.rules.medicines.drug_rows import UsualDose
from wardlight.views.bedside.dose_times import (
    SITE_TIMES,
    Repeats,
    is_as_needed,
    pattern_of,
    plan_of,
)
from wardlight.views.bedside.medication_words import frequency_words
from wardlight.views.facts import OrderFact

_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}
_COUNT = rf"[0-9]{{1,3}}|{'|'.join(_NUMBERS)}"
_EVERY = re.compile(
    rf"\bevery\s+(?:(?P<count>{_COUNT})(?:\s*(?:-|\N{{EN DASH}}|to|or)\s*(?:{_COUNT}))?\s*)?"
    r"(?P<unit>hours?|hrs?|h|minutes?|mins?|days?)\b"
)
_SHORT = re.compile(
    r"\bq\s*(?P<count>[0-9]{1,3})(?:\s*-\s*[0-9]{1,3})?\s*(?P<unit>h|hrs?|hours?|min|m|d|days?)\b"
)
_UNIT_MS = {"h": HOUR, "m": MINUTE, "d": DAY}
_TIMES_A_DAY: Mapping[str, int] = {  # the longer words first: "twice daily" before "daily"
    **dict.fromkeys(("four times a day", "four times daily"), 4),
    **dict.fromkeys(("three times a day", "three times daily"), 3),
    **dict.fromkeys(("twice a day", "twice daily", "two times a day"), 2),
    **dict.fromkeys(("once a day", "once daily", "daily", "every morning", "at night"), 1),
}
_CODES = {"QD": 1, "BID": 2, "TID": 3, "QID": 4, "QHS": 1, "QAM": 1, "QPM": 1}
_ONCE = ("once", "one time", "once only", "stat", "at once", "now")


class Gap(Struct, frozen=True):
    """The shortest time between two doses, and why. `once`: there is no second dose."""

    ms: int
    words: str
    once: bool = False


def order_gap(
    order: OrderFact, site_times: Mapping[str, tuple[str, ...]] = SITE_TIMES
) -> Gap | None:
    """Return how far apart the doses of an order have to be; None: it does not say, or unclear."""
    timing = order.timing
    said = _said(timing, order.detail)
    words = f"ordered {_in_words(timing, said)}"
    plan = plan_of(timing, site_times)
    if (plan is not None and plan.repeats is Repeats.ONCE) or said.casefold() in _ONCE:
        return Gap(0, "ordered once", once=True)
    if is_as_needed(timing) or _needed(said):
        return _needed_gap(said, words)
    if plan is not None and plan.gap_ms():
        return _half(plan.gap_ms(), words)
    every = every_ms(said)
    times = _times_a_day(said)
    if every or times:
        return _half(every or DAY // times, words)
    return None


def _half(ms: int, words: str) -> Gap:
    return Gap(ms // 2, f"{words}; half the time between two doses has to pass")


def _needed_gap(said: str, words: str) -> Gap | None:
    every = every_ms(said)
    times = _times_a_day(said)
    if every:
        return Gap(every, words)
    return _half(DAY // times, words) if times else None


def _in_words(timing: Timing, said: str) -> str:
    if said != timing.pattern.strip():
        return said
    words, sure = frequency_words(timing)
    return words if sure and words else said


def every_ms(said: str) -> int:
    """Return the shorter time of `every 4 to 6 hours`, `Q4H`, in ms; 0 when there is none."""
    plain = said.casefold()
    found = [*_EVERY.finditer(plain), *_SHORT.finditer(plain)]
    spans = []
    for one in found:
        count = one["count"] or "1"
        number = _NUMBERS.get(count) or int(count)
        spans.append(number * _UNIT_MS[one["unit"][0]])
    return min((span for span in spans if span), default=0)


def _times_a_day(said: str) -> int:
    plain = " ".join(said.casefold().split())
    for words, times in _TIMES_A_DAY.items():
        if re.search(rf"\b{words}\b", plain):
            return times
    codes = re.findall(r"[A-Z]+", pattern_of(Timing(pattern=said)))
    return next((_CODES[code] for code in codes if code in _CODES), 0)


def doses_a_day(timing: Timing, detail: MedicationDetail) -> int:
    """Return how many doses an order allows in 24 hours; 0 when that is not understood."""
    said = _said(timing, detail)
    if timing.times:
        return len(set(timing.times))
    every = every_ms(said)
    if every:
        return max(DAY // every, 1)
    return _times_a_day(said)


def _said(timing: Timing, detail: MedicationDetail | None) -> str:
    """Return the words of an order on how often: the pattern, else its text or instructions."""
    instructions = detail.instructions if detail else ""
    for words in (timing.pattern, timing.text, instructions):
        if words.strip() and not re.fullmatch(r"(?i)\W*(prn|as needed)\W*", words):
            return words.strip()
    return "as needed" if is_as_needed(timing) else ""


def _needed(said: str) -> bool:
    return bool(re.search(r"\b(as needed|when needed|if needed|prn)\b", said.casefold()))


def table_gap(rows: tuple[UsualDose, ...]) -> Gap | None:
    """Return the shortest time between two doses by the table; None where it names none."""
    hours = max((row.gap_h for row in rows), default=0)
    if not hours:
        return None
    return Gap(hours * HOUR, f"at least {hours} hours between two doses of {rows[0].ingredient}")
