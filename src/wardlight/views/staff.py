"""Who works here, who is signed out, who broke the glass and who read which chart."""

from __future__ import annotations

from collections import Counter, OrderedDict
from typing import Any

from msgspec import DecodeError, Struct, ValidationError, convert, json, to_builtins
from msgspec.structs import replace

from wardlight.record.entry import Entry
from wardlight.record.events.access import (
    AccessEvent,
    ChartOpened,
    CredentialChanged,
    GlassBroken,
    GlassReviewed,
    Role,
    RosterRead,
    SignedIn,
    SignedOut,
    StaffDisabled,
    StaffStated,
    StationNamed,
    access_event,
)
from wardlight.record.identity import PatientKey
from wardlight.record.instants import DAY, HOUR, Instant

READS_KEPT_MAX = 200_000  # the rest is in the log
SIGNED_OUT_MAX = 50_000
SESSIONS_MAX = 20_000  # of those nobody ended; each is over after some hours anyhow
OFTEN = 5  # charts opened through broken glass in an hour by one person
CHANGES_KEPT_MAX = 10_000
ROSTER_GRACE_DAYS = 30


class Account(Struct, frozen=True, kw_only=True, gc=False):
    """One person who may sign in."""

    account: str
    name: str
    role: Role
    sites: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    disabled: bool = False
    origin: str = ""
    since: Instant = Instant(0)
    until: Instant | None = None

    def has_ended(self, now: Instant) -> bool:
        """Return whether their access was ended, or ended by itself."""
        return self.disabled or (self.until is not None and now >= self.until)


class Opening(Struct, frozen=True, kw_only=True, gc=False):
    """One time the glass was broken, and what the privacy officer says of it."""

    said: GlassBroken
    at: Instant
    reviewed: GlassReviewed | None = None


class Reading(Struct, frozen=True, gc=False):
    """Somebody read a chart."""

    patient: PatientKey
    by: str
    at: Instant


class Changed(Struct, frozen=True, gc=False):
    """A way to sign in that somebody got, from whom, and when."""

    account: str
    what: str
    by: str
    at: Instant


class Staff:
    """Everybody who works here, folded from the log."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._signed_out: OrderedDict[str, None] = OrderedDict()
        self._sessions: dict[str, str] = {}  # session → account
        self._openings: dict[str, Opening] = {}
        self._readings: list[Reading] = []
        self._stations: dict[str, StationNamed] = {}
        self._changes: list[Changed] = []
        self._roster_at: Instant | None = None

    def take(self, entry: Entry) -> None:
        """Take one entry of access into account; one of a later version is left alone."""
        try:
            said = access_event(entry.body)
        except (DecodeError, ValidationError):
            return
        self._take(said, entry)

    def _take(self, said: AccessEvent, entry: Entry) -> None:  # noqa: C901, PLR0912 -- one arm for each event
        match said:
            case StaffStated():
                self._accounts[said.account] = _account(said, entry.recorded)
            case StaffDisabled():
                self._disable(said.account)
            case RosterRead():
                self._roster_at = entry.recorded
            case SignedIn():
                self._begin(said)
            case SignedOut():
                self._end(said.session)
            case GlassBroken():
                self._openings[said.id] = Opening(said=said, at=entry.recorded)
            case GlassReviewed():
                self._review(said)
            case ChartOpened():
                self._readings.append(Reading(said.patient, said.by, entry.recorded))
                del self._readings[:-READS_KEPT_MAX]
            case StationNamed():
                self._stations[said.station] = said
            case CredentialChanged():
                self._changes.append(Changed(said.account, said.what, said.by, entry.recorded))
                del self._changes[:-CHANGES_KEPT_MAX]
            case _:
                return

    def _begin(self, said: SignedIn) -> None:
        self._sessions[said.session] = said.account
        if len(self._sessions) > SESSIONS_MAX:
            del self._sessions[next(iter(self._sessions))]

    def _disable(self, name: str) -> None:
        held = self._accounts.get(name)
        if held is not None:
            self._accounts[name] = replace(held, disabled=True)
        for session in [key for key, account in self._sessions.items() if account == name]:
            self._end(session)

    def _end(self, session: str) -> None:
        self._sessions.pop(session, None)
        self._signed_out[session] = None
        while len(self._signed_out) > SIGNED_OUT_MAX:
            self._signed_out.popitem(last=False)

    def _review(self, said: GlassReviewed) -> None:
        held = self._openings.get(said.id)
        if held is not None and held.reviewed is None:
            self._openings[said.id] = Opening(said=held.said, at=held.at, reviewed=said)

    def account(self, name: str) -> Account | None:
        """Return somebody's account; None when there is none."""
        return self._accounts.get(name)

    def accounts(self) -> tuple[Account, ...]:
        """Return everybody, by name."""
        return tuple(sorted(self._accounts.values(), key=lambda one: (one.name, one.account)))

    def is_signed_out(self, session: str) -> bool:
        """Return whether a session was ended."""
        return session in self._signed_out

    def sessions_of(self, account: str) -> tuple[str, ...]:
        """Return the sessions of somebody that nobody has ended."""
        return tuple(key for key, name in self._sessions.items() if name == account)

    def openings(self) -> tuple[Opening, ...]:
        """Return every time the glass was broken: not yet reviewed first, newest first."""
        return tuple(
            sorted(self._openings.values(), key=lambda one: (one.reviewed is not None, -one.at))
        )

    def open_to(self, account: str, patient: PatientKey, now: Instant) -> Opening | None:
        """Return the opening by which somebody may read a chart now; None when there is none."""
        mine = [
            one
            for one in self._openings.values()
            if (one.said.account, one.said.patient) == (account, patient) and now < one.said.until
        ]
        return max(mine, key=lambda one: one.said.until, default=None)

    def often(self, now: Instant) -> tuple[tuple[str, int], ...]:
        """Return who broke the glass of unusually many charts in the last hour, and how many."""
        lately = [one.said for one in self._openings.values() if now - one.at <= HOUR]
        counted = Counter(one.by for one in lately)
        return tuple((by, count) for by, count in counted.most_common() if count >= OFTEN)

    def readings(self, patient: PatientKey | None = None) -> tuple[Reading, ...]:
        """Return who read which chart, newest first."""
        found = (one for one in reversed(self._readings) if patient in (None, one.patient))
        return tuple(found)

    def station(self, station: str) -> StationNamed | None:
        """Return what a station is called; None for one that has no name yet."""
        return self._stations.get(station)

    def stations(self) -> tuple[StationNamed, ...]:
        """Return every station that has a name."""
        return tuple(self._stations.values())

    def changes_of(self, account: str) -> tuple[Changed, ...]:
        """Return which ways to sign in somebody got, newest first."""
        return tuple(one for one in reversed(self._changes) if one.account == account)

    def roster_notice(self, now: Instant) -> str:
        """Return what to say when the roster has not been read for long; nobody loses access."""
        if self._roster_at is None or now - self._roster_at < ROSTER_GRACE_DAYS * DAY:
            return ""
        days = (now - self._roster_at) // DAY
        return f"The staff roster was last read {days} days ago: who left may still have access"

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {
            "accounts": to_builtins(self._accounts),
            "out": list(self._signed_out),
            "sessions": self._sessions,
            "openings": json.encode(list(self._openings.values())),
            "readings": to_builtins(self._readings),
            "stations": json.encode(list(self._stations.values())),
            "changes": to_builtins(self._changes),
            "roster": self._roster_at,
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._accounts = convert(kept["accounts"], dict[str, Account])
        self._signed_out = OrderedDict.fromkeys(kept["out"])
        self._sessions = kept["sessions"]
        openings = json.decode(kept["openings"], type=list[Opening])
        self._openings = {one.said.id: one for one in openings}
        self._readings = convert(kept["readings"], list[Reading])
        stations = json.decode(kept["stations"], type=list[StationNamed])
        self._stations = {one.station: one for one in stations}
        self._changes = convert(kept["changes"], list[Changed])
        self._roster_at = kept["roster"]


def _account(said: StaffStated, at: Instant) -> Account:
    return Account(
        account=said.account,
        name=said.name,
        role=said.role,
        sites=said.sites,
        units=said.units,
        origin=said.origin,
        since=at,
        until=said.until,
    )
