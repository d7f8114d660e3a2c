"""What a theatre plan must obey and what it costs; and the two plain rules plans are made by.

`Book` keeps what is left of every scarce thing while cases are put in and taken out. A surgeon
works in one room a day, so that no plan has them in two rooms at once. Nights after the last day
planned are not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wardlight.plan.theatres.theatres import Case, Place, Session, TheatreProblem

SCALE = 100  # costs are whole hundredths, so that what is equal is equal
HOLDS_ANY = 1_000  # cases of a list that states no number
Places = list[Place | None]  # of each case, in the order of the problem


def late_days(problem: TheatreProblem, case: Case, place: Place | None) -> int:
    """Return the days after the harm date; without a place as if some days after the last one."""
    day = place.day if place else problem.days - 1 + problem.policy.defer_days
    return max(day - case.harm_by, 0)


def cost_of(problem: TheatreProblem, case: Case, place: Place | None) -> int:
    """Return what a place costs, or having none."""
    policy = problem.policy
    late = late_days(problem, case, place)
    cost = case.weight * late * (1 + late / 10)
    if place is None:
        cost += case.weight * policy.defer
    if case.confirmed and case.booked is not None and place != case.booked:
        same_day = place is not None and place.day == case.booked.day
        cost += policy.move_room if same_day else policy.move * (1 + case.moved_before)
    return round(cost * SCALE)


def suits(case: Case, session: Session) -> bool:
    """Return whether a session is one for a case at all, whatever else is in it."""
    return (
        case.ready <= session.day
        and session.day not in case.cannot
        and case.minutes <= session.minutes
        and (not session.specialties or case.specialty in session.specialties)
        and session.surgeon in ("", case.surgeon)
        and not case.needs & session.lacks
    )


def nights_of(problem: TheatreProblem, case: Case, day: int) -> range:
    """Return the nights of the days planned in which a case of a day needs its bed."""
    return range(day, min(day + case.nights, problem.days)) if case.bed else range(0)


class Book:
    """What is left of rooms, surgeons, beds and equipment."""

    def __init__(self, problem: TheatreProblem) -> None:
        self.problem = problem
        self.sessions = {Place(one.day, one.room): one for one in problem.sessions}
        self.minutes = {place: one.minutes for place, one in self.sessions.items()}
        self.holds = {place: one.holds or HOLDS_ANY for place, one in self.sessions.items()}
        self.surgeons = dict(problem.surgeons)
        self.beds = dict(problem.beds)
        self.equipment = dict(problem.equipment)
        self.rooms: dict[tuple[str, int], dict[str, int]] = {}  # (surgeon, day) → cases by room

    def fits(self, case: Case, place: Place) -> bool:
        """Return whether a case can be put there now."""
        session = self.sessions.get(place)
        if session is None or not suits(case, session):
            return False
        if self.minutes[place] < case.minutes or self.holds[place] < 1:
            return False
        day = place.day
        if self.surgeons.get((case.surgeon, day), 0) < case.minutes:
            return False
        if any(room != place.room for room in self.rooms.get((case.surgeon, day), ())):
            return False
        if any(self.equipment.get((one, day), 0) < 1 for one in case.equipment):
            return False
        nights = nights_of(self.problem, case, day)
        return all(self.beds.get((case.bed, night), 0) > 0 for night in nights)

    def put(self, case: Case, place: Place) -> None:
        """Take up what a case needs there; what a person fixed may take more than there is."""
        self._change(case, place, 1)

    def take(self, case: Case, place: Place) -> None:
        """Give back what a case took up there."""
        self._change(case, place, -1)

    def _change(self, case: Case, place: Place, by: int) -> None:
        day = place.day
        self.minutes[place] = self.minutes.get(place, 0) - by * case.minutes
        self.holds[place] = self.holds.get(place, 0) - by
        surgeon = (case.surgeon, day)
        self.surgeons[surgeon] = self.surgeons.get(surgeon, 0) - by * case.minutes
        here = self.rooms.setdefault(surgeon, {})
        here[place.room] = here.get(place.room, 0) + by
        if not here[place.room]:
            del here[place.room]
        for one in case.equipment:
            self.equipment[one, day] = self.equipment.get((one, day), 0) - by
        for night in nights_of(self.problem, case, day):
            self.beds[case.bed, night] = self.beds.get((case.bed, night), 0) - by


def by_priority(problem: TheatreProblem) -> Places:
    """Return the plan of the priority rule: who matters most, then whose harm date is first.

    Each gets the first place that is left; a patient who was told keeps theirs where that is no
    later than the harm date and nobody before them took it.
    """
    order = sorted(
        range(len(problem.cases)),
        key=lambda at: (-problem.cases[at].weight, problem.cases[at].harm_by, at),
    )
    return _in_turn(problem, order)


def first_come(problem: TheatreProblem) -> Places:
    """Return the plan of those who ask first: in the order of the cases given."""
    return _in_turn(problem, range(len(problem.cases)))


def _in_turn(problem: TheatreProblem, order: Iterable[int]) -> Places:
    book = Book(problem)
    made: Places = [case.fixed for case in problem.cases]
    for case in problem.cases:
        if case.fixed is not None:
            book.put(case, case.fixed)
    places = sorted(book.sessions)
    for at in order:
        case = problem.cases[at]
        if case.fixed is None:
            made[at] = _first(book, case, places)
            if (place := made[at]) is not None:
                book.put(case, place)
    return made


def _first(book: Book, case: Case, places: Sequence[Place]) -> Place | None:
    kept = case.booked
    if kept is not None and case.confirmed and kept.day <= case.harm_by and book.fits(case, kept):
        return kept
    return next((place for place in places if book.fits(case, place)), None)


def total(problem: TheatreProblem, places: Places) -> int:
    """Return what a plan costs, in hundredths."""
    return sum(
        cost_of(problem, case, place) for case, place in zip(problem.cases, places, strict=True)
    )
