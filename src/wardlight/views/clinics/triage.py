"""What was decided about visits, which free times there are, and who has which of them.

A slot never has more visits than it holds: where two people took the last place at once, on one
node or on two, the earlier entry counts and the later one is on the list of clashes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct, convert, to_builtins

from wardlight.record.entry import Entry
from wardlight.record.events.charting import EntryVoided
from wardlight.record.events.entered import Entered
from wardlight.record.events.schedule import SlotOffered
from wardlight.record.events.triage import Decided, Decision, TriageSaid, VisitMoved, VisitsTriaged
from wardlight.record.instants import Instant
from wardlight.views.kept_rows import Row, Rows, row_of
from wardlight.views.rows import Appointment

Said = VisitsTriaged | VisitMoved | SlotOffered
THEATRE = "theatre"  # what a list for any operation is called; with a specialty for some


class Verdict(Struct, frozen=True, kw_only=True, gc=False):
    """What was decided about one appointment last, by whom and when."""

    line: Decided
    said: VisitsTriaged
    by: str
    at: Instant
    id: str


class Slot(Struct, frozen=True, kw_only=True, gc=False):
    """A free time as it was offered last, and the appointments that have it."""

    key: str  # `site|number`
    site: str
    offered: SlotOffered
    taken: tuple[str, ...] = ()

    def free(self) -> int:
        """Return how many more visits fit."""
        return 0 if self.offered.closed else max(self.offered.holds - len(self.taken), 0)


class Triage:
    """Decisions, slots and moves of a node's sites."""

    def __init__(self) -> None:
        self._rows: Rows[Said] = Rows()
        self._clear()

    def _clear(self) -> None:
        self._verdicts: dict[str, Verdict] = {}
        self._past: dict[str, list[Verdict]] = {}
        self._offers: dict[str, tuple[str, SlotOffered]] = {}
        self._taken: dict[str, list[str]] = {}
        self._moves: dict[str, Row[Any]] = {}
        self._clashes: list[Row[Any]] = []

    def take(self, entry: Entry, entered: Entered) -> tuple[str, ...]:
        """Take an entry of staff into account; return the appointments it changed."""
        said = entered.said
        if entered.corrects:
            self._rows.take_back(entered.corrects)
        if isinstance(said, EntryVoided):
            if not self._rows.take_back(said.entry):
                return ()
            before = {*self._verdicts, *self._moves}
            self._replay()
            return tuple(before)
        if not isinstance(said, TriageSaid):
            return ()
        row = row_of(entry, entered, said)
        if self._rows.add(row) and not entered.corrects:
            return (*_appointments(said), *self._count(row))
        before = {*self._verdicts, *self._moves}
        self._replay()
        return tuple(before | set(_appointments(said)))

    def offer(self, slots: Iterable[SlotOffered], site: str) -> tuple[str, ...]:
        """Take the slots of a file into account; return the appointments that have one of them."""
        whose: list[str] = []
        for one in slots:
            key = f"{site}|{one.slot}"
            self._offers[key] = (site, one)
            whose += self._taken.get(key, ())
        return tuple(whose)

    def verdict(self, appointment: str) -> Verdict | None:
        """Return what was decided about an appointment; None when nobody did."""
        return self._verdicts.get(appointment)

    def history(self, appointment: str) -> tuple[Verdict, ...]:
        """Return everything that was decided about it, oldest first."""
        return tuple(self._past.get(appointment, ()))

    def move(self, appointment: str) -> Row[VisitMoved] | None:
        """Return the new time an appointment has; None while it has none that stands."""
        return None if self.lost(appointment) else self._moves.get(appointment)

    def lost(self, appointment: str) -> Row[VisitMoved] | None:
        """Return the time an appointment was given if it was taken back or shifted since."""
        move = self._moves.get(appointment)
        found = self._offers.get(move.said.slot) if move is not None else None
        if move is None or found is None:
            return None
        _, now = found
        return move if now.closed or now.starts != move.said.starts else None

    def decided(self, site: str) -> tuple[str, ...]:
        """Return the appointments of a site that were decided about."""
        begins = f"{site}|"
        return tuple(one for one in self._verdicts if one.startswith(begins))

    def slot(self, key: str) -> Slot | None:
        """Return a slot; None for one nobody offered."""
        found = self._offers.get(key)
        if found is None:
            return None
        site, offered = found
        taken = tuple(one for one in self._taken.get(key, ()) if self.lost(one) is None)
        return Slot(key=key, site=site, offered=offered, taken=taken)

    def slots(self, site: str, start: Instant, end: Instant) -> tuple[Slot, ...]:
        """Return a site's slots that begin in [start, end), by time; full and closed ones too."""
        keys = [
            key
            for key, (where, one) in self._offers.items()
            if where == site and start <= one.starts < end
        ]
        found = (slot for key in keys if (slot := self.slot(key)) is not None)
        return tuple(sorted(found, key=lambda one: (one.offered.starts, one.key)))

    def clashes(self, site: str) -> tuple[Row[VisitMoved], ...]:
        """Return the moves that came second to a slot that was full: nobody has them."""
        moved = self._moves
        return tuple(
            row
            for row in self._clashes
            if row.site == site
            and (
                row.said.appointment not in moved
                or moved[row.said.appointment].order() < row.order()
            )
        )

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        offers = [[site, to_builtins(one)] for site, one in self._offers.values()]
        return {
            "rows": to_builtins(self._rows.rows),
            "gone": sorted(self._rows.gone),
            "offers": offers,
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._rows.rows = convert(kept["rows"], list[Row[Said]])
        self._rows.gone = set(kept["gone"])
        self._replay()
        for site, one in kept["offers"]:
            self.offer([convert(one, SlotOffered)], site)

    def _replay(self) -> None:
        offers = self._offers
        self._clear()
        self._offers = offers
        for row in self._rows.standing():
            self._count(row)

    def _count(self, row: Row[Said]) -> tuple[str, ...]:
        """Count what was said; return the appointments whose new time it may have taken back."""
        match row.said:
            case VisitsTriaged():
                self._decide(row, row.said)
            case SlotOffered():
                return self.offer([row.said], row.site)
            case VisitMoved():
                self._move(row, row.said)
        return ()

    def _decide(self, row: Row[Said], said: VisitsTriaged) -> None:
        for line in said.lines:
            found = Verdict(line=line, said=said, by=row.by, at=row.occurred, id=row.id)
            earlier = self._verdicts.get(line.appointment)
            if earlier is not None and _way(earlier) != _way(found):
                self._free(line.appointment)
            self._verdicts[line.appointment] = found
            self._past.setdefault(line.appointment, []).append(found)

    def _move(self, row: Row[Said], said: VisitMoved) -> None:
        """Give an appointment its slot, unless the slot is full; the one it had becomes free."""
        offered = self._offers.get(said.slot)
        holds = offered[1].holds if offered else 1
        taken = self._taken.setdefault(said.slot, [])
        for one in [one for one in taken if self.lost(one) is not None]:
            self._free(one)  # they were told another time than this one
        if said.appointment not in taken and len(taken) >= holds:
            self._clashes.append(row)
            return
        self._free(said.appointment)
        taken.append(said.appointment)
        self._moves[said.appointment] = row

    def _free(self, appointment: str) -> None:
        """Give the place an appointment has back to others, if it has one."""
        earlier = self._moves.pop(appointment, None)
        if earlier is not None and appointment in self._taken.get(earlier.said.slot, ()):
            self._taken[earlier.said.slot].remove(appointment)


def _way(verdict: Verdict) -> tuple[str, str]:
    """Return what was decided, and where to: a new time was given for that alone."""
    there = verdict.said.to if verdict.line.decision is Decision.TRANSFER else ""
    return verdict.line.decision, there


def plain_service(text: str) -> str:
    """Return the name of a service as two are compared."""
    return " ".join(text.casefold().split())


def names_of(visit: Appointment) -> tuple[str, ...]:
    """Return what a visit's service may be called in a list of free times, best first."""
    found = (
        visit.procedure,
        visit.service.words(),
        visit.kind.words(),
        visit.place.words(),
        visit.reason.words(),
    )
    names = [plain_service(one) for one in found if one]
    if visit.procedure:
        names += [f"{THEATRE} {one}" for one in names] + [THEATRE]
    return tuple(dict.fromkeys(names))


def _appointments(said: Said) -> tuple[str, ...]:
    match said:
        case VisitsTriaged():
            return tuple(line.appointment for line in said.lines)
        case VisitMoved():
            return (said.appointment,)
        case SlotOffered():
            return ()
