"""One patient's transfer as far as it has come, and what is still missing before they may go.

The gates are those of 42 CFR 489.24(e)(2) and of good practice: a hospital that accepted, a
certificate and a packet for that hospital, transport, the last doses, and somebody who will ring
when a result comes late. Nothing here stops a patient: it says what lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Generic, TypeVar

from msgspec import Struct

from wardlight.record.events.transfers import (
    BedClass,
    DosesStated,
    PacketMade,
    PendingOwned,
    ReportGiven,
    TransferAccepted,
    TransferArrived,
    TransferCancelled,
    TransferCertified,
    TransferDeparted,
    TransferOffered,
    TransferRefused,
    TransferRequested,
    TransferRerouted,
    TransportArranged,
)
from wardlight.record.identity import PatientKey
from wardlight.record.instants import MINUTE, Instant
from wardlight.views.laboratory.loops import Loops, Step

OVERDUE_AFTER_MS = 15 * MINUTE  # later than they should be there: somebody rings
UNKNOWN_WAY_MS = 120 * MINUTE  # how long a way may take of which nobody knows how long it is

T = TypeVar("T")


class TransferState(StrEnum):
    """Where a transfer stands."""

    WAITING = "waits for a place"
    ACCEPTED = "accepted"
    READY = "ready to go"
    ON_THE_WAY = "on the way"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"
    DIED = "died before departure"
    LEFT = "left in another way"


OPEN = frozenset({TransferState.WAITING, TransferState.ACCEPTED, TransferState.READY})
"""The patient is still here and is to go."""


class Gate(StrEnum):
    """What has to be there before a patient leaves."""

    ACCEPTANCE = "acceptance"
    CERTIFICATE = "certificate"
    TRANSPORT = "transport"
    PACKET = "packet"
    DOSES = "last doses"
    PENDING = "owner of pending results"


class OfferState(StrEnum):
    """What one hospital said."""

    ASKED = "asked"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    WITHDRAWN = "took its yes back"


class Offer(Struct, frozen=True, kw_only=True, gc=False):
    """One hospital that was asked: what it said last, who said it, when and why."""

    hospital: str
    state: OfferState
    at: Instant
    asked_at: Instant | None = None  # None: it spoke without being asked, as far as is written
    by: str = ""
    reason: str = ""


class Said(Struct, Generic[T], frozen=True, gc=False):
    """A statement with the step it was made in."""

    said: T
    step: Step


class Case(Struct, frozen=True, kw_only=True, gc=False):
    """One transfer with everything that was said of it."""

    request: str
    patient: PatientKey  # by the number of that time
    site: str
    at: Instant  # when it was asked for first
    by: str
    need: TransferRequested  # as last said
    offers: tuple[Offer, ...] = ()  # in the order they were asked
    accepted: Said[TransferAccepted] | None = None  # the yes that stands
    certified: Said[TransferCertified] | None = None
    transport: Said[TransportArranged] | None = None
    report: Said[ReportGiven] | None = None
    doses: Said[DosesStated] | None = None
    pending: Said[PendingOwned] | None = None
    packet: Said[PacketMade] | None = None
    departed: Said[TransferDeparted] | None = None
    rerouted: Said[TransferRerouted] | None = None
    arrived: Said[TransferArrived] | None = None
    cancelled: Said[TransferCancelled] | None = None

    def heading(self) -> str:
        """Return the hospital they are in, on the way to, or accepted by; "" for none yet."""
        if self.arrived:
            return self.arrived.said.hospital
        if self.rerouted:
            return self.rerouted.said.hospital
        if self.departed:
            return self.departed.said.hospital
        return self.accepted.said.hospital if self.accepted else ""

    def planned(self) -> str:
        """Return the hospital they left for; "" before they left."""
        return self.departed.said.hospital if self.departed else ""

    def elsewhere(self) -> bool:
        """Return whether they go, or went, to another hospital than they left for."""
        return bool(self.departed) and not same_hospital(self.planned(), self.heading())

    def missing(self) -> tuple[Gate, ...]:
        """Return the gates that are not passed yet, for the hospital that accepted."""
        goes_to = self.accepted.said.hospital if self.accepted else ""
        passed = {
            Gate.ACCEPTANCE: self.accepted is not None,
            Gate.CERTIFICATE: self.certified is not None
            and same_hospital(self.certified.said.hospital, goes_to),
            Gate.TRANSPORT: self.transport is not None,
            Gate.PACKET: self.packet is not None
            and self.packet.said.records
            and same_hospital(self.packet.said.hospital, goes_to),
            Gate.DOSES: self.doses is not None,
            Gate.PENDING: self.pending is not None,
        }
        return tuple(gate for gate, there in passed.items() if not there)

    def due(self) -> Instant | None:
        """Return when they should be there; None before they left."""
        if self.departed is None:
            return None
        if self.rerouted and self.rerouted.said.due is not None:
            return self.rerouted.said.due
        if self.departed.said.due is not None:
            return self.departed.said.due
        left = self.departed.step.occurred
        minutes = self.transport.said.minutes if self.transport else None
        return Instant(left + (minutes * MINUTE if minutes is not None else UNKNOWN_WAY_MS))

    def due_is_known(self) -> bool:
        """Return whether somebody said how long the way takes."""
        minutes = self.transport.said.minutes if self.transport else None
        said = (one.said.due for one in (self.rerouted, self.departed) if one)
        return minutes is not None or any(due is not None for due in said)

    def overdue_ms(self, now: Instant) -> int:
        """Return by how much the arrival is late, once somebody should ring; else 0."""
        due = self.due()
        if due is None or self.arrived or now - due < OVERDUE_AFTER_MS:
            return 0
        return now - due

    def state(self) -> TransferState:
        """Return where it stands by its own steps; see `standing` for the patient's."""
        if self.arrived:
            return TransferState.ARRIVED
        if self.departed:
            return TransferState.ON_THE_WAY
        if self.cancelled:
            return TransferState.CANCELLED
        if self.accepted is None:
            return TransferState.WAITING
        return TransferState.ACCEPTED if self.missing() else TransferState.READY


def case(steps: tuple[Step, ...]) -> Case | None:
    """Return the transfer of these steps, oldest first; None when they are of another loop."""
    first = next((one for one in steps if isinstance(one.said, TransferRequested)), None)
    need = _last(steps, TransferRequested)
    if first is None or need is None:
        return None
    return Case(
        request=need.said.request,
        patient=first.patient,
        site=first.site,
        at=first.occurred,
        by=first.by,
        need=need.said,
        offers=tuple(_offers(steps)),
        accepted=_standing_yes(steps),
        certified=_last(steps, TransferCertified),
        transport=_last(steps, TransportArranged),
        report=_last(steps, ReportGiven),
        doses=_last(steps, DosesStated),
        pending=_last(steps, PendingOwned),
        packet=_last(steps, PacketMade),
        departed=_last(steps, TransferDeparted),
        rerouted=_last(steps, TransferRerouted),
        arrived=_last(steps, TransferArrived),
        cancelled=_last(steps, TransferCancelled),
    )


def same_hospital(one: str, other: str) -> bool:
    """Return whether two names mean the same hospital, as far as letters tell."""
    return _plain(one) == _plain(other) != ""


def cases(loops: Loops, requests: Iterable[str] | None = None) -> tuple[Case, ...]:
    """Return these transfers, all when none are named; the one that waits longest first."""
    chosen = loops.requests() if requests is None else requests
    found = (loops.read(request, case) for request in chosen)
    return tuple(sorted((one for one in found if one), key=lambda one: (one.at, one.request)))


def cases_of(
    loops: Loops, patient: PatientKey, resolve: Callable[[PatientKey], PatientKey]
) -> tuple[Case, ...]:
    """Return a patient's transfers, oldest first; `resolve` knows their retired numbers."""
    return cases(loops, loops.requests_of(lambda key: resolve(key) == patient))


def _last(steps: tuple[Step, ...], kind: type[T]) -> Said[T] | None:
    for step in reversed(steps):
        if isinstance(step.said, kind):
            return Said(step.said, step)
    return None


def _standing_yes(steps: tuple[Step, ...]) -> Said[TransferAccepted] | None:
    """Return the last yes that nobody took back."""
    no: set[str] = set()
    for step in reversed(steps):
        said = step.said
        if isinstance(said, TransferRefused):
            no.add(_plain(said.hospital))
        elif isinstance(said, TransferAccepted) and _plain(said.hospital) not in no:
            return Said(said, step)
    return None


def _offers(steps: tuple[Step, ...]) -> Iterable[Offer]:
    """Give one line for each hospital that was asked or that answered."""
    found: dict[str, Offer] = {}
    for step in steps:
        said = step.said
        if not isinstance(said, TransferOffered | TransferRefused | TransferAccepted):
            continue
        before = found.get(_plain(said.hospital))
        found[_plain(said.hospital)] = _answer(said, step, before)
    return found.values()


def _answer(
    said: TransferOffered | TransferRefused | TransferAccepted, step: Step, before: Offer | None
) -> Offer:
    asked_at = before.asked_at if before else None
    by, reason = "", ""
    match said:
        case TransferOffered():
            state, by, asked_at = OfferState.ASKED, said.to, step.occurred
        case TransferAccepted():
            state, by = OfferState.ACCEPTED, said.by
        case TransferRefused():
            said_yes = before is not None and before.state is OfferState.ACCEPTED
            state = OfferState.WITHDRAWN if said_yes else OfferState.REFUSED
            by, reason = said.by, said.reason
    return Offer(
        hospital=said.hospital,
        state=state,
        at=step.occurred,
        asked_at=asked_at,
        by=by,
        reason=reason,
    )


def _plain(hospital: str) -> str:
    return " ".join(hospital.casefold().split())


class Wanted(Struct, frozen=True, kw_only=True, gc=False):
    """A patient who waits for a place, as a planner reads it."""

    request: str
    patient: PatientKey
    site: str
    since: Instant
    bed: BedClass
    needs: tuple[str, ...]
    urgency: str
    level: str  # of transport; "" is not said
    refused_by: tuple[str, ...]
    asked: tuple[str, ...]  # hospitals that have not answered yet


def wanted(one: Case) -> Wanted:
    """Return what a place is looked for by."""
    said: dict[OfferState, list[str]] = {state: [] for state in OfferState}
    for offer in one.offers:
        said[offer.state].append(offer.hospital)
    return Wanted(
        request=one.request,
        patient=one.patient,
        site=one.site,
        since=one.at,
        bed=one.need.bed,
        needs=one.need.needs,
        urgency=str(one.need.urgency),
        level=str(one.need.level or ""),
        refused_by=(*said[OfferState.REFUSED], *said[OfferState.WITHDRAWN]),
        asked=tuple(said[OfferState.ASKED]),
    )
