from math import atan, atanh, cos, cosh, radians, sin, sinh, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.record.places import Place, Position
from wardlight.record.problems import Problem
from wardlight.wire.region.grid import grid_position, utm_position
from wardlight.wire.region.outline import POINTS_MAX, read_outline
from wardlight.wire.region.typed_place import typed_place, typed_position

_N = (1 / 298.257223563) / (2 - 1 / 298.257223563)
_RADIUS = 6_378_137.0 / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_E = 2 * sqrt(_N) / (1 + _N)
_ALPHA = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16,
    13 * _N**2 / 48 - 3 * _N**3 / 5,
    61 * _N**3 / 240,
)


def utm_of(at: Position) -> tuple[int, float, float]:
    """Return zone, metres east and metres north of the equator (the forward series of Krüger)."""
    zone = int((at.longitude + 180) // 6) % 60 + 1
    phi, lam = radians(at.latitude), radians(at.longitude - (zone * 6 - 183))
    t = sinh(atanh(sin(phi)) - _E * atanh(_E * sin(phi)))
    xi, eta = atan(t / cos(lam)), atanh(sin(lam) / sqrt(1 + t**2))
    east = eta + sum(a * cos(2 * j * xi) * sinh(2 * j * eta) for j, a in enumerate(_ALPHA, 1))
    north = xi + sum(a * sin(2 * j * xi) * cosh(2 * j * eta) for j, a in enumerate(_ALPHA, 1))
    return zone, 500_000 + 0.9996 * _RADIUS * east, 0.9996 * _RADIUS * north


TOWN = Place(words="Sample Corner", at=Position(41.8, -72.54))
OTHER = Place(words="Sample Mills", at=Position(41.7, -72.56))


@pytest.mark.parametrize(
    "typed",
    [
        "41.78, -72.51",
        "41.78 -72.51",
        "41.78N 72.51W",
        "41 46.8 N 72 30.6 W",
        "41°46.8'N, 72°30.6'W",
    ],
)
def test_degrees_are_read_as_people_and_gps_units_say_them(typed: str) -> None:
    at = typed_position(typed)
    assert at is not None
    assert (at.latitude, at.longitude) == pytest.approx((41.78, -72.51))


@pytest.mark.parametrize(
    ("square", "latitude", "longitude"),
    [
        ("18S UJ 23480 06470", 38.8894, -77.0353),  # Washington Monument, FGDC-STD-011 example
        ("18SUJ2339407395", 38.8977, -77.0365),
        ("56H LH 34873 52266", -33.8568, 151.2153),  # Sydney Opera House
    ],
)
def test_grid_squares_are_where_the_map_has_them(
    square: str, latitude: float, longitude: float
) -> None:
    at = grid_position(square)
    assert at is not None
    assert (at.latitude, at.longitude) == pytest.approx((latitude, longitude), abs=0.002)


@given(st.floats(-79, 83), st.floats(-179.9, 179.9))
def test_the_projection_there_and_back_is_the_same_point(latitude: float, longitude: float) -> None:
    back = utm_position(*utm_of(Position(latitude, longitude)))
    assert (back.latitude, back.longitude) == pytest.approx((latitude, longitude), abs=1e-6)


@pytest.mark.parametrize("typed", ["", "99, 12", "18S UJ 123", "18I UJ 12 12", "Nowhere"])
def test_what_is_no_place_is_none(typed: str) -> None:
    assert typed_place(typed, ()) == ()


def test_a_town_is_found_by_its_beginning_and_several_are_offered() -> None:
    assert typed_place("sample c", (TOWN, OTHER)) == TOWN
    assert typed_place("Sample", (TOWN, OTHER)) == ("Sample Corner", "Sample Mills")
    assert typed_place("MILLS", (TOWN, OTHER)) == OTHER


@given(st.text(max_size=60))
def test_anything_typed_is_a_place_or_names_and_never_an_error(typed: str) -> None:
    assert isinstance(typed_place(typed, (TOWN, OTHER)), Place | tuple)


def test_an_outline_is_thinned_and_wrapped_lines_are_found() -> None:
    line = ",".join(f"[{at / 1000},{45 + at / 1000}]" for at in range(9_000))
    told = f'{{"type":"Feature","geometry":{{"type":"MultiPolygon","coordinates":[[[{line}]]]}}}}'
    found = read_outline(told.encode())
    assert not isinstance(found, Problem)
    assert len(found) == 1
    assert len(found[0]) <= POINTS_MAX + 1


@pytest.mark.parametrize("told", [b"", b"{}", b"[1]", b'{"coordinates":[[[1]]]}', b"[" * 2_000])
def test_an_outline_of_nothing_is_a_problem(told: bytes) -> None:
    assert isinstance(read_outline(told), Problem)
