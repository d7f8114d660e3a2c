"""Where can they go? A ranked list for a place and a kind of patient, and why each stands there.

Every hospital of the table is looked at, from the nearest on, until none that is farther could
stand on the list. People decide: it says what is known, how old that is, and whom to call first.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from math import inf

from msgspec import Struct
from msgspec.structs import replace

from wardlight.plan.destinations.destination_answer import Answer, Candidate, Passed, Ranked, Tier
from wardlight.plan.destinations.destination_policy import DestinationPolicy, Need
from wardlight.plan.destinations.destination_score import (
    LISTED_GO,
    Known,
    Near,
    Scores,
    counts_more_than_the_drive,
    over_share_among,
    scores_of,
)
from wardlight.plan.destinations.destination_standing import (
    TAKES,
    Ground,
    Standing,
    Verdict,
    standing_of,
    verdict_of,
)
from wardlight.plan.destinations.destination_words import (
    notices_of,
    reason_of,
    rule_of_nearer,
    switch_of,
)
from wardlight.plan.destinations.drive_time import Drive, estimate, minutes_for
from wardlight.plan.destinations.hospital_facts import HospitalFacts
from wardlight.plan.destinations.hospital_index import HospitalIndex
from wardlight.record.hospitals import Knowledge
from wardlight.record.instants import Instant
from wardlight.record.places import Place, Setting
from wardlight.record.services import Service

LISTED_MAX = 12
CALL_KEPT_MAX = 24  # nearest ones to call first, or that divert
OUT_KEPT_MAX = 24  # nearest ones that are out, for the explanation
PASSED_MAX = 8


class Question(Struct, frozen=True, kw_only=True):
    """A place, and what kind of patient; nothing says who it is."""

    origin: Place
    need: str  # code of the policy
    acuity: str = ""  # "": what is usual for the need
    known_at: str = ""  # code of the hospital that has the patient's records


class State(Struct, frozen=True, kw_only=True):
    """What is known now: facts by hospital, ambulances on the way, drives better than a guess."""

    now: Instant
    facts: Mapping[str, HospitalFacts] = {}
    inbound: Mapping[str, int] = {}  # sent there since its department was counted
    drives: Mapping[str, Drive] = {}  # known times and those of a road engine, by hospital


class _Found:
    """What a walk from the nearest hospital outwards has met."""

    def __init__(self) -> None:
        self.go: list[Near] = []
        self.other: dict[Standing, list[Candidate]] = {}  # diverting, or to be called first
        self.out: list[Candidate] = []
        self.nearest_ed: Candidate | None = None

    def wants(self, standing: Standing) -> bool:
        """Return whether one more of this standing would be kept."""
        if standing is Standing.OUT:
            return len(self.out) < OUT_KEPT_MAX
        return standing is Standing.GO or len(self.of(standing)) < CALL_KEPT_MAX

    def add(self, one: Candidate) -> None:
        """Keep one; of those that do not simply take the patient only the nearest."""
        standing = one.verdict.standing
        if standing is Standing.OUT:
            self.out.append(one)
        else:
            self.other.setdefault(standing, []).append(one)

    def of(self, standing: Standing) -> list[Candidate]:
        """Return those of one standing, the nearest first."""
        return self.other.get(standing, [])

    def diverting(self) -> list[Candidate]:
        """Return those that send ambulances on."""
        return self.of(Standing.DIVERTING)


def ranked(
    index: HospitalIndex, question: Question, state: State, policy: DestinationPolicy
) -> Answer:
    """Return where they can go, best first. Raises KeyError for a need the policy does not name."""
    need = policy.needs[question.need]
    acuity = question.acuity or need.acuity
    ground = Ground(need, policy.urgencies[acuity], policy, state.now)
    found = _walk(index, question, state, ground)
    known = Known(facts=state.facts, inbound=state.inbound, known_at=question.known_at)
    scores = scores_of(found.go, ground, known)
    lines = _listed(found, scores, question.origin.setting, ground, known)
    listed = tuple(_line(at, *one, scores, state) for at, one in enumerate(lines, 1))
    answer = Answer(
        ranked=listed,
        passed=_passed(found, scores, listed, question.origin.setting, state.inbound),
        policy=policy.label(),
        acuity=acuity,
        budget=ground.urgency.budget if scores.counts else None,
    )
    said = [replace(one, reason=reason_of(one, answer, scores, ground)) for one in listed]
    return replace(
        answer,
        ranked=tuple(said),
        switch=switch_of(answer, scores, ground),
        notices=notices_of(answer, found.nearest_ed, ground),
    )


def _line(rank: int, tier: Tier, one: Candidate, scores: Scores, state: State) -> Ranked:
    code = one.hospital.code
    return Ranked(
        candidate=one,
        rank=rank,
        tier=tier,
        terms=scores.terms.get(code),
        inbound=state.inbound.get(code, 0),
        facts=state.facts.get(code),
    )


def _walk(index: HospitalIndex, question: Question, state: State, ground: Ground) -> _Found:
    found, need = _Found(), ground.need
    any_ed = replace(need, services=(Service.ED,)) if need.must_go is not None else None
    of_ed = Ground(any_ed, ground.urgency, ground.policy, ground.now) if any_ed else None
    counts = counts_more_than_the_drive(ground)
    for near in _by_time(index, question.origin, state.drives):
        if _is_enough(found, near.minutes, ground, counts=counts):
            break
        facts = state.facts.get(near.hospital.code)
        standing = standing_of(near.hospital, facts, ground)
        if standing is Standing.GO:
            found.go.append(near)
        elif found.wants(standing):
            verdict = verdict_of(near.hospital, facts, ground)
            found.add(_candidate(near, question.origin.setting, verdict))
        if of_ed is None or found.nearest_ed is not None:
            continue
        if standing_of(near.hospital, facts, of_ed) is Standing.GO:
            found.nearest_ed = _candidate(near, question.origin.setting)
    return found


def _candidate(near: Near, setting: Setting, verdict: Verdict = TAKES) -> Candidate:
    drive = near.told if isinstance(near.told, Drive) else estimate(near.told, setting)
    return Candidate(near.hospital, drive, verdict)


def _by_time(index: HospitalIndex, origin: Place, drives: Mapping[str, Drive]) -> Iterator[Near]:
    """Give every hospital, the quickest first."""
    setting = origin.setting
    told = [
        Near(drive.minutes, drive, index.by_code[code])
        for code, drive in drives.items()
        if code in index.by_code
    ]
    ruled = (
        Near(minutes_for(km, setting), km, hospital)
        for km, hospital in index.nearest_first(origin.at)
        if hospital.code not in drives
    )
    told.sort(key=lambda one: (one.minutes, one.hospital.code))
    return heapq.merge(told, ruled, key=lambda one: one.minutes) if told else ruled


def _is_enough(found: _Found, minutes: float, ground: Ground, *, counts: bool) -> bool:
    """Return whether no hospital so far away, nor any farther, can be on the list."""
    if minutes > ground.policy.reach and (found.go or found.other):
        return True
    if not found.go:
        return False
    if counts:
        return minutes > found.go[0].minutes + ground.urgency.budget
    return len(found.go) >= LISTED_GO


def _listed(
    found: _Found, scores: Scores, setting: Setting, ground: Ground, known: Known
) -> list[tuple[Tier, Candidate]]:
    """Return the list: who takes, then whom to call; who diverts only under the rule for that."""
    able = [one for one in found.go if not scores.counts or one.hospital.code in scores.terms]
    best = heapq.nsmallest(LISTED_GO, able, key=scores.key)
    go = [(Tier.GO, _candidate(one, setting)) for one in best]
    nearest = _spread(found.of(Standing.NO_REPORT), ground, known)
    silent = [(Tier.CALL_FIRST, one) for one in nearest]
    unknown = [(Tier.CALL_FIRST, one) for one in found.of(Standing.UNKNOWN)]
    rest = silent + unknown
    taker = _closest_that_takes(found, ground)
    if taker is not None:
        go = [(Tier.CLOSEST_TAKES, taker), *go]
        if not found.go:
            nearer = [one for one in silent if one[1].drive.minutes < taker.drive.minutes]
            go, rest = nearer + go, [one for one in rest if one not in nearer]
    any_ed = _nearest_ed_instead(found, ground)
    if any_ed is not None:
        go = [(Tier.NEAREST_ED, any_ed), *go]
        rest = [one for one in rest if one[1].hospital is not any_ed.hospital]
    return (go + rest)[:LISTED_MAX]


def _spread(silent: list[Candidate], ground: Ground, known: Known) -> list[Candidate]:
    """Return those nobody has reported of: the nearest first, but nobody with more than its share.

    Their room is the last that was known, whatever its age: what was sent there is known surely.
    """
    if not silent or not counts_more_than_the_drive(ground):
        return silent
    last = silent[0].drive.minutes + ground.urgency.budget
    near = [one for one in silent if one.drive.minutes <= last]
    over = over_share_among([one.hospital for one in near], ground, known)
    return sorted(silent, key=lambda one: (one not in near, one.hospital.code in over))


def _closest_that_takes(found: _Found, ground: Ground) -> Candidate | None:
    """Return the closest that diverts, when nobody open is near enough; None else."""
    diverting = found.of(Standing.DIVERTING)
    if not diverting:
        return None
    open_at = min((one.minutes for one in found.go), default=inf)
    far = open_at > diverting[0].drive.minutes + ground.policy.closest_takes_within
    return diverting[0] if far else None


def _nearest_ed_instead(found: _Found, ground: Ground) -> Candidate | None:
    """Return the nearest open ED, where the specialty is farther than its rule allows."""
    ed, limit = found.nearest_ed, ground.need.must_go
    if ed is None or limit is None or not found.go:
        return None
    return ed if found.go[0].minutes > ed.drive.minutes + limit else None


def _passed(
    found: _Found,
    scores: Scores,
    listed: tuple[Ranked, ...],
    setting: Setting,
    inbound: Mapping[str, int],
) -> tuple[Passed, ...]:
    """Return who is nearer than the first and not on the list, with the rule that says so."""
    if not listed:
        return tuple(Passed(one, one.verdict.words()) for one in found.out[:PASSED_MAX])
    on_it = {one.code for one in listed}
    go = [_candidate(one, setting) for one in found.go if one.hospital.code in scores.terms]
    nearer = [
        one
        for one in (*found.out, *found.diverting(), *go)
        if one.drive.minutes < listed[0].drive.minutes and one.hospital.code not in on_it
    ]
    nearer.sort(key=lambda one: one.drive.minutes)
    return tuple(
        Passed(one, rule_of_nearer(one, scores, listed[0], inbound.get(one.hospital.code, 0)))
        for one in nearer[:PASSED_MAX]
    )


def nearest_capable(answer: Answer, need: Need) -> Candidate | None:
    """Return the nearest hospital known to be capable, whether it takes anybody now or not.

    Whoever goes to another one is redirected: the arrows of the map are these.
    """
    met = [one.candidate for one in answer.ranked] + [one.candidate for one in answer.passed]
    able = [
        one
        for one in met
        if not one.hospital.closed
        and all(one.hospital.knows(each) is Knowledge.YES for each in need.services)
    ]
    return min(able, key=lambda one: (one.drive.minutes, one.hospital.code), default=None)
