"""Where something is on the map, and what its roads are like: what ambulances are sent from and to.

Positions are WGS 84 degrees, as GPS units and public hospital lists give them.
"""

from __future__ import annotations

from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

from msgspec import Struct

EARTH_KM = 6_371.0088  # mean radius (IUGG)
LATITUDE_MAX, LONGITUDE_MAX = 90.0, 180.0
URBAN_MIN, SUBURBAN_MIN = 1_500, 300  # residents per km² within 5 km


class Setting(StrEnum):
    """What the roads around a place are like, by residents within 5 km."""

    URBAN = "urban"  # 1,500 per km² and more
    SUBURBAN = "suburban"  # 300 to 1,500
    RURAL = "rural"
    UNKNOWN = "unknown"


class Position(Struct, frozen=True, gc=False):
    """A point, in degrees; north and east are positive."""

    latitude: float
    longitude: float

    def text(self) -> str:
        """Return it as a radio room writes it, to some ten metres: `41.7800, -72.5100`."""
        return f"{self.latitude:.4f}, {self.longitude:.4f}"


class Place(Struct, frozen=True, kw_only=True, gc=False):
    """A point with the words it is known by: a town, a grid square, a pinned corner."""

    words: str
    at: Position
    setting: Setting = Setting.UNKNOWN


def is_position(latitude: float, longitude: float) -> bool:
    """Return whether there is such a point on earth; NaN is none."""
    return abs(latitude) <= LATITUDE_MAX and abs(longitude) <= LONGITUDE_MAX


def setting_of(residents_per_km2: float | None) -> Setting:
    """Return the kind of roads for a density of residents within 5 km; None is not known."""
    if residents_per_km2 is None:
        return Setting.UNKNOWN
    if residents_per_km2 >= URBAN_MIN:
        return Setting.URBAN
    return Setting.SUBURBAN if residents_per_km2 >= SUBURBAN_MIN else Setting.RURAL


def unit_vector(at: Position) -> tuple[float, float, float]:
    """Return a point as a direction from the middle of the earth: nearest is largest product."""
    latitude, longitude = radians(at.latitude), radians(at.longitude)
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)


def km_between(one: Position, other: Position) -> float:
    """Return the distance over the ground in a straight line, in km (haversine)."""
    south, north = radians(one.latitude), radians(other.latitude)
    east = radians(other.longitude - one.longitude)
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, half)))
