"""The door of a node: who is signed in where, since when, and what they may open.

Sessions are signed tokens, so that a restart signs nobody out; that they ended is in the log.
Everything here answers from memory: nothing outside the node is asked.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from wardlight.record.events.access import (
    AccessEvent,
    ChartOpened,
    GlassBroken,
    SignedIn,
    SignedOut,
    SignInRefused,
    StaffDisabled,
    StaffStated,
)
from wardlight.record.identity import PatientKey
from wardlight.record.instants import HOUR, MINUTE, SECOND, Clock, Instant
from wardlight.rules.access import May, may, may_enter, sees_unit
from wardlight.rules.asking import Author
from wardlight.views.staff import Account, Opening, Staff
from wardlight.web.access.challenges import Challenges
from wardlight.web.access.credentials import Credentials
from wardlight.web.access.journal import Journal
from wardlight.web.access.machines import MachineRules
from wardlight.web.access.throttle import Throttle
from wardlight.web.access.tokens import Grant, Session, Station, Tokens
from wardlight.web.entering.writing import Write

GLASS_HOURS = 4
HASHING_AT_ONCE = 2  # each takes 19 MiB and 50 ms of a core
SEEN_MAX = 20_000
READ_AGAIN_MS = HOUR
T = TypeVar("T")
RENEWED_MS = MINUTE  # how old the last touch in a browser's cookie may become
FRESH_MS = 10 * MINUTE  # how soon after signing in somebody may change how they sign in


class Rules(MachineRules, Protocol):
    """What a site decides of its doors."""

    @property
    def idle_minutes(self) -> int:
        """Return after how many minutes without a touch a screen locks."""

    @property
    def session_hours(self) -> int:
        """Return after how many hours somebody signs in anew whatever they do."""


class SignedInPerson(Struct, frozen=True, kw_only=True):
    """Who is signed in at the station a request comes from."""

    account: str
    name: str
    role: str
    station: str
    grant: str
    session: str
    person: Account
    since: Instant = Instant(0)
    renewed: str = ""  # a newer token for the browser to keep; "" while the old one will do

    def may(self, what: May) -> bool:
        """Return whether their role may do something."""
        return may(self.role, what)

    def scope(self) -> str:
        """Return what pages are told apart by: everybody with the same scope sees the same."""
        return "|".join((self.role, *self.person.sites, *self.person.units))


class Door:
    """Lets people in, keeps their sessions, and writes down what has to be."""

    def __init__(  # noqa: PLR0913 -- everything a door is made of, handed over once
        self,
        *,
        staff: Callable[[], Staff],
        credentials: Credentials,
        key: bytes,
        clock: Clock,
        write: Write,
        site: str,
        rules: Rules,
        demo: bool = False,
        doubted: Callable[[], bool] = lambda: False,
    ) -> None:
        """`doubted` says whether this machine's clock is wrong: then codes of phones are too."""
        self.staff = staff
        self.credentials = credentials
        self.rules = rules
        self.demo = demo
        self.doubted = doubted
        self.throttle = Throttle()
        self._tokens = Tokens(key)
        self.challenges = Challenges(self._tokens, clock)
        self._clock = clock
        self.journal = Journal(write=write, clock=clock, site=site, staff=staff)
        self._seen: dict[str, Instant] = {}  # session → last request
        self._read: dict[tuple[str, PatientKey], Instant] = {}
        self._hashing = asyncio.Semaphore(HASHING_AT_ONCE)

    @property
    def idle_minutes(self) -> int:
        """Return after how many minutes without a touch a screen locks; 0 for never."""
        return 0 if self.demo else self.rules.idle_minutes

    def now(self) -> Instant:
        """Return the time by which sessions are judged."""
        return self._clock()

    # --- who is there ------------------------------------------------------------------------

    def signed_in(self, token: str, *, touched: bool = True) -> SignedInPerson | None:
        """Return whose session it is; None when it ended, was left too long, or never was.

        What a page asks by itself is not `touched`: a screen that nobody touches locks, however
        often it keeps itself fresh.
        """
        session = self._tokens.read(token, Session) if token else None
        if session is None or self.staff().is_signed_out(session.session):
            return None
        now = self._clock()
        if self._is_over(session, now):
            return None
        person = self.staff().account(session.account)
        if person is None or person.has_ended(now):
            return None
        if touched:
            self._remember(session.session, now)
        return self._person(person, session, now if touched else session.seen)

    def _is_over(self, session: Session, now: Instant) -> bool:
        if self.demo:
            return False
        last = max(self._seen.get(session.session, Instant(0)), session.seen)
        too_long = now - session.at > self.rules.session_hours * HOUR
        return too_long or now - last > self.rules.idle_minutes * MINUTE

    def _person(self, person: Account, session: Session, seen: Instant) -> SignedInPerson:
        name = self.station_name(session.station)
        grant = Grant(person.account, person.name, person.role, name)
        renewed = ""
        if seen - session.seen >= RENEWED_MS:
            renewed = self._tokens.made(replace(session, seen=seen))
        return SignedInPerson(
            account=person.account,
            name=person.name,
            role=person.role,
            station=name,
            grant=self._tokens.made(grant),
            session=session.session,
            person=person,
            since=session.at,
            renewed=renewed,
        )

    def is_fresh(self, who: SignedInPerson) -> bool:
        """Return whether somebody proved who they are only minutes ago."""
        return self._clock() - who.since <= FRESH_MS

    def _remember(self, session: str, now: Instant) -> None:
        self._seen[session] = now
        if len(self._seen) > SEEN_MAX:
            self._seen = dict(sorted(self._seen.items(), key=lambda one: -one[1])[: SEEN_MAX // 2])

    def author_of(self, grant: str) -> Author | None:
        """Return whose grant this is; also of somebody who is signed out, or left since."""
        said = self._tokens.read(grant, Grant)
        if said is None:
            return None
        return Author(said.account, said.name, said.role, said.station)

    def left_since(self, account: str) -> bool:
        """Return whether somebody's account was disabled after they made an entry."""
        person = self.staff().account(account)
        return person is not None and person.has_ended(self._clock())

    # --- stations ----------------------------------------------------------------------------

    def station_of(self, token: str) -> str:
        """Return the station a token names; "" for a device that was never met."""
        said = self._tokens.read(token, Station) if token else None
        return said.station if said else ""

    def new_station(self) -> tuple[str, str]:
        """Return a new station and the token it keeps."""
        station = secrets.token_hex(6)
        return station, self._tokens.made(Station(station, self._clock()))

    def station_name(self, station: str) -> str:
        """Return what a station is called."""
        named = self.staff().station(station)
        return named.name if named else f"station {station[:4]}"

    # --- signing in --------------------------------------------------------------------------

    async def by_passphrase(self, account: str, passphrase: str, code: str) -> str:
        """Return the account when passphrase and code are right; "" when they are not."""
        fits = await self.hashed(lambda: self.credentials.passphrase_fits(account, passphrase))
        return account if fits and self._code_fits(account, code) else ""

    def _code_fits(self, account: str, code: str) -> bool:
        """Return whether the second factor is right; with a doubted clock no code is."""
        if self.credentials.of(account).totp:
            now_s = self._clock() // SECOND
            if self.doubted() or not self.credentials.totp_fits(account, code, now_s):
                return False
        self.credentials.open_pins(account)
        return True

    async def hashed(self, work: Callable[[], T]) -> T:
        """Return what a slow hash gives, made beside the loop and not too many at once."""
        async with self._hashing:
            return await asyncio.to_thread(work)

    async def by_badge(self, badge: str, pin: str) -> str:
        """Return the account when badge and PIN are right; "" when they are not."""
        account = self.credentials.badge_owner(badge)
        fits = await self.hashed(lambda: self.credentials.pin_fits(account, pin))
        return account if fits else ""

    async def by_card(self, account: str, code: str) -> str:
        """Return the account when a code of its card is right; the code is used up."""
        fits = await self.hashed(lambda: self.credentials.card_fits(account, code))
        if fits:
            self.credentials.open_pins(account)
        return account if fits else ""

    async def open_session(self, account: str, station: str, how: str) -> str:
        """Return the token of a new session of somebody who proved who they are."""
        now = self._clock()
        session = Session(secrets.token_hex(16), account, station, now, how, now)
        self._remember(session.session, now)
        await self.say(
            SignedIn(session=session.session, account=account, station=station, how=how), account
        )
        return self._tokens.made(session)

    async def close_session(self, token: str) -> None:
        """End a session for good."""
        session = self._tokens.read(token, Session) if token else None
        if session is not None and not self.staff().is_signed_out(session.session):
            out = SignedOut(session=session.session, account=session.account)
            await self.say(out, session.account)

    async def sign_out_everywhere(self, account: str) -> None:
        """End every session of somebody; they may sign in again."""
        for session in self.staff().sessions_of(account):
            await self.say(SignedOut(session=session, account=account), account)

    async def refused(self, account: str, station: str, how: str) -> None:
        """Write down that somebody could not sign in; a stranger's name is not kept."""
        known = account if self.staff().account(account) else ""
        await self.say(SignInRefused(account=known, station=station, how=how), known or "nobody")

    # --- what they may open ------------------------------------------------------------------

    def sees_unit(self, who: SignedInPerson, site: str, unit: str) -> bool:
        """Return whether a unit is one of theirs."""
        return sees_unit(who.person, site, unit)

    def opening(self, who: SignedInPerson, patient: PatientKey) -> Opening | None:
        """Return the broken glass through which they may read a chart now."""
        return self.staff().open_to(who.account, patient, self._clock())

    def enters(self, who: SignedInPerson, kind: str) -> bool:
        """Return whether their role makes entries of this kind."""
        return may_enter(who.role, kind)

    def opened(self, who: SignedInPerson, patient: PatientKey) -> None:
        """Write down that they read a chart; once for a session, a patient and an hour."""
        now, key = self._clock(), (who.session, patient)
        if now - self._read.get(key, Instant(0)) < READ_AGAIN_MS:
            return
        self._read[key] = now
        if len(self._read) > SEEN_MAX:
            self._read = {one: at for one, at in self._read.items() if now - at < READ_AGAIN_MS}
        said = ChartOpened(session=who.session, account=who.account, by=who.name, patient=patient)
        self.journal.say_later(said, who.account)

    async def break_glass(
        self, who: SignedInPerson, patient: PatientKey, reason: str, words: str
    ) -> None:
        """Open a chart outside somebody's wards for four hours; a person reviews it."""
        said = GlassBroken(
            id=secrets.token_hex(8),
            account=who.account,
            by=who.name,
            patient=patient,
            reason=reason,
            words=words,
            until=Instant(self._clock() + GLASS_HOURS * HOUR),
        )
        await self.say(said, who.account)

    # --- people ------------------------------------------------------------------------------

    async def state(self, said: StaffStated, by: str) -> None:
        """Add somebody, or change their name, role or wards."""
        await self.say(said, by)

    async def disable(self, account: str, by: str, reason: str = "") -> None:
        """End somebody's access at once: sessions and credentials."""
        self.credentials.forget(account)
        await self.say(StaffDisabled(account=account, reason=reason), by)

    async def say(self, said: AccessEvent, by: str) -> None:
        """Write one event of access into the log."""
        await self.journal.say(said, by)
