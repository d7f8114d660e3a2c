"""S8: 1,200 visits, 90 cases, ten days; clinics shut, six agents, wrong numbers, a scam wave."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.rules.clinics.clinic_day import AGENTS
from tests.scenarios.clinic_ten_days import CASES, TICK_MS, TICKS_A_DAY, VISITS, TenDays
from tests.scenarios.paper_agent import DAYS, STACK, PaperAgent

from wardlight.record.instants import DAY, Instant
from wardlight.views.clinics.cases import OPEN, TOLD, CaseState
from wardlight.views.clinics.contact_numbers import numbers

pytestmark = pytest.mark.slow


def whole(days: TenDays, affected: int) -> Counter[CaseState]:
    """Check that every affected visit is in exactly one state, and the one that is true."""
    cases = days.affected()
    counts = Counter(one.state for one in cases)
    found = numbers(cases, days.now)
    assert len({one.key for one in cases}) == len(cases) == affected
    assert sum(counts.values()) == sum(found.total.states.values()) == affected
    assert found.total.open() + found.total.told() == affected
    for case in cases:
        assert case.patient is not None
        heard = days.told.get(int(case.patient.removeprefix("MMH|")))
        knows = case.verdict is not None and heard == case.plan
        assert (case.state in TOLD) == (knows and case.state is not CaseState.NURSE)
    return counts


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[TenDays, PaperAgent]:
    """Live the ten days, looking at the whole at every step and at each patient after a call."""
    days = TenDays()
    paper = PaperAgent(days, tmp_path_factory.mktemp("paper"))
    days.shut_clinics()
    affected = len(days.affected())
    assert days.triage() == affected
    assert days.move_some(150) == 150
    morning = days.now
    for day in range(10):
        days.now = Instant(morning + day * DAY)
        if day < DAYS:
            paper.morning()
        for _ in range(TICKS_A_DAY):
            whole(days, affected)
            step(days)
            days.now = Instant(days.now - days.now % TICK_MS + TICK_MS)
        if day < DAYS:
            paper.evening()
            whole(days, affected)
        days.nurse_rings()
        if day == 1:
            days.scam_wave(40)
        if day == 3:
            days.move_some(100)
    days.last = whole(days, affected)
    return days, paper


@pytest.fixture(scope="module")
def run(lived: tuple[TenDays, PaperAgent]) -> TenDays:
    """Return the ten days as they were lived."""
    return lived[0]


def step(days: TenDays) -> None:
    """Let five agents ask at once while the sixth rings from paper; look at each patient after."""
    held = [(agent, number) for agent in AGENTS[:5] if (number := days.ring(agent)) is not None]
    assert len({number for _, number in held}) == len(held)
    for agent, number in held:
        days.end_call(number, agent)
        case = days.case(number)
        knows = days.told.get(number) == case.plan
        expected = TOLD | {CaseState.NURSE} if knows else OPEN
        assert case.state in expected


def test_the_scenario_has_its_size(run: TenDays) -> None:
    assert len(run.views.schedule.between(Instant(0), Instant(2**52), "MMH")) == VISITS + CASES
    assert 800 < len(run.affected()) < VISITS + CASES


def test_nobody_is_held_by_two_agents_and_nobody_told_twice(run: TenDays) -> None:
    assert run.rung_while_held == 0
    told = [
        one
        for case in run.affected()
        for one in run.views.contacts.told(case.key)
        if one.told.plan == case.plan
    ]
    assert len(told) == len({one.told.appointment for one in told})


def test_an_agent_without_a_computer_works_from_sheets_that_come_back_by_scan(
    lived: tuple[TenDays, PaperAgent],
) -> None:
    days, paper = lived
    given = len(days.views.contacts.sheets("MMH"))
    assert 60 < given <= DAYS * STACK  # towards the end fewer wait
    entered = [one for one in days.views.contacts.sheets("MMH") if one.entered is not None]
    assert len(entered) == paper.entered == given - 2 * DAYS
    tally = days.views.paperwork.tally("MMH")
    assert (tally.issued, tally.entered, tally.out) == (given, given - 2 * DAYS, 0)
    assert (tally.missing, tally.returned) == (DAYS, DAYS)  # lost; unrung and on the list again
    assert tally.adds_up()


def test_no_slot_has_more_visits_than_it_holds(run: TenDays) -> None:
    slots = run.views.triage.slots("MMH", Instant(0), Instant(2**52))
    assert max(len(one.taken) for one in slots) == 1
    assert sum(len(one.taken) for one in slots) == run.moved == 250
    assert run.views.triage.clashes("MMH") == ()


def test_after_ten_days_who_is_left_has_no_number_that_works(run: TenDays) -> None:
    last = run.last
    open_ = {state: count for state, count in last.items() if state in OPEN}
    assert set(open_) <= {CaseState.NO_NUMBER}
    assert 0 < open_[CaseState.NO_NUMBER] < 60


def test_who_told_of_symptoms_was_rung_by_a_nurse(run: TenDays) -> None:
    asked = [one for one in run.views.contacts.all_attempts("MMH") if one.said.symptoms]
    assert len(asked) > 10
    for row in asked:
        assert any(one.said.reached for one in run.views.contacts.advice([row.patient]))


def test_the_scam_wave_is_on_record(run: TenDays) -> None:
    assert len(run.views.inbound.scams("MMH")) == 40


def test_every_try_has_who_when_and_how_it_ended(run: TenDays) -> None:
    tries = run.views.contacts.all_attempts("MMH")
    assert len(tries) >= sum(run.calls.values())
    assert all(one.by and one.occurred and one.said.outcome for one in tries)
