"""What was approved for the public: the newest that counts, and every version before it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, convert, to_builtins

from wardlight.record.entry import Entry
from wardlight.record.events.charting import EntryVoided
from wardlight.record.events.entered import Entered
from wardlight.record.events.public import PublicApproved, PublicWithdrawn
from wardlight.record.instants import Instant


class Approval(Struct, frozen=True, kw_only=True, gc=False):
    """One approved decision, and whether it was taken back."""

    name: str  # of the entry
    at: Instant
    by: str  # who entered it
    said: PublicApproved
    withdrawn: Instant | None = None
    why: str = ""

    def rank(self) -> tuple[int, str]:
        """Return its place among all: the latest one counts."""
        return (self.at, self.name)


class _Back(Struct, frozen=True):
    at: Instant
    reason: str


class PublicWords:
    """All approvals of this node. One page is for all its sites."""

    def __init__(self) -> None:
        self._held: list[Approval] = []
        self._back: dict[str, _Back] = {}

    def take(self, entry: Entry, entered: Entered) -> None:
        """Take an entry of staff into account; what is not for the public is left alone."""
        said = entered.said
        if isinstance(said, PublicApproved):
            one = Approval(name=entered.name(), at=entry.occurred, by=entered.by, said=said)
            self._held.append(one)
            self._held.sort(key=Approval.rank)
        elif isinstance(said, PublicWithdrawn):
            self._back.setdefault(said.approval, _Back(entry.occurred, said.reason))
        elif isinstance(said, EntryVoided):
            self._back.setdefault(said.entry, _Back(entry.occurred, said.reason))

    def newest(self) -> Approval | None:
        """Return the latest approval, also one that was taken back; None before the first."""
        return self._marked(self._held[-1]) if self._held else None

    def current(self) -> Approval | None:
        """Return what the public may be told now; None when nothing is approved."""
        found = self.newest()
        return found if found is not None and found.withdrawn is None else None

    def every(self) -> tuple[Approval, ...]:
        """Return all approvals, newest first."""
        return tuple(self._marked(one) for one in reversed(self._held))

    def _marked(self, one: Approval) -> Approval:
        back = self._back.get(one.name) or self._back.get(one.name.partition(".")[0])
        if back is None:
            return one
        return Approval(
            name=one.name, at=one.at, by=one.by, said=one.said, withdrawn=back.at, why=back.reason
        )

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {"held": to_builtins(self._held), "back": to_builtins(self._back)}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._held = convert(kept["held"], list[Approval])
        self._back = convert(kept["back"], dict[str, _Back])
