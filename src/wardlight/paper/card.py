"""One-time cards on paper: ten codes for one person, for the day nothing else opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from wardlight.paper.packs.sheets import Pdf
from wardlight.paper.typeset import Press, typeset_alone

TITLE = "ONE-TIME CARD"
INSTRUCTIONS = (
    """Fold this page with the codes inside, seal it, sign across the seal. It lies where you can
    reach it when computers are down: your locker, or the safe of the ward.""",
    """To sign in: open Wardlight, take “One-time card”, type your account and one code. Cross the
    code out: each counts once.""",
    """Whoever has this page can sign in as you. Lost, or the seal is broken: have a new card made;
    that closes this one.""",
)


class CardSheet(Struct, frozen=True, kw_only=True):
    """One person's card. Its codes are never printed by accident."""

    site: str
    name: str
    role: str
    account: str
    made: str  # in words, local time
    codes: tuple[str, ...]

    def __repr__(self) -> str:
        """Say whose card it is, and none of its codes."""
        return f"CardSheet({self.account})"


def card_pages(cards: Sequence[CardSheet], press: Press, *, paper: str = "letter") -> Pdf:
    """Return a page for each card, to be folded with its codes inside."""
    content: dict[str, Any] = {
        "title": TITLE,
        "paper": paper,
        "fonts": press.families,
        "instructions": [" ".join(said.split()) for said in INSTRUCTIONS],
        "cards": [_drawn(one) for one in cards],
    }
    body = typeset_alone("card.typ", {"card.json": msgspec.json.encode(content)}, press)
    return Pdf(body, len(cards))


def _drawn(card: CardSheet) -> dict[str, Any]:
    return {
        "name": card.name,
        "facts": [
            ("Account", card.account),
            ("Works as", card.role),
            ("At", card.site),
            ("Made", card.made),
        ],
        "codes": card.codes,
    }
