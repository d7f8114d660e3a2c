"""Whom to ring next when many ask at once: one row, gone through once, true at every moment."""

from __future__ import annotations

from tests.rules.clinics.clinic_day import AGENTS, NURSE, ClinicDay, clinic, key

from wardlight.record import catalogue
from wardlight.record.identity import PatientKey
from wardlight.record.instants import SECOND, Instant
from wardlight.rules.asking import Accepted, Author
from wardlight.views.clinics.worklist import Moment, Worklist


def waiting_day(visits: int) -> ClinicDay:
    """Return a day on which so many visits are postponed and nobody was rung."""
    day = clinic(*["Follow-up"] * visits)
    for number in range(1, visits + 1):
        day.decide(number, "ABCD"[number % 4], "postpone")
    return day


def order(day: ClinicDay, worklist: Worklist | None = None) -> list[PatientKey]:
    asked = Moment("MMH", day.now, "UTC")
    return [one.patient for one in (worklist or day.views.worklist).waiting(asked)]


def anew(day: ClinicDay) -> Worklist:
    """Return a worklist that was never asked."""
    views = day.views
    return Worklist(views.cases, views.triage, views.contacts, state=lambda: views.version)


def given(day: ClinicDay, agent: Author, claimed: list[str]) -> PatientKey:
    found = day.ask(catalogue.CONTACT_LEASED, by=agent, claimed=claimed)
    assert isinstance(found, Accepted)
    claimed += found.claims
    patient: PatientKey = found.said.patients[0]  # type: ignore[union-attr]
    return patient


def test_of_many_who_ask_before_one_is_written_each_gets_the_next_of_the_row() -> None:
    day = waiting_day(12)
    row, claimed = order(day), list[str]()
    agents = [Author(f"a{n}", f"Agent {n}", "contact agent") for n in range(12)]
    assert [given(day, agent, claimed) for agent in agents] == row


def test_what_there_is_to_tell_somebody_is_worked_out_once_for_all_who_ask() -> None:
    day = waiting_day(3)
    asked = Moment("MMH", day.now, "UTC")
    first = next(day.views.worklist.waiting(asked))
    assert next(day.views.worklist.waiting(asked)) is first
    day.lease(AGENTS[1])
    assert next(day.views.worklist.waiting(asked)).patient != first.patient


def test_a_patient_whose_lease_was_not_kept_is_given_to_the_next_who_asks() -> None:
    day = waiting_day(3)
    claimed: list[str] = []
    first = given(day, AGENTS[0], claimed)
    assert given(day, AGENTS[1], claimed) != first
    claimed.clear()  # the disk took neither
    assert given(day, AGENTS[2], claimed) == first


def test_who_gets_free_by_the_clock_alone_is_offered_a_second_later_at_most() -> None:
    day = waiting_day(1)
    day.lease()
    assert order(day) == []
    day.now = Instant(day.now + 10 * 60 * SECOND)  # the lease is over
    assert order(day) == [key(1)]


def test_a_language_takes_only_those_who_speak_it_and_leaves_the_others_in_the_row() -> None:
    day = waiting_day(4)
    row = order(day)
    fields = (("language", "es"), ("reason", "the patient"))
    number = int(row[2].removeprefix("MMH|"))
    day.say(catalogue.CONTACT_RESTRICTED, *fields, patient=number)
    asked = Moment("MMH", day.now, "UTC", "es")
    assert [one.patient for one in day.views.worklist.waiting(asked)] == [row[2]]
    assert order(day) == row


def test_a_list_kept_over_days_is_the_one_made_anew() -> None:
    day = waiting_day(16)
    for step in range(1, 17):
        day.wait(170)
        if step % 4 == 3:
            day.tell(step)
        else:
            day.attempt(step, ("no answer", "needs an interpreter", "wrong number")[step % 4])
        if step % 5 == 0:
            symptoms = (("outcome", "no answer"), ("phone", "5"), ("symptoms", "chest pain"))
            day.say(catalogue.CONTACT_ATTEMPTED, *symptoms, patient=step - 2)
        if step == 12:
            fields = (("reached", "yes"), ("complaint", "pain"), ("advice", "comes in"))
            day.say(catalogue.CONTACT_ADVISED, *fields, by=NURSE, patient=8)
        fresh = anew(day)
        assert order(day) == order(day, fresh)
        asked = Moment("MMH", day.now, "UTC")
        assert day.views.worklist.length(asked) == fresh.length(asked)
