"""What the board of services says, as the destination helper takes it; and who can be ranked.

A word that ran out, by its end or by silence, counts as no report here as on the dispatcher's
board: no list recommends a hospital whose line there says "ring before you send anyone".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wardlight.plan.destinations.hospital_facts import EdCount, HospitalFacts, Said
from wardlight.record.hospitals import Hospital
from wardlight.record.instants import Instant
from wardlight.record.places import Position, is_position
from wardlight.record.services import Service, ServiceState
from wardlight.views.services.service_rows import REOPENED, FacilityBoard, Standing

ED_BEDS = "ED"  # kind of the beds that are treatment spaces


def facts_of(boards: Iterable[FacilityBoard]) -> dict[str, HospitalFacts]:
    """Return what was said of each hospital, by its code."""
    return {board.code: _facts(board) for board in boards}


def counted_at(facts: Mapping[str, HospitalFacts]) -> dict[str, Instant]:
    """Return when each department was last counted, where it was."""
    return {code: one.count.at for code, one in facts.items() if one.count is not None}


def beside_the_table(
    boards: Iterable[FacilityBoard], table: Mapping[str, Hospital]
) -> tuple[tuple[Hospital, ...], tuple[str, ...]]:
    """Return contacts with a position that the table lacks, and the names of those without one."""
    others = [board for board in boards if board.code not in table]
    placed = tuple(made for board in others if (made := _hospital(board)) is not None)
    known = {one.code for one in placed}
    return placed, tuple(board.name for board in others if board.code not in known)


def _hospital(board: FacilityBoard) -> Hospital | None:
    if board.latitude is None or board.longitude is None:
        return None
    if not is_position(board.latitude, board.longitude):
        return None
    return Hospital(
        code=board.code,
        name=board.name,
        at=Position(board.latitude, board.longitude),
        can=_services(board.can),
        cannot=_services(board.cannot),
        phone=board.phone,
        radio=board.radio,
        source="contact",
    )


def _facts(board: FacilityBoard) -> HospitalFacts:
    told = ((one.key.service, _said(one)) for one in board.services if not one.key.name)
    return HospitalFacts(
        services={service: said for service, said in told if said is not None},
        count=_count(board),
        can=_services(board.can),
        cannot=_services(board.cannot),
    )


def _said(found: Standing) -> Said | None:
    """Return the last word on a service; None when there never was one."""
    if found.stated_at is None:
        return None
    if found.state is ServiceState.NO_REPORT:
        last = found.last or ServiceState.NO_REPORT
        return Said(last, found.stated_at, found.category, found.reason, ended=found.as_of)
    again = found.expired_notice == REOPENED and found.since is not None
    at = found.since if again and found.since is not None else found.stated_at
    return Said(found.state, at, found.category, found.reason)


def _count(board: FacilityBoard) -> EdCount | None:
    """Return the newest count of the department: its crowding, or its free spaces."""
    found = [
        EdCount(at=bed.at, spaces=bed.baseline, free=max(0, bed.available))
        for bed in board.beds
        if bed.kind == ED_BEDS and bed.at is not None and bed.available is not None
    ]
    if board.crowding is not None:
        said = board.crowding.said
        found.append(
            EdCount(
                at=board.crowding.at,
                patients=said.ed_patients,
                spaces=said.ed_beds or None,
                ems_waiting=said.ems_waiting,
            )
        )
    return max(found, key=lambda one: one.at, default=None)


def _services(words: Iterable[str]) -> frozenset[Service]:
    named = {one.value: one for one in Service}
    return frozenset(named[one] for one in words if one in named)
