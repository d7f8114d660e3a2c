"""What each hospital of the list costs in minutes, and whether the ambulances spread.

All terms are minutes, none is below zero but the one for knowing the patient; more load or more
ambulances on the way never make a hospital cheaper.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from wardlight.plan.destinations.destination_answer import Terms
from wardlight.plan.destinations.destination_load import load_of, price_of, room_of, wait_for
from wardlight.plan.destinations.destination_standing import Ground
from wardlight.plan.destinations.drive_time import Drive
from wardlight.plan.destinations.hospital_facts import NOTHING, HospitalFacts
from wardlight.record.hospitals import Hospital

LISTED_GO = 8  # of the list that simply take the patient


class Known(Struct, frozen=True, kw_only=True):
    """What is known of the hospitals and their load."""

    facts: Mapping[str, HospitalFacts] = {}
    inbound: Mapping[str, int] = {}  # sent there since its department was counted
    known_at: str = ""  # code of the hospital that has the patient's records


class Near(NamedTuple):
    """A hospital that may be chosen, before anything of it is worked out but the minutes."""

    minutes: float
    told: float | Drive  # the distance in km, or a drive somebody told
    hospital: Hospital


class Scores(Struct, frozen=True, kw_only=True):
    """The terms of those that can be on the list, by code; none where only the drive counts."""

    counts: bool
    compared: int = 0
    terms: Mapping[str, Terms] = {}
    room: float = 0.0  # free spaces of all that were compared
    sent: int = 0  # ambulances on the way to any of them

    def key(self, one: Near) -> tuple[bool, float, float, str]:
        """Return what the list is ordered by."""
        terms = self.terms.get(one.hospital.code)
        if terms is None:
            return False, one.minutes, one.minutes, one.hospital.code
        return terms.over_share, terms.total(), one.minutes, one.hospital.code


def counts_more_than_the_drive(ground: Ground) -> bool:
    """Return whether load is weighed: signed, no must-go specialty, and minutes to spare."""
    return ground.policy.scores and ground.need.must_go is None and ground.urgency.budget > 0


def scores_of(found: Sequence[Near], ground: Ground, known: Known) -> Scores:
    """Return the terms of every hospital that can be on the list.

    `found` comes in order of minutes, and no term but the bonus for knowing the patient is below
    zero: once the drive alone costs more than the last place of the list, nobody farther is on it.
    """
    if not counts_more_than_the_drive(ground):
        return Scores(counts=False, compared=len(found))
    facts, inbound, policy = known.facts, known.inbound, ground.policy
    rooms = [
        room_of(facts.get(one.hospital.code, NOTHING).count, one.hospital.ed_spaces, policy)
        for one in found
    ]
    room = sum(rooms)
    codes = {one.hospital.code for one in found} if inbound else set()
    sent = sum(count for code, count in inbound.items() if code in codes)
    terms: dict[str, Terms] = {}
    best: list[tuple[bool, float]] = []
    for one, free in zip(found, rooms, strict=True):
        least = (False, one.minutes * ground.urgency.weight - policy.continuity)
        if len(best) >= LISTED_GO and least > best[LISTED_GO - 1]:
            break
        share = free / room if room else 1 / len(found)
        made = terms_of(one, ground, known, sent, share)
        terms[one.hospital.code] = made
        insort(best, (made.over_share, made.total()))
    return Scores(counts=True, compared=len(found), terms=terms, room=room, sent=sent)


def over_share_among(hospitals: Sequence[Hospital], ground: Ground, known: Known) -> frozenset[str]:
    """Return the codes of those that have more of the ambulances on the way than their share."""
    rooms = {
        one.code: room_of(known.facts.get(one.code, NOTHING).count, one.ed_spaces, ground.policy)
        for one in hospitals
    }
    room, here = sum(rooms.values()), known.inbound
    sent = sum(here.get(code, 0) for code in rooms)
    return frozenset(
        code
        for code, free in rooms.items()
        if fairness_of(here.get(code, 0), sent, free / room if room else 1 / len(rooms), ground)[1]
    )


def fairness_of(here: int, sent: int, share: float, ground: Ground) -> tuple[float, bool]:
    """Return the minutes for one ambulance more than its share, and whether it has too many.

    A hospital takes its first ambulance when its share of twenty is one or more.
    """
    extra = max(0.0, here / (sent + 1) - share)
    cap = ground.policy.share_cap * share
    within = here + 1 <= cap * (sent + 1) or (here == 0 and cap * SURGE >= 1)
    return ground.policy.fairness * extra, not within


SURGE = 20  # ambulances that come in one wave


def terms_of(one: Near, ground: Ground, known: Known, sent: int, share: float) -> Terms:
    """Return what a hospital costs in minutes; `share` is its part of the room of all."""
    policy, code = ground.policy, one.hospital.code
    here = known.inbound.get(code, 0)
    count = known.facts.get(code, NOTHING).count
    load = load_of(count, one.hospital.ed_spaces, here, policy, ground.now)
    fairness, over = fairness_of(here, sent, share, ground)
    return Terms(
        drive=one.minutes * ground.urgency.weight,
        wait=wait_for(load.ratio, policy),
        wait_lo=wait_for(load.lo, policy),
        wait_hi=wait_for(load.hi, policy),
        offload=policy.offload * load.ems_waiting,
        filling=price_of(load.ratio, policy),
        fairness=fairness,
        continuity=policy.continuity if code == known.known_at else 0.0,
        share=share,
        over_share=over,
    )
