"""Times as they are read out to a patient."""

from __future__ import annotations

import pytest

from wardlight.record.instants import Instant
from wardlight.web.clinics.lines import spoken

NINE = Instant(1_795_528_800_000)  # 2026-11-24 09:00 in New York


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Tuesday 24 November 2026, 09:00"),
        ("pl", "2026-11-24 09:00"),
    ],
)
def test_a_time_is_read_out_in_words_of_the_language_or_in_figures(
    language: str, words: str
) -> None:
    assert spoken(NINE, "America/New_York", language) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "the day you were given"),
        ("es", "día que le dieron"),
        ("pl", "the day you were given"),
    ],
)
def test_a_visit_without_a_time_leaves_no_gap(language: str, words: str) -> None:
    assert spoken(None, "America/New_York", language) == words
