from __future__ import annotations

import pytest

from wardlight.outputs.fhir.dates import COMPARISONS, span_of, value_span
from wardlight.record.instants import DAY, HOUR

ZONE = "America/New_York"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("2026", 365 * DAY),
        ("2024-02", 29 * DAY),
        ("2026-11-22", DAY),
        ("2026-11-01", DAY + HOUR),  # the clocks go back that day
        ("2026-11-22T03:04", 60_000),
        ("2026-11-22T03:04:05", 1_000),
        ("2026-11-22T03:04:05.678Z", 1),
    ],
)
def test_a_date_is_a_span_as_long_as_its_precision(text: str, length: int) -> None:
    span = span_of(text, ZONE)
    assert span is not None
    assert span.end - span.start == length


@pytest.mark.parametrize("text", ["", "22-Nov-2026", "2026-13", "2026-02-30", "2026-11-22T25:00"])
def test_what_is_no_date_has_no_span(text: str) -> None:
    assert span_of(text, ZONE) is None


@pytest.mark.parametrize(
    ("prefix", "value", "asked", "matches"),
    [
        ("eq", "2026-11-22T03:00:00-05:00", "2026-11-22", True),
        ("eq", "2026-11", "2026-11-22", False),
        ("ne", "2026-11", "2026-11-22", True),
        ("gt", "2026-11-23", "2026-11-22", True),
        ("gt", "2026-11-22", "2026-11-22", False),
        ("ge", "2026-11-22", "2026-11-22", True),
        ("ge", "2026-11-21", "2026-11-22", False),
        ("lt", "2026-11-21", "2026-11-22", True),
        ("lt", "2026-11-22", "2026-11-22", False),
        ("le", "2026-11-22", "2026-11-22", True),
        ("le", "2026-11-23", "2026-11-22", False),
    ],
)
def test_prefixes_compare_spans(*, prefix: str, value: str, asked: str, matches: bool) -> None:
    one, other = span_of(value, ZONE), span_of(asked, ZONE)
    assert one is not None
    assert other is not None
    assert COMPARISONS[prefix](one, other) is matches


def test_a_stay_that_has_not_ended_lies_after_any_date() -> None:
    stay = value_span({"start": "2026-11-20"}, ZONE)
    later = span_of("2031", ZONE)
    assert stay is not None
    assert later is not None
    assert COMPARISONS["gt"](stay, later)
