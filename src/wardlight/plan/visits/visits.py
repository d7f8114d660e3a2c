"""Visits that take one slot each: what the planner is asked for and what it answers.

    from wardlight.plan.extra import missing          # says how to install, "" if installed
    from wardlight.plan.visits.visits import Slot, Visit, VisitProblem
    if not missing():
        from wardlight.plan.visits.visit_proposal import propose_visits
        proposal = propose_visits(VisitProblem(visits=…, slots=…, today="2026-11-28"))

Call it in a thread: it works for up to some seconds and holds no lock. To keep what a person
decided, give the visit `fixed` and propose again; to keep a plan stable, give each visit its last
slot as `booked`. Days are YYYY-MM-DD in the zone of the clinics.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from wardlight.plan.transfers.transfers import Proof

NO_SLOT = ""  # stands where a slot would


class Part(StrEnum):
    """The half of a day a slot lies in."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class Slot(Struct, frozen=True, kw_only=True, gc=False):
    """A time that `holds` visits of one service. Slots alike in all but `id` and `at` are one kind.

    `site` "" is this one; another one is a partner's. `lacks` names what is not there that day
    ("PACS", "fluoroscopy", "contrast"): visits that need it do not get the slot. `unstated` names
    what nobody said of this slot, whether it is there or not: that costs, and is said.
    """

    id: str
    service: str
    day: str
    at: str = ""  # HH:MM, for the order within a kind and for people
    minutes: int = 0  # 0: long enough for any visit
    part: Part = Part.MORNING
    site: str = ""
    staff: str = ""
    holds: int = 1
    lacks: tuple[str, ...] = ()
    unstated: tuple[str, ...] = ()


class Visit(Struct, frozen=True, kw_only=True):
    """A patient who needs one slot.

    `weight`: how much a day late counts, 1 is a routine visit. `harm_by` "": nobody set a date.
    `booked`: the slot they have, if it still exists; `confirmed`: they were told of it.
    `fixed`: the slot a person gave them, or `held` True to have them left without one.
    """

    id: str
    service: str
    weight: float = 1.0
    harm_by: str = ""
    not_before: str = ""  # e.g. the fifth day of a course, or when preparation can be done
    minutes: int = 0
    staff: str = ""  # only with this person; "" with anybody
    needs: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()  # where they can go; () everywhere
    travel: Mapping[str, int] = {}  # minutes one way to a site; absent: not known, counts as such
    transport: bool = False  # somebody has to bring them; to a partner it is booked anew
    cannot: tuple[str, ...] = ()  # days, or "YYYY-MM-DD morning", on which they cannot come
    booked: str = NO_SLOT
    confirmed: bool = False
    moved_before: int = 0  # times they were moved already: nobody twice before others once
    fixed: str = NO_SLOT
    held: bool = False


class Link(Struct, frozen=True, kw_only=True, gc=False):
    """A visit that comes after another: so many days at least and at most; same site or not."""

    first: str
    then: str
    days_min: int = 0
    days_max: int = 0
    same_site: bool = True
    why: str = "the visit it belongs to"  # what the first one is to the second, in words


class VisitPolicy(Struct, frozen=True, kw_only=True):
    """What counts how much, in routine days: 1 is one routine visit one day later.

    Chosen by us, so that nobody who was told is moved to wait less, only to save another from
    harm or from no slot; a clinic confirms them (docs/rescheduling.md). A visit after its harm
    date counts `harm`, and `harm_day` for each day, times its weight; no slot at all counts
    `none`, with a harm date `none_harm`.
    """

    wait_day: float = 1.0
    harm: float = 300.0
    harm_day: float = 10.0
    none: float = 1000.0
    none_harm: float = 2000.0
    move: float = 100.0  # a patient who was told; more for each time they were moved before
    move_untold: float = 1.0
    travel_hour: float = 3.0  # one way
    partner: float = 2.0
    way_unknown_min: int = 60  # minutes one way to a partner, where nobody stated them
    transport: float = 5.0  # a ride to a partner that somebody has to book
    unstated: float = 20.0  # a slot of which nobody said whether it has what a visit needs


class VisitProblem(Struct, frozen=True, kw_only=True):
    """Visits, slots of the days ahead here and at partners, and what belongs together."""

    visits: tuple[Visit, ...]
    slots: tuple[Slot, ...]
    today: str
    links: tuple[Link, ...] = ()
    policy: VisitPolicy = VisitPolicy()


class VisitLine(Struct, frozen=True, kw_only=True, gc=False):
    """The slot one visit is proposed, and why. `slot` NO_SLOT: none, for the reason in `why`."""

    visit: str
    slot: str
    why: str
    moved: bool = False  # a patient who was told gets another slot
    late: int = 0  # days after the harm date
    decided: bool = False  # by a person
    next_best: str = ""  # day and site of the next choice
    regret: float | None = None  # what it would cost the whole plan at least, in routine days


class VisitProposal(Struct, frozen=True, kw_only=True):
    """A plan in the order of the visits given.

    The proof holds for visits without links exactly; with links its bound is that of the plan
    without them, and the gap says how much links may have cost.
    """

    lines: tuple[VisitLine, ...]
    proof: Proof
    linked: int = 0  # visits that were placed as part of a chain

    @property
    def not_before_harm(self) -> tuple[VisitLine, ...]:
        """Return who gets a slot after the harm date only, or none: each with the reason."""
        return tuple(one for one in self.lines if one.late or (one.slot == NO_SLOT and one.why))

    @property
    def moves(self) -> tuple[VisitLine, ...]:
        """Return the patients who were told and would have to be told again."""
        return tuple(one for one in self.lines if one.moved)
