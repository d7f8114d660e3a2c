"""What staff have entered, by the id their device gave it: the same form twice has one effect.

Kept for as long as the log is: a tablet may come back after weeks and offer what it holds. The
same id with other content is another entry; both are kept and a person looks at them.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, convert, to_builtins

from wardlight.record.entry import Entry
from wardlight.record.events.charting import EntrySeen, EntryVoided
from wardlight.record.events.entered import VERSION_HEX, Entered
from wardlight.record.events.registration import IdentityFound
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant

LOOKED_AT_MAX = 5_000  # entries a person has to look at; the oldest make room


class Made(Struct, frozen=True, gc=False):
    """One entry that is in the log."""

    position: int
    content: str  # digest of what the device sent
    kind: str = ""


class ToLookAt(Struct, frozen=True, gc=False):
    """An entry a person has to look at, and why."""

    position: int
    id: str
    patient: PatientKey
    kind: str
    by: str
    recorded: Instant
    site: str
    because: str


class Joined(Struct, frozen=True, gc=False):
    """Two charts that were joined, by which entry, and why."""

    entry: str
    patient: PatientKey
    same_as: PatientKey
    by: str
    recorded: Instant
    site: str
    evidence: str


class Entries:
    """Every entry of staff, by its id."""

    def __init__(self) -> None:
        self._made: dict[str, list[Made]] = {}
        self._voided: set[str] = set()
        self._seen: set[str] = set()
        self._look: list[ToLookAt] = []
        self._joined: list[Joined] = []

    def __len__(self) -> int:
        return len(self._made)

    def take(self, entry: Entry, entered: Entered) -> bool:
        """Take an entry into account; return False for one that is in the log already."""
        held = self._made.setdefault(entered.id, [])
        if any(one.content == entered.content for one in held):
            return False
        held.append(Made(entry.position, entered.content, entry.kind))
        if isinstance(entered.said, EntryVoided):
            self._voided.add(entered.said.entry)
        elif isinstance(entered.said, EntrySeen):
            self._seen.add(entered.said.entry)
        elif isinstance(entered.said, IdentityFound) and entered.said.same_as:
            self._joined.append(_joined(entry, entered, entered.said))
        if len(held) > 1:
            self._ask(entry, entered, "the same form was sent twice with different values")
        elif unexplained := [one.words for one in entered.warnings if one.asks and not one.reason]:
            self._ask(entry, entered, "no reason given: " + "; ".join(unexplained))
        return True

    def made(self, id_: str) -> tuple[Made, ...]:
        """Return what is in the log under one id; more than one when their content differs."""
        return tuple(self._made.get(id_, ()))

    def is_voided(self, id_: str) -> bool:
        """Return whether every version of an entry was said to be made in error."""
        names = {f"{id_}.{one.content[:VERSION_HEX]}" for one in self._made.get(id_, ())}
        return id_ in self._voided or (bool(names) and names <= self._voided)

    def to_look_at(self, site: str | None = None) -> tuple[ToLookAt, ...]:
        """Return what a person has to look at, newest first; one that was taken back is settled."""
        settled = {name.partition(".")[0] for name in self._voided | self._seen}
        asked = [one for one in self._look if site in (None, one.site)]
        return tuple(one for one in reversed(asked) if one.id not in settled)

    def joined(self, site: str) -> tuple[Joined, ...]:
        """Return the charts that were joined at a site and still are, newest first."""
        settled = {name.partition(".")[0] for name in self._voided}
        found = [one for one in self._joined if one.site == site and one.entry not in settled]
        return tuple(reversed(found))

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {
            "made": {
                id_: [(one.position, one.content, one.kind) for one in held]
                for id_, held in self._made.items()
            },
            "voided": sorted(self._voided),
            "seen": sorted(self._seen),
            "look": to_builtins(self._look),
            "joined": to_builtins(self._joined),
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._made = {
            id_: [Made(position, content, kind) for position, content, kind in held]
            for id_, held in kept["made"].items()
        }
        self._voided = set(kept["voided"])
        self._seen = set(kept["seen"])
        self._look = convert(kept["look"], list[ToLookAt])
        self._joined = convert(kept["joined"], list[Joined])

    def _ask(self, entry: Entry, entered: Entered, because: str) -> None:
        self._look.append(
            ToLookAt(
                position=entry.position,
                id=entered.id,
                patient=entered.patient,
                kind=entry.kind,
                by=entered.by,
                recorded=entry.recorded,
                site=entry.site,
                because=because,
            )
        )
        del self._look[:-LOOKED_AT_MAX]


def _joined(entry: Entry, entered: Entered, said: IdentityFound) -> Joined:
    return Joined(
        entry=entered.id,
        patient=entered.patient,
        same_as=said.same_as,
        by=f"{entered.by}, {said.second_person}",
        recorded=entry.recorded,
        site=entry.site,
        evidence=said.evidence,
    )
