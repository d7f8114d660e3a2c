"""How long an ambulance drives, from two points and a ruler alone; and whose word comes first.

The estimate is piecewise linear in the straight-line distance. It was fitted on 44,924 census block
groups of ten US states with OSRM minutes to their nearest hospitals (fitted on eight states, scored
on two, 50,259 pairs: median error 1.6 min, 11.6 %; 90 % within 7.7 min; actual over estimated
0.77 to 1.39 for nine in ten); no program here repeats that. It knows no traffic, no river, no
siren, and two road engines differ by some 4 min in 20, so that a time is never shown without its
band of 25 % to either side.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import ceil, floor

from msgspec import Struct

from wardlight.record.places import Place, Setting, km_between

BAND = 0.25  # of a time, to either side
ESTIMATE = "straight-line estimate"
PINNED = "known time"
UNKNOWN_AS = Setting.SUBURBAN  # the middle one, with the band of all three
KNOTS_KM = (0.0, 3.0, 10.0, 30.0, 80.0)
# Minutes at no distance, then minutes per km from each knot on.
CURVES: Mapping[Setting, tuple[float, tuple[float, ...]]] = {
    Setting.URBAN: (0.893, (1.789, 1.419, 1.133, 0.809, 0.741)),
    Setting.SUBURBAN: (1.149, (1.687, 1.307, 1.074, 0.831, 0.785)),
    Setting.RURAL: (1.108, (1.588, 1.439, 1.065, 0.988, 0.858)),
}
SAME_PLACE_KM = 0.25  # a known time is of a place, not of a point to the metre


class Drive(Struct, frozen=True, gc=False):
    """One drive in minutes: most likely, at best, at worst, and who says so."""

    minutes: float
    lo: float
    hi: float
    source: str

    def words(self) -> str:
        """Return the time as a screen and a radio say it: never without its band."""
        return f"{round(self.minutes)} min ({floor(self.lo)}-{ceil(self.hi)})"


class KnownTime(Struct, frozen=True, kw_only=True):
    """A time somebody drove or measured, from a place to a hospital."""

    origin: Place
    code: str
    drive: Drive


def minutes_for(km: float, setting: Setting) -> float:
    """Return the most likely minutes for a straight-line distance; longer is never quicker."""
    at = bisect_right(KNOTS_KM, km) - 1
    starts, slopes = _LINES[setting]
    return starts[at] + slopes[at] * (km - KNOTS_KM[at])


def _line(setting: Setting) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the minutes at each knot, and the slope from there on."""
    start, slopes = CURVES[UNKNOWN_AS if setting is Setting.UNKNOWN else setting]
    spans = zip(KNOTS_KM, KNOTS_KM[1:], slopes, strict=False)
    steps = [slope * (end - begin) for begin, end, slope in spans]
    return tuple(accumulate(steps, initial=start)), slopes


_LINES = {one: _line(one) for one in Setting}


def estimate(km: float, setting: Setting) -> Drive:
    """Return the ruler's drive; where nobody knows the roads, the band is that of all of them."""
    minutes = minutes_for(km, setting)
    if setting is not Setting.UNKNOWN:
        return banded(minutes, ESTIMATE)
    each = [minutes_for(km, one) for one in CURVES]
    return Drive(minutes, min(each) * (1 - BAND), max(each) * (1 + BAND), ESTIMATE)


def banded(minutes: float, source: str) -> Drive:
    """Return a time with the usual band around it."""
    return Drive(minutes, minutes * (1 - BAND), minutes * (1 + BAND), source)


def pinned(known: Sequence[KnownTime], origin: Place) -> dict[str, Drive]:
    """Return the known times from a place, by hospital: they come before every estimate."""
    return {
        one.code: one.drive
        for one in known
        if one.origin.words.casefold() == origin.words.casefold()
        or km_between(one.origin.at, origin.at) <= SAME_PLACE_KM
    }
