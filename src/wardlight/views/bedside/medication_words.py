"""A medicine in words a nurse can act on: name, DOSE, route, frequency, in that order.

NHS CUI medication line rules (MEDi) with ISMP's list of error-prone abbreviations: tall-man
letters, no trailing zero, a leading zero, a comma from 1,000; "units", "daily" and "mcg" written
out, never U, IU, QD or µg. Only what is understood with certainty is rewritten; all else stays
as it was sent, and what was sent can always be shown beside it. A formatter that guesses is a
hazard, so amounts are never converted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from wardlight.record.events.charting import MedicationDetail, Timing
from wardlight.views.bedside.dose_times import is_as_needed, pattern_of
from wardlight.views.bedside.tall_man import TALL_MAN


class MedicationStyle(StrEnum):
    """Whose words: ISMP allows mcg, the NHS writes micrograms."""

    ISMP = "ismp"
    CUI = "cui"


class MedicationWords(Struct, frozen=True, kw_only=True, gc=False):
    """The parts of a medication line. `formatted` is false when any part stayed as sent."""

    drug: str
    dose: str = ""  # "25 mg": amount and unit, to be kept on one line
    route: str = ""
    frequency: str = ""
    strength: str = ""
    form: str = ""
    rate: str = ""
    as_received: str = ""
    formatted: bool = False

    def line(self) -> str:
        """Return `hydrALAZINE — tablet — DOSE 25 mg — oral — three times a day`."""
        dose = f"DOSE {self.dose}" if self.dose else ""
        parts = (self.drug, self.strength, self.form, dose, self.rate, self.route, self.frequency)
        return " — ".join(part for part in parts if part)


_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("mg", "mgs", "milligram", "milligrams"), "mg"),
    **dict.fromkeys(("g", "gm", "gms", "gram", "grams"), "g"),
    **dict.fromkeys(("mcg", "ug", "µg", "μg", "microgram", "micrograms"), "mcg"),
    **dict.fromkeys(("ng", "nanogram", "nanograms"), "nanograms"),
    **dict.fromkeys(("kg", "kilogram", "kilograms"), "kg"),
    **dict.fromkeys(("ml", "mls", "milliliter", "milliliters"), "mL"),
    **dict.fromkeys(("l", "liter", "liters"), "L"),
    **dict.fromkeys(("u", "iu", "[iu]", "[u]", "unt", "unit", "units"), "units"),
    **dict.fromkeys(("meq", "meqs"), "mEq"),
    "mmol": "mmol",
    "%": "%",
    **dict.fromkeys(("tab", "tabs", "tablet", "tablets"), "tablet"),
    **dict.fromkeys(("cap", "caps", "capsule", "capsules"), "capsule"),
    **dict.fromkeys(("puff", "puffs"), "puff"),
    **dict.fromkeys(("drop", "drops", "gtt", "gtts"), "drop"),
    **dict.fromkeys(("patch", "patches"), "patch"),
    **dict.fromkeys(("spray", "sprays"), "spray"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hour"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "minute"),
    **dict.fromkeys(("day", "days"), "day"),
}
_COUNTED = {
    "tablet": "tablets",
    "capsule": "capsules",
    "puff": "puffs",
    "drop": "drops",
    "patch": "patches",
    "spray": "sprays",
}
_ROUTES: Mapping[str, str] = {
    **dict.fromkeys(("po", "oral", "by mouth"), "oral"),
    **dict.fromkeys(("iv", "intravenous"), "intravenous"),
    "ivp": "intravenous push",
    "ivpb": "intravenous piggyback",
    **dict.fromkeys(("im", "intramuscular"), "intramuscular"),
    **dict.fromkeys(("sc", "sq", "subq", "subcut", "subcutaneous"), "subcutaneous"),
    **dict.fromkeys(("id", "intradermal"), "intradermal"),
    **dict.fromkeys(("it", "intrathecal"), "intrathecal"),
    **dict.fromkeys(("ep", "epidural"), "epidural"),
    **dict.fromkeys(("io", "intraosseous"), "intraosseous"),
    **dict.fromkeys(("pr", "rectal"), "rectal"),
    **dict.fromkeys(("sl", "sublingual"), "sublingual"),
    **dict.fromkeys(("bu", "buccal"), "buccal"),
    **dict.fromkeys(("td", "transdermal"), "transdermal"),
    **dict.fromkeys(("tp", "top", "topical"), "topical"),
    **dict.fromkeys(("ih", "inh", "inhalation"), "inhalation"),
    **dict.fromkeys(("neb", "nebulized", "nebulised"), "nebulized"),
    **dict.fromkeys(("ng", "nasogastric"), "nasogastric"),
    **dict.fromkeys(("op", "ophthalmic"), "ophthalmic"),
    **dict.fromkeys(("ot", "otic"), "otic"),
    **dict.fromkeys(("ns", "nasal"), "nasal"),
    **dict.fromkeys(("vg", "vaginal"), "vaginal"),
}
_FREQUENCIES: Mapping[str, str] = {
    "QD": "daily",
    "BID": "twice a day",
    "TID": "three times a day",
    "QID": "four times a day",
    "QHS": "at night",
    "QAM": "every morning",
    "QPM": "every evening",
    "AC": "before meals",
    "PC": "after meals",
    "ONCE": "once",
    "STAT": "at once",
    "C": "continuous",
}
_EVERY_WORDS = {"H": "hour", "M": "minute", "D": "day"}
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,11})?(?:\.([0-9]*))?")
_PER_AMOUNT = re.compile(r"([0-9.]*)\s*(\D+)")
_WORD = re.compile(r"[A-Za-z]+")


def medication_words(
    detail: MedicationDetail,
    *,
    style: MedicationStyle = MedicationStyle.ISMP,
    as_received: str = "",
    timing: Timing | None = None,
) -> MedicationWords:
    """Return the parts of a medication line.

    `as_received` is the sender's own string; without it the parts as sent stand in. `timing` is
    the order's, when it is known better there than in the detail.
    """
    when = timing if timing is not None else detail.timing
    dose, dose_sure = _amount(detail.dose, detail.unit, style)
    strength, strength_sure = _strength(detail.strength, detail.strength_unit, style)
    rate, rate_sure = _amount(detail.rate, detail.rate_unit, style)
    route = _ROUTES.get(detail.route.strip().casefold())
    frequency, frequency_sure = frequency_words(when)
    return MedicationWords(
        drug=drug_words(detail.drug.words()),
        dose=dose,
        route=detail.route if route is None else route,
        frequency=frequency,
        strength=strength,
        form=detail.form,
        rate=rate,
        as_received=as_received or _as_sent(detail, when),
        formatted=all(
            (dose_sure, strength_sure, rate_sure, frequency_sure, not detail.route or route)
        ),
    )


def _as_sent(detail: MedicationDetail, when: Timing) -> str:
    parts = (
        detail.drug.words(),
        f"{detail.strength} {detail.strength_unit}",
        detail.form,
        f"{detail.dose} {detail.unit}",
        f"{detail.rate} {detail.rate_unit}",
        detail.route,
        when.pattern,
        " ".join(when.times),
        when.text,
    )
    return " ".join(part.strip() for part in parts if part.strip())


def drug_words(name: str, table: Mapping[str, str] = TALL_MAN) -> str:
    """Return the drug as sent, with tall-man letters in the names that have them.

    Nothing else changes case: what is not in the table may be a brand.
    """
    return _WORD.sub(lambda word: table.get(word[0].casefold(), word[0]), name)


def given_words(amount: str, unit: str) -> str:
    """Return the dose somebody charted, written as a MAR writes the dose that was ordered.

    "1,000 mg" for an amount of 1000; "" where none was charted, the words as sent where they are
    not understood.
    """
    return _amount(amount, unit, MedicationStyle.ISMP)[0]


def number_words(text: str) -> str | None:
    """Return `0.5` for `.50`, `1,000` for `1000`; None when it is not a plain number."""
    plain = text.strip()
    parts = _NUMBER.fullmatch(plain)
    if parts is None or not any(digit.isdigit() for digit in plain):
        return None
    decimals = (parts[2] or "").rstrip("0")
    whole = f"{int(parts[1] or '0'):,}"
    return f"{whole}.{decimals}" if decimals else whole


def _quantity(text: str) -> str | None:
    """Return a number, or a range such as 2-4, in words; None when it is neither."""
    numbers = [number_words(part) for part in text.split("-")]
    if len(numbers) > 2 or None in numbers:  # noqa: PLR2004 - a range has two ends
        return None
    return " to ".join(number for number in numbers if number is not None)


def _unit(text: str, style: MedicationStyle) -> str | None:
    """Return a unit in full, `mg per kg per hour` for `MG/KG/HR`; None when not understood."""
    parts = [_UNITS.get(part.strip().casefold()) for part in text.split("/")]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if style is MedicationStyle.CUI:
        known = ["micrograms" if part == "mcg" else part for part in known]
    return " per ".join(known)


def _amount(number: str, unit: str, style: MedicationStyle) -> tuple[str, bool]:
    """Return amount and unit, and whether both were understood; else the words as sent."""
    if not number and not unit:
        return "", True
    quantity, words = _quantity(number), _unit(unit, style) if unit else ""
    sure = quantity is not None and words is not None
    shown = words if words is not None else unit
    if quantity not in (None, "1"):
        shown = _COUNTED.get(shown, shown)
    return f"{number if quantity is None else quantity} {shown}".strip(), sure


def _strength(number: str, unit: str, style: MedicationStyle) -> tuple[str, bool]:
    """Return `100 mg in 5 mL`, `5,000 units per mL`, `25 mg`, or the words as sent."""
    top, slash, bottom = unit.partition("/")
    volume = _PER_AMOUNT.fullmatch(bottom.strip())
    if not slash or volume is None or not volume[1]:
        return _amount(number, unit, style)
    amount, amount_sure = _amount(number, top, style)
    per, per_sure = _amount(volume[1], volume[2], style)
    if not (amount_sure and per_sure):
        return f"{number} {unit}".strip(), False
    return f"{amount} in {per}", True


def frequency_words(timing: Timing) -> tuple[str, bool]:
    """Return how often in words, and whether it was understood; else the pattern as sent."""
    pattern = pattern_of(timing)
    if is_as_needed(timing):
        pattern = " ".join(pattern.replace("PRN", " ").split())
        pattern = pattern_of(Timing(pattern=pattern))
    words = _pattern_words(pattern)
    if words is None:
        return (timing.pattern or timing.text), False
    if timing.times:
        words = f"{words or 'daily'} at {', '.join(timing.times)}"
    needed = "as needed" if is_as_needed(timing) else ""
    said = " ".join(part for part in (words, needed) if part)
    return said or timing.text, bool(said) or not timing.text


def _pattern_words(pattern: str) -> str | None:
    every = re.fullmatch(r"Q([1-9][0-9]{0,3})([HMD])", pattern)
    if every:
        unit = _EVERY_WORDS[every[2]]
        return f"every {unit}" if every[1] == "1" else f"every {every[1]} {unit}s"
    return _FREQUENCIES.get(pattern) if pattern else ""
