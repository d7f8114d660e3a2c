from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from tests.views.bedside.charting_builders import chart_of, charted, line, reported

from wardlight.record.events.observations import Flow
from wardlight.record.instants import HOUR, Instant, instant_of, local
from wardlight.record.reading import Charted
from wardlight.views.bedside.fluid_balance import Balance, FluidBalance, fluid_balance

ZONE = "America/New_York"


def at(text: str, *, fold: int = 0) -> Instant:
    wall = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE), fold=fold)
    return instant_of(wall.astimezone(UTC))


def fluid(when: Instant, flow: str, route: str, volume: str, unit: str = "mL") -> Charted:
    test = f"Fluid {flow}: {route}"
    found = replace(line(test, volume), unit=unit)
    hours = when / HOUR
    report = reported(found, number=f"F|{when}|{test}", test=test, collected=hours)
    return charted(hours, report)


def balance(*said: Charted, now: str) -> FluidBalance:
    return fluid_balance(chart_of(*said), now=at(now), zone=ZONE)


def span(one: Balance) -> str:
    starts, ends = local(one.starts, ZONE), local(one.ends, ZONE)
    return f"{starts:%d %H:%M} to {ends:%d %H:%M}"


def ml(one: Balance) -> tuple[float, float]:
    return float(one.in_ml), float(one.out_ml)


def hours(one: Balance) -> float:
    return (one.ends - one.starts) / HOUR


def test_a_day_adds_what_went_in_and_out() -> None:
    found = balance(
        fluid(at("2026-06-15 08:00"), "in", "oral", "200"),
        fluid(at("2026-06-15 09:00"), "in", "IV", "1000"),
        fluid(at("2026-06-15 10:00"), "out", "urine", "450.5"),
        now="2026-06-15 12:00",
    )
    (day,) = found.days
    assert (*ml(day), float(day.net_ml())) == (1200, 450.5, 749.5)
    assert day.routes[0] == (Flow.IN, "IV", Decimal(1000))


def test_a_shift_ends_where_the_next_begins() -> None:
    found = balance(
        fluid(at("2026-06-15 18:59"), "in", "oral", "100"),
        fluid(at("2026-06-15 19:00"), "in", "oral", "50"),
        now="2026-06-15 20:00",
    )
    night, day = found.shifts
    assert (span(day), ml(day), day.open) == ("15 07:00 to 15 19:00", (100, 0), False)
    assert (span(night), ml(night), night.open) == ("15 19:00 to 16 07:00", (50, 0), True)


def test_a_volume_after_midnight_is_of_the_new_day_and_the_old_shift() -> None:
    found = balance(
        fluid(at("2026-06-15 23:30"), "out", "urine", "300"),
        fluid(at("2026-06-16 00:10"), "out", "urine", "200"),
        now="2026-06-16 06:00",
    )
    assert [ml(day) for day in found.days] == [(0, 200), (0, 300)]
    assert [ml(shift) for shift in found.shifts] == [(0, 500)]


def test_the_night_of_spring_has_eleven_hours() -> None:
    found = balance(
        fluid(at("2026-03-07 19:00"), "in", "IV", "100"),
        fluid(at("2026-03-08 06:59"), "in", "IV", "100"),
        fluid(at("2026-03-08 07:00"), "in", "IV", "7"),
        now="2026-03-08 09:00",
    )
    day, night = found.shifts
    assert (hours(night), ml(night), ml(day)) == (11, (200, 0), (7, 0))
    assert [hours(one) for one in found.days] == [23, 24]


def test_in_the_night_of_autumn_the_hour_that_comes_twice_counts_once_each() -> None:
    found = balance(
        fluid(at("2026-11-01 01:30", fold=0), "out", "urine", "100"),
        fluid(at("2026-11-01 01:30", fold=1), "out", "urine", "50"),
        now="2026-11-01 09:00",
    )
    (night,) = found.shifts
    assert (hours(night), ml(night)) == (13, (0, 150))
    assert [(hours(one), ml(one)) for one in found.days] == [(25, (0, 150))]


def test_what_cannot_be_added_is_listed_and_never_nothing() -> None:
    found = balance(
        fluid(at("2026-06-15 08:00"), "in", "oral", "200"),
        fluid(at("2026-06-15 09:00"), "in", "oral", "2", unit="cups"),
        fluid(at("2026-06-15 10:00"), "out", "stool", "large"),
        now="2026-06-15 12:00",
    )
    (day,) = found.days
    assert ml(day) == (200, 0)
    assert [one.said for one in day.not_added] == ["2 cups", "large mL"]


def test_without_a_volume_there_is_no_balance() -> None:
    assert balance(now="2026-06-15 12:00") == FluidBalance()
