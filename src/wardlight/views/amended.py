"""Corrections and entries made in error: what stands now, and what was taken back by whom.

The original is never deleted. An entry is taken back by a later one that names it; when that
one is itself taken back, the first one stands again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wardlight.record.events.charting import EntryVoided
from wardlight.record.reading import Charted
from wardlight.views.facts import TakenBack


def standing(said: Sequence[Charted]) -> tuple[tuple[Charted, ...], tuple[TakenBack, ...]]:
    """Return what counts, in the order given, and what no longer does, newest first.

    Entries are told apart by their ids; what a feed said has none and always stands.
    """
    if not any(one.stamp.entry for one in said):
        return tuple(said), ()
    gone: dict[str, Charted] = {}  # name of an entry, or its id alone → what took it back
    for one in sorted(said, key=lambda one: -one.stamp.position):
        if _by(one, gone) is not None:
            continue
        target = one.event.entry if isinstance(one.event, EntryVoided) else one.stamp.corrects
        if target and target != one.stamp.entry:
            gone.setdefault(target, one)
    taken = [(one, _by(one, gone)) for one in said]
    stands = tuple(one for one, by in taken if by is None)
    back = [_taken_back(one, by) for one, by in taken if by is not None]
    return stands, tuple(sorted(back, key=lambda one: -one.stamp.position))


def _by(one: Charted, gone: Mapping[str, Charted]) -> Charted | None:
    """Return what took an entry back; its id alone means every version of it."""
    name = one.stamp.entry
    by = gone.get(name) or gone.get(name.partition(".")[0]) if name else None
    return by if by is not None and by.stamp.position > one.stamp.position else None


def _taken_back(one: Charted, by: Charted) -> TakenBack:
    reason = by.event.reason if isinstance(by.event, EntryVoided) else ""
    return TakenBack(one.event, one.stamp, by.stamp, reason)
