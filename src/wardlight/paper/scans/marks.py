"""What is read on a page: codes and boxes, as values that need nothing to be understood."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Tick(StrEnum):
    """What a box says."""

    TICKED = "ticked"
    EMPTY = "empty"
    UNSURE = "unsure"


class BoxRead(Struct, frozen=True):
    """One box as it was read, and where it is in the picture: left, top, right, bottom."""

    name: str
    tick: Tick
    ink: float
    place: tuple[int, int, int, int]


class CodeRead(Struct, frozen=True):
    """A sheet's code as it was read, not yet known to be ours, with its outline in pixels."""

    text: str
    outline: tuple[tuple[float, float], ...]  # top left, top right, bottom right, bottom left
