from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from wardlight.record.events.charting import Timing
from wardlight.record.instants import DAY, DIGITS_DAY, HOUR, MINUTE, Instant, Moment, instant_of
from wardlight.views.bedside.dose_times import (
    SITE_TIMES,
    Course,
    Repeats,
    TimesFrom,
    due_times,
    ends_at,
    next_due,
    pattern_of,
    plan_of,
)

ZONE = "America/New_York"
EASTERN = ZoneInfo(ZONE)
SPRING, AUTUMN, PLAIN = "2026-03-08", "2026-11-01", "2026-06-15"


def at(text: str, *, fold: int = 0) -> Instant:
    """Return the instant of a wall-clock time in Philadelphia."""
    wall = datetime.fromisoformat(text).replace(tzinfo=EASTERN, fold=fold)
    return instant_of(wall.astimezone(UTC))


def wall(instant: Instant) -> str:
    moment = datetime.fromtimestamp(instant / 1000, EASTERN)
    return f"{moment:%Y-%m-%d %H:%M %Z}"


def due(timing: Timing, day: str, hours: int = 24, last_given: str = "") -> list[str] | None:
    """Return the wall-clock times due within so many hours of a day's midnight."""
    plan = plan_of(timing)
    if plan is None:
        return None
    given_at = Moment(at(last_given)) if last_given else None
    course = Course(zone=ZONE, starts=timing.starts, ends=timing.ends, last_given=given_at)
    start = at(f"{day} 00:00")
    found = due_times(plan, course, since=start, until=Instant(start + hours * HOUR - 1))
    return None if found is None else [wall(one)[11:16] for one in found]


@pytest.mark.parametrize(
    ("pattern", "times"),
    [
        ("QD", ["09:00"]),
        ("daily", ["09:00"]),
        ("BID", ["09:00", "21:00"]),
        ("B.I.D.", ["09:00", "21:00"]),
        ("TID", ["09:00", "14:00", "21:00"]),
        ("QID", ["09:00", "13:00", "17:00", "21:00"]),
        ("QHS", ["21:00"]),
        ("HS", ["21:00"]),
        ("QAM", ["09:00"]),
        ("QPM", ["21:00"]),
    ],
)
def test_a_pattern_gets_the_sites_usual_times(pattern: str, times: list[str]) -> None:
    plan = plan_of(Timing(pattern=pattern))
    assert plan is not None
    assert plan.times_from is TimesFrom.SITE_TABLE
    assert due(Timing(pattern=pattern), PLAIN) == times


@pytest.mark.parametrize(
    "pattern",
    [
        "QMWF",
        "Q0H",
        "Q1.5H",
        "AC",
        "PC",
        "",
        "BID WITH MEALS",
        "2",
        "Q6L",
        "QQ6H",
        "Q99999H",
        "每天",
    ],
)
def test_a_pattern_that_is_not_understood_gets_no_times(pattern: str) -> None:
    assert plan_of(Timing(pattern=pattern)) is None


def test_a_site_that_names_its_meal_times_has_them_understood() -> None:
    plan = plan_of(Timing(pattern="AC"), {"AC": ("07:30", "11:30", "17:30")})
    assert plan is not None
    assert plan.clock == ("07:30", "11:30", "17:30")


@pytest.mark.parametrize("pattern", ["Q6H", "q6h", "Q 6 H", "Q6HRS", "Q6 HOURS"])
def test_one_pattern_has_one_spelling(pattern: str) -> None:
    assert pattern_of(Timing(pattern=pattern)) == "Q6H"


@pytest.mark.parametrize(
    "timing",
    [
        Timing(pattern="PRN"),
        Timing(pattern="Q6H PRN"),
        Timing(pattern="PRNQ6H"),
        Timing(pattern="p.r.n."),
        Timing(pattern="Q6H", as_needed=True),
        Timing(pattern="Q6H", priority="PRN"),
    ],
)
def test_a_dose_given_as_needed_has_no_times(timing: Timing) -> None:
    plan = plan_of(timing)
    assert plan is not None
    assert plan.repeats is Repeats.AS_NEEDED
    assert due(timing, PLAIN) == []


def test_a_continuous_infusion_has_no_times() -> None:
    assert due(Timing(pattern="C"), PLAIN) == []


def test_an_interval_counts_from_the_last_dose_given() -> None:
    timing = Timing(pattern="Q6H", starts=Moment(at("2026-06-14 00:00")))
    assert due(timing, PLAIN, last_given="2026-06-14 22:20") == ["04:20", "10:20", "16:20", "22:20"]


def test_an_interval_without_a_dose_counts_from_the_start() -> None:
    timing = Timing(pattern="Q8H", starts=Moment(at("2026-06-14 22:00")))
    assert due(timing, PLAIN) == ["06:00", "14:00", "22:00"]


def test_an_interval_without_dose_or_start_is_not_known() -> None:
    assert due(Timing(pattern="Q8H"), PLAIN) is None


def test_a_start_known_only_by_its_day_is_no_time_of_day() -> None:
    timing = Timing(pattern="Q8H", starts=Moment(at("2026-06-14 00:00"), DIGITS_DAY))
    assert due(timing, PLAIN) is None


def test_minutes_count_as_minutes() -> None:
    timing = Timing(pattern="Q15M", starts=Moment(at("2026-06-15 00:05")))
    assert due(timing, PLAIN, hours=1) == ["00:05", "00:20", "00:35", "00:50"]


def test_the_orders_own_times_are_its_word() -> None:
    timing = Timing(pattern="BID", times=("08:00", "20:00"))
    plan = plan_of(timing)
    assert plan is not None
    assert plan.times_from is TimesFrom.ORDER
    assert due(timing, PLAIN) == ["08:00", "20:00"]


@pytest.mark.parametrize(
    "timing",
    [
        Timing(pattern="TID", times=("08:00", "20:00")),
        Timing(pattern="QMWF", times=("08:00",)),
        Timing(times=("24:00",)),
        Timing(times=("8",)),
    ],
)
def test_times_that_do_not_fit_the_pattern_are_not_understood(timing: Timing) -> None:
    assert plan_of(timing) is None


def test_a_single_dose_is_due_at_its_start() -> None:
    timing = Timing(pattern="ONCE", starts=Moment(at("2026-06-15 10:10")))
    assert due(timing, PLAIN) == ["10:10"]
    assert due(timing, PLAIN, last_given="2026-06-15 10:00") == []


def test_nothing_is_due_before_the_start_or_after_the_end() -> None:
    timing = Timing(
        pattern="QID",
        starts=Moment(at("2026-06-15 12:00")),
        ends=Moment(at("2026-06-15 17:00")),
    )
    assert due(timing, PLAIN) == ["13:00", "17:00"]


def test_an_end_known_only_by_its_day_lasts_to_midnight() -> None:
    timing = Timing(pattern="QHS", ends=Moment(at("2026-06-15 00:00"), DIGITS_DAY))
    assert due(timing, PLAIN, hours=48) == ["21:00"]


def test_every_second_day_counts_from_the_start() -> None:
    timing = Timing(pattern="QOD", starts=Moment(at("2026-06-14 12:00")))
    assert due(timing, "2026-06-14", hours=96) == ["09:00"]
    assert due(timing, "2026-06-16") == ["09:00"]


def test_every_second_day_counts_from_the_last_dose() -> None:
    timing = Timing(pattern="Q2D", starts=Moment(at("2026-06-01 00:00")))
    assert due(timing, PLAIN, last_given="2026-06-15 11:00") == []
    assert due(timing, "2026-06-17", last_given="2026-06-15 11:00") == ["09:00"]


def test_times_run_on_across_midnight() -> None:
    assert due(Timing(times=("00:00", "23:59")), "2026-06-15", hours=48) == [
        "00:00",
        "23:59",
        "00:00",
        "23:59",
    ]


def test_a_dose_at_half_past_two_on_the_spring_night_is_due_once_at_half_past_three() -> None:
    assert due(Timing(times=("02:30",)), SPRING, hours=23) == ["03:30"]


def test_a_dose_at_half_past_one_on_the_autumn_night_is_due_once_the_first_time() -> None:
    plan = plan_of(Timing(times=("01:30",)))
    assert plan is not None
    start = at(f"{AUTUMN} 00:00")
    found = due_times(plan, Course(zone=ZONE), since=start, until=Instant(start + 25 * HOUR - 1))
    assert found is not None
    assert [wall(one) for one in found] == ["2026-11-01 01:30 EDT"]


def test_a_dose_at_half_past_two_on_the_autumn_night_is_due_once() -> None:
    assert due(Timing(times=("02:30",)), AUTUMN, hours=25) == ["02:30"]


def test_a_dose_at_half_past_two_is_due_once_on_a_european_change_night() -> None:
    plan = plan_of(Timing(times=("02:30",)))
    assert plan is not None
    midnight = Instant(1_792_879_200_000)  # 25-Oct-2026 00:00 in Berlin
    found = due_times(
        plan, Course(zone="Europe/Berlin"), since=midnight, until=Instant(midnight + 25 * HOUR - 1)
    )
    assert found == (midnight + 150 * MINUTE,)


@pytest.mark.parametrize("night", [SPRING, AUTUMN])
def test_the_morning_dose_keeps_its_clock_time_after_the_change(night: str) -> None:
    assert due(Timing(pattern="QD"), night, hours=23) == ["09:00"]


def test_six_hours_are_six_real_hours_on_the_spring_night() -> None:
    timing = Timing(pattern="Q6H", starts=Moment(at("2026-03-08 00:00")))
    assert due(timing, SPRING, hours=23) == ["00:00", "07:00", "13:00", "19:00"]


def test_six_hours_are_six_real_hours_on_the_autumn_night() -> None:
    timing = Timing(pattern="Q6H", starts=Moment(at("2026-11-01 00:00")))
    assert due(timing, AUTUMN, hours=25) == ["00:00", "05:00", "11:00", "17:00", "23:00"]


@pytest.mark.parametrize("pattern", ["Q24H", "Q48H"])
def test_whole_days_keep_the_clock_time_across_the_change(pattern: str) -> None:
    last = "2026-03-07 08:15" if pattern == "Q24H" else "2026-03-06 08:15"
    assert due(Timing(pattern=pattern), SPRING, hours=23, last_given=last) == ["08:15"]


def test_the_next_dose_is_found_however_far_ahead() -> None:
    plan = plan_of(Timing(pattern="Q72H"))
    assert plan is not None
    course = Course(zone=ZONE, last_given=Moment(at("2026-06-15 08:00")))
    found = next_due(plan, course, after=at("2026-06-15 09:00"))
    assert found == at("2026-06-18 08:00")


def test_the_next_dose_of_an_order_that_starts_next_week_is_its_first() -> None:
    plan = plan_of(Timing(pattern="QD"))
    assert plan is not None
    course = Course(zone=ZONE, starts=Moment(at("2026-06-22 10:00")))
    assert next_due(plan, course, after=at("2026-06-15 09:00")) == at("2026-06-23 09:00")


def test_an_ended_order_has_no_next_dose() -> None:
    plan = plan_of(Timing(pattern="QD"))
    assert plan is not None
    course = Course(zone=ZONE, ends=Moment(at("2026-06-15 09:30")))
    assert next_due(plan, course, after=at("2026-06-15 09:00")) is None


def test_an_end_in_the_year_9999_is_no_end() -> None:
    far = Moment(Instant(253_402_214_400_000), DIGITS_DAY)
    assert ends_at(Course(zone=ZONE, ends=far)) > 10**18


clock = st.times().map(lambda time: f"{time.hour:02d}:{time.minute:02d}")
zones = st.sampled_from(["America/New_York", "America/Los_Angeles", "Europe/London", "UTC"])


@settings(max_examples=examples(80), deadline=None)
@given(
    st.sampled_from([SPRING, AUTUMN, PLAIN, "2026-03-29", "2026-10-25"]),
    st.sets(clock, min_size=1, max_size=4),
    zones,
    st.integers(min_value=0, max_value=3 * DAY),
)
def test_every_due_time_is_in_the_window_and_on_the_sites_clock(
    day: str, times: set[str], zone: str, span: int
) -> None:
    plan = plan_of(Timing(times=tuple(times)))
    assert plan is not None
    since = Instant(at(f"{day} 00:00") - DAY)
    found = due_times(plan, Course(zone=zone), since=since, until=Instant(since + span))
    assert found is not None
    for one in found:
        assert since <= one <= since + span
        shown = datetime.fromtimestamp(one / 1000, ZoneInfo(zone))
        skipped = shown - timedelta(hours=1)  # the night an hour is left out
        assert f"{shown:%H:%M}" in times or (
            f"{skipped:%H:%M}" in times
            and shown.utcoffset() != (shown - timedelta(hours=2)).utcoffset()
        )


@settings(max_examples=examples(80), deadline=None)
@given(
    st.sampled_from([*SITE_TIMES, "Q1H", "Q6H", "Q72H", "Q5M", "Q3D", "ONCE", "C", "PRN"]),
    st.none() | st.integers(min_value=-(10**16), max_value=10**16),
    st.none() | st.integers(min_value=-(10**16), max_value=10**16),
    st.sampled_from([4, 8, 12, 14]),
)
def test_no_start_end_or_dose_breaks_the_due_times(
    pattern: str, starts: int | None, ends: int | None, digits: int
) -> None:
    plan = plan_of(Timing(pattern=pattern))
    assert plan is not None
    first = Moment(Instant(starts), digits) if starts is not None else None
    last = Moment(Instant(ends), digits) if ends is not None else None
    course = Course(zone=ZONE, starts=first, ends=last, last_given=first)
    since = at(f"{SPRING} 00:00")
    found = due_times(plan, course, since=since, until=Instant(since + DAY))
    assert all(since <= one <= since + DAY for one in found or ())
    following = next_due(plan, course, after=since)
    assert following is None or following > since


@pytest.mark.parametrize(
    ("written", "pattern"),
    [
        ("every 8 hours", "Q8H"),
        ("Every  6 Hours", "Q6H"),
        ("every 30 minutes", "Q30M"),
        ("every 2 days", "Q2D"),
        ("three times a day", "TID"),
        ("twice daily", "BID"),
        ("at bedtime", "QHS"),
        ("every other day", "Q2D"),
        ("as needed", "PRN"),
    ],
)
def test_a_frequency_in_words_is_read_where_it_means_one_thing(written: str, pattern: str) -> None:
    assert pattern_of(Timing(pattern=written)) == pattern


@pytest.mark.parametrize("written", ["every few hours", "with meals", "2 or 3 times a day"])
def test_a_frequency_that_could_mean_several_things_has_no_times(written: str) -> None:
    assert plan_of(Timing(pattern=written)) is None
