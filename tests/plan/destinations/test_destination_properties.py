"""What holds for every list, whatever the region, the reports and the policy."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.plan.destinations.regions import NEAREST, NOW, SCORED, asked, hospital, order

from wardlight.plan.destinations.destination_answer import Answer, Tier
from wardlight.plan.destinations.destination_policy import DestinationPolicy
from wardlight.plan.destinations.destination_standing import (
    Ground,
    Standing,
    standing_of,
    verdict_of,
)
from wardlight.plan.destinations.hospital_facts import EdCount, HospitalFacts, Said
from wardlight.record.hospitals import Hospital
from wardlight.record.instants import MINUTE, Instant
from wardlight.record.services import DivertCategory, Service, ServiceState

SERVICES = (Service.ED, Service.STROKE, Service.CT, Service.OB)
some = st.frozensets(st.sampled_from(SERVICES))
ages = st.integers(0, 600).map(lambda minutes: Instant(NOW - minutes * MINUTE))
words = st.builds(
    Said, st.sampled_from(ServiceState), ages, st.none() | st.sampled_from(DivertCategory)
)
counts = st.builds(
    EdCount,
    at=ages,
    patients=st.none() | st.integers(0, 80),
    spaces=st.none() | st.integers(1, 60),
    free=st.none() | st.integers(0, 60),
    ems_waiting=st.none() | st.integers(0, 9),
)
told = st.builds(
    HospitalFacts,
    services=st.dictionaries(st.sampled_from(SERVICES), words),
    count=st.none() | counts,
)
needs = st.sampled_from(("any", "stroke", "OB", "arrest", "psych"))
policies = st.sampled_from((NEAREST, SCORED))


@st.composite
def hospitals(draw: st.DrawFn) -> Hospital:
    made = hospital(
        f"H{draw(st.integers(0, 9_999)):04d}",
        draw(st.floats(0.1, 60)),
        draw(some),
        ed_spaces=draw(st.none() | st.integers(1, 60)),
        closed=draw(st.sampled_from(("", "", "", "2022-11-07"))),
    )
    return replace(made, cannot=draw(some))


@st.composite
def regions(draw: st.DrawFn) -> tuple[list[Hospital], dict[str, HospitalFacts]]:
    found = draw(st.lists(hospitals(), max_size=9, unique_by=lambda one: one.code))
    known = {one.code: draw(told) for one in found if draw(st.booleans())}
    return found, known


Region = tuple[list[Hospital], Mapping[str, HospitalFacts]]


def answer_of(region: Region, need: str, policy: DestinationPolicy) -> Answer:
    return asked(region[0], region[1], need=need, policy=policy)


@given(regions(), needs, policies)
def test_whoever_does_not_simply_take_the_patient_stands_behind_those_who_do(
    region: Region, need: str, policy: DestinationPolicy
) -> None:
    tiers = [one.tier for one in answer_of(region, need, policy).ranked]
    if Tier.GO in tiers:
        assert Tier.CALL_FIRST not in tiers[: tiers.index(Tier.GO)]


@given(regions(), needs, policies)
def test_nobody_is_named_without_a_call_who_is_not_known_to_take_this_patient(
    region: Region, need: str, policy: DestinationPolicy
) -> None:
    answer = answer_of(region, need, policy)
    for one in answer.ranked:
        kind = policy.needs[need]
        here = one.candidate.hospital
        sure = not here.closed and all(
            here.knows(each).value == "yes"
            or (here.knows(each).value == "not known" and one.facts and each in one.facts.services)
            for each in kind.services
        )
        assert sure or one.call_first or one.tier is Tier.NEAREST_ED


@given(regions(), needs, policies)
def test_a_hospital_that_diverts_or_is_closed_is_above_no_open_one_but_under_the_rule_for_it(
    region: Region, need: str, policy: DestinationPolicy
) -> None:
    for one in answer_of(region, need, policy).ranked:
        assert one.candidate.verdict.standing is not Standing.OUT or one.tier is Tier.NEAREST_ED
        if one.candidate.verdict.standing is Standing.DIVERTING:
            assert one.tier is Tier.CLOSEST_TAKES


@given(regions(), needs, policies, st.integers(1, 30), st.data())
def test_more_load_never_improves_a_rank(
    region: Region, need: str, policy: DestinationPolicy, more: int, pick: st.DataObject
) -> None:
    before = order(answer_of(region, need, policy))
    if not before:
        return
    code = pick.draw(st.sampled_from(before))
    after = order(asked(region[0], region[1], need=need, policy=policy, inbound={code: more}))
    assert code not in after or after.index(code) >= before.index(code)


@given(regions(), needs)
def test_standing_and_its_reasons_never_say_different_things(region: Region, need: str) -> None:
    kind = NEAREST.needs[need]
    ground = Ground(kind, NEAREST.urgencies[kind.acuity], NEAREST, NOW)
    for one in region[0]:
        facts = region[1].get(one.code)
        verdict = verdict_of(one, facts, ground)
        assert verdict.standing is standing_of(one, facts, ground)
        assert bool(verdict.reasons) is (verdict.standing is not Standing.GO)


@given(regions(), needs, policies)
def test_the_same_question_has_the_same_answer_whatever_the_order_of_the_table(
    region: Region, need: str, policy: DestinationPolicy
) -> None:
    turned = (region[0][::-1], region[1])
    assert order(answer_of(region, need, policy)) == order(answer_of(turned, need, policy))
