"""Amounts as people type them, compared without a guess.

What can be read in two ways ("1.000", "1,5") is not read at all. Units are compared when they
are the same, or when both are of one kind of measure with a fixed ratio; a tablet is never
turned into milligrams.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from wardlight.record.codes import Coded
from wardlight.record.events.charting import MedicationDetail
from wardlight.views.bedside.medication_words import medication_words

_PLAIN = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,6})?|\.[0-9]{1,6}")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){1,2}(?:\.[0-9]{1,6})?")
_EITHER_WAY = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")  # a thousand in half the world
_AMOUNT = re.compile(
    r"(?P<low>[0-9.,]+)(?:\s*(?:-|\N{EN DASH}|to)\s*(?P<high>[0-9.,]+))?\s*(?P<unit>[^\d\s].*)?"
)
_KINDS: Mapping[str, tuple[str, Decimal]] = {
    "nanograms": ("mcg", Decimal("0.001")),
    "mcg": ("mcg", Decimal(1)),
    "mg": ("mcg", Decimal(1_000)),
    "g": ("mcg", Decimal(1_000_000)),
    "kg": ("mcg", Decimal(1_000_000_000)),
    "mL": ("mL", Decimal(1)),
    "L": ("mL", Decimal(1_000)),
}
_RATES: Mapping[str, tuple[str, Decimal]] = {
    "minute": ("hour", Decimal(60)),
    "hour": ("hour", Decimal(1)),
}
_DECIMALS_SHOWN = 4  # of what was worked out by weight; a tenth of a microgram in mg


class Amount(Struct, frozen=True):
    """An amount, or a range of them, with its unit as a ward writes it."""

    low: Decimal
    high: Decimal
    unit: str = ""

    def words(self) -> str:
        """Return `25 mg`, `2 to 4 mg`, `1,000 units`."""
        numbers = plain(self.low)
        if self.high != self.low:
            numbers = f"{numbers} to {plain(self.high)}"
        return f"{numbers} {self.unit}".strip()


def plain(number: Decimal) -> str:
    """Return `0.5`, `1,000`: no zero at the end, a comma from a thousand (NHS CUI MEDi)."""
    text = f"{round(number, _DECIMALS_SHOWN):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_of(text: str) -> Decimal | None:
    """Return a number that can be read in one way only, else None."""
    typed = text.strip()
    if _EITHER_WAY.fullmatch(typed):
        return None
    if _PLAIN.fullmatch(typed):
        return Decimal(typed)
    if _THOUSANDS.fullmatch(typed):
        return Decimal(typed.replace(",", ""))
    return None


def ward_unit(unit: str) -> str:
    """Return a unit as a ward writes it, `mg per kg`; "" when it is not understood."""
    if not unit.strip():
        return ""
    words = medication_words(MedicationDetail(drug=Coded(), dose="1", unit=unit.strip()))
    return words.dose.removeprefix("1 ") if words.formatted else ""


def amount_of(text: str, unit: str = "") -> Amount | None:
    """Return an amount, or None when number or unit is not understood with certainty.

    A unit may stand in the text; beside one in its own field it has to be the same.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return None
    inside = ward_unit(found["unit"] or "")
    beside = ward_unit(unit)
    if (found["unit"] and not inside) or (unit.strip() and not beside):
        return None
    if (inside and beside and inside != beside) or not (inside or beside):
        return None
    low = number_of(found["low"])
    high = number_of(found["high"]) if found["high"] else low
    if low is None or high is None or low > high:
        return None
    return Amount(low, high, inside or beside)


def amount_words(text: str, unit: str) -> str:
    """Return an amount as a ward writes it; as it was said where it is not understood."""
    found = amount_of(text, unit)
    return found.words() if found else f"{text} {unit}".strip()


def ratio(unit: str, other: str) -> Decimal | None:
    """Return how many of `other` one `unit` is; None where nothing fixed says so."""
    parts, others = unit.split(" per "), other.split(" per ")
    if unit == other:
        return Decimal(1)
    if len(parts) != len(others):
        return None
    whole = _part_ratio(parts[0], others[0], _KINDS)
    for part, another in zip(parts[1:], others[1:], strict=True):
        share = Decimal(1) if part == another else _part_ratio(part, another, _RATES)
        if share is None or whole is None:
            return None
        whole *= share
    return whole


def _part_ratio(part: str, other: str, kinds: Mapping[str, tuple[str, Decimal]]) -> Decimal | None:
    if part == other:
        return Decimal(1)
    if part not in kinds or other not in kinds or kinds[part][0] != kinds[other][0]:
        return None
    return kinds[part][1] / kinds[other][1]


def converted(amount: Amount, unit: str) -> Amount | None:
    """Return the amount in another unit; None where that would be a guess."""
    times = ratio(amount.unit, unit)
    return None if times is None else Amount(amount.low * times, amount.high * times, unit)
