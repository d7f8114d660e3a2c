"""Where ambulances were sent: who is on the way to whom, and what was decided lately.

A decision of the same unit made before it can have arrived takes the place of the earlier one. A
unit counts as on the way until its hospital has counted its department after it must have arrived.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, convert, to_builtins

from wardlight.record.entry import Entry
from wardlight.record.events.charting import EntryVoided
from wardlight.record.events.destinations import DestinationDecided
from wardlight.record.events.entered import Entered
from wardlight.record.instants import HOUR, MINUTE, Instant

KEPT_MS = 24 * HOUR  # the log keeps the rest
ON_THE_WAY_MS_MAX = 6 * HOUR  # then a patient has left the space, or somebody has counted
DRIVE_MIN_UNKNOWN = 60.0  # minutes a unit may take where no drive was written down
FLOW_MS = HOUR


class Decision(Struct, frozen=True, kw_only=True, gc=False):
    """One decision as it was written down."""

    id: str
    said: DestinationDecided
    at: Instant
    by: str
    site: str
    arrives: Instant  # at the latest, by the drive that was shown


class Destinations:
    """The decisions of the last day, in the order they were made."""

    def __init__(self) -> None:
        self._made: dict[str, Decision] = {}
        self._backs: set[str] = set()

    def take(self, entry: Entry, entered: Entered) -> None:
        """Take an entry of staff into account; what sends nobody anywhere is left alone."""
        if isinstance(entered.said, EntryVoided):
            self._backs.add(entered.said.entry.partition(".")[0])
        if entered.corrects:
            self._backs.add(entered.corrects.partition(".")[0])
        if not isinstance(entered.said, DestinationDecided):
            return
        said = entered.said
        drives = (one.hi for one in said.shown if one.code == said.to)
        minutes = next(drives, DRIVE_MIN_UNKNOWN)
        self._made[entered.name()] = Decision(
            id=entered.name(),
            said=said,
            at=entry.occurred,
            by=entered.by,
            site=entry.site,
            arrives=Instant(entry.occurred + round(minutes * MINUTE)),
        )
        self._forget(entry.occurred)

    def recent(self, now: Instant, span_ms: int = KEPT_MS) -> tuple[Decision, ...]:
        """Return the decisions of a time, newest first, also those that were replaced."""
        return tuple(one for one in self._newest_first(now) if one.at > now - span_ms)

    def standing(self, now: Instant) -> tuple[Decision, ...]:
        """Return the decisions that count: not taken back, stood down or replaced; newest first."""
        later: dict[str, Decision] = {}
        found = []
        for one in self._newest_first(now):
            unit = one.said.unit.casefold()
            after = later.get(unit)
            if (after is None or after.at > one.arrives) and not one.said.stood_down:
                found.append(one)
            later[unit] = one
        return tuple(found)

    def inbound(self, now: Instant, counted: Mapping[str, Instant]) -> Mapping[str, int]:
        """Return how many ambulances each hospital has on the way that its count cannot hold.

        `counted`: when each department was last counted.
        """
        return Counter(
            one.said.to
            for one in self.standing(now)
            if one.at > now - ON_THE_WAY_MS_MAX and counted.get(one.said.to, 0) < one.arrives
        )

    def flows(self, now: Instant, span_ms: int = FLOW_MS) -> Mapping[tuple[str, str], int]:
        """Return how many went to a hospital instead of the nearest capable one, lately."""
        return Counter(
            (one.said.instead_of, one.said.to)
            for one in self.standing(now)
            if one.at > now - span_ms and one.said.instead_of not in ("", one.said.to)
        )

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {"made": to_builtins(list(self._made.values())), "backs": sorted(self._backs)}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._made = {one.id: one for one in convert(kept["made"], list[Decision])}
        self._backs = set(kept["backs"])

    def _newest_first(self, now: Instant) -> Iterator[Decision]:
        found = (one for one in self._made.values() if not self._is_back(one) and one.at <= now)
        yield from sorted(found, key=lambda one: (-one.at, one.id))

    def _is_back(self, one: Decision) -> bool:
        return one.id.partition(".")[0] in self._backs

    def _forget(self, newest: Instant) -> None:
        """Drop what is too old for any screen, by the time of the newest: no clock is read."""
        latest = max(newest, max((one.at for one in self._made.values()), default=newest))
        old = [name for name, one in self._made.items() if one.at < latest - KEPT_MS]
        for name in old:
            del self._made[name]
