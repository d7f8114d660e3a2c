import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.plan.destinations.drive_time import (
    BAND,
    KnownTime,
    banded,
    estimate,
    minutes_for,
    pinned,
)
from wardlight.record.places import Place, Position, Setting, km_between, setting_of

HARTFORD_LIKE = Position(41.7637, -72.6851)


@pytest.mark.parametrize(
    ("km", "setting", "minutes"),
    # Worked out by hand from the published coefficients: start, then each stretch at its own slope.
    [
        (0, Setting.URBAN, 0.893),
        (3, Setting.URBAN, 0.893 + 3 * 1.789),
        (10, Setting.URBAN, 0.893 + 3 * 1.789 + 7 * 1.419),
        (30, Setting.SUBURBAN, 1.149 + 3 * 1.687 + 7 * 1.307 + 20 * 1.074),
        (100, Setting.RURAL, 1.108 + 3 * 1.588 + 7 * 1.439 + 20 * 1.065 + 50 * 0.988 + 20 * 0.858),
    ],
)
def test_the_estimate_follows_the_fitted_lines(km: float, setting: Setting, minutes: float) -> None:
    assert minutes_for(km, setting) == pytest.approx(minutes)


@given(st.floats(0, 500), st.floats(0, 500), st.sampled_from(Setting))
def test_farther_is_never_quicker(one: float, other: float, setting: Setting) -> None:
    near, far = sorted((one, other))
    assert minutes_for(near, setting) <= minutes_for(far, setting)
    assert estimate(near, setting).lo <= estimate(far, setting).lo


@given(st.floats(0, 500), st.sampled_from(Setting))
def test_no_time_is_shown_without_its_band(km: float, setting: Setting) -> None:
    drive = estimate(km, setting)
    assert drive.lo <= drive.minutes * (1 - BAND) + 1e-9
    assert drive.hi >= drive.minutes * (1 + BAND) - 1e-9
    assert "(" in drive.words()


def test_where_nobody_knows_the_roads_the_band_holds_all_of_them() -> None:
    drive = estimate(80, Setting.UNKNOWN)
    assert drive.lo < estimate(80, Setting.URBAN).lo
    assert drive.hi == estimate(80, Setting.RURAL).hi


def test_distances_are_those_of_the_great_circle() -> None:
    north = Position(HARTFORD_LIKE.latitude + 1, HARTFORD_LIKE.longitude)
    assert km_between(HARTFORD_LIKE, north) == pytest.approx(111.195, abs=0.01)
    assert km_between(HARTFORD_LIKE, HARTFORD_LIKE) == 0


def test_roads_are_urban_suburban_or_rural_by_the_people_who_live_there() -> None:
    found = [setting_of(each) for each in (None, 299, 300, 1_499, 1_500)]
    assert [str(one) for one in found] == ["unknown", "rural", "suburban", "suburban", "urban"]


def test_a_known_time_is_found_by_its_name_or_within_a_short_walk() -> None:
    pier = Place(words="Pier 4", at=HARTFORD_LIKE)
    known = [KnownTime(origin=pier, code="MMH", drive=banded(31, "drill"))]
    close = Position(HARTFORD_LIKE.latitude + 0.001, HARTFORD_LIKE.longitude)
    far = Position(HARTFORD_LIKE.latitude + 0.01, HARTFORD_LIKE.longitude)
    assert pinned(known, Place(words="a call", at=close))["MMH"].minutes == 31
    assert pinned(known, Place(words="pier 4", at=far))["MMH"].minutes == 31
    assert pinned(known, Place(words="a call", at=far)) == {}
