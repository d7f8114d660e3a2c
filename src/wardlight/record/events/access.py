"""Who works here and who looked at what: identity and role only, never a secret.

Kept as JSON beside everything else, so that a question asked in three years has an answer.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, json

from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant


class Role(StrEnum):
    """What somebody works as; what they may do follows from it (`rules/access.py`)."""

    NURSE = "nurse"
    CHARGE_NURSE = "charge nurse"
    CLINIC_NURSE = "clinic nurse"  # of a clinic or the phone line: rings, and takes symptoms
    PHYSICIAN = "physician"
    PHARMACIST = "pharmacist"
    LAB = "lab"
    REGISTRATION = "registration"
    CLERK = "clerk"
    HIM = "him clerk"  # health information management: scans, finds and accounts for paper
    CONTACT_AGENT = "contact agent"  # rings patients; reads no charts
    SCHEDULER = "scheduler"
    INCIDENT = "incident staff"
    DISPATCHER = "dispatcher"
    PRIVACY = "privacy officer"
    ADMINISTRATOR = "administrator"


class StaffStated(Struct, frozen=True, kw_only=True, gc=False, tag="staff.stated"):
    """Somebody works here: their account, name and role, and where."""

    account: str
    name: str  # as the ward knows them: "RN A. Mensah"
    role: Role
    sites: tuple[str, ...] = ()  # empty: every site of this node
    units: tuple[str, ...] = ()  # `SITE/UNIT`; empty: every unit of those sites
    origin: str = ""  # the roster file, or who added them
    until: Instant | None = None  # agency staff: when their access ends by itself


class StaffDisabled(Struct, frozen=True, kw_only=True, gc=False, tag="staff.disabled"):
    """Somebody works here no longer, or their badge was lost: every session of theirs ends."""

    account: str
    reason: str = ""


class RosterRead(Struct, frozen=True, kw_only=True, gc=False, tag="staff.roster-read"):
    """A whole roster was read; its absence never ends anybody's access."""

    origin: str
    people: int


class CredentialChanged(Struct, frozen=True, kw_only=True, gc=False, tag="credential.changed"):
    """Somebody has a new way to sign in, or a new card; never what it is."""

    account: str
    what: str  # card printed, passphrase set, badge bound …
    by: str  # account


class SignedIn(Struct, frozen=True, kw_only=True, gc=False, tag="access.signed-in"):
    """Somebody signed in at a station."""

    session: str
    account: str
    station: str
    how: str  # passphrase, badge, card, passkey …


class SignedOut(Struct, frozen=True, kw_only=True, gc=False, tag="access.signed-out"):
    """A session ended: by its owner, by switching, or by an administrator."""

    session: str
    account: str


class SignInRefused(Struct, frozen=True, kw_only=True, gc=False, tag="access.refused"):
    """Somebody could not sign in; whom they said they were is kept only if that account exists."""

    account: str
    station: str
    how: str


class GlassBroken(Struct, frozen=True, kw_only=True, gc=False, tag="glass.broken"):
    """Somebody opened a chart outside their wards, for a reason, for some hours."""

    id: str
    account: str
    by: str
    patient: PatientKey
    reason: str
    words: str
    until: Instant


class GlassReviewed(Struct, frozen=True, kw_only=True, gc=False, tag="glass.reviewed"):
    """The privacy officer looked at one opening and says what came of it."""

    id: str
    by: str
    note: str


class ChartOpened(Struct, frozen=True, kw_only=True, gc=False, tag="chart.opened"):
    """Somebody read a chart; said once for a session, a patient and an hour."""

    session: str
    account: str
    by: str
    patient: PatientKey


class StationNamed(Struct, frozen=True, kw_only=True, gc=False, tag="station.named"):
    """A ward PC or tablet has a name, and stands on a unit."""

    station: str
    name: str
    site: str = ""
    unit: str = ""


AccessEvent = (
    StaffStated
    | StaffDisabled
    | RosterRead
    | CredentialChanged
    | SignedIn
    | SignedOut
    | SignInRefused
    | GlassBroken
    | GlassReviewed
    | ChartOpened
    | StationNamed
)
_DECODER = json.Decoder(AccessEvent)


def access_event(body: bytes) -> AccessEvent:
    """Return what an entry of access says; raises DecodeError or ValidationError."""
    said: AccessEvent = _DECODER.decode(body)
    return said


def kind_of(said: AccessEvent) -> str:
    """Return the name an event is stored under."""
    return str(type(said).__struct_config__.tag)
