"""Grid squares as search and rescue call them; a square is taken for its middle.

U.S. National Grid (FGDC-STD-011-2001), which on WGS 84 is MGRS (NGA.STND.0037). The projection
is transverse Mercator after Krüger, to the third order: good to a metre.
"""

from __future__ import annotations

import re
from math import atan, atanh, cos, cosh, degrees, radians, sin, sinh, sqrt

from wardlight.record.places import Position

A, F = 6_378_137.0, 1 / 298.257223563  # WGS 84
K0, FALSE_EAST = 0.9996, 500_000.0
_N = F / (2 - F)
_RADIUS = A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96,
    _N**2 / 48 + _N**3 / 15,
    17 * _N**3 / 480,
)
_E = 2 * sqrt(_N) / (1 + _N)
BANDS = "CDEFGHJKLMNPQRSTUVWX"
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
_SQUARE_M, _CYCLE_M = 100_000, 2_000_000
_GRID = re.compile(r"([1-9]|[1-5][0-9]|60)([C-HJ-NP-X])([A-HJ-NP-Z])([A-HJ-NP-V])([0-9]{0,10})")


def grid_position(typed: str) -> Position | None:
    """Return the middle of a square such as `18T XM 9123 2345`; None for what is no square."""
    found = _GRID.fullmatch(re.sub(r"[\s-]", "", typed).upper().lstrip("0"))
    if found is None or len(found[5]) % 2:
        return None
    zone, band = int(found[1]), found[2]
    column = _COLUMNS[(zone - 1) % 3].find(found[3])
    if column < 0:
        return None
    half = len(found[5]) // 2
    size = _SQUARE_M // 10**half
    east = (column + 1) * _SQUARE_M + int(found[5][:half] or 0) * size + size / 2
    shift = 5 if zone % 2 == 0 else 0
    row = (_ROWS.index(found[4]) - shift) % 20
    north = row * _SQUARE_M + int(found[5][half:] or 0) * size + size / 2
    return _in_band(zone, band, east, north)


def _in_band(zone: int, band: str, east: float, north: float) -> Position | None:
    """Return the point whose row letter comes round in this band of eight degrees."""
    south = -80 + 8 * BANDS.index(band)
    northern = south >= 0
    cycle = 0.0 if northern else -10_000_000.0
    for turn in range(6):
        at = utm_position(zone, east, north + turn * _CYCLE_M + cycle)
        if south - 0.5 <= at.latitude <= south + (12 if band == "X" else 8) + 0.5:
            return at
    return None


def utm_position(zone: int, east: float, north: float) -> Position:
    """Return a point of a UTM zone; `north` in metres from the equator, below zero south of it."""
    xi, eta = north / (K0 * _RADIUS), (east - FALSE_EAST) / (K0 * _RADIUS)
    xi1 = xi - sum(b * sin(2 * j * xi) * cosh(2 * j * eta) for j, b in enumerate(_BETA, 1))
    eta1 = eta - sum(b * cos(2 * j * xi) * sinh(2 * j * eta) for j, b in enumerate(_BETA, 1))
    conformal = sin(xi1) / sqrt(sinh(eta1) ** 2 + cos(xi1) ** 2)
    slope = conformal
    for _ in range(4):  # Newton: conformal latitude to latitude
        sigma = sinh(_E * atanh(_E * slope / sqrt(1 + slope**2)))
        now = slope * sqrt(1 + sigma**2) - sigma * sqrt(1 + slope**2)
        step = (conformal - now) * (1 + (1 - _E**2) * slope**2)
        slope += step / ((1 - _E**2) * sqrt(1 + slope**2) * sqrt(1 + now**2))
    longitude = zone * 6 - 183 + degrees(_arc(sinh(eta1), cos(xi1)))
    return Position(degrees(atan(slope)), longitude)


def _arc(rise: float, run: float) -> float:
    return atan(rise / run) if run else radians(90)
