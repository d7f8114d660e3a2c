"""Who lies where: lists by unit and bed, conflicts, merges, renumbered visits."""

from __future__ import annotations

from msgspec.structs import replace
from tests.views.entries import MOON, STAR, SUN, Story, at, bed, heard, step

from wardlight.record.codes import Location, StayClass
from wardlight.record.events.stays import (
    BedReported,
    PatientsMerged,
    Step,
    VisitRenumbered,
)


def test_beds_are_in_the_order_a_nurse_walks() -> None:
    views = heard(
        step(Step.ADMIT, 0, "10"),
        step(Step.ADMIT, 0, "9", patient=MOON, visit="V|2"),
    )
    rows = views.census.beds("MMH", "4E")
    assert [row.location.bed for row in rows] == ["9", "10"]


def test_two_patients_in_one_bed_are_both_shown_and_flagged() -> None:
    views = heard(step(Step.ADMIT, 0, "12"), step(Step.ADMIT, 1, "12", patient=MOON, visit="V|2"))
    (row,) = views.census.beds("MMH", "4E")
    assert (row.conflict(), {stay.patient for stay in row.stays}) == (True, {STAR, MOON})


def test_a_patient_without_a_bed_is_listed_after_the_beds() -> None:
    floating = replace(step(Step.ADMIT, 0), location=Location(unit="4E"))
    views = heard(floating, step(Step.ADMIT, 0, "12", patient=MOON, visit="V|2"))
    assert [row.location.bed for row in views.census.beds("MMH", "4E")] == ["12", ""]


def test_a_clinic_visit_is_not_on_a_ward_list() -> None:
    visit = replace(step(Step.REGISTER, 0), stay_class=StayClass.OUTPATIENT)
    views = heard(replace(visit, location=Location(unit="CARD")))
    assert views.census.present() == ()


def test_an_empty_bed_is_shown_with_what_housekeeping_said() -> None:
    views = heard(step(Step.ADMIT, 0, "12"), BedReported(location=bed("14"), status="H", at=at(1)))
    assert [(row.location.bed, row.status) for row in views.census.beds("MMH", "4E")] == [
        ("12", ""),
        ("14", "H"),
    ]


def test_a_merge_moves_stays_to_the_surviving_number() -> None:
    views = heard(
        step(Step.ADMIT, 0, "12", patient=MOON, visit="V|2"),
        PatientsMerged(survivor=STAR, retired=MOON, at=at(1)),
    )
    assert [stay.patient for stay in views.census.present()] == [STAR]


def test_a_message_under_the_retired_number_reaches_the_survivor() -> None:
    views = heard(
        PatientsMerged(survivor=STAR, retired=MOON, at=at(0)),
        step(Step.ADMIT, 1, "12", patient=MOON, visit="V|2"),
    )
    assert [stay.patient for stay in views.census.present()] == [STAR]


def test_merges_in_a_ring_end() -> None:
    views = heard(
        PatientsMerged(survivor=STAR, retired=MOON, at=at(0)),
        PatientsMerged(survivor=SUN, retired=STAR, at=at(1)),
        PatientsMerged(survivor=MOON, retired=SUN, at=at(2)),
    )
    assert {views.people.resolve(key) for key in (STAR, MOON, SUN)} == {SUN}


def test_a_visit_with_a_new_number_is_one_stay() -> None:
    views = heard(
        step(Step.ADMIT, 0, "12"),
        VisitRenumbered(patient=STAR, old="V|1", new="V|9", at=at(1)),
        step(Step.MOVE, 2, "14"),
    )
    assert [(s.visit, s.location.bed) for s in views.census.stays(STAR)] == [("V|9", "14")]


def test_a_visit_moved_to_another_patient_takes_its_steps_along() -> None:
    views = heard(
        step(Step.ADMIT, 0, "12"),
        VisitRenumbered(patient=MOON, old="V|1", new="V|1", at=at(1)),
        step(Step.UPDATE, 2),
    )
    assert [stay.patient for stay in views.census.present()] == [MOON]


def test_a_bed_is_found_however_it_is_typed() -> None:
    views = heard(replace(step(Step.ADMIT, 0), location=Location("4E", "4E12", "A")))
    for text in ("4e12", "4E-12", "4E12-A", "4E 12"):
        assert [stay.patient for stay in views.census.find_bed(text)] == [STAR], text
    assert views.census.find_bed("4E13") == ()


def test_units_count_patients_provisional_ones_and_conflicts() -> None:
    views = heard(step(Step.ADMIT, 0, "12"), step(Step.UPDATE, 1, "12", patient=MOON, visit="V|2"))
    (unit,) = views.census.units("MMH")
    assert (unit.unit, unit.patients, unit.provisional, unit.conflicts) == ("4E", 2, 1, 1)


def test_a_snapshot_restores_the_same_census() -> None:
    story = Story()
    views = story.views()
    for event in (
        step(Step.ADMIT, 0, "12"),
        step(Step.ADMIT, 0, "14", patient=MOON, visit="V|2"),
        step(Step.DISCHARGE, 3, patient=MOON, visit="V|2"),
        BedReported(location=bed("16"), status="C", at=at(1)),
    ):
        views.apply(story.told(event))
    again = type(views).restored(
        views.snapshot(), story.read_headline, story.read_chart, story.fetch
    )
    assert again.census.beds("MMH", "4E") == views.census.beds("MMH", "4E")
    assert again.census.left_since(at(0)) == views.census.left_since(at(0))
