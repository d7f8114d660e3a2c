"""What the public is told: one approved decision in every language (domain.md M1, M2).

The words are kept as they were approved, so that a table changed later changes nothing that was
said. What each hospital does stands in `events.services`; these are the words for it.
"""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.instants import Instant


class Sentence(Struct, frozen=True, gc=False):
    """One approved sentence and what it is for: "ed.divert"."""

    key: str
    text: str


class PublicText(Struct, frozen=True, kw_only=True, gc=False):
    """Everything that may be said in one language."""

    language: str  # BCP 47: en, es, pt
    sentences: tuple[Sentence, ...]
    words: str = ""  # written for this day, translated by a person; "" for none


class PublicApproved(Struct, frozen=True, kw_only=True, gc=False, tag="public.approved"):
    """Somebody approved what the public reads from now on, in all these languages at once."""

    texts: tuple[PublicText, ...]
    approved_by: str  # name and role
    hotline: str
    next_update: Instant  # promised; after it the page says that it is old
    wait_minutes: int | None = None  # at the hotline; None: not said
    replaces: str = ""  # name of the approval before; "" for the first


class PublicWithdrawn(Struct, frozen=True, kw_only=True, gc=False, tag="public.withdrawn"):
    """What was approved is not said any more; the page says only that, and the hotline."""

    approval: str
    reason: str
    withdrawn_by: str


PublicSaid = PublicApproved | PublicWithdrawn
