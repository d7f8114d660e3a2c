"""Each line of a plan of visits in words: why this slot, why another one, why none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from wardlight.plan.transfers.assignment import NEVER, Ints
from wardlight.plan.visits.visit_rows import SCALE, Rows, key_of
from wardlight.plan.visits.visits import NO_SLOT, Link, Slot, Visit, VisitLine, VisitProblem


def lines(
    problem: VisitProblem,
    slots: Sequence[str],
    worth: Mapping[str, Ints],
    rows: Mapping[str, Rows],
) -> tuple[VisitLine, ...]:
    """Return the plan in the order of the visits given."""
    known = {slot.id: slot for slot in problem.slots}
    placed = {one.id: known.get(at) for one, at in zip(problem.visits, slots, strict=True)}
    words = _Words(worth, rows, Ties(problem, placed))
    return tuple(
        words.line(visit, slot, known.get(slot))
        for visit, slot in zip(problem.visits, slots, strict=True)
    )


class Ties:
    """How visits belong together in a plan, in words."""

    def __init__(self, problem: VisitProblem, placed: Mapping[str, Slot | None]) -> None:
        self.placed = placed
        self.linked = {name for link in problem.links for name in (link.first, link.then)}
        self.before: dict[str, list[Link]] = {}
        for link in problem.links:
            self.before.setdefault(link.then, []).append(link)

    def words(self, visit: Visit, found: Slot) -> Iterator[str]:
        """Give what a visit comes after, and how many days."""
        for link in self.before.get(visit.id, ()):
            first = self.placed.get(link.first)
            if first is not None:
                days = date.fromisoformat(found.day) - date.fromisoformat(first.day)
                span = f"{days.days} {'day' if days.days == 1 else 'days'}"
                yield (
                    f"{span} after {link.why} ({first.day})"
                    if days.days
                    else (f"the same day as {link.why}")
                )


class _Words:
    def __init__(self, worth: Mapping[str, Ints], rows: Mapping[str, Rows], ties: Ties) -> None:
        self.worth, self.rows, self.ties = worth, rows, ties
        self.linked = ties.linked
        self._row: dict[tuple[object, ...], Ints] = {}

    def line(self, visit: Visit, slot: str, found: Slot | None) -> VisitLine:
        """Return one line."""
        rows = self.rows[visit.service]
        best, regret = self._next(visit, rows, rows.column.get(slot, len(rows.kinds)))
        return VisitLine(
            visit=visit.id,
            slot=slot,
            why="; ".join((self._why(visit, slot, found), *self._notes(visit, slot, found))),
            moved=visit.confirmed and slot not in {visit.booked, NO_SLOT},
            late=late_days(visit, found),
            decided=bool(visit.held or visit.fixed),
            next_best=best,
            regret=regret,
        )

    def _costs(self, visit: Visit, rows: Rows) -> Ints:
        key = (visit.service, *key_of(visit))
        if key not in self._row:
            self._row[key] = rows.row(visit)
        return self._row[key]

    def _next(self, visit: Visit, rows: Rows, column: int) -> tuple[str, float | None]:
        """Return the next best kind of slot at the prices slots have in this plan.

        A lower bound of what the change would cost the whole plan: exact while one more visit does
        not change the price of its kind.
        """
        costs = self._costs(visit, rows)
        if visit.id in self.linked or not len(rows.kinds):
            return "", None
        full = costs + np.append(np.maximum(self.worth[visit.service], 0), 0)
        kept = rows.column.get(visit.booked, -1)
        if kept >= 0:
            full += np.where(np.arange(len(full)) == kept, 0, rows.move(visit))
        now = full[column] if column < len(full) else 0
        full = np.where(costs >= NEVER, NEVER, full)
        full[column] = NEVER
        best = int(full[:-1].argmin())
        if full[best] >= NEVER or now >= NEVER:
            return "", None
        kind = rows.kinds[best]
        words = f"{date.fromordinal(kind.day).isoformat()} {kind.part}"
        shown = f"{words}, {kind.site}" if kind.site else words
        return shown, max(int(full[best] - now), 0) / SCALE

    def _notes(self, visit: Visit, slot: str, found: Slot | None) -> Iterator[str]:
        """Give what else a person has to know before they accept it."""
        if found is None:
            return
        yield from self.ties.words(visit, found)
        if found.site:
            minutes = visit.travel.get(found.site)
            yield (
                f"{minutes} min to {found.site}"
                if minutes is not None
                else f"the way to {found.site} is not known"
            )
            if visit.transport:
                yield "a ride there has to be booked"
        if missing := sorted({*visit.needs} & {*found.unstated}):
            yield f"nobody stated whether {' and '.join(missing)} is there"
        if visit.moved_before and slot != visit.booked:
            yield "told a new time before: this is another one"

    def _why(self, visit: Visit, slot: str, found: Slot | None) -> str:
        if visit.held:
            return "left without a slot by a person"
        if visit.fixed:
            return (
                "given by a person" if found else "given by a person; not among the slots offered"
            )
        if found is None:
            return self._none(visit)
        if slot == visit.booked:
            return "keeps the slot they have"
        return self._reason(visit, found)

    def _reason(self, visit: Visit, found: Slot) -> str:
        rows = self.rows[visit.service]
        if visit.booked and visit.booked not in rows.column:
            return "the slot they had is gone"
        if late := late_days(visit, found):
            return f"no slot before {visit.harm_by} is left; {late} days late"
        if visit.booked:
            return (
                "sooner, at the price of a call"
                if visit.harm_by
                else "their slot serves others better"
            )
        if visit.id in self.linked:
            return "fits with the visits it belongs to"
        return f"before {visit.harm_by}" if visit.harm_by else "first that is left for them"

    def _none(self, visit: Visit) -> str:
        rows = self.rows[visit.service]
        if not len(rows.kinds):
            return f"nobody offers a slot of {visit.service}"
        if not rows.fits(visit).any():
            return f"none of the slots of {visit.service} suits them"
        if visit.id in self.linked:
            return "no slots are left that fit with the visits it belongs to"
        return f"the slots of {visit.service} that suit them go to others"


def late_days(visit: Visit, found: Slot | None) -> int:
    """Return the days a slot lies after the harm date."""
    if found is None or not visit.harm_by:
        return 0
    days = date.fromisoformat(found.day).toordinal() - date.fromisoformat(visit.harm_by).toordinal()
    return max(days, 0)
