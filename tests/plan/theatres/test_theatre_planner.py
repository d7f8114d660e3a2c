import pytest
from msgspec.structs import replace
from tests.plan.theatres.independent_theatres import cost, violations
from tests.plan.theatres.invented_theatres import theatres

from wardlight.plan.theatres.theatre_rules import by_priority, first_come
from wardlight.plan.theatres.theatre_search import improve, plan_of
from wardlight.plan.theatres.theatres import (
    Case,
    Place,
    Progress,
    Session,
    TheatrePlan,
    TheatreProblem,
)


def case(name: str, minutes: int = 240, harm_by: int = 1, **more: object) -> Case:
    made = Case(
        id=name, minutes=minutes, specialty="general", surgeon=f"Dr {name}", harm_by=harm_by
    )
    return replace(made, **more)


def problem(*cases: Case, days: int = 2, rooms: int = 1, **more: object) -> TheatreProblem:
    """Return cases for rooms of 480 minutes; surgeons, ICU and C-arm are there every day."""
    every = range(days)
    return replace(
        TheatreProblem(
            cases=cases,
            sessions=tuple(
                Session(day=day, room=f"OR{room}", minutes=480)
                for day in every
                for room in range(rooms)
            ),
            surgeons={(one.surgeon, day): 480 for one in cases for day in every},
            beds={("ICU", day): 1 for day in every},
            equipment={("C-arm", day): 1 for day in every},
        ),
        **more,
    )


def solved(asked: TheatreProblem, rounds: int = 5) -> TheatrePlan:
    return improve(asked, stop=lambda: False, seed=1, rounds_max=rounds, effort=0.03)


def days(plan: TheatrePlan) -> dict[str, int | None]:
    return {line.case: line.place.day if line.place else None for line in plan.lines}


def invented(seed: int) -> TheatreProblem:
    asked = theatres(
        seed, 20 + seed % 20, 3 + seed % 4, 2 + seed % 2, load=0.6 + seed % 7 / 10, limited=True
    )
    fixed = by_priority(asked)[0]
    return replace(asked, cases=(replace(asked.cases[0], fixed=fixed), *asked.cases[1:]))


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_of_theatres_breaks_a_rule_and_its_cost_is_right(seed: int) -> None:
    asked = invented(seed)
    plan = solved(asked, rounds=3)
    assert violations(asked, plan.lines) == []
    assert plan.cost == cost(asked, plan.lines)
    assert plan.cost <= plan.started_at


@pytest.mark.slow
def test_no_plan_of_two_hundred_theatres_breaks_a_rule() -> None:
    asked = [invented(seed) for seed in range(200)]
    assert [violations(one, solved(one, rounds=2).lines) for one in asked] == [[]] * 200


@pytest.mark.parametrize("rule", [by_priority, first_come])
def test_the_plain_rules_break_none_either(rule: object) -> None:
    asked = theatres(1, 60, 5, 3)
    places = by_priority(asked) if rule is by_priority else first_come(asked)
    assert violations(asked, plan_of(asked, places).lines) == []


def test_the_search_finds_what_the_priority_rule_misses() -> None:
    # The rule gives the long case the first day; two short ones are then late.
    long = case("long", 480, harm_by=1, weight=2.0)
    asked = problem(long, case("a", harm_by=0), case("b", harm_by=0))
    assert days(plan_of(asked, by_priority(asked))) == {"long": 0, "a": 1, "b": 1}
    plan = solved(asked)
    assert days(plan) == {"long": 1, "a": 0, "b": 0}
    assert (plan.cost, plan.started_at) == (0.0, 2.2)


def test_it_may_be_stopped_at_any_moment_and_never_gets_worse() -> None:
    asked = theatres(3, 60, 5, 3)
    costs: list[float] = []
    seen: list[Progress] = []

    def stop() -> bool:
        costs.append(0)
        return len(costs) > 6

    plan = improve(asked, stop=stop, seed=2, progress=seen.append, effort=0.1)
    assert plan.rounds == 6
    told = [one.cost for one in seen]
    assert told == sorted(told, reverse=True)
    assert plan.cost == told[-1] < plan.started_at
    assert violations(asked, plan.lines) == []
    at_once = improve(asked, stop=lambda: True)
    assert at_once.rounds == 0
    assert violations(asked, at_once.lines) == []


def test_the_same_seed_gives_the_same_plan() -> None:
    asked = theatres(4, 40, 4, 2)
    assert solved(asked).lines == solved(asked).lines


def test_what_a_person_fixed_stands() -> None:
    fixed = case("fixed", 480, harm_by=0, fixed=Place(1, "OR0"))
    plan = solved(problem(fixed, case("other", 480, harm_by=0)))
    assert days(plan) == {"fixed": 1, "other": 0}
    assert (plan.lines[0].why, plan.lines[0].decided) == ("given by a person", True)


def test_who_was_told_keeps_their_place_while_nobody_comes_to_harm() -> None:
    told = case("told", 480, booked=Place(1, "OR0"), confirmed=True)
    plan = solved(problem(told))
    assert plan.lines[0].place == Place(1, "OR0")
    assert plan.lines[0].why == "keeps the place they have; before the harm date"


def test_a_surgeon_is_never_in_two_rooms_on_one_day() -> None:
    both = [case(name, 480, harm_by=0, surgeon="Dr One") for name in "ab"]
    asked = problem(*both, rooms=2, surgeons={("Dr One", 0): 960, ("Dr One", 1): 960})
    assert sorted(day for day in days(solved(asked)).values() if day is not None) == [0, 1]


def test_beds_and_equipment_of_a_night_are_not_given_twice() -> None:
    icu = [case(name, harm_by=0, bed="ICU", nights=1) for name in "ab"]
    assert sorted(day for day in days(solved(problem(*icu))).values() if day is not None) == [0, 1]
    arm = [case(name, harm_by=0, equipment=("C-arm",)) for name in "ab"]
    assert sorted(day for day in days(solved(problem(*arm))).values() if day is not None) == [0, 1]


def test_who_cannot_be_placed_before_the_harm_date_is_named_with_the_reason() -> None:
    plan = solved(
        problem(
            case("late", 480, harm_by=0, weight=2.0),
            case("first", 480, harm_by=0, weight=4.0),
            case("longest", 500),
            case("neuro", needs=frozenset({"PACS"}), surgeon="Dr Away"),
            surgeons={("Dr late", 1): 480, ("Dr first", 0): 480},
        )
    )
    named = {line.case: (line.late, line.why) for line in plan.not_before_harm}
    assert named["late"] == (1, "first place that serves all best; 1 days after the harm date")
    assert "no session suits" in named["longest"][1]
    assert named["neuro"][1] == "Dr Away has no day long enough"


def test_the_checker_finds_rules_that_are_broken() -> None:
    asked = problem(case("a", 300), case("b", 300, cannot=frozenset({0})))
    plan = plan_of(asked, [Place(0, "OR0"), Place(0, "OR0")])
    found = violations(asked, plan.lines)
    assert found == ["b on a day it cannot be", "(0, 'OR0') over its minutes"]
