"""The transfer desk's patients and the service boards as one problem for the planner.

What a board does not say is not known, never yes. A bed count that is older than a shift, and one
that the census contradicts, are marked so that somebody rings first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from wardlight.plan.destinations.drive_time import Drive, estimate
from wardlight.plan.destinations.region import Region
from wardlight.plan.transfers.transfer_policy import Acuity
from wardlight.plan.transfers.transfers import (
    Ban,
    Beds,
    Known,
    Level,
    Receiver,
    TransferProblem,
    Waiting,
)
from wardlight.record.events.transfers import BedClass, Need
from wardlight.record.hospitals import Hospital
from wardlight.record.instants import HOUR, Instant
from wardlight.record.places import Place, Position, Setting, km_between
from wardlight.record.services import DivertCategory, Service, ServiceState
from wardlight.views.services import service_rows
from wardlight.views.services.service_rows import FacilityBoard
from wardlight.views.transfers.transfers import Case, Wanted, same_hospital

COUNT_GOOD_FOR_MS = 12 * HOUR  # a bed count is good for a shift
NEED_SERVICES: Mapping[str, Service] = {
    Need.DIALYSIS: Service.DIALYSIS,
    Need.CATH_LAB: Service.CATH,
    Need.CT: Service.CT,
    Need.OR: Service.OR,
}
BED_SERVICES: Mapping[str, Service] = {
    BedClass.ICU: Service.ICU,
    BedClass.PAEDIATRICS: Service.PAEDIATRICS,
    BedClass.OB: Service.OB,
    BedClass.BURN: Service.BURN,
    BedClass.PSYCH: Service.PSYCH,
}


def problem_of(
    wanted: Sequence[Wanted],
    promised: Sequence[Case],
    boards: Sequence[FacilityBoard],
    *,
    region: Region,
    fixed: Mapping[str, str],
) -> TransferProblem:
    """Return what the planner is asked: who waits, who was promised a bed already, what is free.

    `promised`: accepted and not arrived. `fixed`: request → code or STAY, as a person decided.
    `region`: where hospitals are and what they can do as far as no board says it, known drives,
    and the weights.
    """
    waiting = [_waiting(one, boards, fixed.get(one.request, "")) for one in wanted]
    waiting += [made for one in promised if (made := _promised(one, boards)) is not None]
    return TransferProblem(
        waiting=tuple(waiting),
        receivers=tuple(
            receiver_of(board, region.index.by_code.get(board.code)) for board in boards
        ),
        drives=_drives({one.origin for one in waiting}, boards, region),
        policy=region.transfer_policy,
    )


def _waiting(one: Wanted, boards: Sequence[FacilityBoard], fixed: str) -> Waiting:
    asked = (code_of(name, boards) for name in one.asked)
    return Waiting(
        id=one.request,
        origin=one.site,
        bed=str(one.bed),
        acuity=Acuity(one.urgency),
        needs=one.needs,
        level=Level(one.level) if one.level else Level.BLS,
        bans=tuple(
            Ban(code, "said no")
            for name in one.refused_by
            if (code := code_of(name, boards)) is not None
        ),
        proposed=next((code for code in asked if code is not None), ""),
        fixed=fixed,
    )


def _promised(one: Case, boards: Sequence[FacilityBoard]) -> Waiting | None:
    """Return a patient whose bed was promised after the beds were counted; it is no longer free.

    A count made later has left it out already; a census never knows of who is still to come.
    """
    accepted = one.accepted
    code = code_of(one.heading(), boards)
    if accepted is None or code is None:
        return None
    board = next(board for board in boards if board.code == code)
    counted = [beds for beds in board.beds if beds.kind == one.need.bed and beds.at is not None]
    later = any(
        not beds.from_census and beds.at is not None and beds.at > accepted.step.occurred
        for beds in counted
    )
    if later:
        return None
    return Waiting(
        id=one.request,
        origin=one.site,
        bed=str(one.need.bed),
        acuity=Acuity(one.need.urgency),
        needs=one.need.needs,
        level=Level(one.need.level) if one.need.level else Level.BLS,
        accepted=code,
    )


def code_of(hospital: str, boards: Iterable[FacilityBoard]) -> str | None:
    """Return the code of a hospital somebody named, by code or by name; None for one not listed."""
    for board in boards:
        if same_hospital(hospital, board.code) or same_hospital(hospital, board.name):
            return board.code
    return None


def receiver_of(board: FacilityBoard, table: Hospital | None = None) -> Receiver:
    """Return what a board says of a hospital as a receiver; `table`: what a list says of it."""
    takes, because = _takes(board)
    if table is not None:
        can = (*board.can, *sorted(table.can))
        board = replace(board, can=can, cannot=(*board.cannot, *sorted(table.cannot)))
    return Receiver(
        code=board.code,
        name=board.name,
        beds={str(bed): _beds(board, bed) for bed in BedClass},
        does={str(need): known_of(board, service) for need, service in NEED_SERVICES.items()},
        takes=takes,
        because=because,
    )


def _takes(board: FacilityBoard) -> tuple[Known, str]:
    """Return whether a hospital takes anybody: its ED tells how the whole house is."""
    ed = board.standing(Service.ED)
    told = f"ED {ed.state}{f': {ed.reason}' if ed.reason else ''}"
    if ed.state is ServiceState.CLOSED or ed.category is DivertCategory.INTERNAL_DISASTER:
        return Known.NO, told
    if ed.state in (ServiceState.OPEN, ServiceState.LIMITED):
        return Known.YES, ""
    return Known.UNKNOWN, told


def known_of(board: FacilityBoard, service: Service) -> Known:
    """Return what is known of a service: its own word first, then the hospital's standing facts."""
    standing = board.standing(service)
    has, has_not = service in board.can, service in board.cannot
    if standing.is_turning_away():
        return Known.NO
    if standing.state is ServiceState.OPEN:
        return Known.CONTRADICTORY if has_not else Known.YES
    if has_not:
        return Known.CONTRADICTORY if has or standing.state is ServiceState.LIMITED else Known.NO
    return Known.UNKNOWN  # limited, or no report: it may have it, and somebody rings


def _beds(board: FacilityBoard, bed: BedClass) -> Beds:
    service = BED_SERVICES.get(bed)
    if service is not None and known_of(board, service) is Known.NO:
        return Beds(0, Known.NO)
    counted = [one for one in board.beds if one.kind == bed and one.available is not None]
    if not counted:
        return Beds(None, Known.UNKNOWN)
    free = max(min(one.available or 0 for one in counted), 0)
    if len({one.available for one in counted}) > 1:
        return Beds(free, Known.CONTRADICTORY)
    old = all(_is_old(one, board.as_of) for one in counted)
    return Beds(free, Known.UNKNOWN if old else Known.YES)


def _is_old(one: service_rows.Beds, now: Instant) -> bool:
    return one.at is None or now - one.at > COUNT_GOOD_FOR_MS


def _drives(
    origins: Iterable[str], boards: Sequence[FacilityBoard], region: Region
) -> dict[tuple[str, str], Drive]:
    """Return the drives between hospitals whose place is known; others are not known.

    A time somebody drove from there comes before the ruler's.
    """
    places = {board.code: at for board in boards if (at := _position(board, region)) is not None}
    made: dict[tuple[str, str], Drive] = {}
    for origin in sorted({*origins} & {*places}):
        known = region.drives(Place(words=origin, at=places[origin]))
        for code, at in places.items():
            if code != origin:
                ruler = estimate(km_between(places[origin], at), Setting.UNKNOWN)
                made[origin, code] = known.get(code, ruler)
    return made


def _position(board: FacilityBoard, region: Region) -> Position | None:
    if board.latitude is not None and board.longitude is not None:
        return Position(board.latitude, board.longitude)
    listed = region.index.by_code.get(board.code)
    return listed.at if listed is not None else None
