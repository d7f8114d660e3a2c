"""The case board of a theatre as PDF: who is to be operated on when, what was decided, what lacks.

An item nobody stated has boxes to tick by hand, so that the sheet goes on where the screen stops.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from wardlight.paper.typeset import Press, typeset_alone

CASES_MAX = 400  # of one printing


class BoardItem(Struct, frozen=True, kw_only=True):
    """One item of a case: the latest word, until or since when, who said it and how long ago."""

    item: str
    state: str
    said: str
    source: str


class BoardCase(Struct, frozen=True, kw_only=True):
    """One case. `decision` "" while nobody decided."""

    when: str
    room: str
    name: str
    born: str
    number: str
    what: tuple[str, ...]
    prep: tuple[str, ...]
    urgency: str
    harm_by: str
    decision: str
    decided: str
    moved: str
    lacks: tuple[str, ...]  # what speaks against letting it go
    items: tuple[BoardItem, ...]


class CaseBoard(Struct, frozen=True, kw_only=True):
    """One printing of a site's board."""

    site: str
    printed: str
    by: str
    days: int
    mode: str
    cases: tuple[BoardCase, ...]
    left_out: int = 0  # cases that are not on it


def case_board(board: CaseBoard, press: Press, *, paper: str = "letter") -> bytes:
    """Return the board as PDF, across the page, with its time on every one."""
    content: dict[str, Any] = {
        "board": msgspec.to_builtins(board),
        "paper": paper,
        "fonts": press.families,
    }
    return typeset_alone("case_board.typ", {"case_board.json": msgspec.json.encode(content)}, press)
