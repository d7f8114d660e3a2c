from __future__ import annotations

import pytest

from wardlight.record.instants import DAY, HOUR, MINUTE, Instant
from wardlight.views.ages import AgeLevel, Block, age_of

NOW = Instant(1_795_338_000_000)  # 22-Nov-2026 04:00 in Philadelphia
ZONE = "America/New_York"


def level(block: Block, span_ms: int, *, ehr_off: bool = False) -> str:
    return age_of(block, Instant(NOW - span_ms), now=NOW, zone=ZONE, ehr_off=ehr_off).level.value


@pytest.mark.parametrize(
    ("block", "plain_ms", "amber_ms"),
    [
        (Block.CENSUS, 15 * MINUTE, 60 * MINUTE),
        (Block.MAR, 15 * MINUTE, 30 * MINUTE),
        (Block.ORDERS, 15 * MINUTE, 30 * MINUTE),
        (Block.RESULTS, 60 * MINUTE, 4 * HOUR),
        (Block.ALLERGIES, 24 * HOUR, 7 * DAY),
        (Block.PROBLEMS, 24 * HOUR, 7 * DAY),
        (Block.DEMOGRAPHICS, 24 * HOUR, 7 * DAY),
        (Block.ED_STATUS, 30 * MINUTE, 60 * MINUTE),
    ],
)
def test_each_block_turns_amber_and_old_at_its_own_age(
    block: Block, plain_ms: int, amber_ms: int
) -> None:
    assert [level(block, plain_ms), level(block, plain_ms + 1)] == ["plain", "amber"]
    assert [level(block, amber_ms), level(block, amber_ms + 1)] == ["amber", "old"]


def test_the_text_says_the_time_and_how_old() -> None:
    age = age_of(Block.MAR, Instant(NOW - 72 * MINUTE), now=NOW, zone=ZONE)
    assert (age.text, age.word) == ("as of 22-Nov 02:48 · 1 h 12 min old", "OLD")


def test_the_year_is_said_when_it_is_another_one() -> None:
    age = age_of(Block.ALLERGIES, Instant(NOW - 365 * DAY), now=NOW, zone=ZONE)
    assert age.text == "as of 22-Nov-2025 04:00 · 365 d old"


def test_mar_and_orders_are_old_once_the_ehr_is_off() -> None:
    assert [level(Block.MAR, 0, ehr_off=True), level(Block.ORDERS, 0, ehr_off=True)] == [
        "old",
        "old",
    ]
    assert level(Block.CENSUS, 0, ehr_off=True) == "plain"


def test_a_block_never_heard_of_is_old_without_a_time() -> None:
    age = age_of(Block.RESULTS, None, now=NOW, zone=ZONE)
    assert (age.level, age.text, age.word) == (AgeLevel.OLD, "age not known", "OLD")


def test_an_old_report_of_another_emergency_department_is_no_report() -> None:
    age = age_of(Block.ED_STATUS, Instant(NOW - 2 * HOUR), now=NOW, zone=ZONE)
    assert age.word == "NO REPORT"


def test_a_time_ahead_of_the_clock_is_not_called_fresh() -> None:
    age = age_of(Block.CENSUS, Instant(NOW + 10 * MINUTE), now=NOW, zone=ZONE)
    assert (age.level, age.text) == (
        AgeLevel.AMBER,
        "as of 22-Nov 04:10 · 10 min ahead of this clock",
    )
