"""The visit problem put and solved in another way: visit by visit, slot by slot, with scipy."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import product

import numpy as np
from scipy.optimize import linear_sum_assignment

from wardlight.plan.visits.visits import Link, Slot, Visit, VisitProblem

FORBIDDEN = 10**9


def least_cost(problem: VisitProblem) -> float:
    """Return what the best plan without links costs, in routine days."""
    places = [slot for slot in problem.slots for _ in range(slot.holds)]
    costs = np.full((len(problem.visits), len(places) + len(problem.visits)), float(FORBIDDEN))
    for row, visit in enumerate(problem.visits):
        kept = next((slot for slot in problem.slots if slot.id == visit.booked), None)
        moved = 0.0
        if kept is not None and _can(visit, kept):
            moved = problem.policy.move * (1 + visit.moved_before) if visit.confirmed else 1.0
        for column, slot in enumerate(places):
            if _can(visit, slot):
                costs[row, column] = _tenths(_cost(problem, visit, slot))
                costs[row, column] += _tenths(0 if _alike(slot, kept) else moved)
        none = _tenths(visit.weight * (2000 if visit.harm_by else 1000))
        costs[row, len(places) + row] = none + _tenths(moved)
    rows, chosen = linear_sum_assignment(costs)
    return float(costs[rows, chosen].sum()) / 10


def least_tied_cost(problem: VisitProblem) -> float:
    """Return what the best plan with links costs: every plan there is, one after another."""
    known = {slot.id: slot for slot in problem.slots}
    choices = [
        (None, *(slot for slot in problem.slots if _can(visit, slot))) for visit in problem.visits
    ]
    best = float("inf")
    for plan in product(*choices):
        used = Counter(slot.id for slot in plan if slot)
        if any(count > known[name].holds for name, count in used.items()):
            continue
        place = {visit.id: slot for visit, slot in zip(problem.visits, plan, strict=True)}
        if all(_is_kept(link, place[link.first], place[link.then]) for link in problem.links):
            pairs = zip(problem.visits, plan, strict=True)
            best = min(best, sum(_price(problem, visit, slot) for visit, slot in pairs))
    return best / 10


def _is_kept(link: Link, first: Slot | None, then: Slot | None) -> bool:
    if first is None or then is None:
        return True
    days = (date.fromisoformat(then.day) - date.fromisoformat(first.day)).days
    near = link.days_min <= days <= link.days_max
    return near and (not link.same_site or first.site == then.site)


def _price(problem: VisitProblem, visit: Visit, slot: Slot | None) -> float:
    kept = next((one for one in problem.slots if one.id == visit.booked), None)
    moved = 0.0
    if kept is not None and _can(visit, kept):
        moved = problem.policy.move * (1 + visit.moved_before) if visit.confirmed else 1.0
    if slot is None:
        return _tenths(visit.weight * (2000 if visit.harm_by else 1000)) + _tenths(moved)
    return _tenths(_cost(problem, visit, slot)) + _tenths(0 if _alike(slot, kept) else moved)


def _tenths(days: float) -> float:
    return float(np.rint(days * 10))


def _alike(slot: Slot, kept: Slot | None) -> bool:
    """Return whether a slot is the one a patient has, or one like it: those can be exchanged."""
    if kept is None:
        return False
    return _kind(slot) == _kind(kept)


def _kind(slot: Slot) -> tuple[object, ...]:
    return (
        slot.service,
        slot.day,
        slot.part,
        slot.site,
        slot.staff,
        slot.minutes,
        slot.lacks,
        slot.unstated,
    )


def _can(visit: Visit, slot: Slot) -> bool:
    if slot.service != visit.service or (visit.sites and slot.site not in visit.sites):
        return False
    if visit.minutes > slot.minutes > 0 or (visit.staff and visit.staff != slot.staff):
        return False
    if visit.not_before > slot.day or set(slot.lacks) & set(visit.needs):
        return False
    return slot.day not in visit.cannot and f"{slot.day} {slot.part}" not in visit.cannot


def _cost(problem: VisitProblem, visit: Visit, slot: Slot) -> float:
    policy = problem.policy
    day = date.fromisoformat(slot.day)
    cost = visit.weight * policy.wait_day * (day - date.fromisoformat(problem.today)).days
    if visit.harm_by and day > date.fromisoformat(visit.harm_by):
        late = (day - date.fromisoformat(visit.harm_by)).days
        cost += visit.weight * (policy.harm + policy.harm_day * late)
    if set(slot.unstated) & set(visit.needs):
        cost += policy.unstated
    if not slot.site:
        return cost + policy.travel_hour * visit.travel.get("", 0) / 60
    minutes = visit.travel.get(slot.site, policy.way_unknown_min)
    cost += policy.travel_hour * minutes / 60 + policy.partner
    return cost + policy.transport * visit.transport
