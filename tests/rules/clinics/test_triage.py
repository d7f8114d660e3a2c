"""What the rules propose, what a clinician decides, and who gets which free time."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.rules.clinics.clinic_day import (
    AGENTS,
    DOCTOR,
    SCHEDULER,
    SENDERS,
    SPAN,
    ClinicDay,
    clinic,
    visit,
    visit_row,
)
from tests.rules.laboratory.loop_ward import TABLES

from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.events.triage import Decision, UrgencyClass
from wardlight.record.instants import Instant
from wardlight.record.problems import Problem
from wardlight.rules.asking import Accepted, Refusal
from wardlight.rules.clinics.triage_rules import Proposal, proposed, read_triage_rules
from wardlight.views.clinics.cases import CaseState
from wardlight.views.fold import Views
from wardlight.wire.reading import reader

MOVED = catalogue.VISIT_MOVED


def proposal(service: str, *, off: tuple[str, ...] = (), closed: str = "", **more: str) -> Proposal:
    day = ClinicDay()
    day.read_file(visit_row(1, day.hours(26), service, **more))
    visit_ = day.case(1).appointment
    return proposed(visit_, TABLES.triage, off=off, closed=closed, zone="UTC")


@pytest.mark.parametrize(
    ("service", "urgency"),
    [
        ("Radiotherapy fraction 12/30", UrgencyClass.A),
        ("Haemodialysis chair", UrgencyClass.A),
        ("Chemotherapy cycle 3", UrgencyClass.B),
        ("MRI with contrast", UrgencyClass.C),
        ("Annual review", UrgencyClass.D),
        ("Contact lenses", None),
    ],
)
def test_the_table_proposes_a_class_by_what_stands_in_a_visit(
    service: str, urgency: UrgencyClass | None
) -> None:
    assert proposal(service).urgency == urgency


def test_a_proposal_says_which_words_it_found_and_what_is_off() -> None:
    found = proposal("Radiotherapy fraction", off=("RT",))
    assert found.decision is Decision.TRANSFER
    assert found.harm_by == "2026-11-26"
    assert found.why[0].startswith("“radiotherapy fraction” stands in it: radiotherapy, course")
    assert "It needs RT, which is off." in found.why
    assert found.rule == "radiotherapy, course begun (version 1)"


def test_what_the_clinic_stated_itself_stands_before_the_table() -> None:
    found = proposal("Annual review", harm_by="2026-11-27")
    assert (found.urgency, found.harm_by) == (UrgencyClass.D, "2026-11-27")


def test_a_visit_no_rule_fits_is_left_to_a_person() -> None:
    found = proposal("Contact lenses")
    assert (found.urgency, found.why) == (None, ("No rule fits: a person sorts it.",))


def test_a_visit_of_a_closed_clinic_never_goes_ahead_by_proposal() -> None:
    assert proposal("Antenatal check", closed="The clinic is closed.").decision is Decision.TRANSFER


def test_a_table_with_a_class_that_is_none_names_its_line() -> None:
    head = "rule\tclass\twords\tharm_days\tneeds\tif_off\tsource\tnote"
    found = read_triage_rules(f"{head}\nx\tE\tword\t1\t\tgo\t\t\n")
    assert isinstance(found, Problem)
    assert found.where == "triage_rules.tsv, line 2"
    below = read_triage_rules(f"# version 2.\n# ours\n{head}\nx\tE\tword\t1\t\tgo\t\t\n")
    assert isinstance(below, Problem)
    assert below.where == "triage_rules.tsv, line 4"


def test_a_postponed_visit_needs_a_reason_and_a_day_to_look_again() -> None:
    day = clinic()
    row = (("appointment", visit(1)), ("urgency", "C"), ("decision", "postpone"))
    rest = (("harm_by", ""), ("rule", ""), ("proposed", ""), ("take", visit(1)))
    found = day.ask(catalogue.VISITS_TRIAGED, *row, *rest, by=DOCTOR)
    assert isinstance(found, Refusal)
    assert sorted(found.fields) == ["reason", "review_on"]


def test_only_ticked_visits_are_decided() -> None:
    day = clinic("Follow-up", "Follow-up")
    rows = [
        pair
        for number in (1, 2)
        for pair in (
            ("appointment", visit(number)),
            ("urgency", "D"),
            ("decision", "go"),
            ("harm_by", ""),
            ("rule", ""),
            ("proposed", ""),
        )
    ]
    day.say(catalogue.VISITS_TRIAGED, *rows, ("take", visit(2)), by=DOCTOR)
    assert day.case(1).verdict is None
    assert day.case(2).state is CaseState.NOT_REACHED


def test_postponing_somebody_who_cannot_wait_asks_for_a_reason() -> None:
    day = clinic()
    day.decide(1, "A")
    assert b"class-a-postponed" in day.log[-1].body


def slots(*hours: float, visits: int = 2, holds: int = 1) -> ClinicDay:
    day = clinic(*("Follow-up" for _ in range(visits)))
    for number in range(1, visits + 1):
        day.decide(number)
    day.slots(*hours, holds=holds)
    return day


def move(number: int, slot: int = 0) -> tuple[tuple[str, str], ...]:
    return ("appointment", visit(number)), ("slot", f"MMH|S{slot}")


def test_a_moved_visit_has_its_new_time_and_has_to_be_told() -> None:
    day = slots(50)
    day.say(MOVED, *move(1), by=SCHEDULER)
    case = day.case(1)
    assert case.move is not None
    assert case.move.said.starts == day.hours(50)
    assert case.plan == f"postpone|MMH|S0|{day.hours(50)}"


def test_a_slot_that_is_taken_is_refused() -> None:
    day = slots(50)
    day.say(MOVED, *move(1), by=SCHEDULER)
    found = day.ask(MOVED, *move(2), by=SCHEDULER)
    assert isinstance(found, Refusal)
    assert "just been given to somebody else" in found.fields["slot"]


def test_of_two_who_accept_one_slot_at_once_the_second_is_refused() -> None:
    day = slots(50)
    first = day.ask(MOVED, *move(1), by=SCHEDULER)
    assert isinstance(first, Accepted)
    second = day.ask(MOVED, *move(2), by=SCHEDULER, claimed=first.claims)
    assert isinstance(second, Refusal)


def test_a_slot_for_two_takes_two_at_once_and_not_a_third() -> None:
    day = slots(50, visits=3, holds=2)
    claims: list[str] = []
    found = []
    for number in (1, 2, 3):
        one = day.ask(MOVED, *move(number), by=SCHEDULER, claimed=claims)
        claims += one.claims if isinstance(one, Accepted) else ()
        found.append(isinstance(one, Accepted))
    assert found == [True, True, False]


def test_two_nodes_that_gave_one_slot_to_two_agree_on_who_has_it() -> None:
    day = slots(50)
    day.say(MOVED, *move(1), by=SCHEDULER)
    first = day.log.pop()
    apart = folded(day.log)
    day.views = apart
    day.wait(1)
    day.say(MOVED, *move(2), by=SCHEDULER)
    second = day.log.pop()
    orders = [[*day.log, first, second], [*day.log, second, first]]
    for order in orders:
        views = folded(order)
        assert views.triage.move(visit(1)) is not None
        assert views.triage.move(visit(2)) is None
        assert [one.said.appointment for one in views.triage.clashes("MMH")] == [visit(2)]


def folded(log: list[Entry]) -> Views:
    """Return the views of these entries in this order of arrival."""
    views = Views(*reader(SENDERS), lambda _: [])
    for position, entry in enumerate(log, 1):
        views.apply(replace(entry, position=position))
    return views


def test_moving_a_visit_again_frees_the_slot_it_had() -> None:
    day = slots(50, 52)
    day.say(MOVED, *move(1, 0), by=SCHEDULER)
    day.wait(1)
    day.say(MOVED, *move(1, 1), by=SCHEDULER)
    day.wait(1)
    day.say(MOVED, *move(2, 0), by=SCHEDULER)
    assert [one.taken for one in day.views.triage.slots("MMH", *SPAN)] == [
        (visit(2),),
        (visit(1),),
    ]


def test_a_time_after_the_harm_date_warns_and_a_reason_is_kept() -> None:
    day = clinic()
    day.decide(1, "B", harm_by="2026-11-25")
    day.slots(80)
    found = day.say(MOVED, *move(1), by=SCHEDULER)
    assert [one.code for one in found.warnings] == ["after-harm-date"]


def test_nobody_is_in_two_places_at_once() -> None:
    day = ClinicDay()
    other = visit_row(2, day.hours(50), patient="1")
    day.read_file(visit_row(1, day.hours(26)), other)
    day.decide(1)
    day.slots(50.25)
    found = day.ask(MOVED, *move(1), by=SCHEDULER)
    assert isinstance(found, Refusal)
    assert "has another visit then" in found.fields["slot"]


def test_a_slot_of_the_past_is_refused() -> None:
    day = slots(1)
    day.now = Instant(day.hours(2))
    assert isinstance(day.ask(MOVED, *move(1), by=SCHEDULER), Refusal)


def test_a_visit_nobody_decided_to_move_is_not_moved() -> None:
    day = clinic()
    day.slots(50)
    assert isinstance(day.ask(MOVED, *move(1), by=SCHEDULER), Refusal)


def test_a_visit_of_another_site_is_not_decided_here() -> None:
    day = clinic()
    row = (("appointment", "GEN|GEN|A1"), ("urgency", "D"), ("decision", "go"), ("harm_by", ""))
    rest = (("rule", ""), ("proposed", ""), ("take", "GEN|GEN|A1"))
    assert isinstance(day.ask(catalogue.VISITS_TRIAGED, *row, *rest, by=DOCTOR), Refusal)


def test_the_views_are_the_same_after_a_restart() -> None:
    day = slots(50)
    day.say(MOVED, *move(1), by=SCHEDULER)
    day.lease(AGENTS[0])
    day.wait(1)
    day.attempt(2, "no answer")
    kept = Views.restored(day.views.snapshot(), *reader(SENDERS), lambda _: day.log)
    assert kept.snapshot() == day.views.snapshot()
    assert kept.cases.case(visit(1)) == day.case(1)
    assert kept.cases.case(visit(2)) == day.case(2)


def test_the_same_file_read_twice_has_one_effect_also_after_a_change() -> None:
    day = clinic()
    day.read_file(visit_row(1, Instant(day.hours(30))))
    day.wait(5)
    before = day.case(1).appointment.starts
    day.log.append(day.log[0])
    day.views.apply(replace(day.log[0], position=len(day.log)))
    assert day.case(1).appointment.starts == before
