"""Downtime numbers: which blocks are given out, to which station, and whose each number became.

A number is used by the entry that registered a patient under it. Two entries with one number
are both kept and named: two people may wear it.
"""

from __future__ import annotations

from typing import Any

from wardlight.record.downtime_number import DowntimeNumber, read_downtime_number
from wardlight.record.entry import Entry
from wardlight.record.events.entered import Entered
from wardlight.record.events.numbers import NumbersReserved, unpacked
from wardlight.record.events.registration import PatientRegistered

Space = tuple[int, bool]
"""Index of a site, and whether the numbers are for a drill: blocks are counted in each alone."""


class Numbers:
    """The blocks and numbers a node knows of."""

    def __init__(self) -> None:
        self._blocks: dict[Space, dict[int, str]] = {}  # block → station
        self._next: dict[Space, int] = {}
        self._used: dict[str, list[str]] = {}  # number → ids of the registrations, oldest first
        self._origins: dict[str, str] = {}  # id of a correction → the registration it is about

    def take(self, entry: Entry) -> None:
        """Take a reservation of the log into account; one that cannot be read reserves nothing."""
        said = unpacked(entry.body)
        if isinstance(said, NumbersReserved):
            space = (said.site_index, said.drill)
            self._blocks.setdefault(space, {}).setdefault(said.block, said.station)
            self._next[space] = max(self._next.get(space, 0), said.block + 1)

    def take_entered(self, entered: Entered) -> None:
        """Take an entry of staff into account: a registration uses its number."""
        if not isinstance(entered.said, PatientRegistered):
            return
        first = entered.corrects.partition(".")[0] or entered.id
        first = self._origins.get(first, first)
        if entered.corrects:
            self._origins[entered.id] = first
        number = read_downtime_number(entered.said.number)
        if isinstance(number, DowntimeNumber):
            self.use(number, first)

    def next_block(self, site_index: int, *, drill: bool = False) -> int:
        """Return the first block that was never given out, as far as the log knows."""
        return self._next.get((site_index, drill), 0)

    def highest(self) -> dict[Space, int]:
        """Return the highest block given out in each space."""
        return {space: after - 1 for space, after in self._next.items()}

    def holder(self, number: DowntimeNumber) -> str | None:
        """Return the station a number was given to; None when its block was never given out."""
        return self._blocks.get((number.site_index, number.drill), {}).get(number.block)

    def use(self, number: DowntimeNumber, entry_id: str) -> None:
        """Note that a registration has taken a number; the same one again changes nothing."""
        users = self._used.setdefault(number.text(), [])
        if entry_id not in users:
            users.append(entry_id)

    def used_by(self, number: DowntimeNumber) -> str:
        """Return the id of the registration that had a number first; "" while it is free."""
        return self._used.get(number.text(), [""])[0]

    def is_used(self, number: DowntimeNumber) -> bool:
        """Return whether somebody was registered under a number."""
        return number.text() in self._used

    def used_twice(self) -> dict[str, tuple[str, ...]]:
        """Return numbers under which more than one person may have been registered."""
        return {text: tuple(ids) for text, ids in self._used.items() if len(ids) > 1}

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        blocks = [
            [index, drill, block, station]
            for (index, drill), held in self._blocks.items()
            for block, station in held.items()
        ]
        return {"blocks": blocks, "used": self._used, "origins": self._origins}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._blocks, self._next = {}, {}
        for index, drill, block, station in kept["blocks"]:
            space = (index, drill)
            self._blocks.setdefault(space, {})[block] = station
            self._next[space] = max(self._next.get(space, 0), block + 1)
        self._used = {text: list(ids) for text, ids in kept["used"].items()}
        self._origins = dict(kept["origins"])
