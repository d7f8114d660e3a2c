"""Is a box ticked? The share of ink inside its printed outline, against the paper around it.

Two thresholds: between them a person looks. A box filled from edge to edge is for a person too: it
may be one that was crossed out. Thresholds from 96 boxes on twelve simulated scans (screens.md
§6.2); real pens on a real scanner are to be tried at a hospital before boxes are trusted there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardlight.paper.scans.layout import BoxAt
from wardlight.paper.scans.marks import BoxRead, Tick

EMPTY_MAX, TICKED_MIN, FILLED_MIN = 0.04, 0.10, 0.70  # share of the inside that is ink
LIGHT, DARK = 0.32, 0.56  # of the outline's own black: what both call ink is ink
DEEP_SHARE_MIN = 0.2  # of the light ink that is dark too; a stain or a smear is light only
PAPER_PERCENTILE, BLACK_PERCENTILE = 80, 97
CONTRAST_MIN = 40  # grey levels between paper and outline; with less nobody can tell
SIDE_MIN = 0.25  # of the black that is found along each side; else the outline was not found
STEP_MM = 0.2
AROUND_MM = 2.4  # looked at around a box, to find its outline
SNAP_MM = 1.8  # how far the outline may stand from its place
LINE_MM, INSET_MM = 0.4, 0.7
NEARER = 0.5  # grey levels a step: of two places that fit alike, the nearer one


def read_boxes(
    gray: NDArray[np.uint8], layout: tuple[BoxAt, ...], mapping: NDArray[Any]
) -> tuple[BoxRead, ...]:
    """Return what every box says; `mapping` takes millimetres to pixels."""
    read: dict[str, BoxRead] = {}
    for side in sorted({box.side for box in layout}):
        alike = [box for box in layout if box.side == side]
        read |= {one.name: one for one in _read(gray, alike, side, mapping)}
    return tuple(read[box.name] for box in layout)


def _read(
    gray: NDArray[np.uint8], layout: list[BoxAt], side_mm: float, mapping: NDArray[Any]
) -> list[BoxRead]:
    """Return what boxes of one size say, all of them at once."""
    x, y = _points(layout, side_mm, mapping)
    sharp, sampled, seen = _sampled(gray, x, y)
    spans = _spans(x, y)
    some = sampled[:, ::3, ::3].reshape(len(layout), -1)
    paper = np.percentile(some, PAPER_PERCENTILE, axis=1)[:, None, None]
    dark = paper - sampled
    side, inset = round(side_mm / STEP_MM) + 1, round(INSET_MM / STEP_MM)
    places = _outlines(dark, side)
    line = _cut(dark, places, side)
    blackest = np.percentile(_cut(paper - sharp, places, side), BLACK_PERCENTILE, axis=(1, 2))
    black = np.maximum(blackest, 1.0)
    inside = line[:, inset:-inset, inset:-inset] / black[:, None, None]
    light, deep = (inside > LIGHT).mean(axis=(1, 2)), (inside > DARK).mean(axis=(1, 2))
    found = seen & (black >= CONTRAST_MIN) & (_weakest_sides(line) >= SIDE_MIN * black)
    return [
        BoxRead(
            box.name,
            _tick(float(light[at]), float(deep[at])) if found[at] else Tick.UNSURE,
            round(float(light[at]), 3),
            spans[at],
        )
        for at, box in enumerate(layout)
    ]


def _tick(light: float, deep: float) -> Tick:
    """Return what the inside says: sure only where light and dark ink say the same."""
    if light < EMPTY_MAX:
        return Tick.EMPTY
    if TICKED_MIN <= light < FILLED_MIN and deep >= DEEP_SHARE_MIN * light:
        return Tick.TICKED
    return Tick.UNSURE


def _points(
    layout: list[BoxAt], side_mm: float, mapping: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return where the samples of each box lie in the picture, row by row: across and down."""
    steps = np.arange(-AROUND_MM, side_mm + AROUND_MM + STEP_MM / 2, STEP_MM, dtype=np.float32)
    x = np.array([box.x for box in layout], np.float32)[:, None, None] + steps
    y = np.array([box.y for box in layout], np.float32)[:, None, None] + steps[:, None]
    across, down, depth = (a * x + (b * y + c) for a, b, c in mapping.astype(np.float32))
    return across / depth, down / depth


def _spans(x: NDArray[Any], y: NDArray[Any]) -> list[tuple[int, int, int, int]]:
    """Return left, top, right and bottom of each box with what is around it."""
    ends = slice(None, None, x.shape[1] - 1)
    x, y = (one[:, ends, ends].reshape(len(one), -1) for one in (x, y))
    edges = np.stack([x.min(1), y.min(1), x.max(1) + 1, y.max(1) + 1], axis=1).astype(int)
    return [tuple(one) for one in edges.tolist()]


def _sampled(
    gray: NDArray[np.uint8], x: NDArray[Any], y: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return the grey at the points, the mean around each, and which boxes are in the picture."""
    high, wide = gray.shape
    x, y = x.astype(np.int32), y.astype(np.int32)
    inside = (x.min((1, 2)) >= 1) & (y.min((1, 2)) >= 1)
    seen = inside & (x.max((1, 2)) + 2 < wide) & (y.max((1, 2)) + 2 < high)
    if not seen.all():
        x, y = np.clip(x, 1, wide - 3), np.clip(y, 1, high - 3)
    top, left = int(y.min()) - 1, int(x.min()) - 1
    part = gray[top : int(y.max()) + 2, left : int(x.max()) + 2].astype(np.uint16)
    rows = part[:-2] + part[1:-1] + part[2:]
    mean = rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]
    at = (y - (top + 1)) * mean.shape[1] + (x - (left + 1))
    sharp = part[1:-1, 1:-1].ravel().take(at).astype(np.float32)
    return sharp, mean.ravel().take(at).astype(np.float32) / 9, seen


def _outlines(dark: NDArray[Any], side: int) -> NDArray[Any]:
    """Return the row and column where each printed outline fits best: paper stretches."""
    line = max(round(LINE_MM / STEP_MM), 1)
    first = round((AROUND_MM - SNAP_MM) / STEP_MM)
    count = 2 * round(SNAP_MM / STEP_MM) + 1
    sums = np.pad(dark, ((0, 0), (1, 0), (1, 0))).cumsum(axis=1).cumsum(axis=2)

    def inked(start: int, size: int) -> NDArray[Any]:
        """Return the ink of a square of this size, at every place it is tried."""
        at, to = slice(start, start + count), slice(start + size, start + size + count)
        whole: NDArray[Any] = sums[:, to, to] - sums[:, at, to] - sums[:, to, at] + sums[:, at, at]
        return whole

    inner = side - 2 * line
    edge = (inked(first, side) - inked(first + line, inner)) / (side**2 - inner**2)
    away = np.abs(np.arange(count) - count // 2)
    best = (edge - NEARER * (away[:, None] + away)).reshape(len(dark), -1).argmax(axis=1)
    return np.stack([best // count, best % count], axis=1) + first


def _cut(dark: NDArray[Any], at: NDArray[Any], side: int) -> NDArray[Any]:
    """Return each box as far as its outline goes."""
    steps = np.arange(side)
    rows, columns = at[:, 0, None] + steps, at[:, 1, None] + steps
    cut: NDArray[Any] = dark[
        np.arange(len(dark))[:, None, None], rows[:, :, None], columns[:, None]
    ]
    return cut


def _weakest_sides(line: NDArray[Any]) -> NDArray[Any]:
    """Return how dark the palest of the four sides is, each at its own best within the line."""
    sides = (line[:, :2], line[:, -2:], line[:, :, :2].mT, line[:, :, -2:].mT)
    best: NDArray[Any] = np.min([np.median(one, axis=2).max(axis=1) for one in sides], axis=0)
    return best
