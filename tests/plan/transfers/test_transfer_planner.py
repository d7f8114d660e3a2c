from random import Random

import pytest
from msgspec.structs import replace
from tests.plan.transfers.independent_transfers import least_cost
from tests.plan.transfers.invented_transfers import region

from wardlight.plan.destinations.drive_time import Drive
from wardlight.plan.transfers.transfer_check import faults
from wardlight.plan.transfers.transfer_policy import Acuity, Step, shipped_policy
from wardlight.plan.transfers.transfer_proposal import propose
from wardlight.plan.transfers.transfers import (
    STAY,
    Ban,
    Beds,
    Known,
    Line,
    Proof,
    Receiver,
    TransferProblem,
    Waiting,
)

POLICY = shipped_policy()


def hospital(code: str, free: int | None = 4, **known: Known) -> Receiver:
    return Receiver(code=code, name=code, beds={"ICU": Beds(free)}, does=known)


def waits(name: str, acuity: Acuity = Acuity.ROUTINE, *needs: str) -> Waiting:
    return Waiting(id=name, origin="CLOSED", bed="ICU", acuity=acuity, needs=needs)


def drives(**minutes: float) -> dict[tuple[str, str], Drive]:
    return {("CLOSED", code): Drive(m, m * 0.75, m * 1.25, "") for code, m in minutes.items()}


def problem(*parts: Waiting | Receiver, **minutes: float) -> TransferProblem:
    return TransferProblem(
        waiting=tuple(one for one in parts if isinstance(one, Waiting)),
        receivers=tuple(one for one in parts if isinstance(one, Receiver)),
        drives=drives(**minutes),
        policy=POLICY,
    )


def only(*parts: Waiting | Receiver, **minutes: float) -> Line:
    return propose(problem(*parts, **minutes)).lines[0]


def invented(seed: int) -> TransferProblem:
    chance = Random(seed)  # noqa: S311 - invented, not secret
    return region(seed, chance.randint(1, 40), chance.randint(1, 9), tight=chance.uniform(0.5, 2))


@pytest.mark.parametrize("seed", range(20))
def test_no_plan_is_cheaper_as_an_independent_solver_finds_too(seed: int) -> None:
    proposal = propose(invented(seed))
    assert proposal.proof.cost == least_cost(invented(seed))
    assert proposal.proof.optimal


@pytest.mark.slow
def test_no_plan_is_cheaper_in_two_hundred_invented_regions() -> None:
    found = [propose(invented(seed)).proof for seed in range(200)]
    assert [one.cost for one in found] == [least_cost(invented(seed)) for seed in range(200)]
    assert all(one.optimal for one in found)


def shown_and_forced(seed: int) -> list[tuple[float, float]]:
    """Return of some choices the regret that is shown, and what forcing them costs more."""
    chance = Random(seed)  # noqa: S311 - invented, not secret
    asked = region(seed, 60, 12, tight=chance.uniform(0.7, 1.5))
    proposal = propose(asked)
    made = []
    for at in chance.sample([n for n in range(60) if not asked.waiting[n].decided], 10):
        choices = proposal.choices.of(asked.waiting[at].id)
        can = [choice for choice in choices if choice.regret is not None]
        for choice in chance.sample(can, min(len(can), 6)):
            forced = propose(fixed(asked, at, choice.to))
            made.append((choice.regret or 0.0, round(forced.proof.cost - proposal.proof.cost, 6)))
    return made


def fixed(asked: TransferProblem, at: int, to: str) -> TransferProblem:
    one = replace(asked.waiting[at], fixed=to)
    return replace(asked, waiting=(*asked.waiting[:at], one, *asked.waiting[at + 1 :]))


def test_the_regret_shown_is_what_forcing_the_choice_costs() -> None:
    pairs = shown_and_forced(1)
    assert len(pairs) > 30
    assert [shown for shown, _ in pairs] == [forced for _, forced in pairs]


@pytest.mark.slow
def test_the_regret_shown_is_right_for_a_thousand_choices() -> None:
    pairs = [pair for seed in range(2, 26) for pair in shown_and_forced(seed)]
    assert len(pairs) >= 1000
    assert [shown for shown, _ in pairs] == [forced for _, forced in pairs]


def test_what_is_not_known_is_marked_to_be_called_first() -> None:
    line = only(waits("P", Acuity.ROUTINE, "dialysis"), hospital("FAR", None), FAR=50)
    assert line.to == "FAR"
    assert line.call_first == ("ICU beds: not known", "dialysis: not known")


def test_a_hospital_that_is_sure_goes_before_a_nearer_one_that_is_not() -> None:
    near = hospital("NEAR", dialysis=Known.CONTRADICTORY)
    sure = hospital("SURE", dialysis=Known.YES)
    patient = waits("P", Acuity.ROUTINE, "dialysis")
    assert only(patient, near, sure, NEAR=10, SURE=50).to == "SURE"
    line = only(patient, near, sure, NEAR=10, SURE=60)
    assert line.call_first == ("dialysis: sources contradict each other",)


def test_a_hospital_that_cannot_is_never_proposed_and_says_why() -> None:
    asked = problem(
        waits("P", Acuity.ROUTINE, "CT"),
        hospital("A", CT=Known.NO),
        replace(hospital("B", CT=Known.YES), takes=Known.NO, because="diverts since 02:31"),
        hospital("D", 0, CT=Known.YES),
        A=5,
        B=5,
        D=5,
    )
    proposal = propose(asked)
    assert proposal.unplaced[0].to == STAY
    assert {one.to: one.because for one in proposal.choices.of("P")} == {
        STAY: "",
        "A": "cannot do CT",
        "B": "diverts since 02:31",
        "D": "no ICU bed free",
    }
    assert proposal.unplaced[0].because == "no free ICU bed at the 1 that could take them"


def test_who_matters_more_gets_the_only_bed_and_the_other_is_named() -> None:
    asked = problem(waits("R"), waits("I", Acuity.IMMEDIATE), hospital("A", 1), A=30)
    proposal = propose(asked)
    assert [line.to for line in proposal.lines] == [STAY, "A"]
    assert proposal.unplaced[0].because == "the 1 ICU beds there are go to others"
    assert proposal.prices[0].receiver == "A"


def test_staying_in_place_is_always_among_the_choices() -> None:
    proposal = propose(region(3, 50, 8))
    assert all(
        STAY in {choice.to for choice in proposal.choices.of(line.patient)}
        for line in proposal.lines
    )


def test_what_a_person_decided_stands_and_the_rest_is_planned_around_it() -> None:
    near, far = hospital("NEAR", 1), hospital("FAR", 1)
    asked = problem(waits("P"), waits("Q"), near, far, NEAR=10, FAR=60)
    decided = fixed(asked, 0, "FAR")
    assert [line.to for line in propose(decided).lines] == ["FAR", "NEAR"]
    crowded = propose(fixed(decided, 1, "FAR"))
    assert [line.because for line in crowded.lines] == ["2 decided for 1 free beds"] * 2


def test_an_accepted_move_is_frozen_even_to_a_hospital_nobody_knows() -> None:
    asked = problem(replace(waits("P"), accepted="ELSEWHERE"), hospital("NEAR"), NEAR=5)
    line = propose(asked).lines[0]
    assert (line.to, line.decided, line.because) == ("ELSEWHERE", True, "")


def test_a_plan_is_not_changed_for_a_small_gain() -> None:
    asked = problem(replace(waits("P"), proposed="B"), hospital("A"), hospital("B"), A=20, B=30)
    assert propose(asked).lines[0].to == "B"
    line = propose(replace(asked, drives=drives(A=10, B=30))).lines[0]
    assert (line.to, line.moved_from) == ("A", "B")


def test_no_hospital_is_filled_to_the_last_bed_while_others_are_empty() -> None:
    patients = [waits(f"P{n}") for n in range(8)]
    asked = problem(*patients, hospital("NEAR", 8), hospital("FAR", 8), NEAR=10, FAR=40)
    went = [line.to for line in propose(asked).lines]
    assert (went.count("NEAR"), went.count("FAR")) == (6, 2)


def test_a_banned_hospital_is_passed_by_with_its_reason() -> None:
    patient = replace(waits("P"), bans=(Ban("A", "insurer does not pay"),))
    proposal = propose(problem(patient, hospital("A"), hospital("B"), A=5, B=60))
    assert proposal.lines[0].to == "B"
    assert proposal.choices.of("P")[-1].because == "insurer does not pay"


@pytest.mark.parametrize("seed", range(4))
def test_the_price_of_a_bed_is_what_one_more_bed_saves(seed: int) -> None:
    flat = replace(POLICY, steps=(Step(1, 0),), beds_when_unknown=0)
    asked = replace(region(seed, 40, 8, tight=0.8), policy=flat)
    proposal = propose(asked)
    for price in proposal.prices[:5]:
        more = tuple(
            replace(one, beds={**one.beds, price.bed: Beds(price.room + 1)})
            if one.code == price.receiver and one.beds[price.bed].known is Known.YES
            else one
            for one in asked.receivers
        )
        if more != asked.receivers and price.room:
            saved = proposal.proof.cost - propose(replace(asked, receivers=more)).proof.cost
            assert round(saved, 6) == price.minutes


def test_a_plan_that_could_be_better_is_not_called_proved() -> None:
    assert not Proof(cost=100.1, bound=100.0).optimal
    assert not Proof(cost=100.0, bound=100.0, faults=("a rule is broken",)).optimal


def test_the_check_finds_faults_that_are_planted_in_a_plan() -> None:
    asked = problem(waits("P"), waits("Q"), hospital("A", 1), hospital("N", None), A=5, N=9)
    line = propose(asked).lines[0]
    two_for_one = [replace(line, to="A"), replace(line, patient="Q", to="A")]
    assert faults(asked, two_for_one) == ("2 patients for fewer ICU beds at A",)
    unmarked = [replace(line, to="A"), replace(line, patient="Q", to="N", call_first=())]
    assert faults(asked, unmarked) == ("N is not marked to be called first",)
    assert faults(asked, [line]) == ("not every patient stands on the plan once",)


def test_nobody_waiting_and_nowhere_to_go_are_plans_too() -> None:
    assert propose(problem()).lines == ()
    assert only(waits("P")).because == "no receiver is known"
