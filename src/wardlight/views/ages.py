"""How old is what is shown: one badge per block, text first, never one for a whole page.

Thresholds are the defaults of the design and belong to the site (screens.md §3.3 "Age badges").
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from wardlight.record.instants import DAY, HOUR, MINUTE, Instant, age_words, clinical_time, local


class Block(StrEnum):
    """A part of a screen or sheet with an age of its own."""

    CENSUS = "census"
    MAR = "mar"
    ORDERS = "orders"
    RESULTS = "results"
    ALLERGIES = "allergies"
    PROBLEMS = "problems"
    DEMOGRAPHICS = "demographics"
    ED_STATUS = "ed status"


class AgeLevel(StrEnum):
    """How a badge is drawn; `old` is solid and carries a word, not only a colour."""

    PLAIN = "plain"
    AMBER = "amber"
    OLD = "old"


class Limits(Struct, frozen=True, gc=False):
    """The greatest age, in ms, that is still plain, and that is still amber."""

    plain_ms: int
    amber_ms: int


LIMITS: Mapping[Block, Limits] = {
    Block.CENSUS: Limits(15 * MINUTE, 60 * MINUTE),
    Block.MAR: Limits(15 * MINUTE, 30 * MINUTE),
    Block.ORDERS: Limits(15 * MINUTE, 30 * MINUTE),
    Block.RESULTS: Limits(60 * MINUTE, 4 * HOUR),
    Block.ALLERGIES: Limits(24 * HOUR, 7 * DAY),
    Block.PROBLEMS: Limits(24 * HOUR, 7 * DAY),
    Block.DEMOGRAPHICS: Limits(24 * HOUR, 7 * DAY),
    Block.ED_STATUS: Limits(30 * MINUTE, 60 * MINUTE),
}
_OLD_ONCE_OFF = (Block.MAR, Block.ORDERS)
_CLOCKS_DIFFER_MS = MINUTE  # a sender's clock may run ahead this much without a word


class Age(Struct, frozen=True, kw_only=True, gc=False):
    """One badge."""

    level: AgeLevel
    text: str  # "as of 22-Nov 02:47 · 1 h 12 min old"
    word: str = ""  # "OLD", "NO REPORT"; "" while it is neither


def age_of(
    block: Block,
    as_of: Instant | None,
    *,
    now: Instant,
    zone: str,
    ehr_off: bool = False,
    limits: Mapping[Block, Limits] = LIMITS,
) -> Age:
    """Return the badge of a block whose newest word is of `as_of`; None: nothing was ever heard.

    The MAR and the orders are old from the moment the EHR is off, however new they are: what is
    done from then on is on paper.
    """
    word = "NO REPORT" if block is Block.ED_STATUS else "OLD"
    if as_of is None:
        return Age(level=AgeLevel.OLD, text="age not known", word=word)
    span = now - as_of
    level = _level(span, limits[block])
    if ehr_off and block in _OLD_ONCE_OFF:
        level = AgeLevel.OLD
    return Age(
        level=level,
        text=f"as of {_day_and_time(as_of, now, zone)} · {_span_words(span)}",
        word=word if level is AgeLevel.OLD else "",
    )


def _level(span: int, limits: Limits) -> AgeLevel:
    if span < -_CLOCKS_DIFFER_MS:
        return AgeLevel.AMBER
    if span <= limits.plain_ms:
        return AgeLevel.PLAIN
    return AgeLevel.AMBER if span <= limits.amber_ms else AgeLevel.OLD


def _span_words(span: int) -> str:
    if span < -_CLOCKS_DIFFER_MS:
        return f"{age_words(-span)} ahead of this clock"
    return f"{age_words(max(span, 0))} old"


def _day_and_time(at: Instant, now: Instant, zone: str) -> str:
    """Return `22-Nov 02:47`; with the year when it is not this one."""
    full = clinical_time(at, zone)
    year = f"-{local(at, zone).year:04d}"
    return full.replace(year, "", 1) if local(now, zone).year == local(at, zone).year else full
