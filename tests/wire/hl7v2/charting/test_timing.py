"""TQ1 and the older TQ."""

from __future__ import annotations

import pytest
from tests.wire.hl7v2.charting.told import at, only

from wardlight.record.events.charting import OrderChanged, Timing


def timing(*segments: str, rxe: str = "RXE||D|1", orc: str = "ORC|NW|1") -> Timing:
    return only(OrderChanged, "RDE^O11", orc, rxe, *segments).timing


def test_the_older_timing_has_pattern_times_start_end_priority_and_text() -> None:
    tq = "^Q6H&0600,1200,1800,2400^X3^202611220600^202611250600^S^^with food"
    assert timing(rxe=f"RXE|{tq}|D|1") == Timing(
        pattern="Q6H",
        times=("06:00", "12:00", "18:00", "00:00"),
        starts=at("2026-11-22 06:00"),
        ends=at("2026-11-25 06:00"),
        priority="S",
        text="with food",
    )


def test_what_rxe_leaves_open_is_taken_from_orc() -> None:
    found = timing(rxe="RXE|^^^202611220600|D|1", orc="ORC|NW|1|||||^BID^^^^R")
    assert found == Timing(pattern="BID", starts=at("2026-11-22 06:00"), priority="R")


def test_tq1_counts_before_the_older_timing() -> None:
    assert timing("TQ1|1||TID", rxe="RXE|^BID|D|1").pattern == "TID"


@pytest.mark.parametrize(
    "tq1",
    ["TQ1|1||Q4HPRN", "TQ1|1||Q4H||||||PRN", "TQ1|1||Q4H|||||||as needed", "TQ1|1||PRN"],
)
def test_as_needed_is_known_by_pattern_priority_or_text(tq1: str) -> None:
    assert timing(tq1).as_needed


def test_a_period_without_a_code_is_a_pattern() -> None:
    assert timing("TQ1|1||^^^^6^h").pattern == "Q6H"


def test_two_timings_are_both_shown() -> None:
    found = timing("TQ1|1||QAM|0800", "TQ1|2||QHS|2200")
    assert (found.pattern, found.times) == ("QAM + QHS", ("08:00", "22:00"))


def test_a_time_that_is_none_stays_as_sent() -> None:
    assert timing("TQ1|1||BID|breakfast~2100").times == ("breakfast", "21:00")
