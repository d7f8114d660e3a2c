"""What a node and its readers of scans say to each other: nothing a reader may not know."""

from __future__ import annotations

from msgspec import Struct

from wardlight.paper.scans.layout import BoxAt
from wardlight.paper.scans.marks import BoxRead, CodeRead


class Layouts(Struct, frozen=True):
    """The boxes of every form: by form, and page of it."""

    paper: str
    boxes: dict[str, tuple[BoxAt, ...]] = {}  # "W3A.01" → its boxes


class PageOut(Struct, frozen=True, tag=True):
    """One page, as it was read."""

    number: int
    jpeg: bytes  # upright
    codes: tuple[CodeRead, ...]
    labels: tuple[str, ...]
    boxes: tuple[BoxRead, ...]
    lies: tuple[float, ...] = ()  # millimetres to pixels, row by row; () without four corners


class EndOut(Struct, frozen=True, tag=True):
    """The end of a file, and what was wrong with it."""

    pages: int
    because: str = ""


class FileIn(Struct, frozen=True):
    """One file to be read."""

    body: bytes
    layouts: Layouts


Out = PageOut | EndOut
