"""A visit of which no message states the time is on the lists all the same."""

from __future__ import annotations

from msgspec.structs import replace
from tests.rules.clinics.clinic_day import SPAN, ClinicDay, clinic

from wardlight.record.events.schedule import AppointmentChanged
from wardlight.record.instants import DAY, Instant
from wardlight.record.reading import Stamp
from wardlight.views.clinics.schedule import UNTIMED_KEPT_MS, Schedule


def stamp(at: Instant) -> Stamp:
    return Stamp(at, at, "adt", 1, "")


def untimed(day: ClinicDay) -> AppointmentChanged:
    """Let a booking be heard that names a patient and no time."""
    said = AppointmentChanged(number="A99", at=day.now, patient=day.case(1).patient)
    day.views.schedule.take(said, stamp(day.now), "MMH")
    return said


def test_a_visit_without_a_time_is_among_the_affected_of_a_shut_clinic() -> None:
    day = clinic()
    untimed(day)
    found = day.views.cases.all("MMH", SPAN, lambda _: True)
    assert [one.appointment.number for one in found] == ["MMH|A1", "A99"]


def test_a_visit_whose_time_comes_later_is_listed_once() -> None:
    day = clinic()
    said = untimed(day)
    timed = replace(said, at=Instant(day.now + 1), starts=day.case(1).appointment.starts)
    day.views.schedule.take(timed, stamp(day.now), "MMH")
    assert day.views.schedule.untimed("MMH") == ()
    assert len(day.views.cases.all("MMH", SPAN, lambda _: True)) == 2


def test_a_visit_without_a_time_is_kept_over_a_restart_and_not_for_ever() -> None:
    day = clinic()
    said = untimed(day)
    again = Schedule()
    again.restore(day.views.schedule.snapshot())
    assert [one.number for one in again.untimed("MMH")] == ["A99"]
    later = Instant(day.now + UNTIMED_KEPT_MS + 2 * DAY)
    again.take(replace(said, number="A100", at=later), stamp(later), "MMH")
    assert [one.number for one in again.untimed("MMH")] == ["A100"]
