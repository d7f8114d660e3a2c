"""What a step does to a stay: interop §4.3 and §4.4, line by line."""

from __future__ import annotations

from msgspec.structs import replace
from tests.views.entries import MOON, STAR, at, bed, heard, step

from wardlight.record.codes import Location
from wardlight.record.events.stays import Movement, Step
from wardlight.record.instants import Moment
from wardlight.views.fold import Views
from wardlight.views.patients.stays import AFTER_DISCHARGE, MISSED_MOVE, SILENT_MOVE
from wardlight.views.rows import Stay, StayState


def stay(views: Views) -> Stay:
    found = views.census.stay(STAR)
    assert found is not None
    return found


def moved(hours: float, where: str, came_from: str) -> Movement:
    return replace(step(Step.MOVE, hours, where), prior=bed(came_from))


def test_an_admission_opens_a_stay_in_its_bed() -> None:
    found = stay(heard(step(Step.ADMIT, 0, "12")))
    assert (found.state, found.location, found.provisional) == (
        StayState.PRESENT,
        bed("12"),
        False,
    )


def test_an_admission_time_that_nobody_stated_is_marked_derived() -> None:
    found = stay(heard(step(Step.ADMIT, 0, "12")))
    assert (found.admitted, found.admitted_derived) == (Moment(at(0)), True)


def test_an_update_before_the_admission_makes_a_provisional_stay() -> None:
    found = stay(heard(step(Step.UPDATE, 1, "12")))
    assert (found.state, found.provisional) == (StayState.PRESENT, True)


def test_the_late_admission_fills_in_and_wipes_nothing() -> None:
    found = stay(heard(step(Step.UPDATE, 2, "14"), step(Step.ADMIT, 0, "12")))
    assert (found.location, found.provisional) == (bed("14"), False)


def test_a_move_changes_the_bed_and_keeps_the_old_one() -> None:
    found = stay(heard(step(Step.ADMIT, 0, "12"), moved(1, "14", "12")))
    assert (found.location, found.prior, found.notes) == (bed("14"), bed("12"), ())


def test_a_move_from_another_bed_than_ours_notes_the_missed_one() -> None:
    found = stay(heard(step(Step.ADMIT, 0, "12"), moved(1, "16", "14")))
    assert found.notes == (MISSED_MOVE,)


def test_a_chain_of_moves_heard_the_wrong_way_round_ends_right() -> None:
    found = stay(heard(step(Step.ADMIT, 0, "12"), moved(2, "16", "14"), moved(1, "14", "12")))
    assert (found.location, found.notes) == (bed("16"), ())


def test_a_new_bed_in_an_update_is_a_silent_move() -> None:
    found = stay(heard(step(Step.ADMIT, 0, "12"), step(Step.UPDATE, 1, "14")))
    assert (found.location, found.notes) == (bed("14"), (SILENT_MOVE,))


def test_a_discharge_ends_the_stay_and_keeps_it_findable() -> None:
    views = heard(step(Step.ADMIT, 0, "12"), step(Step.DISCHARGE, 5))
    assert stay(views).state is StayState.LEFT
    assert [one.patient for one in views.census.left_since(at(4))] == [STAR]
    assert views.census.left_since(at(6)) == ()


def test_an_old_admission_replayed_does_not_reopen_a_discharged_stay() -> None:
    found = stay(
        heard(
            step(Step.ADMIT, 0, "12"),
            step(Step.DISCHARGE, 5),
            step(Step.ADMIT, 0, "12"),
        )
    )
    assert found.state is StayState.LEFT


def test_a_newer_admission_under_the_same_number_is_noted_and_reopens_nothing() -> None:
    found = stay(
        heard(step(Step.ADMIT, 0, "12"), step(Step.DISCHARGE, 5), step(Step.ADMIT, 6, "12"))
    )
    assert (found.state, found.notes) == (StayState.LEFT, (AFTER_DISCHARGE,))


def test_a_new_visit_number_opens_a_new_stay() -> None:
    views = heard(
        step(Step.ADMIT, 0, "12"),
        step(Step.DISCHARGE, 5),
        step(Step.ADMIT, 6, "14", visit="V|2"),
    )
    assert (stay(views).visit, len(views.census.stays(STAR))) == ("V|2", 2)


def test_a_cancelled_discharge_brings_the_patient_back_where_it_says() -> None:
    found = stay(
        heard(
            step(Step.ADMIT, 0, "12"),
            step(Step.DISCHARGE, 5),
            step(Step.CANCEL_DISCHARGE, 6, "16"),
        )
    )
    assert (found.state, found.location, found.discharged) == (
        StayState.PRESENT,
        bed("16"),
        None,
    )


def test_a_cancelled_move_puts_the_patient_where_the_message_says() -> None:
    found = stay(
        heard(
            step(Step.ADMIT, 0, "12"),
            step(Step.MOVE, 1, "14"),
            step(Step.CANCEL_MOVE, 2, "12"),
        )
    )
    assert found.location == bed("12")


def test_a_cancelled_admission_is_off_the_census_and_kept() -> None:
    views = heard(step(Step.ADMIT, 0, "12"), step(Step.CANCEL_ADMIT, 1))
    assert views.census.present() == ()
    assert stay(views).state is StayState.CANCELLED


def test_a_patient_on_leave_keeps_the_bed() -> None:
    views = heard(step(Step.ADMIT, 0, "12"), step(Step.LEAVE, 1))
    assert stay(views).state is StayState.ON_LEAVE
    assert len(views.census.present("MMH", "4E")) == 1


def test_a_return_ends_the_leave() -> None:
    views = heard(step(Step.ADMIT, 0, "12"), step(Step.LEAVE, 1), step(Step.RETURN, 2))
    assert stay(views).state is StayState.PRESENT


def test_a_patient_who_departed_is_off_the_unit_in_the_same_bed() -> None:
    away = replace(step(Step.DEPART, 1), temporary=Location(unit="CT"))
    found = stay(heard(step(Step.ADMIT, 0, "12"), away))
    assert (found.location, found.temporary) == (bed("12"), Location(unit="CT"))


def test_an_arrival_ends_the_trip() -> None:
    away = replace(step(Step.DEPART, 1), temporary=Location(unit="CT"))
    found = stay(heard(step(Step.ADMIT, 0, "12"), away, step(Step.ARRIVE, 2)))
    assert found.temporary is None


def test_an_expected_patient_is_not_on_the_census() -> None:
    views = heard(step(Step.EXPECT, 0, "12"))
    assert views.census.present() == ()
    assert [one.state for one in views.census.expected()] == [StayState.EXPECTED]


def test_a_cancelled_expectation_is_gone_from_the_list() -> None:
    views = heard(step(Step.EXPECT, 0, "12"), step(Step.CANCEL_EXPECT, 1))
    assert views.census.expected() == ()


def test_a_result_moves_nobody_whose_admission_was_seen() -> None:
    found = stay(heard(step(Step.ADMIT, 0, "12"), step(Step.SEEN, 1, "99")))
    assert (found.location, found.notes) == (bed("12"), ())


def test_a_result_for_an_unseen_stay_makes_it_provisional() -> None:
    found = stay(heard(step(Step.SEEN, 1, "12")))
    assert (found.provisional, found.location) == (True, bed("12"))


def test_a_visit_number_that_comes_later_is_given_to_the_open_stay() -> None:
    views = heard(step(Step.UPDATE, 0, "12", visit=""), step(Step.UPDATE, 1, "12"))
    assert [one.visit for one in views.census.stays(STAR)] == ["V|1"]


def test_a_deleted_visit_is_hidden_and_kept() -> None:
    views = heard(step(Step.ADMIT, 0, "12"), step(Step.DELETE, 1))
    assert (views.census.present(), stay(views).state) == ((), StayState.DELETED)


def test_beds_swapped_in_one_message_have_both_patients_in_their_new_beds() -> None:
    views = heard(step(Step.ADMIT, 0, "12"), step(Step.ADMIT, 0, "14", patient=MOON, visit="V|2"))
    # one message, two movements
    swap = (step(Step.MOVE, 1, "14"), step(Step.MOVE, 1, "12", patient=MOON, visit="V|2"))
    for movement in swap:
        views.census.take(movement.patient, movement, stay(views).stamp, "MMH")
    beds = {row.location.bed: row.stays[0].patient for row in views.census.beds("MMH", "4E")}
    assert beds == {"12": MOON, "14": STAR}
