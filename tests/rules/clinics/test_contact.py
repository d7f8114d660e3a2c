"""Who is rung next, by whom, and what counts as told."""

from __future__ import annotations

from tests.rules.clinics.clinic_day import (
    AGENTS,
    NURSE,
    SAID,
    SCHEDULER,
    ClinicDay,
    clinic,
    key,
    visit,
    visit_row,
)

from wardlight.record import catalogue
from wardlight.record.events.contact import ContactLeased
from wardlight.record.events.entered import unpacked
from wardlight.record.instants import DAY, HOUR, MINUTE, Instant
from wardlight.rules.asking import Accepted, Author, Refusal
from wardlight.views.clinics.cases import CaseState
from wardlight.views.services.clinic_status import ClinicDays

TELL = catalogue.CONTACT_ATTEMPTED


def decided(*classes: str) -> ClinicDay:
    day = clinic(*("Follow-up" for _ in classes))
    for number, urgency in enumerate(classes, 1):
        day.decide(number, urgency)
    return day


def test_a_patient_of_class_a_is_rung_before_one_of_class_d() -> None:
    assert decided("D", "B", "A", "C").order() == ["3", "2", "4", "1"]


def test_who_fasts_or_comes_a_long_way_is_rung_first_within_a_class() -> None:
    day = ClinicDay()
    starts = day.hours(26)
    day.read_file(
        visit_row(1, starts),
        visit_row(2, starts, prep="fasting"),
        visit_row(3, starts, travel_minutes="90"),
    )
    for number in (1, 2, 3):
        day.decide(number)
    assert day.order() == ["2", "3", "1"]


def test_a_visit_of_tomorrow_is_told_before_one_of_next_week() -> None:
    day = ClinicDay()
    day.read_file(visit_row(1, day.hours(150)), visit_row(2, day.hours(20)))
    day.decide(1)
    day.decide(2)
    assert day.order() == ["2", "1"]


def test_the_order_changes_when_a_visit_comes_nearer() -> None:
    day = ClinicDay()
    day.read_file(visit_row(1, day.hours(160)), visit_row(2, day.hours(80)))
    day.decide(1, "B")
    day.decide(2, "C")
    assert day.order() == ["1", "2"]
    day.wait(70 * 60)
    assert day.order() == ["2", "1"]


def test_two_agents_who_ask_one_after_the_other_get_two_patients() -> None:
    day = decided("A", "B")
    assert [day.lease(AGENTS[0]), day.lease(AGENTS[1])] == ["1", "2"]
    assert day.lease(AGENTS[2]) == ""


def test_an_agent_who_asks_while_another_entry_is_on_its_way_to_disk_gets_the_next() -> None:
    day = decided("A", "B")
    first = day.ask(catalogue.CONTACT_LEASED, by=AGENTS[0])
    assert isinstance(first, Accepted)
    second = day.ask(catalogue.CONTACT_LEASED, by=AGENTS[1], claimed=first.claims)
    assert isinstance(second, Accepted)
    assert isinstance(second.said, ContactLeased)
    assert second.said.patients == ("MMH|2",)


def test_a_lease_is_over_after_ten_minutes_without_anybody_ending_it() -> None:
    day = decided("A")
    assert day.lease(AGENTS[0]) == "1"
    day.wait(9)
    assert day.lease(AGENTS[1]) == ""
    day.wait(2)
    assert day.lease(AGENTS[1]) == "1"


def test_an_agent_who_asks_again_without_writing_anything_keeps_the_same_patient() -> None:
    day = decided("A", "B")
    assert [day.lease(), day.lease()] == ["1", "1"]


def test_a_patient_given_back_goes_to_the_next_agent_who_asks() -> None:
    day = decided("A")
    day.lease(AGENTS[0])
    day.wait(1)
    day.say(catalogue.CONTACT_LEASED, ("release", "yes"), by=AGENTS[0])
    assert day.lease(AGENTS[1]) == "1"


def test_who_was_told_is_not_rung_again() -> None:
    day = decided("A")
    day.lease()
    day.wait(1)
    day.tell(1)
    assert day.case(1).state is CaseState.WAITING
    assert day.order() == []


def test_who_was_told_is_rung_again_when_what_was_told_no_longer_holds() -> None:
    day = decided("C")
    day.wait(1)
    day.tell(1)
    day.wait(1)
    day.slots(50)
    day.say(catalogue.VISIT_MOVED, ("appointment", visit(1)), ("slot", "MMH|S0"), by=SCHEDULER)
    assert day.case(1).state is CaseState.NOT_REACHED
    assert day.order() == ["1"]


def test_who_was_postponed_waits_on_however_long_ago_the_visit_would_have_been() -> None:
    day = decided("A", "D")
    day.wait(20 * DAY / MINUTE)
    day.read_file(visit_row(3, Instant(day.now + DAY)))  # the schedule goes on
    assert day.order() == ["1", "2"]
    span = (Instant(day.now - DAY), Instant(day.now + DAY))
    cases = day.views.cases.all("MMH", span, lambda _: False)
    assert [one.state for one in cases] == [CaseState.NOT_REACHED, CaseState.NOT_REACHED]


def test_a_visit_nobody_decided_about_is_let_go_a_week_after_it() -> None:
    day = clinic("Follow-up")
    day.wait(20 * DAY / MINUTE)
    day.read_file(visit_row(3, Instant(day.now + DAY)))
    assert day.views.cases.case(visit(1)) is None


def test_nothing_is_told_to_a_caller_whose_birth_date_differs() -> None:
    day = decided("A")
    wrong = (("said_birth", "1958-03-08"), ("said_postcode", "19013"))
    found = day.ask(TELL, *day.telling(1), *wrong, patient=1)
    assert isinstance(found, Refusal)
    assert found.because.startswith("STOP.")
    assert list(found.fields) == ["said_birth"]


def test_one_identifier_alone_is_not_enough_to_be_told() -> None:
    day = decided("A")
    found = day.ask(TELL, *day.telling(1), SAID[0], patient=1)
    assert isinstance(found, Refusal)
    assert "Two things have to agree" in found.because


def rings_in(day: ClinicDay, relation: str, *said: tuple[str, str]) -> Accepted | Refusal:
    """Have it judged that somebody rang in about visit 1 and was told."""
    fields = dict(day.telling(1)) | {"question": "am I on?", "caller": "Ada", "answer": "told"}
    fields["relation"] = relation
    return day.ask(catalogue.INBOUND_ANSWERED, *fields.items(), *said, patient=1)


def test_who_rings_in_and_is_told_knows_and_is_not_rung_again() -> None:
    day = decided("A", "B")
    fields = dict(day.telling(1)) | {"question": "am I on?", "caller": "Ada", "answer": "told"}
    fields["relation"] = "patient"
    assert day.order() == ["1", "2"]
    day.say(catalogue.INBOUND_ANSWERED, *fields.items(), *SAID, patient=1)
    assert day.case(1).state is CaseState.WAITING
    assert day.order() == ["2"]


def test_who_rings_in_is_told_nothing_that_a_call_would_not_tell_them() -> None:
    day = decided("A")
    rule = (("do_not_disclose", "yes"), ("reason", "patient's letter"))
    day.say(catalogue.CONTACT_RESTRICTED, *rule, patient=1)
    carer = rings_in(day, "carer with consent on file", *SAID)
    nobody = rings_in(day, "", *SAID)
    unproved = rings_in(day, "patient", SAID[0])
    assert isinstance(carer, Refusal)
    assert (
        carer.because == "Only the patient may be told. Untick what was told, then save the call."
    )
    assert isinstance(nobody, Refusal)
    assert nobody.fields == {"relation": "Choose who was on the phone."}
    assert isinstance(unproved, Refusal)
    assert unproved.because.startswith("Two things have to agree")


def test_what_a_caller_said_to_prove_who_they_are_is_not_kept() -> None:
    day = decided("A")
    day.tell(1)
    assert b"1958" not in day.log[-1].body
    assert b"19013" not in day.log[-1].body
    assert b'"identity":["birth date","postcode"]' in day.log[-1].body


def test_a_carer_is_not_told_where_nothing_is_to_be_disclosed() -> None:
    day = decided("A")
    rule = (("do_not_disclose", "yes"), ("reason", "patient's letter"))
    day.say(catalogue.CONTACT_RESTRICTED, *rule, patient=1)
    fields = dict(day.telling(1)) | {"speaker": "carer with consent on file"}
    found = day.ask(TELL, *fields.items(), *SAID, patient=1)
    assert isinstance(found, Refusal)
    assert "Only the patient may be told" in found.because


def test_telling_a_wrong_person_by_mistake_is_written_and_asks_for_a_person() -> None:
    day = decided("A")
    found = day.attempt(1, "told to a wrong person by mistake")
    assert [one.code for one in found.warnings] == ["told-to-a-wrong-person"]
    assert [one.because for one in day.views.entries.to_look_at("MMH")] != []
    assert day.case(1).state is CaseState.NOT_REACHED


def test_a_wrong_number_is_not_offered_again_and_without_another_nobody_can_ring() -> None:
    day = decided("A")
    day.attempt(1, "wrong number")
    assert day.views.cases.reach(key(1)).phones() == ()
    assert day.case(1).state is CaseState.NO_NUMBER
    more = (("new_phone", "555-9999"), ("reason", "from the pharmacy"))
    day.say(catalogue.CONTACT_RESTRICTED, *more, patient=1)
    assert day.case(1).state is CaseState.NOT_REACHED


def test_a_patient_who_does_not_answer_rests_for_two_hours() -> None:
    day = decided("C")
    day.attempt(1, "no answer")
    day.wait(119)
    assert day.order() == []
    day.wait(2)
    assert day.order() == ["1"]


def test_the_third_call_without_an_answer_takes_class_a_to_the_nurse() -> None:
    day = decided("A")
    for _ in range(3):
        day.attempt(1, "no answer")
        day.wait(121)
    assert day.case(1).state is CaseState.NURSE
    assert day.order() == []


def test_symptoms_go_to_the_nurse_until_she_has_spoken_with_the_patient() -> None:
    day = decided("C")
    day.tell(1, ("symptoms", "short of breath"))
    assert day.case(1).state is CaseState.NURSE
    day.wait(5)
    words = (("complaint", "short of breath"), ("advice", "come to the ED now"))
    day.say(catalogue.CONTACT_ADVISED, ("reached", "no"), *words, by=NURSE, patient=1)
    assert day.case(1).state is CaseState.NURSE
    day.say(catalogue.CONTACT_ADVISED, ("reached", "yes"), *words, by=NURSE, patient=1)
    assert day.case(1).state is CaseState.WAITING


def test_a_promised_call_back_comes_first_when_its_time_has_come() -> None:
    day = decided("D", "A")
    day.attempt(1, "asked to be called back", ("call_back_at", "09:00"))
    assert day.case(1).state is CaseState.CALL_BACK
    assert day.order() == ["2"]
    day.wait(61)
    assert day.order() == ["1", "2"]


def test_two_visits_of_one_patient_are_told_in_one_call() -> None:
    day = ClinicDay()
    first, second = day.hours(26), Instant(day.hours(26) + 2 * HOUR)
    day.read_file(visit_row(1, first), visit_row(2, second, patient="1"))
    day.decide(1)
    day.decide(2)
    assert day.order() == ["1"]
    assert day.lease(AGENTS[0]) == "1"
    assert day.lease(AGENTS[1]) == ""


def test_an_agent_asks_only_for_those_who_speak_a_language() -> None:
    day = ClinicDay()
    starts = day.hours(26)
    day.read_file(visit_row(1, starts), visit_row(2, starts, language="es"))
    day.decide(1)
    day.decide(2)
    assert day.lease(AGENTS[0], ("language", "es")) == "2"


def test_a_role_that_rings_patients_may_not_decide_about_them() -> None:
    found = clinic().ask(catalogue.VISITS_TRIAGED, by=AGENTS[0])
    assert isinstance(found, Refusal)
    assert "not made by a contact agent" in found.because


def test_a_call_written_down_in_error_counts_no_more_once_it_is_taken_back() -> None:
    day = decided("A")
    day.tell(1)
    assert day.order() == []
    entry = unpacked(day.log[-1].body).id
    day.wait(1)
    day.say(catalogue.ENTRY_VOIDED, ("entry", entry), ("reason", "other patient"), by=NURSE)
    assert day.case(1).state is CaseState.NOT_REACHED
    assert day.order() == ["1"]


def test_a_county_limit_on_diversion_opens_no_shut_clinic() -> None:
    day = clinic()
    shut = (("service", "clinic"), ("name", "CLINIC"), ("state", "closed"))
    more = (("category", "IT outage"), ("authorised_by", "C. Chief-Sample"))
    chief = Author("chief", "C. Chief-Sample", "charge nurse")
    day.say(catalogue.SERVICE_STATED, *shut, *more, by=chief)
    visit_ = day.case(1).appointment
    for hours in (0, 5, 20):
        later = Instant(day.now + hours * HOUR)
        assert ClinicDays(day.views.service_status, later).affected(visit_)
