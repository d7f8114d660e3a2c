from collections import Counter
from random import Random

import pytest
from msgspec.structs import replace
from tests.plan.visits.independent_visits import least_cost, least_tied_cost
from tests.plan.visits.invented_visits import clinics

from wardlight.plan.visits.visit_check import faults
from wardlight.plan.visits.visit_proposal import propose_visits
from wardlight.plan.visits.visits import (
    NO_SLOT,
    Link,
    Part,
    Slot,
    Visit,
    VisitProblem,
    VisitProposal,
)

TODAY = "2026-11-29"


def slot(name: str, day: int, **more: object) -> Slot:
    return replace(Slot(id=name, service="infusion", day=f"2026-12-{day:02d}"), **more)


def visit(name: str, **more: object) -> Visit:
    return replace(Visit(id=name, service="infusion"), **more)


def plan(*parts: Visit | Slot | Link) -> VisitProposal:
    return propose_visits(
        VisitProblem(
            visits=tuple(one for one in parts if isinstance(one, Visit)),
            slots=tuple(one for one in parts if isinstance(one, Slot)),
            links=tuple(one for one in parts if isinstance(one, Link)),
            today=TODAY,
        )
    )


def given(proposal: VisitProposal) -> dict[str, str]:
    return {line.visit: line.slot for line in proposal.lines}


def small(seed: int, links: int = 0) -> VisitProblem:
    chance = Random(seed)  # noqa: S311 - invented, not secret
    visits = chance.randint(1, 40)
    return clinics(seed, visits, chance.randint(1, 60), days=8, links=min(links, visits // 2))


@pytest.mark.parametrize("seed", range(30))
def test_no_plan_of_visits_is_better_as_an_independent_solver_finds_too(seed: int) -> None:
    proposal = propose_visits(small(seed))
    assert proposal.proof.cost == least_cost(small(seed))
    assert proposal.proof.optimal


@pytest.mark.parametrize("seed", range(20))
def test_with_links_the_plan_keeps_every_rule_and_says_how_good_it_is(seed: int) -> None:
    problem = small(seed, links=6)
    proposal = propose_visits(problem)
    assert faults(problem, [line.slot for line in proposal.lines]) == ()
    assert proposal.proof.bound <= proposal.proof.cost
    used = Counter(line.slot for line in proposal.lines if line.slot != NO_SLOT)
    assert max(used.values(), default=0) <= 1


@pytest.mark.parametrize("seed", range(60))
def test_no_plan_with_links_is_cheaper_than_the_bound_says(seed: int) -> None:
    problem = clinics(seed, 4, 7, services=1 + seed % 2, days=9, links=1 + seed % 2)
    proof = propose_visits(problem).proof
    assert proof.bound <= least_tied_cost(problem) <= proof.cost


def test_the_bound_knows_what_links_cost_at_least() -> None:
    proposal = plan(
        slot("d1", 1, holds=3),
        slot("d9", 9),
        visit("first"),
        visit("second"),
        Link(first="first", then="second", days_min=8, days_max=8),
    )
    assert given(proposal) == {"first": "d1", "second": "d9"}
    assert (proposal.proof.cost, proposal.proof.optimal) == (12.0, True)


def test_who_would_come_to_harm_gets_the_early_slot() -> None:
    proposal = plan(
        slot("early", 1),
        slot("late", 9),
        visit("routine", weight=1.0),
        visit("harm", weight=1.0, harm_by="2026-12-02"),
    )
    assert given(proposal) == {"routine": "late", "harm": "early"}
    assert proposal.not_before_harm == ()


def test_who_cannot_be_seen_before_the_harm_date_is_named() -> None:
    proposal = plan(slot("late", 9), visit("harm", harm_by="2026-12-02"), visit("other"))
    late, none = proposal.not_before_harm
    assert (late.visit, late.late) == ("harm", 7)
    assert late.why == "no slot before 2026-12-02 is left; 7 days late"
    assert none.why == "the slots of infusion that suit them go to others"


def test_nobody_who_was_told_is_moved_only_to_be_seen_sooner() -> None:
    told = visit("told", booked="later", confirmed=True)
    assert given(plan(slot("sooner", 1), slot("later", 20), told)) == {"told": "later"}


def test_who_was_told_is_moved_to_save_another_from_harm_and_the_reason_is_given() -> None:
    proposal = plan(
        slot("early", 1),
        slot("late", 9),
        visit("told", booked="early", confirmed=True),
        visit("harm", harm_by="2026-12-02"),
    )
    assert given(proposal) == {"told": "late", "harm": "early"}
    assert [line.why for line in proposal.moves] == ["their slot serves others better"]


def test_of_two_who_could_be_moved_it_is_not_the_one_who_was_moved_before() -> None:
    proposal = plan(
        slot("a", 1),
        slot("b", 1, part=Part.AFTERNOON),
        slot("late", 9),
        visit("before", booked="a", confirmed=True, moved_before=1),
        visit("never", booked="b", confirmed=True),
        visit("harm", harm_by="2026-12-02"),
    )
    assert [line.visit for line in proposal.moves] == ["never"]


def test_what_a_person_decided_stands_and_is_not_given_to_another() -> None:
    proposal = plan(
        slot("early", 1),
        slot("late", 9),
        visit("fixed", fixed="late", harm_by="2026-12-02"),
        visit("other", booked="late", confirmed=True),
        visit("held", held=True),
    )
    assert given(proposal) == {"fixed": "late", "other": "early", "held": NO_SLOT}
    assert proposal.lines[0].late == 7


def test_visits_that_belong_together_keep_their_distance() -> None:
    proposal = plan(
        slot("d1", 1),
        slot("d2", 2),
        slot("d8", 8),
        visit("first"),
        visit("second"),
        Link(first="first", then="second", days_min=5, days_max=7),
    )
    assert given(proposal) in ({"first": "d1", "second": "d8"}, {"first": "d2", "second": "d8"})
    assert proposal.linked == 2


def test_visits_that_cannot_be_together_get_no_slot_and_say_so() -> None:
    proposal = plan(
        slot("d1", 1),
        slot("d2", 2),
        visit("first"),
        visit("second"),
        Link(first="first", then="second", days_min=5, days_max=7),
    )
    assert given(proposal) == {"first": NO_SLOT, "second": NO_SLOT}
    assert "fit with the visits it belongs to" in proposal.lines[0].why


def test_a_day_without_pacs_is_no_day_for_who_needs_images() -> None:
    lacking = slot("lacking", 1, lacks=("PACS",))
    assert given(plan(lacking, slot("whole", 9), visit("x", needs=("PACS",)))) == {"x": "whole"}


def test_a_partner_far_away_is_taken_only_when_it_saves_more_than_the_way() -> None:
    far = visit("x", travel={"PARTNER": 60})
    near, there = slot("here", 4), slot("there", 1, site="PARTNER")
    assert given(plan(near, there, far)) == {"x": "here"}
    assert given(plan(slot("here", 9), there, far)) == {"x": "there"}


def test_the_check_finds_faults_that_are_planted_in_a_plan_of_visits() -> None:
    problem = VisitProblem(
        visits=(visit("a"), visit("b", not_before="2026-12-05")), slots=(slot("s", 1),), today=TODAY
    )
    assert faults(problem, ["s", "s"]) == ("slot s is given 2 times", "slot s: too early")
    assert faults(problem, ["elsewhere", NO_SLOT]) == ("slot elsewhere is not offered",)


def test_nobody_and_no_slots_are_plans_too() -> None:
    assert plan().lines == ()
    assert plan(visit("x")).lines[0].why == "nobody offers a slot of infusion"
