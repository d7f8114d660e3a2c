"""Checks a theatre plan by counting from the problem alone; shares nothing with the planner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from wardlight.plan.theatres.theatres import Case, CaseLine, Place, Session, TheatreProblem


def violations(problem: TheatreProblem, lines: Sequence[CaseLine]) -> list[str]:
    """Return every hard rule that is broken."""
    if [line.case for line in lines] != [case.id for case in problem.cases]:
        return ["not every case stands there once"]
    pairs = list(zip(problem.cases, lines, strict=True))
    found = [
        f"{case.id} was fixed elsewhere"
        for case, line in pairs
        if case.fixed is not None and line.place != case.fixed
    ]
    placed = [(case, line.place) for case, line in pairs if line.place is not None]
    sessions = {(one.day, one.room): one for one in problem.sessions}
    for case, place in placed:
        found += _misplaced(case, place, sessions.get((place.day, place.room)))
    return found + _over(problem, placed, sessions)


def _misplaced(case: Case, place: Place, session: Session | None) -> list[str]:
    if session is None:
        return [f"{case.id} in a room that is not open"]
    wrong = {
        "in a session of others": bool(session.specialties)
        and case.specialty not in session.specialties,
        "in a list of another surgeon": session.surgeon not in ("", case.surgeon),
        "on a day that lacks what it needs": bool(case.needs & session.lacks),
        "on a day it cannot be": place.day < case.ready or place.day in case.cannot,
    }
    return [f"{case.id} {words}" for words, holds in wrong.items() if holds]


def _over(
    problem: TheatreProblem,
    placed: Sequence[tuple[Case, Place]],
    sessions: dict[tuple[int, str], Session],
) -> list[str]:
    minutes: dict[tuple[int, str], int] = defaultdict(int)
    count: dict[tuple[int, str], int] = defaultdict(int)
    surgeon: dict[tuple[str, int], int] = defaultdict(int)
    rooms: dict[tuple[str, int], set[str]] = defaultdict(set)
    beds: dict[tuple[str, int], int] = defaultdict(int)
    equipment: dict[tuple[str, int], int] = defaultdict(int)
    last = max(one.day for one in problem.sessions)
    for case, place in placed:
        minutes[place.day, place.room] += case.minutes
        count[place.day, place.room] += 1
        surgeon[case.surgeon, place.day] += case.minutes
        rooms[case.surgeon, place.day].add(place.room)
        for one in case.equipment:
            equipment[one, place.day] += 1
        for night in range(place.day, place.day + case.nights if case.bed else place.day):
            beds[case.bed, night] += night <= last
    there = {key: one.minutes for key, one in sessions.items()}
    return [
        *[f"{key} over its minutes" for key, used in minutes.items() if used > there.get(key, 0)],
        *[
            f"{key} has more cases than it holds"
            for key, used in count.items()
            if sessions[key].holds and used > sessions[key].holds
        ],
        *_beyond("hours of", surgeon, problem.surgeons),
        *_beyond("beds", beds, problem.beds),
        *_beyond("equipment", equipment, problem.equipment),
        *[f"{key} in two rooms" for key, mine in rooms.items() if len(mine) > 1],
    ]


def _beyond(
    words: str, used: Mapping[tuple[str, int], int], there: Mapping[tuple[str, int], int]
) -> list[str]:
    return [f"{words} {key}" for key, count in used.items() if count > there.get(key, 0)]


def cost(problem: TheatreProblem, lines: Sequence[CaseLine]) -> float:
    """Return what a plan costs, worked out anew."""
    policy, total = problem.policy, 0.0
    last = max(one.day for one in problem.sessions)
    for case, line in zip(problem.cases, lines, strict=True):
        day = line.place.day if line.place else last + policy.defer_days
        late = max(0, day - case.harm_by)
        one = case.weight * late * (1 + late / 10)
        if line.place is None:
            one += case.weight * policy.defer
        if case.booked and case.confirmed:
            if line.place is None or line.place.day != case.booked.day:
                one += policy.move * (1 + case.moved_before)
            elif line.place.room != case.booked.room:
                one += policy.move_room
        total += round(one * 100)
    return total / 100
