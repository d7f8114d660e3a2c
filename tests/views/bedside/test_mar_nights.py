"""The MAR over midnight and over the two nights on which the clock changes, to the minute."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as given_that
from hypothesis import settings
from hypothesis import strategies as st
from tests.views.bedside.charting_builders import PATIENT, charted, medicine, ordered

from wardlight.record.codes import Coded
from wardlight.record.events.charting import DoseRecorded, Timing
from wardlight.record.instants import HOUR, MINUTE, Instant, Moment, instant_of, local
from wardlight.record.reading import Charted
from wardlight.views.bedside.mar import CellState, MarRow, mar
from wardlight.views.patients.chart import fold_chart

ZONE = "America/New_York"
SPRING, AUTUMN, PLAIN = "2026-03-08", "2026-11-01", "2026-06-15"  # 02:00 to 03:00; 02:00 to 01:00


def at(text: str, *, fold: int = 0) -> Instant:
    wall = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE), fold=fold)
    return instant_of(wall.astimezone(UTC))


def order(pattern: str, *times: str, starts: str) -> Charted:
    timing = Timing(pattern=pattern, times=times, starts=Moment(at(starts)))
    return charted(at(starts) / HOUR, ordered(detail=medicine(), timing=timing))


def dose(when: Instant) -> Charted:
    event = DoseRecorded(order="RX|1", drug=Coded(text="metoprolol"), at=Moment(when), amount="25")
    return charted(when / HOUR, event)


def row(*said: Charted, now: Instant) -> MarRow:
    chart = fold_chart(PATIENT, sorted(said, key=lambda one: one.stamp.occurred), dose_feed=True)
    (found,) = mar(chart, now=now, zone=ZONE, charts_here=True).rows
    return found


def wall(one: Instant | None) -> str:
    return "" if one is None else f"{local(one, ZONE):%d %H:%M %Z}"


def states(found: MarRow, *kinds: CellState) -> list[str]:
    return [wall(cell.at) for cell in found.cells if cell.state in kinds]


def overdue(found: MarRow) -> list[str]:
    return states(found, CellState.OVERDUE)


@pytest.mark.parametrize(
    ("day", "next_due"),
    [(PLAIN, "16 04:30 EDT"), (SPRING, "08 05:30 EDT"), (AUTUMN, "01 03:30 EST")],
)
def test_six_hours_after_a_dose_are_six_real_hours_over_midnight(day: str, next_due: str) -> None:
    evening = {PLAIN: "2026-06-15", SPRING: "2026-03-07", AUTUMN: "2026-10-31"}[day]
    given = at(f"{evening} 22:30")
    found = row(order("Q6H", starts=f"{evening} 10:30"), dose(given), now=Instant(given + HOUR))
    assert wall(found.next_due) == next_due


@pytest.mark.parametrize(
    ("evening", "due"),
    [
        ("2026-06-14", "15 04:30 EDT"),
        ("2026-03-07", "08 05:30 EDT"),
        ("2026-10-31", "01 03:30 EST"),
    ],
)
def test_a_dose_is_overdue_from_its_minute_on(evening: str, due: str) -> None:
    given = at(f"{evening} 22:30")
    said = (order("Q6H", starts=f"{evening} 10:30"), dose(given))
    minute = Instant(given + 6 * HOUR)
    assert due not in overdue(row(*said, now=Instant(minute - 1)))
    assert due in overdue(row(*said, now=minute))


def test_a_time_that_does_not_exist_is_charted_at_half_past_three() -> None:
    said = order("", "02:30", starts="2026-03-07 00:00")
    before = row(said, dose(at("2026-03-07 02:30")), now=at(f"{SPRING} 01:59"))
    assert wall(before.next_due) == "08 03:30 EDT"
    after = row(
        said, dose(at("2026-03-07 02:30")), dose(at(f"{SPRING} 03:30")), now=at(f"{SPRING} 05:00")
    )
    assert overdue(after) == []


def test_the_missing_hour_makes_no_dose_overdue_early() -> None:
    said = (order("", "02:30", starts="2026-03-07 00:00"), dose(at("2026-03-07 02:30")))
    assert overdue(row(*said, now=at(f"{SPRING} 03:29"))) == []
    assert overdue(row(*said, now=at(f"{SPRING} 03:31"))) == ["08 03:30 EDT"]


def test_a_time_that_comes_twice_is_due_once() -> None:
    said = (order("", "01:30", starts="2026-10-31 00:00"), dose(at("2026-10-31 01:30")))
    found = row(*said, now=at(f"{AUTUMN} 01:00", fold=0))
    assert states(found, CellState.DUE)[:1] == ["01 01:30 EDT"]
    assert states(found, CellState.DUE)[1:] == []


def test_a_dose_in_the_second_hour_of_two_settles_the_first() -> None:
    said = (order("", "01:30", starts="2026-10-31 00:00"), dose(at("2026-10-31 01:30")))
    second = at(f"{AUTUMN} 01:30", fold=1)
    found = row(*said, dose(second), now=at(f"{AUTUMN} 05:00"))
    assert overdue(found) == []
    assert wall(found.next_due) == "02 01:30 EST"


def test_two_doses_in_the_hour_that_comes_twice_stay_two() -> None:
    said = order("Q1H", starts="2026-10-31 22:00")
    doses = [at(f"{AUTUMN} 01:15", fold=fold) for fold in (0, 1)]
    found = row(said, *map(dose, doses), now=at(f"{AUTUMN} 02:00"))
    assert states(found, CellState.GIVEN) == ["01 01:15 EDT", "01 01:15 EST"]
    assert wall(found.next_due) == "01 02:15 EST"


@pytest.mark.parametrize("day", [PLAIN, SPRING, AUTUMN])
def test_a_dose_five_minutes_after_midnight_counts_for_midnight(day: str) -> None:
    starts = {PLAIN: "2026-06-14", SPRING: "2026-03-07", AUTUMN: "2026-10-31"}[day]
    said = order("", "00:00", starts=f"{starts} 12:00")
    found = row(said, dose(at(f"{day} 00:05")), now=at(f"{day} 06:00"))
    assert overdue(found) == []
    assert states(found, CellState.GIVEN) == [
        f"{day[-2:]} 00:05 {'EST' if day == SPRING else 'EDT'}"
    ]


@pytest.mark.parametrize(("day", "hours"), [(PLAIN, 24), (SPRING, 23), (AUTUMN, 25)])
def test_daily_at_nine_is_nine_on_the_wall_whatever_the_night(day: str, hours: int) -> None:
    before = {PLAIN: "2026-06-14", SPRING: "2026-03-07", AUTUMN: "2026-10-31"}[day]
    said = (order("", "09:00", starts=f"{before} 00:00"), dose(at(f"{before} 09:00")))
    found = row(*said, now=at(f"{before} 21:00"))
    assert found.next_due == at(f"{before} 09:00") + hours * HOUR


@settings(max_examples=60, deadline=None)
@given_that(
    st.sampled_from([SPRING, AUTUMN]), st.integers(0, 12 * 60), st.sampled_from([2, 4, 6, 8])
)
def test_on_both_nights_an_interval_is_real_time(day: str, minute: int, every: int) -> None:
    starts = {SPRING: "2026-03-07 12:00", AUTUMN: "2026-10-31 12:00"}[day]
    given = Instant(at(starts) + 6 * HOUR + minute * MINUTE)
    found = row(order(f"Q{every}H", starts=starts), dose(given), now=Instant(given + MINUTE))
    assert found.next_due == given + every * HOUR
