"""Why each hospital stands where it does, in words a dispatcher can read out."""

from __future__ import annotations

from collections.abc import Iterator

from wardlight.plan.destinations.destination_answer import Answer, Candidate, Ranked, Terms, Tier
from wardlight.plan.destinations.destination_load import load_of, price_of, wait_for
from wardlight.plan.destinations.destination_score import Scores, fairness_of
from wardlight.plan.destinations.destination_standing import Ground
from wardlight.plan.destinations.hospital_facts import NOTHING

NAMED_MIN = 0.5  # minutes; a smaller difference is not named
SWITCH_MAX = 200  # patients more that are tried
_TERMS = ("drive", "wait", "offload", "filling", "fairness")
_WORDS = {
    "drive": "drive",
    "wait": "wait",
    "offload": "ambulances at its door",
    "filling": "filling up",
    "fairness": "its share of what is on the way",
}


def reason_of(one: Ranked, answer: Answer, scores: Scores, ground: Ground) -> str:
    """Return why a hospital has its rank."""
    verdict = one.candidate.verdict
    match one.tier:
        case Tier.CALL_FIRST:
            on_the_way = f"; {one.inbound} on the way" if one.inbound else ""
            return f"Call first: {verdict.words()}{on_the_way}"
        case Tier.CLOSEST_TAKES:
            return f"All within reach divert: the closest takes. {verdict.words()}"
        case Tier.NEAREST_ED:
            far = f"no {ground.need.words} within {ground.need.must_go:g} min more"
            return f"Nearest open ED, because {far}. Arrange the transfer now"
        case Tier.GO:
            return _reason_to_go(one, answer, scores, ground)


def _reason_to_go(one: Ranked, answer: Answer, scores: Scores, ground: Ground) -> str:
    best = next(other for other in answer.ranked if other.tier is Tier.GO)
    if one.terms is None or best.terms is None:
        return _by_drive(one, best, ground)
    if one.terms.over_share:
        return over_share(one.inbound)
    if one is best:
        return f"Least in all of {scores.compared} within {answer.budget:g} min of the nearest"
    more = one.terms.total() - best.terms.total()
    return f"{more:.0f} more in all: {_differences(one.terms, best.terms)}"


def over_share(inbound: int) -> str:
    """Return why a hospital that could be chosen stands behind all others that can."""
    if not inbound:
        return "No room for one more at its last count"
    return f"{inbound} on the way: more than its share of the room"


def _by_drive(one: Ranked, best: Ranked, ground: Ground) -> str:
    if one is not best:
        return f"{one.drive.minutes - best.drive.minutes:.0f} min farther"
    if ground.need.must_go is not None:
        return f"Nearest open {ground.need.words} hospital: no other minute counts"
    return "Nearest open and capable"


def _differences(terms: Terms, best: Terms) -> str:
    each = {name: getattr(terms, name) - getattr(best, name) for name in _TERMS}
    named = [f"{_WORDS[name]} {by:+.0f}" for name, by in each.items() if abs(by) >= NAMED_MIN]
    if terms.continuity != best.continuity:
        named.append(f"records {best.continuity - terms.continuity:+.0f}")
    return ", ".join(named) or "nothing but the code"


def rule_of_nearer(one: Candidate, scores: Scores, first: Ranked, inbound: int) -> str:
    """Return why a hospital that is nearer than the first was passed over."""
    terms = scores.terms.get(one.hospital.code)
    if terms is None or first.terms is None:
        return one.verdict.words()
    if terms.over_share:
        return over_share(inbound)
    return (
        f"{terms.total() - first.terms.total():.0f} more in all: {_differences(terms, first.terms)}"
    )


def switch_of(answer: Answer, scores: Scores, ground: Ground) -> str:
    """Return what would change the first place: so many patients more, or a word from there."""
    first, second = answer.ranked[:1], answer.ranked[1:2]
    if not first:
        return ""
    name = first[0].candidate.hospital.name
    other = second[0].candidate.hospital.name if second else "nobody within reach"
    if first[0].call_first:
        return f"Changes to {other} when {name} says no or does not answer."
    if not second or second[0].terms is None or first[0].terms is None:
        return f"Changes to {other} when {name} diverts or closes."
    more = next(_patients_more(first[0], second[0], scores, ground), 0)
    if not more:
        return f"Changes to {other} when {name} diverts or closes."
    return f"Changes to {other} when {name} has {more} more patients or ambulances than now known."


def _patients_more(first: Ranked, second: Ranked, scores: Scores, ground: Ground) -> Iterator[int]:
    """Give the first number of ambulances more at which the second would stand first."""
    assert first.terms is not None, "asked of scored lists alone"
    assert second.terms is not None, "asked of scored lists alone"
    count = (first.facts or NOTHING).count
    spaces = first.candidate.hospital.ed_spaces
    bar = second.terms.total()
    for more in range(1, SWITCH_MAX):
        here = first.inbound + more
        load = load_of(count, spaces, here, ground.policy, ground.now)
        fair, over = fairness_of(here, scores.sent + more, first.terms.share, ground)
        total = first.terms.drive + wait_for(load.ratio, ground.policy) + first.terms.offload
        total += price_of(load.ratio, ground.policy) + fair - first.terms.continuity
        if total > bar or (over and not second.terms.over_share):
            yield more


def notices_of(answer: Answer, nearest_ed: Candidate | None, ground: Ground) -> tuple[str, ...]:
    """Return what holds for the whole list and must be read before it."""
    return tuple(_notices(answer, nearest_ed, ground))


def _notices(answer: Answer, nearest_ed: Candidate | None, ground: Ground) -> Iterator[str]:
    if not ground.policy.signed:
        yield "The policy is not signed by a medical director: nearest capable hospital first."
    if not answer.ranked:
        yield "No hospital of the table can be named. Call medical control."
        return
    if answer.first() is None:
        yield f"Nobody is known to take {ground.need.words} now: call before you go."
        if nearest_ed is not None and ground.need.must_go is not None:
            yield f"The nearest open ED is {nearest_ed.hospital.name}, {nearest_ed.drive.words()}."
    if answer.first() is not None and not any(_counted(one, ground) for one in answer.ranked):
        yield "No department on this list was counted lately: the order is that of the drive."
    if answer.ranked[0].drive.minutes > ground.policy.reach:
        yield f"Nobody is within {ground.policy.reach:g} min."


def _counted(one: Ranked, ground: Ground) -> bool:
    """Return whether a count of the department is young enough to count for anything."""
    count = (one.facts or NOTHING).count
    spaces = one.candidate.hospital.ed_spaces
    return load_of(count, spaces, one.inbound, ground.policy, ground.now).counted
