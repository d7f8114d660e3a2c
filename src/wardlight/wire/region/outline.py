"""The outline of a region, from a GeoJSON file (RFC 7946) a site provides; thinned to be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import DecodeError, json

from wardlight.record.places import Position, is_position
from wardlight.record.problems import Problem

OUTLINE = "region.geojson"
BYTES_MAX = 8 * 1024 * 1024
POINTS_MAX = 3_000  # of all lines together: some 40 kB of a page
DEPTH_MAX = 6
Line = tuple[Position, ...]


def read_outline(body: bytes) -> tuple[Line, ...] | Problem:
    """Return the lines of all polygons and lines; points beyond `POINTS_MAX` are thinned evenly."""
    if len(body) > BYTES_MAX:
        return Problem("outline.large", OUTLINE, f"It is larger than {BYTES_MAX // 2**20} MiB.")
    try:
        told = json.decode(body)
    except (DecodeError, RecursionError):
        return Problem("outline.unreadable", OUTLINE, "It is not JSON.")
    lines = [line for line in _lines(told, 0) if len(line) > 1]
    if not lines:
        return Problem("outline.empty", OUTLINE, "It holds no line or polygon.")
    whole = sum(map(len, lines))
    step = -(-whole // POINTS_MAX)
    return tuple((*line[::step], line[-1]) for line in lines[:POINTS_MAX])


def _lines(told: Any, depth: int) -> Iterator[Line]:
    """Give the lines of a GeoJSON object, whatever it is wrapped in."""
    if depth > DEPTH_MAX or not isinstance(told, dict):
        return
    inside = (told.get("geometry"), *_list(told.get("features")), *_list(told.get("geometries")))
    for one in inside:
        yield from _lines(one, depth + 1)
    yield from _coordinates(told.get("coordinates"), 0)


def _coordinates(told: Any, depth: int) -> Iterator[Line]:
    if depth > DEPTH_MAX:
        return
    points = [_point(one) for one in _list(told)]
    if points and all(one is not None for one in points):
        yield tuple(one for one in points if one is not None)
        return
    for one in _list(told):
        yield from _coordinates(one, depth + 1)


def _point(told: Any) -> Position | None:
    if not isinstance(told, list) or len(told) < 2:  # noqa: PLR2004 -- longitude and latitude
        return None
    longitude, latitude = told[:2]
    if not isinstance(longitude, int | float) or not isinstance(latitude, int | float):
        return None
    return Position(latitude, longitude) if is_position(latitude, longitude) else None


def _list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else []
