"""Whether the EHR is declared off, site by site, and the window nobody's record covers."""

from __future__ import annotations

from typing import Any

from msgspec import DecodeError, Struct, ValidationError, convert, json, to_builtins

from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.instants import Instant
from wardlight.views.rows import Downtime

KINDS = frozenset({catalogue.DOWNTIME_DECLARED, catalogue.DOWNTIME_ENDED})
_UP = Downtime()


class _Declared(Struct, gc=False):
    """Body of `downtime.declared`, version 1."""

    off_since: int
    drill: bool = False


class Downtimes:
    """What was declared, in the order of the log."""

    def __init__(self) -> None:
        self._sites: dict[str, Downtime] = {}

    def take(self, entry: Entry) -> None:
        """Take a declaration, or the end of one, into account."""
        if entry.kind == catalogue.DOWNTIME_ENDED:
            self._sites.pop(entry.site, None)
            return
        try:
            said = json.decode(entry.body, type=_Declared)
        except (DecodeError, ValidationError):
            said = _Declared(off_since=entry.occurred)
        self._sites[entry.site] = Downtime(
            off_since=Instant(said.off_since), drill=said.drill, declared_by=entry.author
        )

    def at(self, site: str) -> Downtime:
        """Return whether the EHR of a site is declared off."""
        return self._sites.get(site, _UP)

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {"sites": to_builtins(self._sites)}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._sites = convert(kept["sites"], dict[str, Downtime])


def declaration(off_since: Instant, *, drill: bool = False) -> bytes:
    """Return the body of `downtime.declared`."""
    return json.encode(_Declared(off_since=off_since, drill=drill))


def blind(downtime: Downtime, last_heard: Instant | None) -> tuple[Instant, Instant] | None:
    """Return the window between a site's last word and its EHR going off; None while it is up.

    What was done in it is not known to this system.
    """
    off = downtime.off_since
    if off is None or last_heard is None:
        return None
    return min(last_heard, off), off
