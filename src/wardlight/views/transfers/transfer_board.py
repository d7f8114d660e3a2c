"""What the transfer desk looks at: who waits, who may go, who is on the way, who is overdue.

The rows of HICS 255 and more. A patient who died or left in another way stays on the board with
that word, so that nobody drives for them and no hospital keeps a bed.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from wardlight.record.codes import Location
from wardlight.record.events.transfers import Urgency
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.views.fold import Views
from wardlight.views.rows import Stay, StayState
from wardlight.views.transfers.transfers import (
    OPEN,
    Case,
    Gate,
    TransferState,
    Wanted,
    case,
    cases,
    cases_of,
    same_hospital,
    wanted,
)

_ORDER = (
    TransferState.ON_THE_WAY,
    TransferState.READY,
    TransferState.ACCEPTED,
    TransferState.WAITING,
    TransferState.DIED,
    TransferState.LEFT,
    TransferState.ARRIVED,
    TransferState.CANCELLED,
)
_SOONEST = tuple(Urgency)
_IN_HOUSE = (StayState.PRESENT, StayState.ON_LEAVE)


class Row(Struct, frozen=True, kw_only=True, gc=False):
    """One transfer as the desk sees it now."""

    case: Case
    patient: PatientKey  # by the number of today
    state: TransferState
    place: Location  # where the patient lies now, or lay last
    missing: tuple[Gate, ...] = ()  # only while they are still to go
    waits_ms: int = 0  # since the request; 0 once they left
    overdue_ms: int = 0

    def to_close(self) -> bool:
        """Return whether somebody has to tell the other hospital that nobody comes."""
        return self.state in (TransferState.DIED, TransferState.LEFT)


def standing(views: Views, one: Case) -> TransferState:
    """Return where a transfer stands, with what became of the patient meanwhile."""
    state = one.state()
    if state not in OPEN:
        return state
    patient = views.people.resolve(one.patient)
    person = views.people.person(patient)
    if person is not None and person.died is not None:
        return TransferState.DIED
    return TransferState.LEFT if _gone(views, one) else state


def _gone(views: Views, one: Case) -> bool:
    stays = _stays_there(views, one)
    if any(stay.state in _IN_HOUSE for stay in stays):
        return False
    return any(stay.discharged is None or stay.discharged.at >= one.at for stay in stays)


def stay_of(views: Views, one: Case) -> Stay | None:
    """Return the stay a transfer began in, also after it ended; None when none is known there.

    A stay that is only expected, or never was, is not looked at, nor one that began later.
    """
    stays = _stays_there(views, one)
    began = (stay for stay in stays if stay.admitted is None or stay.admitted.at <= one.at)
    return next(began, stays[0] if stays else None)


def _stays_there(views: Views, one: Case) -> tuple[Stay, ...]:
    """Return the stays at a transfer's site in which the patient was in house, newest first."""
    known = views.census.stays(views.people.resolve(one.patient))
    been = (*_IN_HOUSE, StayState.LEFT)
    return tuple(stay for stay in known if stay.site == one.site and stay.state in been)


def row_of(views: Views, one: Case, now: Instant) -> Row:
    """Return one line of the board."""
    patient = views.people.resolve(one.patient)
    state = standing(views, one)
    stay = stay_of(views, one)
    return Row(
        case=one,
        patient=patient,
        state=state,
        place=stay.location if stay is not None else one.need.place,
        missing=one.missing() if state in OPEN else (),
        waits_ms=max(now - one.at, 0) if state in OPEN else 0,
        overdue_ms=one.overdue_ms(now),
    )


def board(views: Views, site: str, now: Instant) -> tuple[Row, ...]:
    """Return a site's transfers: overdue ones first, then those on the way, ready, waiting."""
    rows = (row_of(views, one, now) for one in cases(views.loops) if one.site == site)
    return tuple(sorted(rows, key=_first))


def _first(row: Row) -> tuple[object, ...]:
    urgency = _SOONEST.index(row.case.need.urgency)
    return not row.overdue_ms, _ORDER.index(row.state), urgency, row.case.at, row.case.request


def inbound(views: Views, site: str, names: Iterable[str], now: Instant) -> tuple[Row, ...]:
    """Return who comes to a site of ours from another: accepted there, or on the way.

    `names` are what the site is called, by code and in words.
    """
    called = tuple(names)
    rows = (
        row_of(views, one, now)
        for one in cases(views.loops)
        if one.site != site and any(same_hospital(one.heading(), name) for name in called)
    )
    coming = (*OPEN, TransferState.ON_THE_WAY)
    return tuple(sorted((row for row in rows if row.state in coming), key=_first))


def overdue(views: Views, site: str, now: Instant) -> int:
    """Return how many who left a site should be elsewhere by now and are not known to be."""
    return sum(one.site == site and one.overdue_ms(now) > 0 for one in cases(views.loops))


def waiting(views: Views) -> tuple[Wanted, ...]:
    """Return who waits for a place at any of our sites, as a planner reads it; longest first."""
    return tuple(
        wanted(one) for one in cases(views.loops) if standing(views, one) is TransferState.WAITING
    )


def open_case(views: Views, patient: PatientKey) -> Case | None:
    """Return the transfer of a patient that is not over; the newest if there are more."""
    over = (TransferState.ARRIVED, TransferState.CANCELLED)
    mine = cases_of(views.loops, views.people.resolve(patient), views.people.resolve)
    running = [one for one in mine if one.state() not in over]
    return running[-1] if running else None


def case_of(views: Views, request: str) -> Case | None:
    """Return the transfer of a number; None when there is none."""
    return views.loops.read(request, case) if request else None
