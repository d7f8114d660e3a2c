"""Rows of the service boards: how a service stands, what changed, what is known of a hospital.

All of them are worked out for a given `now`, so that every screen, script and feed that asks at
the same time says the same, and no timer has to write that a diversion ran out.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.events.services import BedsCounted, CrowdingCounted, ServiceStated
from wardlight.record.instants import HOUR, MINUTE, Instant
from wardlight.record.services import (
    AtExpiry,
    DivertCategory,
    Service,
    ServiceKey,
    ServiceState,
)

WARN_MS = 20 * MINUTE  # before a state ends, those who can renew it are told
SILENCE_OWN_MS = 12 * HOUR  # a word without an end is good for a shift
SILENCE_NEIGHBOUR_MS = HOUR  # ED status of another hospital (screens.md §3.3)
REOPENED = "reopened by itself"
LAPSED = "no report since its time ran out"
AT_EXPIRY_MARK = "@expiry"  # name of a change that nobody entered: <entry>@expiry
AT_SILENCE_MARK = "@silence"
_SHOWS_IT = (ServiceState.OPEN, ServiceState.LIMITED, ServiceState.DIVERT)


class Capability(StrEnum):
    """Whether a hospital has a service at all. Not known is never taken for yes."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not known"


class Phase(Struct, frozen=True, gc=False):
    """What one word means from a time on."""

    begins: Instant
    state: ServiceState
    category: DivertCategory | None
    notice: str = ""  # REOPENED or LAPSED; "" for what was said itself


_CAUTION = (  # of two words said at once the further down counts
    ServiceState.NO_REPORT,
    ServiceState.OPEN,
    ServiceState.LIMITED,
    ServiceState.DIVERT,
    ServiceState.CLOSED,
)


class Statement(Struct, frozen=True, kw_only=True, gc=False):
    """One word on a service as the log has it. The latest word on a time is the one that counts."""

    id: str  # what later entries call it
    said: ServiceStated
    site: str  # where it was written down
    stated_at: Instant  # when it was said
    recorded: Instant
    by: str
    role: str = ""
    corrects: str = ""

    def rank(self) -> tuple[int, int, str]:
        """Return what decides between two words on the same time: the later one counts.

        Of two said at the same instant (a file that contradicts itself, two files of one minute)
        the one that sends fewer patients there.
        """
        return (self.stated_at, _CAUTION.index(self.said.state), self.id)

    def since(self) -> Instant:
        """Return the minute from which it counts: a page of that minute shows it already."""
        return _whole_minute(self.said.since)

    def phases(self) -> tuple[Phase, ...]:
        """Return what it means as time passes: what was said, perhaps open again, then nothing.

        A word without an end counts for a shift when a hospital says it itself, for an hour when
        it was heard of another. A hospital that is open again only because its time ran out has
        said nothing about that: it counts for as long as a word without an end does.
        """
        said = self.said
        first = Phase(self.since(), said.state, said.category)
        if said.expires is None:
            silent = self.stated_at + self._silence_ms()
            return (first, Phase(_whole_minute(silent), ServiceState.NO_REPORT, None, LAPSED))
        ends = _whole_minute(said.expires)
        if said.at_expiry is AtExpiry.LAPSE:
            return (first, Phase(ends, ServiceState.NO_REPORT, None, LAPSED))
        silent = ends + self._silence_ms()
        return (
            first,
            Phase(ends, ServiceState.OPEN, None, REOPENED),
            Phase(_whole_minute(silent), ServiceState.NO_REPORT, None, LAPSED),
        )

    def _silence_ms(self) -> int:
        own = self.site == self.said.key.facility
        return SILENCE_OWN_MS if own else SILENCE_NEIGHBOUR_MS


def _whole_minute(at: int) -> Instant:
    """Return the minute a time is in, as pages have it: all who ask agree."""
    return Instant(at - at % MINUTE)


class Standing(Struct, frozen=True, kw_only=True, gc=False):
    """How one service stands at `as_of`. Never said, or run out: NO_REPORT, with what was last."""

    key: ServiceKey
    state: ServiceState
    as_of: Instant
    category: DivertCategory | None = None
    reason: str = ""
    authorised_by: str = ""
    since: Instant | None = None  # of the state that counts now; after an expiry, of the expiry
    expires: Instant | None = None  # None: no end was said, or it is over
    at_expiry: AtExpiry = AtExpiry.LAPSE
    good_until: Instant | None = None  # when it is something else by itself; None: never
    review: Instant | None = None
    stated_at: Instant | None = None  # None: nobody ever said anything
    by: str = ""  # who wrote it down
    heard: str = ""  # for a neighbour: who said it, and how
    comment: str = ""
    agreed_with: str = ""
    by_rules: str = ""
    entry: str = ""  # id of the statement behind it
    last: ServiceState | None = None  # how it stood before a time ran out
    expired_notice: str = ""  # REOPENED or LAPSED; "" while what was said counts

    def age(self) -> int | None:
        """Return how old the word behind it is, in ms; None when there is none."""
        return None if self.stated_at is None else max(self.as_of - self.stated_at, 0)

    def ends_in(self) -> int | None:
        """Return the ms until it is something else by itself; None for what stays as it is."""
        return None if self.good_until is None else self.good_until - self.as_of

    def is_ending(self) -> bool:
        """Return whether it is time to renew it or to let it go."""
        left = self.ends_in()
        return left is not None and left <= WARN_MS

    def is_recent(self) -> bool:
        """Return whether it is about to end, or did within the hour: then it is said everywhere."""
        since = self.since
        return not self.expired_notice or (since is not None and self.as_of - since < HOUR)

    def is_review_due(self) -> bool:
        """Return whether somebody was to look at it again by now."""
        return self.review is not None and not self.expired_notice and self.review <= self.as_of

    def is_turning_away(self) -> bool:
        """Return whether ambulances are told to go elsewhere."""
        return self.state in (ServiceState.DIVERT, ServiceState.CLOSED)


class Acknowledged(Struct, frozen=True, gc=False):
    """Who has seen a change, and when."""

    by: str
    at: Instant


class Change(Struct, frozen=True, kw_only=True, gc=False):
    """One change of a service, as this node came to know it."""

    id: str
    key: ServiceKey
    before: ServiceState
    after: ServiceState
    category: DivertCategory | None
    at: Instant  # when this board changed
    since: Instant | None  # since when it is so
    by: str  # "" when it ran out by itself
    notice: str = ""  # REOPENED, LAPSED, "taken back"
    acknowledged: tuple[Acknowledged, ...] = ()


class Stretch(Struct, frozen=True, kw_only=True, gc=False):
    """A time during which a service stood in one way: one bar of its history."""

    key: ServiceKey
    state: ServiceState
    category: DivertCategory | None
    begins: Instant
    ends: Instant  # now, for the one that lasts
    entry: str
    by: str = ""
    authorised_by: str = ""
    reason: str = ""
    expired_notice: str = ""

    def length(self) -> int:
        """Return how long it lasted, in ms."""
        return self.ends - self.begins


class Counted(Struct, frozen=True, kw_only=True, gc=False):
    """The newest count of an emergency department, with its NEDOCS. None: it has no score."""

    said: CrowdingCounted
    at: Instant
    by: str
    score: float | None
    band: str = ""


class Beds(Struct, frozen=True, kw_only=True, gc=False):
    """Beds of one kind or unit. `available` None: how many are free is not known."""

    kind: str
    available: int | None
    baseline: int | None
    at: Instant | None
    by: str  # who counted; "census" for what a feed says
    occupied: int | None = None
    from_census: bool = False
    said: BedsCounted | None = None


class FacilityBoard(Struct, frozen=True, kw_only=True, gc=False):
    """Everything that is known of one hospital or clinic at `as_of`."""

    code: str
    name: str
    own: bool  # a site of this network; else a contact kept by hand
    as_of: Instant
    phone: str = ""
    radio: str = ""
    latitude: float | None = None
    longitude: float | None = None
    can: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    kept_by: str = ""
    services: tuple[Standing, ...] = ()  # ED first, always there; then what was ever said
    crowding: Counted | None = None
    beds: tuple[Beds, ...] = ()
    last_heard: Instant | None = None  # newest word on anything of it; None: never

    def standing(self, service: Service, name: str = "") -> Standing:
        """Return how one service stands; NO_REPORT when nobody said anything about it."""
        key = ServiceKey(self.code, service, name)
        found = next((one for one in self.services if one.key == key), None)
        return found or Standing(key=key, state=ServiceState.NO_REPORT, as_of=self.as_of)

    def capability(self, service: Service) -> Capability:
        """Return whether it has a service at all; a word on the service itself shows that."""
        if service in self.cannot:
            return Capability.NO
        said = [one.last or one.state for one in self.services if one.key.service is service]
        known = service in self.can or any(one in _SHOWS_IT for one in said)
        return Capability.YES if known else Capability.NOT_KNOWN

    def takes(self, service: Service) -> Capability:
        """Return whether ambulances may come for a service now: its own word, then the ED's.

        YES only when the service and the ED both are open or limited by a word that still counts,
        and the hospital is known to have it.
        """
        words = (self.standing(Service.ED), self.standing(service))
        if any(one.is_turning_away() for one in words) or service in self.cannot:
            return Capability.NO
        if any(one.state is ServiceState.NO_REPORT for one in words):
            return Capability.NOT_KNOWN
        return Capability.YES
