"""NEDOCS against twenty cases worked out by hand from the published formula, and its bands."""

from __future__ import annotations

import pytest

from wardlight.record.events.services import CrowdingCounted
from wardlight.views.services.nedocs import band_of, nedocs


def counted(numbers: tuple[float, ...]) -> CrowdingCounted:
    patients, ed_beds, admits, beds, ventilated, longest, last = numbers
    return CrowdingCounted(
        facility="LKS",
        ed_patients=int(patients),
        ed_beds=int(ed_beds),
        admits_in_ed=int(admits),
        hospital_beds=int(beds),
        ventilated_in_ed=int(ventilated),
        longest_admit_wait_h=longest,
        last_bed_wait_h=last,
    )


# ED patients, ED beds, admits in the ED, hospital beds, ventilated, longest wait h, last bed h.
CASES: tuple[tuple[tuple[float, ...], float, str], ...] = (
    ((35, 25, 8, 300, 4, 3.5, 2.0), 184.255, "dangerously overcrowded"),
    ((0, 25, 0, 300, 0, 0, 0), -20.0, "not busy"),
    ((25, 25, 0, 300, 0, 0, 0), 65.8, "extremely busy but not overcrowded"),
    ((10, 20, 0, 200, 0, 0, 0), 22.9, "busy"),
    ((10, 20, 2, 200, 0, 0, 0), 28.9, "busy"),
    ((10, 20, 2, 200, 1, 0, 0), 42.3, "busy"),
    ((10, 20, 2, 200, 1, 10, 0), 51.6, "busy"),
    ((10, 20, 2, 200, 1, 10, 1), 57.24, "busy"),
    ((20, 20, 4, 200, 1, 10, 1), 106.14, "overcrowded"),
    ((20, 20, 10, 200, 1, 10, 1), 124.14, "overcrowded"),
    ((20, 20, 10, 200, 2, 10, 2), 143.18, "severely overcrowded"),
    ((30, 20, 10, 200, 2, 10, 2), 186.08, "dangerously overcrowded"),
    ((4, 10, 0, 50, 0, 0, 0.5), 17.14, "not busy"),
    ((12, 30, 1, 400, 0, 2, 0.5), 20.5, "busy"),
    ((50, 40, 20, 500, 0, 8, 1.5), 127.15, "overcrowded"),
    ((60, 40, 30, 600, 3, 24, 3), 218.14, "dangerously overcrowded"),
    ((8, 8, 2, 100, 0, 5, 1), 88.09, "extremely busy but not overcrowded"),
    ((6, 12, 6, 60, 0, 12, 4), 116.62, "overcrowded"),
    ((15, 15, 15, 150, 0, 20, 2), 155.68, "severely overcrowded"),
    ((1, 1, 0, 1, 0, 0, 0), 65.8, "extremely busy but not overcrowded"),
)


@pytest.mark.parametrize(("numbers", "score", "band"), CASES)
def test_a_department_has_the_score_of_the_paper(
    numbers: tuple[float, ...], score: float, band: str
) -> None:
    found = nedocs(counted(numbers))
    assert found is not None
    assert round(found, 6) == pytest.approx(score, abs=1e-6)
    assert band_of(found) == band


def test_without_beds_there_is_no_score() -> None:
    assert nedocs(counted((5, 0, 0, 300, 0, 0, 0))) is None
    assert nedocs(counted((5, 25, 0, 0, 0, 0, 0))) is None


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (20, "not busy"),
        (20.1, "busy"),
        (60, "busy"),
        (100, "extremely busy but not overcrowded"),
        (140, "overcrowded"),
        (180, "severely overcrowded"),
        (180.1, "dangerously overcrowded"),
    ],
)
def test_a_score_between_two_bands_belongs_to_the_higher(score: float, band: str) -> None:
    assert band_of(score) == band
