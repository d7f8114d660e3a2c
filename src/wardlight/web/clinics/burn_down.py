"""The curve of those who do not know yet, as points of an SVG drawing of fixed size."""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.instants import Instant, clinical_time

WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 12, 28
_TICKS = 4


class Plot(Struct, frozen=True, kw_only=True):
    """What the drawing is made of; lengths in its own units."""

    width: int
    height: int
    line: str  # points of the polyline
    base: int  # y of zero
    left: int
    right: int
    levels: tuple[tuple[int, int], ...]  # y, how many
    times: tuple[tuple[int, str], ...]  # x, when
    words: str  # the same in a sentence


def plot(curve: tuple[tuple[Instant, int], ...], zone: str) -> Plot | None:
    """Return the drawing of a curve; None for one without a course."""
    if len(curve) < 2:  # noqa: PLR2004 -- a line has two ends
        return None
    first, last = curve[0][0], curve[-1][0]
    most = max(*(count for _, count in curve), 1)
    right, base = WIDTH - RIGHT, HEIGHT - BOTTOM

    def x(at: int) -> int:
        return LEFT + (at - first) * (right - LEFT) // max(last - first, 1)

    def y(count: int) -> int:
        return base - count * (base - TOP) // most

    levels = sorted({most * step // _TICKS for step in range(_TICKS + 1)})
    ticks = [first + (last - first) * step // _TICKS for step in range(_TICKS + 1)]
    return Plot(
        width=WIDTH,
        height=HEIGHT,
        line=" ".join(f"{x(at)},{y(count)}" for at, count in curve),
        base=base,
        left=LEFT,
        right=right,
        levels=tuple((y(count), count) for count in levels),
        times=tuple((x(at), _short(Instant(at), zone)) for at in ticks),
        words=(
            "Of the visits decided about, "
            f"{curve[0][1]} did not know at {clinical_time(first, zone)}, "
            f"{most} at most, {curve[-1][1]} now."
        ),
    )


def _short(at: Instant, zone: str) -> str:
    day, clock = clinical_time(at, zone).split(" ")
    return f"{day[:6]} {clock}"
