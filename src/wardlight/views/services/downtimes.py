"""Whether the EHR is declared off, site by site, and the window nobody's record covers."""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec import DecodeError, Struct, ValidationError, convert, json, structs, to_builtins

from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.instants import Instant
from wardlight.views.rows import Downtime, SystemOff

T = TypeVar("T")

KINDS = frozenset({catalogue.DOWNTIME_DECLARED, catalogue.DOWNTIME_ENDED, catalogue.RECOVERY_ENDED})
EHR = ""  # the system that is meant when none is named
_UP = Downtime()


class _Declared(Struct, gc=False):
    """Body of `downtime.declared`, version 1; an older one names no system and no reason."""

    off_since: int
    drill: bool = False
    system: str = EHR
    reason: str = ""


class _Ended(Struct, gc=False):
    """Body of `downtime.ended`, version 1."""

    system: str = EHR
    recovery: bool = False  # what was written meanwhile is now typed back


class Downtimes:
    """What was declared, in the order of the log."""

    def __init__(self) -> None:
        self._sites: dict[str, Downtime] = {}

    def take(self, entry: Entry) -> None:
        """Take a declaration, or the end of one, into account."""
        before = self._sites.get(entry.site, _UP)
        if entry.kind == catalogue.DOWNTIME_DECLARED:
            after = _declared(before, _read(entry, _Declared(entry.occurred)), entry)
        elif entry.kind == catalogue.DOWNTIME_ENDED:
            after = _ended(before, _read(entry, _Ended()), entry)
        else:
            after = Downtime(systems=before.systems)
        if before.drill and not after.drill:
            self._end_drills()
        if after == _UP:
            self._sites.pop(entry.site, None)
        else:
            self._sites[entry.site] = after

    def any_drill(self) -> bool:
        """Return whether a drill is on at any site of this node."""
        return any(one.drill for one in self._sites.values())

    def _end_drills(self) -> None:
        """End the drill at every site that takes part: it is one exercise."""
        over = [site for site, one in self._sites.items() if one.drill]
        for site in over:
            self._sites[site] = Downtime(systems=self._sites[site].systems)

    def at(self, site: str) -> Downtime:
        """Return how a site stands: what is off, since when, and whether it is a drill."""
        return self._sites.get(site, _UP)

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {"sites": to_builtins(self._sites)}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._sites = convert(kept["sites"], dict[str, Downtime])


def _read(entry: Entry, otherwise: T) -> T:
    try:
        return json.decode(entry.body, type=type(otherwise))
    except (DecodeError, ValidationError):
        return otherwise


def _declared(before: Downtime, said: _Declared, entry: Entry) -> Downtime:
    since = Instant(said.off_since)
    if said.system == EHR:
        return Downtime(
            off_since=since,
            drill=said.drill,
            declared_by=entry.author,
            reason=said.reason,
            systems=before.systems,
        )
    others = tuple(one for one in before.systems if one.system != said.system)
    off = SystemOff(said.system, since, said.reason)
    return structs.replace(before, systems=tuple(sorted((*others, off), key=_by_name)))


def _by_name(one: SystemOff) -> str:
    return one.system


def _ended(before: Downtime, said: _Ended, entry: Entry) -> Downtime:
    if said.system != EHR:
        left = tuple(one for one in before.systems if one.system != said.system)
        return structs.replace(before, systems=left)
    recovering = said.recovery and before.off_since is not None and not before.drill
    return Downtime(
        systems=before.systems,
        was_off_since=before.off_since if recovering else None,
        back_since=entry.occurred if recovering else None,
    )


def declaration(
    off_since: Instant, *, drill: bool = False, system: str = EHR, reason: str = ""
) -> bytes:
    """Return the body of `downtime.declared`."""
    return json.encode(_Declared(off_since=off_since, drill=drill, system=system, reason=reason))


def ending(*, system: str = EHR, recovery: bool = False) -> bytes:
    """Return the body of `downtime.ended`."""
    return json.encode(_Ended(system=system, recovery=recovery))


def blind(downtime: Downtime, last_heard: Instant | None) -> tuple[Instant, Instant] | None:
    """Return the window between a site's last word and its EHR going off; None while it is up.

    What was done in it is not known to this system.
    """
    off = downtime.off_since
    if off is None or last_heard is None:
        return None
    return min(last_heard, off), off
