"""What a network tells the outside of its hospitals: the one value every document is written from.

Nothing of a patient can stand in it. Silence is no report, and everything has its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from wardlight.record.instants import MINUTE, Instant, iso, local
from wardlight.record.services import (
    AtExpiry,
    DivertCategory,
    Service,
    ServiceKey,
    ServiceState,
)

WALK_INS = "Whoever walks in is screened."  # EMTALA, 42 CFR 489.24: diversion is for ambulances
_TAKES = frozenset({ServiceState.OPEN, ServiceState.LIMITED})


class ToldService(Struct, frozen=True, kw_only=True, gc=False):
    """One service and what was said of it; NO_REPORT where nothing holds any more."""

    key: ServiceKey
    state: ServiceState
    category: DivertCategory | None = None
    reason: str = ""
    authorised_by: str = ""
    since: Instant | None = None
    stated: Instant | None = None  # when somebody last said so
    expires: Instant | None = None  # as it was said
    at_expiry: AtExpiry = AtExpiry.LAPSE
    good_until: Instant | None = None  # when it stops counting, also where no end was said
    comment: str = ""
    heard: str = ""  # of a neighbour: who said it, and how

    def name(self) -> str:
        """Return the service as people call it."""
        return self.key.name.strip() or str(self.key.service)

    def takes(self) -> bool | None:
        """Return whether it takes patients; None when nobody knows."""
        return None if self.state is ServiceState.NO_REPORT else self.state in _TAKES

    def why(self) -> str:
        """Return category and reason; "" when neither was said."""
        parts = (str(self.category) if self.category else "", self.reason)
        return ": ".join(part for part in parts if part)


class ToldBeds(Struct, frozen=True, kw_only=True, gc=False):
    """Beds of one kind as they were counted. `available` below zero: over capacity."""

    kind: str
    available: int
    baseline: int | None = None
    counted: Instant


class ToldHospital(Struct, frozen=True, kw_only=True, gc=False):
    """One hospital, with everything that may be told of it."""

    code: str
    name: str
    phone: str = ""
    radio: str = ""
    latitude: float | None = None
    longitude: float | None = None
    ours: bool = True
    services: tuple[ToldService, ...] = ()
    beds: tuple[ToldBeds, ...] = ()
    nedocs: int | None = None  # 0 to 200; from counts of this hour only
    nedocs_counted: Instant | None = None

    def known_as(self) -> str:
        """Return its name as people know it; its code where nobody wrote a name."""
        return self.name.strip() or self.code.strip() or "unnamed"

    def service(self, wanted: Service) -> ToldService | None:
        """Return the first service of this kind; None when nothing was ever said of one."""
        return next((one for one in self.services if one.key.service is wanted), None)

    def last_said(self) -> Instant | None:
        """Return when anything of it was last said; None: never, and then nothing is told."""
        times = [one.stated for one in self.services] + [one.counted for one in self.beds]
        said = [at for at in (*times, self.nedocs_counted) if at is not None]
        return max(said) if said else None


class ToldBoard(Struct, frozen=True, kw_only=True, gc=False):
    """What is told at one moment, by whom."""

    network: str
    sender: str  # as CAP and EDXL name a sender: no blank, comma, "<" or "&"
    zone: str
    now: Instant
    hospitals: tuple[ToldHospital, ...] = ()

    def said_of(self) -> Iterator[ToldHospital]:
        """Give the hospitals of which anything was said: silence is in no document."""
        return (one for one in self.hospitals if one.last_said() is not None)


@lru_cache(maxsize=8_192)
def told_time(at: Instant, zone: str) -> str:
    """Return a time in the zone of the network; a board tells the same ones many times."""
    return iso(at, zone)


@lru_cache(maxsize=8_192)
def stamp(at: Instant) -> str:
    """Return a time as CAP 1.2 and EDXL write it: offset -00:00 for UTC, no Z, no fraction.

    CAP 1.2 §3.3.2: a trailing Z is not allowed.
    """
    return local(at, "UTC").strftime("%Y-%m-%dT%H:%M:%S-00:00")


def held(one: ToldService, now: Instant, zone: str) -> str:
    """Return since when, stated how long ago, and until when: no state is told without its age."""
    parts = []
    if one.since is not None:
        parts.append(f"since {told_time(one.since, zone)}")
    if one.stated is not None:
        minutes = max(now - one.stated, 0) // MINUTE
        parts.append(
            f"stated {told_time(one.stated, zone)} ({minutes} min before this was written)"
        )
    if one.expires is not None:
        after = "then open" if one.at_expiry is AtExpiry.REOPEN else "then not known"
        parts.append(f"until {told_time(one.expires, zone)}, {after}")
    elif one.good_until is not None and one.takes() is not None:
        parts.append(f"no end was stated, counts until {told_time(one.good_until, zone)}")
    return ", ".join(parts)


def sentence(one: ToldService, now: Instant, zone: str) -> str:
    """Return everything of a service in one line for people."""
    said = f"{one.name()}: {one.state}"
    more = (one.why(), held(one, now, zone), one.comment, heard_words(one))
    return "; ".join(filter(None, (said, *more)))


def heard_words(one: ToldService) -> str:
    """Return whose word it is for a neighbour; "" for a hospital of ours."""
    return f"heard from {one.heard}" if one.heard else ""


def joined(parts: Iterable[str]) -> str:
    """Return what is not empty, as one line."""
    return ". ".join(part.rstrip(".") for part in parts if part)
