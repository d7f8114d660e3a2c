"""How many examples a property is tried with."""

from __future__ import annotations

from hypothesis import settings

WHOLE = 100  # what Hypothesis makes when nobody asks for fewer


def examples(whole: int) -> int:
    """Return how many examples to make of `whole`: all, but a quarter before a commit."""
    return max(1, whole * settings().max_examples // WHOLE)
