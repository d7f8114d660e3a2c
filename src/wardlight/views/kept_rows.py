"""Entries of staff as a view keeps them, in one order on every node, without what was taken back.

The order is by when an entry was recorded and then by its id, so that two nodes that exchanged
their entries agree on who came first, whatever arrived first.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from typing import Generic, TypeVar

from msgspec import Struct

from wardlight.record.entry import Entry
from wardlight.record.events.entered import Entered
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant

S = TypeVar("S")


class Row(Struct, Generic[S], frozen=True, kw_only=True, gc=False):
    """One entry: what was said, of whom, where, when, by whom."""

    id: str
    said: S
    patient: PatientKey
    site: str
    occurred: Instant
    recorded: Instant
    by: str
    account: str

    def order(self) -> tuple[int, str]:
        """Return its place among all entries."""
        return self.recorded, self.id

    def happened(self) -> tuple[int, int, str]:
        """Return its place in time."""
        return self.occurred, self.recorded, self.id


def row_of(entry: Entry, entered: Entered, said: S) -> Row[S]:
    """Return an entry as it is kept."""
    return Row(
        id=entered.id,
        said=said,
        patient=entered.patient,
        site=entry.site,
        occurred=entry.occurred,
        recorded=entry.recorded,
        by=entered.by,
        account=entry.author,
    )


class Rows(Generic[S]):
    """Rows in their order; an id that was taken back is never shown again."""

    def __init__(self) -> None:
        self.rows: list[Row[S]] = []
        self.gone: set[str] = set()

    def add(self, row: Row[S]) -> bool:
        """Keep a row; return whether it can be counted at once, without going through all again.

        Nearly all can: they come last. One that was taken back before it came cannot.
        """
        last = not self.rows or self.rows[-1].order() < row.order()
        if last:
            self.rows.append(row)
        else:
            insort(self.rows, row, key=Row.order)
        return last and row.id not in self.gone

    def after(self, row: Row[S]) -> list[Row[S]]:
        """Return the rows that stand behind one in the order."""
        return self.rows[bisect_right(self.rows, row.order(), key=Row.order) :]

    def take_back(self, id_: str) -> bool:
        """Leave an entry out from now on; return whether it was one of these."""
        name = id_.partition(".")[0]
        if name in self.gone:
            return False
        self.gone.add(name)
        return any(row.id == name for row in self.rows)

    def standing(self) -> list[Row[S]]:
        """Return the rows that count."""
        return [row for row in self.rows if row.id not in self.gone]
