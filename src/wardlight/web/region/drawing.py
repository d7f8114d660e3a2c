"""Where everything stands on the drawn map, in units of its picture; no label covers another.

Small regions are drawn as if flat: degrees of longitude are shortened by the cosine of the
middle latitude, and both axes have one scale, so that the bar of miles holds everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, cos, floor, hypot, log10, radians

from msgspec import Struct

from wardlight.record.places import Position

WIDTH, HEIGHT, MARGIN = 900, 560, 70
SHAPE = 20  # side of a hospital's mark
LETTER, LINE = 8.6, 17  # of a bold label at 14 px, in the widest font a browser takes
KM_PER_DEGREE = 111.195
KM_PER_MILE = 1.609344
SPAN_KM_MIN = 8.0  # of the picture: one hospital alone is not drawn at the scale of its car park
LABEL_MAX = 24  # letters
FLOW_BEND = 0.12  # of its length, so that a flow and its way back are two lines
GAP = 15  # between a mark and the end of an arrow


class Mark(Struct, frozen=True, kw_only=True):
    """A hospital on the picture: its middle, its label and where that begins; "" for no room."""

    number: int
    code: str
    x: float
    y: float
    label: str
    label_x: float
    label_y: float


class Flow(Struct, frozen=True, kw_only=True):
    """An arrow for ambulances that were redirected, with how many."""

    path: str
    head: str
    count: int
    x: float
    y: float
    words: str


class Picture(Struct, frozen=True, kw_only=True):
    """The whole map."""

    marks: tuple[Mark, ...]
    flows: tuple[Flow, ...]
    outline: tuple[str, ...]  # point lists
    bar: float  # length of the bar
    bar_words: str
    width: int = WIDTH
    height: int = HEIGHT


class Spot(Struct, frozen=True):
    """What is to be drawn: a numbered hospital with its name."""

    number: int
    code: str
    name: str
    at: Position


class _Projection:
    """From degrees to the picture."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        lats, lons = [one.at.latitude for one in spots], [one.at.longitude for one in spots]
        self._lat, self._lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
        self._shrink = cos(radians(self._lat))
        wide = max((max(lons) - min(lons)) * self._shrink, SPAN_KM_MIN / KM_PER_DEGREE)
        high = max(max(lats) - min(lats), SPAN_KM_MIN / KM_PER_DEGREE)
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)

    def of(self, at: Position) -> tuple[float, float]:
        """Return where a point is on the picture."""
        x = WIDTH / 2 + (at.longitude - self._lon) * self._shrink * self.scale
        return round(x, 1), round(HEIGHT / 2 - (at.latitude - self._lat) * self.scale, 1)


def picture(
    spots: Sequence[Spot],
    flows: Mapping[tuple[str, str], int],
    outline: Iterable[Sequence[Position]] = (),
) -> Picture | None:
    """Return the map of these hospitals; None where nobody has a place."""
    if not spots:
        return None
    to = _Projection(spots)
    at = {one.code: to.of(one.at) for one in spots}
    names = {one.code: one.name for one in spots}
    arrows = tuple(
        _flow(at[a], at[b], count, f"{count} from {names[a]} to {names[b]}")
        for (a, b), count in sorted(flows.items())
        if a in at and b in at and at[a] != at[b]
    )
    taken = [_box(x, y) for x, y in at.values()]
    taken += [(one.x - 14, one.y - 12, one.x + 14, one.y + 12) for one in arrows]
    bar, words = _bar(to.scale)
    return Picture(
        marks=tuple(_mark(one, at[one.code], taken) for one in spots),
        flows=arrows,
        outline=tuple(_points(to, line) for line in outline),
        bar=bar,
        bar_words=words,
    )


Box = tuple[float, float, float, float]


def _box(x: float, y: float) -> Box:
    half = SHAPE / 2 + 2
    return (x - half, y - half, x + half, y + half)


def _mark(spot: Spot, at: tuple[float, float], taken: list[Box]) -> Mark:
    """Return a mark with its label where there is room for it: the name, else its number alone."""
    x, y = at
    name = spot.name if len(spot.name) <= LABEL_MAX else f"{spot.name[: LABEL_MAX - 1]}…"
    for label in (f"{spot.number} {name}", str(spot.number)):
        for left, top in _around(x, y, len(label) * LETTER):
            box = (left, top, left + len(label) * LETTER, top + LINE)
            if _is_free(box, taken):
                taken.append(box)
                return _labelled(spot, at, label, (left, top + LINE - 4))
    return _labelled(spot, at, "", at)


def _labelled(spot: Spot, at: tuple[float, float], label: str, where: tuple[float, float]) -> Mark:
    return Mark(
        number=spot.number,
        code=spot.code,
        x=at[0],
        y=at[1],
        label=label,
        label_x=round(where[0], 1),
        label_y=round(where[1], 1),
    )


def _around(x: float, y: float, wide: float) -> tuple[tuple[float, float], ...]:
    """Return where a label may begin: right, left, below, above, then the four corners."""
    away, middle = SHAPE / 2 + 5, LINE / 2
    right, left, centre = x + away, x - away - wide, x - wide / 2
    below, above = y + away - 2, y - away - LINE + 2
    return (
        (right, y - middle),
        (left, y - middle),
        (centre, below),
        (centre, above),
        (right, below - 6),
        (right, above + 6),
        (left, below - 6),
        (left, above + 6),
    )


def _is_free(box: Box, taken: Iterable[Box]) -> bool:
    left, top, right, bottom = box
    if left < 2 or top < 2 or right > WIDTH - 2 or bottom > HEIGHT - 26:  # noqa: PLR2004 -- the edge; the bar stands below
        return False
    return not any(
        left < other[2] and right > other[0] and top < other[3] and bottom > other[1]
        for other in taken
    )


def _flow(a: tuple[float, float], b: tuple[float, float], count: int, words: str) -> Flow:
    """Return a bent arrow from one hospital to another."""
    (ax, ay), (bx, by) = a, b
    long = hypot(bx - ax, by - ay)
    nx, ny = (by - ay) / long, (ax - bx) / long
    mx, my = (ax + bx) / 2 + nx * long * FLOW_BEND * 2, (ay + by) / 2 + ny * long * FLOW_BEND * 2
    sx, sy = _towards(ax, ay, mx, my)
    ex, ey = _towards(bx, by, mx, my)
    ux, uy = (ex - mx) / hypot(ex - mx, ey - my), (ey - my) / hypot(ex - mx, ey - my)
    wx, wy = -uy * 6, ux * 6
    base = (ex - ux * 13, ey - uy * 13)
    head = ((ex, ey), (base[0] + wx, base[1] + wy), (base[0] - wx, base[1] - wy))
    return Flow(
        path=f"M{sx:.1f} {sy:.1f}Q{mx:.1f} {my:.1f} {base[0]:.1f} {base[1]:.1f}",
        head=" ".join(f"{x:.1f},{y:.1f}" for x, y in head),
        count=count,
        x=round((ax + bx) / 4 + mx / 2, 1),
        y=round((ay + by) / 4 + my / 2, 1),
        words=words,
    )


def _towards(x: float, y: float, to_x: float, to_y: float) -> tuple[float, float]:
    """Return the point a little off a mark, towards another point."""
    long = hypot(to_x - x, to_y - y) or 1.0
    step = min(GAP, long / 3)
    return x + (to_x - x) / long * step, y + (to_y - y) / long * step


def _points(to: _Projection, line: Sequence[Position]) -> str:
    return " ".join("{},{}".format(*to.of(one)) for one in line)


def _bar(scale: float) -> tuple[float, str]:
    """Return a bar of a round number of miles, a sixth to a third of the picture."""
    miles_wide = WIDTH / scale * KM_PER_DEGREE / KM_PER_MILE
    size = 10 ** floor(log10(miles_wide / 5))
    miles = max(step * size for step in (1, 2, 5) if step * size <= max(miles_wide / 4, size))
    km = miles * KM_PER_MILE
    return round(km / KM_PER_DEGREE * scale, 1), f"{miles:g} miles ({ceil(km)} km)"
