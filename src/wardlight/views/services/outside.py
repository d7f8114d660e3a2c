"""What a network tells outside, from what its staff said: the board, and each step of a service.

Neighbours are told of as well, with who said it; their counts are theirs to report.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from wardlight.record.instants import HOUR, Instant
from wardlight.record.services import ServiceKey, ServiceState
from wardlight.views.services import service_history
from wardlight.views.services.service_rows import Beds, FacilityBoard, Standing, Statement
from wardlight.views.services.service_status import ServiceStatus
from wardlight.wire.edxl.cap import Step
from wardlight.wire.outside import ToldBeds, ToldBoard, ToldHospital, ToldService

CROWDING_HOLDS_MS = 4 * HOUR
"""A NEDOCS score is of its hour; older than a few of them it says nothing of now."""
NEDOCS_MAX = 200  # the score is cut there (Weiss 2004)


def told_board(
    status: ServiceStatus,
    sites: Mapping[str, str],
    now: Instant,
    *,
    network: str,
    sender: str,
    zone: str,
) -> ToldBoard:
    """Return everything that is told of this network and its neighbours at one moment."""
    boards = status.facilities(now, sites)
    return ToldBoard(
        network=network,
        sender=sender,
        zone=zone,
        now=now,
        hospitals=tuple(_hospital(one, now) for one in boards),
    )


def _hospital(one: FacilityBoard, now: Instant) -> ToldHospital:
    crowding = one.crowding
    fresh = crowding is not None and 0 <= now - crowding.at < CROWDING_HOLDS_MS
    score = crowding.score if crowding is not None and fresh else None
    return ToldHospital(
        code=one.code,
        name=one.name,
        phone=one.phone,
        radio=one.radio,
        latitude=one.latitude,
        longitude=one.longitude,
        ours=one.own,
        services=tuple(told_service(said) for said in one.services),
        beds=tuple(_beds(one.beds)),
        nedocs=None if score is None else max(0, min(round(score), NEDOCS_MAX)),
        nedocs_counted=crowding.at if crowding is not None and score is not None else None,
    )


def told_service(one: Standing) -> ToldService:
    """Return how a service stands as it is told outside; a lapsed word tells no reason."""
    holds = one.state is not ServiceState.NO_REPORT
    return ToldService(
        key=one.key,
        state=one.state,
        category=one.category,
        reason=one.reason if holds and not one.expired_notice else "",
        authorised_by=one.authorised_by,
        since=one.since,
        stated=one.stated_at,
        expires=one.expires,
        at_expiry=one.at_expiry,
        good_until=None if one.expired_notice else one.good_until,
        comment=one.comment if holds and not one.expired_notice else one.expired_notice,
        heard=one.heard,
    )


def _beds(counts: Iterable[Beds]) -> Iterator[ToldBeds]:
    """Give what a person counted; who lies in a census tells nobody how many beds are staffed."""
    for one in counts:
        if one.available is not None and one.at is not None and not one.from_census:
            yield ToldBeds(
                kind=one.kind, available=one.available, baseline=one.baseline, counted=one.at
            )


def told_steps(status: ServiceStatus, now: Instant, own: Collection[str]) -> tuple[Step, ...]:
    """Return each step of our services, as this node came to know it; alerts are made of these.

    A neighbour sends its own alerts: an echo of ours would be taken for a second word.
    """
    return tuple(
        step
        for key, statements, backs in status.spoken()
        if key.facility in own
        for step in _steps(key, statements, backs)
        if step.at <= now
    )


def _steps(
    key: ServiceKey, statements: Iterable[Statement], backs: Mapping[str, Instant]
) -> Iterator[Step]:
    """Give how a service stood after each word, and after each that was taken back."""
    changes = [(max(one.recorded, one.said.since), 1, one) for one in statements]
    changes += [(max(backs[one.id], at), 0, one) for at, _, one in changes if one.id in backs]
    held: list[Statement] = []
    for at, adds, word in sorted(changes, key=_place):
        held = [*held, word] if adds else [one for one in held if one is not word]
        standing = service_history.standing(key, service_history.in_force(held, at), at)
        name = word.id if adds else f"{word.id}.back"
        yield Step(name=name, at=at, told=told_service(standing))


def _place(change: tuple[int, int, Statement]) -> tuple[int, int, str]:
    at, adds, word = change
    return (at, -adds, word.id)
