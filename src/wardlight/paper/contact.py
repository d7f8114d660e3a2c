"""Call sheets and letters as PDF: what an agent reads and writes, what a patient is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from wardlight.paper.labels.symbols import linear
from wardlight.paper.typeset import Press, typeset_alone

LETTERS_MAX = 500  # of one printing


class SheetVisit(Struct, frozen=True, kw_only=True):
    """One visit on a call sheet."""

    when: str
    clinic: str
    what: str
    say: str


class SheetPatient(Struct, frozen=True, kw_only=True):
    """One patient on a call sheet, without anything that would let an agent prompt."""

    name: str
    language: str
    phones: tuple[str, ...]
    visits: tuple[SheetVisit, ...]
    alone: bool = False  # nobody else may be told


class CallSheet(Struct, frozen=True, kw_only=True):
    """One sheet for one agent and one shift."""

    number: str
    site: str
    agent: str
    printed: str
    until: str
    opening: str
    scam: str
    mode: str
    outcomes: tuple[str, ...]
    patients: tuple[SheetPatient, ...]


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


def call_sheet(sheet: CallSheet, press: Press, *, paper: str = "letter") -> bytes:
    """Return a call sheet as PDF; its number stands on every page as text and as a bar code."""
    content: dict[str, Any] = {
        "sheet": msgspec.to_builtins(sheet),
        "paper": paper,
        "fonts": press.families,
        "code": linear(sheet.number),
    }
    return typeset_alone("call_sheet.typ", {"call_sheet.json": msgspec.json.encode(content)}, press)


def letters(all_: Sequence[Letter], press: Press, *, paper: str = "letter") -> bytes:
    """Return letters as PDF, each on a page of its own."""
    assert 0 < len(all_) <= LETTERS_MAX, "a printing has 1 to 500 letters"
    content: dict[str, Any] = {
        "letters": msgspec.to_builtins(list(all_)),
        "paper": paper,
        "fonts": press.families,
    }
    return typeset_alone("letter.typ", {"letters.json": msgspec.json.encode(content)}, press)
