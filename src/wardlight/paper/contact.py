"""Letters as PDF: what a patient is sent about visits that move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from wardlight.paper.typeset import Press, typeset_alone

LETTERS_MAX = 500  # of one printing


class Letter(Struct, frozen=True, kw_only=True):
    """One letter to one patient."""

    name: str
    address: tuple[str, ...]
    site: str
    date: str
    language: str
    opening: str
    paragraphs: tuple[str, ...]
    closing: str
    scam: str
    approved: str


def letters(all_: Sequence[Letter], press: Press, *, paper: str = "letter") -> bytes:
    """Return letters as PDF, each on a page of its own."""
    assert 0 < len(all_) <= LETTERS_MAX, "a printing has 1 to 500 letters"
    content: dict[str, Any] = {
        "letters": msgspec.to_builtins(list(all_)),
        "paper": paper,
        "fonts": press.families,
    }
    return typeset_alone("letter.typ", {"letters.json": msgspec.json.encode(content)}, press)
