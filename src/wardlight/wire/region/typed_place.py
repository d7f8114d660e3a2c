"""A place as it comes over the radio or from a keyboard: degrees, a grid square, or a name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wardlight.record.places import Place, Position, is_position
from wardlight.wire.region.grid import grid_position

TYPED_MAX = 120
LIKE_MAX = 8  # names that are offered when several fit
_DECIMAL = re.compile(
    r"\s*([-+]?[0-9]{1,3}(?:\.[0-9]+)?)\s*[,; ]\s*([-+]?[0-9]{1,3}(?:\.[0-9]+)?)\s*"
)
_MINUTES = re.compile(
    r"\s*([0-9]{1,2})[°\s]+([0-9]{1,2}(?:\.[0-9]+)?)['′\s]*([NS])[,;\s]*"  # noqa: RUF001 -- as GPS units print it
    r"([0-9]{1,3})[°\s]+([0-9]{1,2}(?:\.[0-9]+)?)['′\s]*([EW])\s*",  # noqa: RUF001
    re.IGNORECASE,
)
_HALVES = re.compile(
    r"\s*([0-9]{1,2}(?:\.[0-9]+)?)\s*°?\s*([NS])[,;\s]*([0-9]{1,3}(?:\.[0-9]+)?)\s*°?\s*([EW])\s*",
    re.IGNORECASE,
)
MINUTES_OF_DEGREE = 60


def typed_place(typed: str, known: Sequence[Place]) -> Place | tuple[str, ...]:
    """Return the place meant, or the names that could be meant; () for nothing at all.

    A name that fits wholly comes first, then one that begins with what was typed, then any that
    holds it.
    """
    typed = " ".join(typed[:TYPED_MAX].split())
    if not typed:
        return ()
    at = typed_position(typed)
    if at is not None:
        near = next((one for one in known if one.at == at), None)
        return near or Place(words=typed, at=at)
    wanted = typed.casefold()
    for fits in (str.__eq__, str.startswith, str.__contains__):
        found = [one for one in known if fits(one.words.casefold(), wanted)]
        if len(found) == 1:
            return found[0]
        if found:
            return tuple(one.words for one in found[:LIKE_MAX])
    return ()


def typed_position(typed: str) -> Position | None:
    """Return a point typed in degrees, in degrees and minutes, or as a grid square."""
    found = _pair(typed)
    if found is not None:
        return Position(*found) if is_position(*found) else None
    return grid_position(typed)


def _pair(typed: str) -> tuple[float, float] | None:
    if (told := _DECIMAL.fullmatch(typed)) is not None:
        return float(told[1]), float(told[2])
    if (told := _MINUTES.fullmatch(typed)) is not None:
        north = float(told[1]) + float(told[2]) / MINUTES_OF_DEGREE
        east = float(told[4]) + float(told[5]) / MINUTES_OF_DEGREE
        return _signed(north, told[3]), _signed(east, told[6])
    if (told := _HALVES.fullmatch(typed)) is not None:
        return _signed(float(told[1]), told[2]), _signed(float(told[3]), told[4])
    return None


def _signed(degrees: float, half: str) -> float:
    return -degrees if half.upper() in "SW" else degrees
