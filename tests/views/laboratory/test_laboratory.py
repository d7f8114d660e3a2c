"""A specimen's way, and the boards: pending, overdue, missing, to tell, escalated."""

from __future__ import annotations

from msgspec import structs
from tests.rules.laboratory.loop_ward import OBRIEN, REQUEST, OneSpecimen, Ward, line

from wardlight.record import catalogue
from wardlight.record.events.laboratory import EscalationStep
from wardlight.record.instants import MINUTE
from wardlight.views.bedside.findings import EscalationRule, escalations
from wardlight.views.fold import Views
from wardlight.views.laboratory.laboratory import SpecimenState, pending_tests, traces
from wardlight.views.laboratory.laboratory_board import (
    Board,
    LaboratoryTargets,
    board,
    pending_of,
    unacknowledged_of,
)
from wardlight.views.laboratory.loops import Loops

POTASSIUM = line("Potassium", "6.9", "mmol/L", "3.5-5.1")
TARGETS = LaboratoryTargets()


def looked_at(ward: Ward, targets: LaboratoryTargets = TARGETS) -> Board:
    views = ward.views
    return board(
        traces(views.loops),
        ward.now,
        views.whereabouts,
        targets=targets,
        unmatched=views.loops.unmatched(),
    )


def two_tests() -> OneSpecimen:
    ward = OneSpecimen()
    asked = [*REQUEST, ("test", "Sodium")]
    ward.request = ward.say(catalogue.SPECIMEN_REQUESTED, asked, patient=ward.patient)
    ward.accession = ward.next_number()
    given = [("request", ward.request), ("number", ward.accession), *OBRIEN]
    ward.say(catalogue.SPECIMEN_RECEIVED, given)
    return ward


def test_a_specimen_is_traced_from_request_to_read_back() -> None:
    ward = OneSpecimen()
    result = ward.file(*POTASSIUM)
    about = [("request", ward.request), ("result", result)]
    ward.minutes(2)
    called = [*about, ("to", "RN B. Kowalski"), ("how", "phone"), ("read_back", "yes")]
    ward.say(catalogue.RESULT_TOLD, called)
    ward.minutes(3)
    ward.say(catalogue.RESULT_ACKNOWLEDGED, about, patient=ward.patient)
    trace = ward.trace(ward.request)
    (finding,) = trace.findings
    assert trace.state is SpecimenState.ACKNOWLEDGED
    assert trace.asked is not None
    assert trace.received is not None
    assert finding.acknowledged is not None
    times = [
        trace.asked.occurred,
        trace.received.occurred,
        finding.step.occurred,
        finding.told[0].occurred,
        finding.acknowledged.occurred,
    ]
    assert [(at - times[0]) // MINUTE for at in times] == [0, 10, 25, 27, 30]
    assert finding.read_back()
    assert finding.told[0].by == "RN A. Mensah"


def test_what_was_asked_and_not_answered_stays_pending() -> None:
    ward = two_tests()
    ward.file(*line("Potassium", "4.4", "mmol/L"))
    trace = ward.trace(ward.request)
    assert trace.state is SpecimenState.PARTLY
    assert pending_tests((trace,)) == ("Sodium",)
    ward.file(*line("Sodium", "139", "mmol/L"))
    assert ward.trace(ward.request).state is SpecimenState.RESULTED


def test_the_laboratory_may_say_that_nothing_more_is_to_come() -> None:
    ward = two_tests()
    ward.file(*line("Potassium", "4.4", "mmol/L"), ("complete", "yes"))
    assert ward.trace(ward.request).state is SpecimenState.RESULTED


def test_a_stat_specimen_is_overdue_an_hour_after_it_was_taken() -> None:
    ward = OneSpecimen()
    ward.minutes(35)
    assert looked_at(ward).overdue == ()
    ward.minutes(1)
    (row,) = looked_at(ward).overdue
    assert row.late_ms(ward.now) == MINUTE


def test_a_specimen_that_was_resulted_is_no_longer_overdue() -> None:
    ward = OneSpecimen()
    ward.minutes(90)
    ward.file(*POTASSIUM)
    assert looked_at(ward).overdue == ()
    assert looked_at(ward).pending == ()


def test_a_group_of_tests_has_its_own_target() -> None:
    ward = Ward()
    ward.admit("704118", "O'BRIEN", "Siobhán")
    culture = [pair for pair in REQUEST if pair[0] not in ("test", "priority")]
    asked = [*culture, ("test", "Blood culture"), ("priority", "routine")]
    ward.say(catalogue.SPECIMEN_REQUESTED, asked, patient="MMH|704118")
    ward.minutes(71 * 60)
    assert looked_at(ward).overdue == ()
    ward.minutes(62)
    assert len(looked_at(ward).overdue) == 1


def test_what_was_taken_and_not_received_is_missing_after_three_quarters_of_an_hour() -> None:
    ward = Ward()
    ward.admit("704118", "O'BRIEN", "Siobhán")
    request = ward.say(catalogue.SPECIMEN_REQUESTED, REQUEST, patient="MMH|704118")
    ward.minutes(45)
    assert looked_at(ward).missing == ()
    ward.minutes(1)
    assert [row.trace.request for row in looked_at(ward).missing] == [request]
    given = [("request", request), ("number", ward.next_number()), *OBRIEN]
    ward.say(catalogue.SPECIMEN_RECEIVED, given)
    assert looked_at(ward).missing == ()


def test_a_lost_specimen_asks_to_be_taken_again_until_it_is() -> None:
    ward = OneSpecimen()
    lost = [("request", ward.request), ("loss", "lost"), ("reason", "tube broke")]
    ward.say(catalogue.SPECIMEN_LOST, lost)
    assert [row.trace.request for row in looked_at(ward).again] == [ward.request]
    again = [*REQUEST, ("replaces", ward.request)]
    ward.say(catalogue.SPECIMEN_REQUESTED, again, patient=ward.patient)
    assert looked_at(ward).again == ()


def test_a_critical_result_goes_to_the_charge_nurse_then_to_the_physician() -> None:
    ward = OneSpecimen()
    ward.file(*POTASSIUM)
    asked: list[str] = []
    for _ in range(3):
        asked += [one.step for one in looked_at(ward).escalations] or ["nobody yet"]
        ward.minutes(10)
    assert asked == ["nobody yet", EscalationStep.CHARGE_NURSE, EscalationStep.PHYSICIAN]


def test_telling_somebody_does_not_end_the_escalation_and_acknowledging_does() -> None:
    ward = OneSpecimen()
    result = ward.file(*POTASSIUM)
    about = [("request", ward.request), ("result", result)]
    called = [*about, ("to", "RN B. Kowalski"), ("how", "phone"), ("read_back", "yes")]
    ward.say(catalogue.RESULT_TOLD, called)
    ward.minutes(11)
    assert len(looked_at(ward).escalations) == 1
    ward.say(catalogue.RESULT_ACKNOWLEDGED, about, patient=ward.patient)
    assert looked_at(ward).escalations == ()


def test_who_was_asked_in_turn_is_kept_with_the_escalation() -> None:
    ward = OneSpecimen()
    result = ward.file(*POTASSIUM)
    ward.minutes(10)
    fields = [("request", ward.request), ("result", result), ("step", "charge nurse")]
    ward.say(catalogue.CRITICAL_ESCALATED, [*fields, ("to", "RN C. Iyer"), ("read_back", "yes")])
    (one,) = looked_at(ward).escalations
    assert one.asked is not None
    ward.minutes(10)
    (next_one,) = looked_at(ward).escalations
    assert (next_one.step, next_one.asked) == (EscalationStep.PHYSICIAN, None)


def test_the_times_of_escalation_are_the_sites_own() -> None:
    ward = OneSpecimen()
    ward.file(*POTASSIUM)
    ward.minutes(5)
    quick = EscalationRule(charge_nurse_after_ms=2 * MINUTE, physician_after_ms=5 * MINUTE)
    (one,) = escalations(ward.trace(ward.request).findings, ward.now, quick)
    assert one.step is EscalationStep.PHYSICIAN


def test_a_normal_result_is_never_escalated() -> None:
    ward = OneSpecimen()
    ward.file(*line("Potassium", "4.4", "mmol/L"))
    ward.minutes(60)
    assert looked_at(ward).escalations == ()
    assert looked_at(ward).unacknowledged == ()


def test_a_result_follows_its_patient_to_where_they_lie_now() -> None:
    ward = OneSpecimen()
    ward.move(ward.patient, "ICU-3")
    ward.file(*POTASSIUM)
    found = traces(ward.views.loops)
    there = unacknowledged_of(found, "MMH", "ICU", ward.views.whereabouts, targets=TARGETS)
    assert [one.finding.words() for one in there] == ["Potassium 6.9 mmol/L"]
    assert there[0].row.moved
    left = unacknowledged_of(found, "MMH", "4E", ward.views.whereabouts, targets=TARGETS)
    assert left == ()


def test_critical_results_are_told_first() -> None:
    ward = two_tests()
    ward.file(*line("Sodium", "139", "mmol/L"))
    ward.file(*POTASSIUM)
    assert [one.finding.critical for one in looked_at(ward).to_tell] == [True, False]


def test_what_is_still_out_goes_with_a_patient_on_a_transfer() -> None:
    ward = two_tests()
    ward.file(*line("Potassium", "4.4", "mmol/L"))
    theirs = ward.views.loops.requests_of(lambda key: key == ward.patient)
    waiting = pending_of(traces(ward.views.loops, theirs))
    assert [pending_tests((one,)) for one in waiting] == [("Potassium",), ("Sodium",)]


def test_a_step_that_comes_late_falls_into_its_place() -> None:
    ward = OneSpecimen()
    other = Ward()
    for position, entry in enumerate(reversed(ward.log[1:]), 1):
        other.views.apply(structs.replace(entry, position=position))
    late = [one.id for one in other.views.loops.steps(ward.request)]
    assert late == [one.id for one in ward.views.loops.steps(ward.request)]


def test_a_restart_changes_nothing_on_the_board() -> None:
    ward = two_tests()
    first = ward.file(*POTASSIUM)
    ward.file(*line("Potassium", "4.4", "mmol/L"), corrects=first)
    wrong = ward.file(*line("Sodium", "13", "mmol/L"))
    ward.say(catalogue.ENTRY_VOIDED, [("entry", wrong), ("reason", "typed wrong")])
    again = Loops()
    again.restore(ward.views.loops.snapshot())
    assert traces(again) == traces(ward.views.loops)
    assert again.numbered(ward.accession) == (ward.request,)


def test_rebuilding_from_the_log_gives_the_same_board() -> None:
    ward = OneSpecimen()
    ward.file(*POTASSIUM)
    rebuilt = Ward()
    rebuilt.heard_the_same(ward)
    rebuilt.now = ward.now
    assert looked_at(rebuilt) == looked_at(ward)
    assert isinstance(rebuilt.views, Views)
