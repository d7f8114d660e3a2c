"""What a theatre case needs before it goes: stated item by item, warned of at a “go”."""

from __future__ import annotations

from tests.rules.clinics.clinic_day import (
    AGENTS,
    DOCTOR,
    SCHEDULER,
    ClinicDay,
    key,
    visit,
    visit_row,
)

from wardlight.record import catalogue
from wardlight.record.events.case_checks import CaseItem, CheckState
from wardlight.record.instants import HOUR, Instant
from wardlight.rules.asking import Accepted, Refusal

STATED = catalogue.CASE_STATED
CONSENT, SCREEN = CaseItem.CONSENT, CaseItem.TYPE_AND_SCREEN
UNTIL_27 = (("type_and_screen_until_on", "2026-11-27"), ("type_and_screen_until_at", "06:00"))


def theatre(*, procedure: str = "Hip replacement left") -> ClinicDay:
    """Return a day with one case, tomorrow at 10:00; the visit of patient 2 has no procedure."""
    day = ClinicDay()
    case = visit_row(1, Instant(day.now + 26 * HOUR), "Hip", procedure=procedure)
    day.read_file(case, visit_row(2, Instant(day.now + 27 * HOUR)))
    return day


def state(day: ClinicDay, *fields: tuple[str, str]) -> Accepted:
    return day.say(STATED, ("appointment", visit(1)), *fields, by=SCHEDULER)


def go(day: ClinicDay, number: int = 1) -> dict[str, str]:
    """Ask to let a case go; return what is warned of."""
    row = (("appointment", visit(number)), ("urgency", "B"), ("decision", "go"))
    rest = (("harm_by", ""), ("rule", ""), ("proposed", ""), ("take", visit(number)))
    found = day.ask(catalogue.VISITS_TRIAGED, *row, *rest, by=DOCTOR)
    assert isinstance(found, Accepted)
    return {one.code: one.words for one in found.warnings}


def test_the_latest_word_on_each_item_counts_with_who_said_it_and_when() -> None:
    day = theatre()
    state(day, ("consent", "no"), ("results", "yes"))
    day.wait(30)
    state(day, ("consent", "yes"), ("consent_words", "in the red folder"))
    found = day.views.case_checks.of(visit(1))
    assert {item: one.check.state for item, one in found.items()} == {
        CaseItem.CONSENT: CheckState.YES,
        CaseItem.RESULTS: CheckState.YES,
    }
    assert found[CONSENT].check.words == "in the red folder"
    assert (found[CONSENT].by, found[CONSENT].at) == ("S. Plan-Sample", day.now)


def test_a_word_found_earlier_and_typed_later_does_not_undo_a_later_one() -> None:
    day = theatre()
    day.wait(60)
    state(day, ("consent", "yes"))
    state(day, ("consent", "no"), ("at", "08:10"), ("on", "2026-11-24"))
    assert day.views.case_checks.of(visit(1))[CONSENT].check.state is CheckState.YES


def test_a_case_goes_without_consent_or_type_and_screen_with_a_warning_for_each() -> None:
    assert go(theatre()) == {
        "go-without-consent": "25-Nov-2026 10:00 Hip replacement left: consent not stated.",
        "go-without-type-and-screen": (
            "25-Nov-2026 10:00 Hip replacement left: type and screen not stated."
        ),
    }


def test_a_case_with_consent_and_a_type_and_screen_that_holds_goes_without_a_warning() -> None:
    day = theatre()
    state(day, ("consent", "yes"), ("type_and_screen", "yes"), *UNTIL_27)
    assert go(day) == {}


def test_what_is_not_needed_is_not_asked_for_again() -> None:
    day = theatre()
    state(day, ("consent", "yes"), ("type_and_screen", "not needed"))
    assert go(day) == {}


def test_a_type_and_screen_that_ends_before_the_case_is_warned_of() -> None:
    day = theatre()
    until = (("type_and_screen_until_on", "2026-11-25"), ("type_and_screen_until_at", "09:59"))
    state(day, ("consent", "yes"), ("type_and_screen", "yes"), *until)
    [words] = go(day).values()
    assert words.endswith("type and screen ends before the case.")


def test_a_type_and_screen_without_its_end_is_not_taken_for_one_that_holds() -> None:
    day = theatre()
    state(day, ("consent", "not known"), ("type_and_screen", "yes"))
    assert [one.rpartition(": ")[2] for one in go(day).values()] == [
        "consent not known.",
        "type and screen valid until not stated.",
    ]


def test_a_visit_without_a_procedure_goes_without_asking_for_consent() -> None:
    assert go(theatre(), 2) == {}


def test_an_empty_form_states_nothing_and_words_need_a_choice() -> None:
    day = theatre()
    nothing = day.ask(STATED, ("appointment", visit(1)), by=SCHEDULER)
    assert isinstance(nothing, Refusal)
    words = day.ask(STATED, ("appointment", visit(1)), ("blood_words", "2 units"), by=SCHEDULER)
    assert isinstance(words, Refusal)
    assert list(words.fields) == ["blood"]


def test_a_clinic_visit_and_a_case_of_another_site_are_refused() -> None:
    day = theatre()
    for case in (visit(2), "RVR|MMH|A1", "MMH|nobody"):
        found = day.ask(STATED, ("appointment", case), ("consent", "yes"), by=SCHEDULER)
        assert isinstance(found, Refusal)


def test_an_agent_of_the_call_centre_states_nothing_of_a_case() -> None:
    found = theatre().ask(STATED, ("appointment", visit(1)), ("consent", "yes"), by=AGENTS[0])
    assert isinstance(found, Refusal)


def test_a_statement_made_in_error_is_taken_back_and_the_one_before_counts() -> None:
    day = theatre()
    state(day, ("consent", "no"))
    first = day.views.case_checks.of(visit(1))[CONSENT].id
    day.wait(5)
    state(day, ("consent", "yes"))
    second = day.views.case_checks.of(visit(1))[CONSENT].id
    day.say(
        catalogue.ENTRY_VOIDED, ("entry", second), ("reason", "wrong case"), by=DOCTOR, patient=1
    )
    assert day.views.case_checks.of(visit(1))[CONSENT].id == first
    assert day.views.people.resolve(key(1)) == key(1)
