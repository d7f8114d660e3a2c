"""Theatre cases with durations, staff and beds: what the planner is asked for, what it answers.

    from wardlight.plan.extra import missing
    from wardlight.plan.theatres.theatres import Case, Session, TheatreProblem
    if not missing():
        from wardlight.plan.theatres.theatre_search import improve
        plan = improve(problem, stop=lambda: clock() > until, seed=1, progress=show)

`improve` begins with the priority rule (`theatre_rules.by_priority`) and only ever gets better: it
may be stopped at any moment, and what it returns obeys every rule. Call it in a thread. Give cases
`fixed` to keep what a person decided, and `booked` with `confirmed` to keep moves few. Days are
whole numbers from 0, today. Imports neither numpy nor OR-Tools.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Place(Struct, frozen=True, order=True, gc=False):
    """A day and a room."""

    day: int
    room: str


class Session(Struct, frozen=True, kw_only=True):
    """A staffed room on one day, for so many minutes. `lacks`: what is down that day ("PACS").

    `surgeon`: the list is theirs alone, "" anybody's. `holds`: cases at most, 0 as many as fit.
    """

    day: int
    room: str
    minutes: int
    specialties: frozenset[str] = frozenset()  # empty: any
    lacks: frozenset[str] = frozenset()
    surgeon: str = ""
    holds: int = 0


class Case(Struct, frozen=True, kw_only=True):
    """An operation that waits. `minutes` with turnover. `harm_by`: last day that does no harm.

    `bed`: the kind needed afterwards, from the day on for `nights` (ICU, ward …), "" none.
    `equipment`: each counts as used that day. `weight`: what a day late counts, 1 is elective.
    """

    id: str
    minutes: int
    specialty: str
    surgeon: str
    harm_by: int
    weight: float = 1.0
    ready: int = 0  # first day: preparation, tests, travel
    bed: str = ""
    nights: int = 0
    equipment: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()  # not on days that lack one of them
    cannot: frozenset[int] = frozenset()  # days the patient cannot come
    booked: Place | None = None
    confirmed: bool = False
    moved_before: int = 0
    fixed: Place | None = None


class TheatrePolicy(Struct, frozen=True, kw_only=True):
    """What counts how much; 1 is one elective case one day after its date.

    A case so many days late counts weight x days x (1 + days / 10), so that nobody waits for ever;
    one that gets no place counts as if done `defer_days` after the last day, and `defer` more.
    """

    move: float = 3.0  # a patient who was told gets another day
    move_room: float = 0.1  # the same day in another room
    defer: float = 5.0
    defer_days: int = 5


class TheatreProblem(Struct, frozen=True, kw_only=True):
    """Cases, sessions, and what is scarce. A mapping that does not name a day has none that day."""

    cases: tuple[Case, ...]
    sessions: tuple[Session, ...]
    surgeons: Mapping[tuple[str, int], int]  # minutes of a surgeon on a day
    beds: Mapping[tuple[str, int], int]  # free beds of a kind in the night after a day
    equipment: Mapping[tuple[str, int], int] = {}  # cases that can use it on a day
    policy: TheatrePolicy = TheatrePolicy()

    @property
    def days(self) -> int:
        """Return the number of days planned."""
        return max((one.day for one in self.sessions), default=-1) + 1


class CaseLine(Struct, frozen=True, kw_only=True, gc=False):
    """Where one case is proposed, and why; `place` None: no place within the days planned."""

    case: str
    place: Place | None
    why: str
    late: int = 0  # days after the harm date
    moved: bool = False  # a patient who was told gets another day
    decided: bool = False


class TheatrePlan(Struct, frozen=True, kw_only=True):
    """A plan that obeys every rule, in the order of the cases given."""

    lines: tuple[CaseLine, ...]
    cost: float
    started_at: float  # what the priority rule alone would have cost
    rounds: int = 0

    @property
    def not_before_harm(self) -> tuple[CaseLine, ...]:
        """Return who is placed after the harm date only, or not at all."""
        return tuple(one for one in self.lines if one.late or one.place is None)


class Progress(Struct, frozen=True, gc=False):
    """How far a search has come: rounds done, and the best cost so far."""

    rounds: int
    cost: float
