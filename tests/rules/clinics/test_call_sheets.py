"""A patient on a call sheet is nobody else's until the paper says how the call ended."""

from __future__ import annotations

import pytest
from tests.rules.clinics.clinic_day import AGENTS, SAID, ClinicDay, clinic, key, visit

from wardlight.record import catalogue
from wardlight.record.events.contact import ContactAttempted, ContactLeased
from wardlight.record.events.entered import unpacked
from wardlight.record.events.paperwork import Origin, SheetRun, SheetsIssued
from wardlight.record.sheet_serial import serial_of
from wardlight.rules.asking import Accepted, Author, Refusal
from wardlight.rules.paperwork.paperwork import issue_draft
from wardlight.views.clinics.cases import CaseState
from wardlight.views.clinics.contacts import Contacts
from wardlight.views.paperwork.sheets import SheetState

FIRST = serial_of(7, 1_000)
CLERK = Author("clerk", "C. Clerk-Sample", "clerk")
TELL, LEASE = catalogue.CONTACT_ATTEMPTED, catalogue.CONTACT_LEASED


def on_paper(*classes: str, sheets: int = 1) -> ClinicDay:
    """Return a clinic whose first patients are on call sheets, which are in the register."""
    day = clinic(*("Follow-up" for _ in classes))
    for number, urgency in enumerate(classes, 1):
        day.decide(number, urgency)
    said = day.say(LEASE, ("sheets", str(sheets)), ("serial", FIRST.code())).said
    assert isinstance(said, ContactLeased)
    pages = (1,) * len(said.patients)
    run = SheetRun(form="CALA", first=FIRST.code(), pages=pages, patients=said.patients)
    register = SheetsIssued(runs=(run,), origin=Origin.SCREEN)
    day.keep(issue_draft(register, AGENTS[0], site="MMH", now=day.now))
    day.wait(30)
    return day


def mark(day: ClinicDay, what: str, number: int = 0) -> None:
    fields = (("mark", what), ("serials", FIRST.after(number).text()), ("reason", "sample"))
    day.say(catalogue.SHEETS_MARKED, *fields, by=CLERK)


def ended(number: int, *fields: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return (("sheet", FIRST.after(number - 1).code()), ("at", "08:20"), *fields)


def state(day: ClinicDay, number: int = 0) -> SheetState:
    found = day.views.paperwork.sheet(FIRST.after(number))
    assert found is not None
    return found.state


def test_nobody_else_rings_a_patient_whose_sheet_is_out_however_long() -> None:
    day = on_paper("A", "B", "C", sheets=2)
    assert day.lease(AGENTS[1]) == "3"
    day.wait(14 * 60)
    assert day.lease(AGENTS[2]) == "3"
    late = [one.patient for one in day.views.contacts.sheets("MMH") if one.is_late(day.now)]
    assert late == [key(1), key(2)]


def test_a_sheet_keeps_what_was_printed_on_it() -> None:
    [sheet] = on_paper("A").views.contacts.sheets("MMH")
    assert sheet.serial == FIRST
    assert sheet.lines.phones == ("555-0001",)
    [told] = sheet.lines.visits
    assert (told.appointment, told.plan) == (visit(1), "postpone")
    assert told.text.startswith("postpone/en/")


@pytest.mark.parametrize("what", ["missing", "destroyed"])
def test_a_sheet_nobody_waits_for_gives_its_patient_back(what: str) -> None:
    day = on_paper("A")
    mark(day, what)
    assert day.lease(AGENTS[1]) == "1"


def test_a_sheet_handed_in_holds_its_patient_until_it_is_entered() -> None:
    day = on_paper("A")
    mark(day, "returned")
    assert day.lease(AGENTS[1]) == ""


def test_a_word_that_was_put_right_holds_the_patient_again() -> None:
    day = on_paper("A")
    mark(day, "missing")
    wrong = unpacked(day.log[-1].body).name()
    asked = (("entry", wrong), ("reason", "found in the tray"))
    day.say(catalogue.ENTRY_VOIDED, *asked, by=CLERK, patient=1)
    assert day.order() == []


def test_a_sheet_that_is_entered_frees_its_patient_and_is_in_the_record() -> None:
    day = on_paper("A")
    day.say(TELL, *ended(1, ("outcome", "no answer"), ("phone", "555-0001")), patient=1)
    assert state(day) is SheetState.ENTERED
    assert day.case(1).tries == 1
    day.wait(121)
    assert day.lease(AGENTS[1]) == "1"


def test_a_sheet_says_once_how_its_call_ended() -> None:
    day = on_paper("A")
    told = (*ended(1), *day.telling(1), *SAID)
    first = day.say(TELL, *told, patient=1)
    day.wait(1)
    again = day.ask(TELL, *told, by=AGENTS[1], patient=1)
    assert isinstance(again, Refusal)
    assert again.because == "Entered from this sheet already by Agent 0: told."
    assert first.claims == (f"call sheet {FIRST.code()}",)


def test_two_people_who_enter_one_sheet_at_once_make_one_entry() -> None:
    day = on_paper("A")
    told = (*ended(1), *day.telling(1), *SAID)
    first = day.ask(TELL, *told, patient=1)
    assert isinstance(first, Accepted)
    second = day.ask(TELL, *told, by=AGENTS[1], patient=1, claimed=first.claims)
    assert isinstance(second, Refusal)


def test_a_sheet_is_entered_for_no_other_patient() -> None:
    day = on_paper("A", "B", sheets=2)
    found = day.ask(TELL, *ended(1, ("outcome", "no answer")), patient=2)
    assert isinstance(found, Refusal)
    assert found.because == "This call sheet is another patient's."


def test_what_was_told_is_the_plan_that_was_printed() -> None:
    day = on_paper("C")
    printed = day.case(1).plan
    day.decide(1, "C", "transfer")
    fields = (("outcome", "told"), ("speaker", "patient"), ("told", visit(1)))
    plan = (("plan_of", visit(1)), ("plan", printed))
    said = day.say(TELL, *ended(1), *fields, *plan, *SAID, patient=1).said
    assert isinstance(said, ContactAttempted)
    assert said.told[0].plan == "postpone"
    assert day.case(1).state is CaseState.NOT_REACHED


def test_the_time_of_a_call_on_paper_is_never_guessed() -> None:
    day = on_paper("A")
    sheet = ("sheet", FIRST.code())
    found = day.ask(TELL, sheet, ("outcome", "no answer"), patient=1)
    assert isinstance(found, Refusal)
    assert found.fields["at"] == "Write when the call ended, as it stands on the sheet."
    found = day.ask(TELL, sheet, ("outcome", "no answer"), ("at", "07:59"), patient=1)
    assert isinstance(found, Refusal)
    assert found.fields["at"] == "The sheet was printed later than that."


def test_a_sheet_given_back_unrung_puts_its_patient_on_the_list_again() -> None:
    day = on_paper("A")
    day.say(LEASE, ("release", "yes"), ("sheet", FIRST.code()), by=AGENTS[1])
    assert state(day) is SheetState.RETURNED
    assert day.order() == ["1"]
    assert day.lease(AGENTS[2]) == "1"
    again = day.ask(LEASE, ("release", "yes"), ("sheet", FIRST.code()), by=AGENTS[1])
    assert isinstance(again, Refusal)


def test_who_asks_by_name_for_a_patient_on_paper_is_told_who_has_the_sheet() -> None:
    found = on_paper("A").ask(LEASE, by=AGENTS[1], patient=1)
    assert isinstance(found, Refusal)
    assert found.because.startswith("Their call sheet is out with Agent 0")


def test_no_serial_is_given_to_two_sheets() -> None:
    day = on_paper("A", "B")
    found = day.ask(LEASE, ("sheets", "1"), ("serial", FIRST.code()))
    assert isinstance(found, Refusal)


def test_at_most_forty_patients_are_put_on_paper_at_once() -> None:
    found = on_paper("A", "B").ask(LEASE, ("sheets", "41"), ("serial", FIRST.after(9).code()))
    assert isinstance(found, Refusal)
    assert found.fields == {"sheets": "Write how many patients, up to 40."}


def test_the_views_say_the_same_whatever_entry_comes_first() -> None:
    day = on_paper("A", "B", "C", sheets=2)
    mark(day, "missing")
    day.wait(1)
    assert day.lease(AGENTS[1]) == "1"
    day.wait(1)
    day.say(TELL, *ended(2, ("outcome", "no answer"), ("phone", "555-0002")), patient=2)
    fresh = Contacts()
    staff = [one for one in day.log if one.source == "staff"]
    for entry in reversed(staff):
        fresh.take(entry, unpacked(entry.body))
    for contacts in (fresh, day.views.contacts):
        held = [contacts.lease((key(one),), day.now) for one in (1, 2)]
        assert [one.agent if one else "" for one in held] == ["agent1", ""]
        assert [one.entered is None for one in contacts.sheets("MMH")] == [True, False]
