"""Times: what was said, as exactly as it was said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.record.instants import Instant, Moment, PartialDate, iso
from wardlight.wire.hl7v2.times import DateRead, Doubt, birth_date, moment, offset_of

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
NOW = Instant(1_795_313_505_000)  # 2026-11-22T02:11:45Z


def said(text: str, zone: str = BERLIN, **more: str) -> str:
    read = moment(text, zone, NOW, **more)
    assert read.moment is not None
    return iso(read.moment.at)


@given(st.text(max_size=30) | st.text(alphabet="0123456789+-.:TZ /APM", max_size=24))
def test_no_text_is_beyond_reading(text: str) -> None:
    read = moment(text, NEW_YORK, NOW)
    assert read.moment is None or read.moment.digits in {4, 6, 8, 10, 12, 14}
    assert birth_date(text, NOW).day is None or read.doubt is not Doubt.STANDS_FOR_UNKNOWN
    offset_of(text)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("20240230", Doubt.IMPOSSIBLE),
        ("202401012561", Doubt.IMPOSSIBLE),
        ("yesterday", Doubt.IMPOSSIBLE),
        ("2024", None),
        ("99991231", Doubt.STANDS_FOR_UNKNOWN),
        ("0000", Doubt.STANDS_FOR_UNKNOWN),
        ("00000000000000", Doubt.STANDS_FOR_UNKNOWN),
        ("1900", Doubt.STANDS_FOR_UNKNOWN),
        ("19700101", Doubt.STANDS_FOR_UNKNOWN),
        ("19700101000000", Doubt.STANDS_FOR_UNKNOWN),
        ("2014121914001", Doubt.ODD_FORM),
        ("2024-01-02T03:04:05", Doubt.ODD_FORM),
        ("03/04/2024", Doubt.AMBIGUOUS_DATE),
        ("20240101+9900", Doubt.IMPOSSIBLE),
    ],
)
def test_t22_odd_and_impossible_dates_say_what_is_wrong(text: str, doubt: Doubt | None) -> None:
    read = moment(text, BERLIN, NOW)
    assert read.doubt == doubt
    assert (read.moment is None) == (doubt not in {None, Doubt.ODD_FORM})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014121914001", "2014-12-19T13:00:00+00:00"),
        ("2024-01-02 03:04:05", "2024-01-02T02:04:05+00:00"),
        ("2024-01-02T03:04:05.123Z", "2024-01-02T03:04:05+00:00"),
        ("11/23/2024 3:15 PM", "2024-11-23T14:15:00+00:00"),
        ("23.11.2024 12:15", "2024-11-23T11:15:00+00:00"),
        ("11/23/2024 12:05 AM", "2024-11-22T23:05:00+00:00"),
    ],
)
def test_t22_other_forms_are_read_where_only_one_reading_is_possible(
    text: str, expected: str
) -> None:
    assert said(text) == expected


@pytest.mark.parametrize("digits", [4, 6, 8, 10, 12, 14])
def test_t23_precision_is_kept(digits: int) -> None:
    read = moment("20240102030405"[:digits], "UTC", NOW)
    assert read.moment is not None
    assert read.moment.digits == digits


def test_t23_a_fraction_of_a_second_is_kept_in_the_instant() -> None:
    assert moment("19700102000000.1234", "UTC", NOW).moment == Moment(Instant(86_400_123), 14)


def test_t24_the_fields_own_offset_comes_first() -> None:
    assert said("20240102030405-0500", header_offset="+0200") == "2024-01-02T08:04:05+00:00"


def test_t24_the_headers_offset_comes_before_the_zone_when_it_applies() -> None:
    assert said("20240102030405", header_offset="+0200") == "2024-01-02T01:04:05+00:00"


def test_t24_without_an_offset_the_sources_zone_applies() -> None:
    assert said("20240702030405", NEW_YORK) == "2024-07-02T07:04:05+00:00"


def test_t24_minus_zero_is_utc_and_midnight_starts_its_day() -> None:
    assert said("202401020000-0000") == "2024-01-02T00:00:00+00:00"


def test_t24_twenty_four_o_clock_is_the_start_of_the_next_day() -> None:
    assert said("202401022400", "UTC") == "2024-01-03T00:00:00+00:00"


def test_t24_in_the_hour_that_came_twice_the_one_nearer_to_receipt_is_taken() -> None:
    early, late = Instant(1_730_611_900_000), Instant(1_730_615_500_000)  # 05:31Z and 06:31Z
    first = moment("20241103013000", NEW_YORK, early)
    second = moment("20241103013000", NEW_YORK, late)
    assert first.moment == Moment(Instant(1_730_611_800_000))
    assert second.moment == Moment(Instant(1_730_615_400_000))
    assert first.doubt == second.doubt == Doubt.AMBIGUOUS_HOUR


def test_t24_the_hour_that_never_was_is_flagged() -> None:
    read = moment("20240310023000", NEW_YORK, NOW)
    assert read.doubt == Doubt.NO_SUCH_HOUR
    assert said("20240310023000", NEW_YORK) == "2024-03-10T07:30:00+00:00"


def test_t24_a_date_alone_is_never_an_ambiguous_hour() -> None:
    assert moment("20241103", NEW_YORK, NOW).doubt is None


@pytest.mark.parametrize(
    ("text", "offset"),
    [("20240101+0100", "+0100"), ("202401011200-05:30", "-0530"), ("2024", ""), ("x", "")],
)
def test_the_offset_of_the_header_is_found(text: str, offset: str) -> None:
    assert offset_of(text) == offset


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19420317", DateRead(PartialDate(1942, 3, 17))),
        ("194203", DateRead(PartialDate(1942, 3))),
        ("1942", DateRead(PartialDate(1942))),
        ("19420317120000-0500", DateRead(PartialDate(1942, 3, 17))),
        ("420317", DateRead(PartialDate(1942, 3, 17), Doubt.ODD_FORM)),
        ("250317", DateRead(PartialDate(2025, 3, 17), Doubt.ODD_FORM)),
        ("1942-03-17", DateRead(PartialDate(1942, 3, 17), Doubt.ODD_FORM)),
        ("19700101", DateRead(None, Doubt.STANDS_FOR_UNKNOWN)),
        ("19000101", DateRead(None, Doubt.STANDS_FOR_UNKNOWN)),
        ("19420230", DateRead(None, Doubt.IMPOSSIBLE)),
        ("", DateRead(None)),
        ('""', DateRead(None)),
    ],
)
def test_a_date_of_birth_is_as_exact_as_stated(text: str, expected: DateRead) -> None:
    assert birth_date(text, NOW) == expected
