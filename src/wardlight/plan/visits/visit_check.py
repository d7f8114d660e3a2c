"""Looks a plan of visits over with nothing but the problem: no slot twice, no rule broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from wardlight.plan.visits.visits import NO_SLOT, Link, Slot, Visit, VisitProblem


def faults(problem: VisitProblem, slots: Sequence[str]) -> tuple[str, ...]:
    """Return every rule a plan breaks; what a person decided for a visit is theirs to decide."""
    known = {slot.id: slot for slot in problem.slots}
    used = Counter(slot for slot in slots if slot != NO_SLOT)
    forced = Counter(one.fixed for one in problem.visits if one.fixed)
    told = [
        f"slot {slot} is given {count} times"
        for slot, count in used.items()
        if slot in known and count > max(known[slot].holds, forced[slot])
    ]
    for visit, slot in zip(problem.visits, slots, strict=True):
        if slot != NO_SLOT and slot not in known and not visit.fixed:
            told.append(f"slot {slot} is not offered")
        elif slot in known and not visit.fixed and (wrong := misfit(visit, known[slot])):
            told.append(f"slot {slot}: {wrong}")
    told += _links(problem, slots, known)
    return tuple(told)


def misfit(visit: Visit, slot: Slot) -> str:
    """Return why a slot is not one for a visit; "" when it is."""
    reasons = {
        "of another service": slot.service != visit.service,
        "too early": slot.day < visit.not_before,
        "too short": bool(slot.minutes and slot.minutes < visit.minutes),
        "with somebody else": bool(visit.staff and slot.staff != visit.staff),
        "at a site the patient cannot go to": bool(visit.sites and slot.site not in visit.sites),
        "something is lacking that day": bool({*slot.lacks} & {*visit.needs}),
        "the patient cannot come": bool({slot.day, f"{slot.day} {slot.part}"} & {*visit.cannot}),
    }
    return next((because for because, holds in reasons.items() if holds), "")


def _links(problem: VisitProblem, slots: Sequence[str], known: dict[str, Slot]) -> list[str]:
    place = {one.id: known.get(slot) for one, slot in zip(problem.visits, slots, strict=True)}
    decided = {one.id for one in problem.visits if one.fixed or one.held}
    return [
        f"{link.then} does not come after {link.first} as it has to"
        for link in problem.links
        if not {link.first, link.then} <= decided
        and not _kept(link, place.get(link.first), place.get(link.then))
    ]


def _kept(link: Link, first: Slot | None, then: Slot | None) -> bool:
    if first is None or then is None:
        return True  # without a slot is said by the line, not here
    days = date.fromisoformat(then.day).toordinal() - date.fromisoformat(first.day).toordinal()
    near = link.days_min <= days <= link.days_max
    return near and (not link.same_site or first.site == then.site)
