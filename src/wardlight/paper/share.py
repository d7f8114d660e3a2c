"""One share of a node's key on paper: 33 words of SLIP-39 for one person and one envelope."""

from __future__ import annotations

from textwrap import fill
from typing import Any

import msgspec
from msgspec import Struct

from wardlight.paper.packs.sheets import Pdf
from wardlight.paper.typeset import Press, typeset_alone

COLUMNS = 3
TITLE = "WARDLIGHT KEY SHARE"
INSTRUCTIONS = (
    """Put this page into an envelope, seal it, sign across the seal, and keep it away from the
    machine and from the other shares. Delete the file it was printed from; take no picture.""",
    """Any {needed} of the {total} shares bring the key back; fewer tell nothing. Somebody who has
    {needed} of them and the disk or a backup can read every chart.""",
    """To bring the key back: `wardlight keys recover`, then type the words in the order of their
    numbers, share after share. The key check it prints must be the one above.""",
    "When a new set is made, destroy this page: a set never mixes with another one.",
)


class Share(Struct, frozen=True, kw_only=True):
    """One share, and what its holder must know. Never printed by accident."""

    node: str
    check: str  # of the key it is a share of
    number: int  # 1 to total
    total: int
    needed: int
    set_number: int  # SLIP-39 identifier: shares of one splitting have the same
    made: str  # ISO date
    words: tuple[str, ...]

    def __repr__(self) -> str:
        """Say which share it is, and none of its words."""
        return f"Share({self.number} of {self.total}, set {self.set_number})"


def share_text(share: Share) -> str:
    """Return the share as a text to print or to type from."""
    rows = len(share.words) // COLUMNS
    numbered = [f"{place:2d} {word:<10}" for place, word in enumerate(share.words, 1)]
    lines = ["    ".join(numbered[row::rows]).rstrip() for row in range(rows)]
    heads = [f"{label + ':':<11} {said}" for label, said in _facts(share)]
    instructions = [
        fill(said, 76, initial_indent="- ", subsequent_indent="  ") for said in _instructions(share)
    ]
    return "\n".join([TITLE, "", *heads, "", *lines, "", *instructions, ""])


def share_page(share: Share, press: Press, *, paper: str = "letter") -> Pdf:
    """Return the share as one page of PDF."""
    content: dict[str, Any] = {
        "title": TITLE,
        "paper": paper,
        "facts": _facts(share),
        "columns": COLUMNS,
        "words": share.words,
        "instructions": _instructions(share),
        "fonts": press.families,
    }
    body = typeset_alone("share.typ", {"share.json": msgspec.json.encode(content)}, press)
    return Pdf(body, 1)


def _facts(share: Share) -> list[tuple[str, str]]:
    return [
        ("Node", share.node),
        ("Key check", share.check),
        ("Share", f"{share.number} of {share.total}, {share.needed} are needed"),
        ("Set", f"{share.set_number}, made {share.made}"),
    ]


def _instructions(share: Share) -> list[str]:
    told = {"needed": share.needed, "total": share.total}
    return [" ".join(said.split()).format(**told) for said in INSTRUCTIONS]
