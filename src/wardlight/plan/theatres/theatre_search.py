"""The search for a better theatre plan: a few days are taken apart and put together anew.

Large neighbourhood search with CP-SAT (Shaw 1998; Perron and others in OR-Tools): from the plan of
the priority rule, the cases of some days, or of one specialty, or those that cost most, are freed
and placed again as well as can be; the rest stands. No round makes the plan worse or breaks a rule,
so that it may be stopped at any moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from ortools.sat.python import cp_model

from wardlight.plan.theatres.theatre_rules import (
    SCALE,
    Book,
    Places,
    by_priority,
    cost_of,
    late_days,
    nights_of,
    suits,
    total,
)
from wardlight.plan.theatres.theatres import (
    Case,
    CaseLine,
    Place,
    Progress,
    TheatrePlan,
    TheatreProblem,
)

ROUND_EFFORT = 0.4  # deterministic time of one round: some half a second
FREE_MAX = 160  # cases placed anew in one round
ROUNDS_MAX = 100_000
OF_DAYS = 0.7  # share of rounds that free days; the others free a specialty
FEW, SOME = 2, 4  # days freed in one round
IDLE_MAX = 60  # rounds without a gain after which the search ends by itself

Stop = Callable[[], bool]


def improve(
    problem: TheatreProblem,
    *,
    stop: Stop,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
    rounds_max: int = ROUNDS_MAX,
    effort: float = ROUND_EFFORT,
) -> TheatrePlan:
    """Return the best plan found until `stop` says so; it is asked before each round.

    `effort` is CP-SAT's deterministic time for one round: how long a stop may have to wait.
    """
    search = _Search(problem, seed, effort)
    began = search.cost
    rounds = 0
    able = bool(search.movable) and problem.days > 0
    while able and rounds < rounds_max and search.idle < IDLE_MAX and search.cost and not stop():
        search.round()
        rounds += 1
        if progress is not None:
            progress(Progress(rounds, search.cost / SCALE))
    return plan_of(problem, search.places, began=began, rounds=rounds)


def plan_of(
    problem: TheatreProblem, places: Places, *, began: int | None = None, rounds: int = 0
) -> TheatrePlan:
    """Return places as a plan whose lines say why."""
    cost = total(problem, places)
    return TheatrePlan(
        lines=tuple(
            _line(problem, case, place) for case, place in zip(problem.cases, places, strict=True)
        ),
        cost=cost / SCALE,
        started_at=(cost if began is None else began) / SCALE,
        rounds=rounds,
    )


class _Search:
    """The best plan so far, and what is left beside it."""

    def __init__(self, problem: TheatreProblem, seed: int, effort: float) -> None:
        self.problem, self.effort = problem, effort
        self.chance = np.random.default_rng(seed)
        self.places = by_priority(problem)
        self.cost = total(problem, self.places)
        self.book = Book(problem)
        for case, place in zip(problem.cases, self.places, strict=True):
            if place is not None:
                self.book.put(case, place)
        self.idle = 0
        self.movable = [at for at, case in enumerate(problem.cases) if case.fixed is None]
        self.suiting = {
            at: [place for place, session in self.book.sessions.items()
                 if suits(problem.cases[at], session)]
            for at in self.movable
        }  # fmt: skip

    def round(self) -> None:
        """Free some cases and place them again."""
        free, days = self._chosen()
        before = sum(cost_of(self.problem, self.problem.cases[at], self.places[at]) for at in free)
        for at in free:
            if (place := self.places[at]) is not None:
                self.book.take(self.problem.cases[at], place)
        found = self._placed(free, days)
        after = before
        if found is not None:
            after = sum(cost_of(self.problem, self.problem.cases[at], found[at]) for at in free)
        if found is not None and after <= before:
            for at in free:
                self.places[at] = found[at]
        for at in free:
            if (place := self.places[at]) is not None:
                self.book.put(self.problem.cases[at], place)
        self.idle = 0 if after < before else self.idle + 1
        self.cost -= max(before - after, 0)

    def _chosen(self) -> tuple[list[int], set[int]]:
        """Return the cases to be freed, and the days they may go to."""
        kind = self.chance.random()
        if kind < OF_DAYS:
            days = self._days(FEW if kind < OF_DAYS / 2 else SOME)
            here = [at for at in self.movable if _day(self.places[at]) in days]
        else:
            days = set(range(self.problem.days))
            here = self._of_a_specialty()
        dear = self._dearest([at for at in self.movable if at not in {*here}])
        self.chance.shuffle(here)
        return [*here[: FREE_MAX * 3 // 4], *dear][:FREE_MAX], days

    def _days(self, many: int) -> set[int]:
        """Return days near each other, or any, begun where much is late."""
        count = self.problem.days
        first = int(self.chance.integers(count))
        if self.chance.integers(2):
            return {day % count for day in range(first, first + many)}
        return {first, *(int(one) for one in self.chance.integers(count, size=many - 1))}

    def _of_a_specialty(self) -> list[int]:
        specialty = self.problem.cases[self._one()].specialty
        return [at for at in self.movable if self.problem.cases[at].specialty == specialty]

    def _one(self) -> int:
        return self.movable[int(self.chance.integers(len(self.movable)))]

    def _dearest(self, among: Sequence[int]) -> list[int]:
        """Return cases that cost something, the dearer the likelier."""
        costs = np.array(
            [cost_of(self.problem, self.problem.cases[at], self.places[at]) for at in among],
            dtype=np.float64,
        )
        some = np.flatnonzero(costs > 0)
        drawn = self.chance.random(len(some)) ** (1 / costs[some])
        return [among[at] for at in some[np.argsort(-drawn)][: FREE_MAX // 4].tolist()]

    def _placed(self, free: Sequence[int], days: set[int]) -> dict[int, Place | None] | None:
        """Return the best places of these cases beside all that stands; None for none found."""
        model = _Model(self.problem, self.book)
        for at in free:
            case, now = self.problem.cases[at], self.places[at]
            able = [
                place
                for place in self.suiting[at]
                if (place.day in days or place == now) and self.book.fits(case, place)
            ]
            model.add(at, able, now)
        return model.solved(int(self.chance.integers(1 << 30)), self.effort)


def _day(place: Place | None) -> int:
    return -1 if place is None else place.day


class _Model:
    """One round: free cases onto what is left."""

    def __init__(self, problem: TheatreProblem, book: Book) -> None:
        self.problem, self.book = problem, book
        self.model = cp_model.CpModel()
        self.at: dict[int, dict[Place, cp_model.IntVar]] = {}
        self.cost: list[cp_model.LinearExprT] = []

    def add(self, at: int, able: Sequence[Place], now: Place | None) -> None:
        """Let a case go to one of these places, or to none."""
        case = self.problem.cases[at]
        none = cost_of(self.problem, case, None)
        mine = {place: self.model.new_bool_var("") for place in able}
        self.at[at] = mine
        if mine:
            self.model.add_at_most_one(mine.values())
        self.cost.append(none)
        for place, here in mine.items():
            self.cost.append((cost_of(self.problem, case, place) - none) * here)
            self.model.add_hint(here, place == now)

    def solved(self, seed: int, effort: float) -> dict[int, Place | None] | None:
        """Return the best places found in one round's effort."""
        self._scarce()
        self._one_room()
        self.model.minimize(sum(self.cost))
        solver = cp_model.CpSolver()
        solver.parameters.max_deterministic_time = effort
        solver.parameters.num_workers = 1  # the same plan for the same seed
        solver.parameters.random_seed = seed
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        return {
            at: next((place for place, here in mine.items() if solver.boolean_value(here)), None)
            for at, mine in self.at.items()
        }

    def _scarce(self) -> None:
        """Let nothing be used beyond what is left of it."""
        uses: dict[tuple[object, ...], list[cp_model.LinearExprT]] = {}
        left: dict[tuple[object, ...], int] = {}
        for at, mine in self.at.items():
            case = self.problem.cases[at]
            for place, here in mine.items():
                for key, amount, there in self._needs(case, place):
                    uses.setdefault(key, []).append(amount * here)
                    left[key] = there
        for key, used in uses.items():
            self.model.add(sum(used) <= left[key])

    def _needs(self, case: Case, place: Place) -> list[tuple[tuple[object, ...], int, int]]:
        book, day = self.book, place.day
        surgeon = (case.surgeon, day)
        made: list[tuple[tuple[object, ...], int, int]] = [
            (("room", place), case.minutes, book.minutes[place]),
            (("holds", place), 1, book.holds[place]),
            (("surgeon", *surgeon), case.minutes, book.surgeons.get(surgeon, 0)),
        ]
        made += [
            (("equipment", one, day), 1, book.equipment.get((one, day), 0))
            for one in case.equipment
        ]
        return made + [
            (("bed", case.bed, night), 1, book.beds.get((case.bed, night), 0))
            for night in nights_of(self.problem, case, day)
        ]

    def _one_room(self) -> None:
        """Keep a surgeon in one room on each day."""
        rooms: dict[tuple[str, int], dict[str, list[cp_model.IntVar]]] = {}
        for at, mine in self.at.items():
            surgeon = self.problem.cases[at].surgeon
            for place, here in mine.items():
                day = rooms.setdefault((surgeon, place.day), {})
                day.setdefault(place.room, []).append(here)
        for day in rooms.values():
            if len(day) > 1:
                chosen = {room: self.model.new_bool_var("") for room in day}
                self.model.add_at_most_one(chosen.values())
                for room, cases in day.items():
                    for here in cases:
                        self.model.add_implication(here, chosen[room])


def _line(problem: TheatreProblem, case: Case, place: Place | None) -> CaseLine:
    moved = case.confirmed and case.booked is not None and place is not None
    return CaseLine(
        case=case.id,
        place=place,
        why=_why(problem, case, place),
        late=late_days(problem, case, place) if place else 0,
        moved=moved and place is not None and place.day != (case.booked or place).day,
        decided=case.fixed is not None,
    )


def _why(problem: TheatreProblem, case: Case, place: Place | None) -> str:
    if case.fixed is not None:
        return "given by a person"
    if place is None:
        return _none(problem, case)
    late = late_days(problem, case, place)
    words = f"; {late} days after the harm date" if late else "; before the harm date"
    if place == case.booked:
        return f"keeps the place they have{words}"
    if case.booked is not None and place.day == case.booked.day:
        return f"the same day, another room{words}"
    if case.booked is not None:
        return f"{'sooner' if place.day < case.booked.day else 'later, for others'}{words}"
    return f"first place that serves all best{words}"


def _none(problem: TheatreProblem, case: Case) -> str:
    able = [one for one in problem.sessions if suits(case, one)]
    if not able:
        return "no session suits: specialty, length, what is lacking, or days the patient can come"
    if not any(problem.surgeons.get((case.surgeon, one.day), 0) >= case.minutes for one in able):
        return f"{case.surgeon} has no day long enough"
    return "rooms, surgeon, beds or equipment of the days go to others"
