"""Rows of the boards of services, in words: one hospital, one service, one change."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, structs

from wardlight.record.instants import Instant, age_words
from wardlight.record.services import Service, ServiceState
from wardlight.views.services import service_words as say
from wardlight.views.services.service_rows import Beds, Capability, Change, FacilityBoard, Standing
from wardlight.web.page import Desk
from wardlight.web.times import Times, When

NONE_HERE = "none here"
CSS = {one: one.value.replace(" ", "-") for one in ServiceState}


class ServiceLine(Struct, frozen=True, kw_only=True):
    """One service as a row or a chip shows it."""

    found: Standing
    name: str
    state: str
    css: str
    glyph: str
    why: str
    since: When
    ends: str
    notice: str
    age: str
    good_until: Instant | None  # for a page whose server has gone


class BedLine(Struct, frozen=True, kw_only=True):
    """One kind of bed, or one unit of the census."""

    words: str
    said: str


class HospitalLine(Struct, frozen=True, kw_only=True):
    """One hospital on the dispatcher's board."""

    board: FacilityBoard
    at: int
    ed: ServiceLine
    services: tuple[ServiceLine, ...]  # of which somebody said something
    unsaid: tuple[str, ...]  # nobody did: named, so that silence is not taken for "open"
    beds: tuple[BedLine, ...]
    score: str
    counted: str
    ems_waiting: str
    heard: str


class ChangeLine(Struct, frozen=True, kw_only=True):
    """One change of the board, and who has seen it."""

    change: Change
    words: str
    seen: tuple[str, ...]


def service_line(found: Standing, t: Times, *, none_here: bool = False) -> ServiceLine:
    """Return a service in words; `none_here`: the hospital is known not to have it."""
    why = ", ".join(one for one in (str(found.category or ""), found.reason) if one)
    return ServiceLine(
        found=found,
        name=say.service_words(found.key),
        state=NONE_HERE if none_here else say.state_words(found.state),
        css="none" if none_here else CSS[found.state],
        glyph="\N{EN DASH}" if none_here else say.GLYPHS[found.state],
        why=why,
        since=t.at(found.since),
        ends=say.ends_words(found, t.zone),
        notice=say.notice_words(found, t.zone),
        age=say.age_of(found),
        good_until=found.good_until,
    )


def hospital_line(board: FacilityBoard, at: int, t: Times) -> HospitalLine:
    """Return a hospital with the services a dispatcher asks for, then whatever else was said."""
    asked = [board.standing(one) for one in say.ASKED_FOR]
    known = {one.key for one in asked}
    others = [
        one for one in board.services if one.key not in known and one.key.service is not Service.ED
    ]
    crowding, ed = board.crowding, board.standing(Service.ED)
    found = [(one, _is_none(board, one)) for one in (*asked, *others)]
    return HospitalLine(
        board=board,
        at=at,
        ed=service_line(ed, t, none_here=_is_none(board, ed)),
        services=tuple(
            service_line(one, t, none_here=none)
            for one, none in found
            if none or one.stated_at is not None
        ),
        unsaid=tuple(
            f"{say.service_words(one.key)} (has it)"
            if one.key.service in board.can
            else say.service_words(one.key)
            for one, none in found
            if not none and one.stated_at is None
        ),
        beds=tuple(bed_line(one, t) for one in board.beds),
        score=score_words(board),
        counted=f"counted {_ago(crowding.at, t)}" if crowding else "",
        ems_waiting=_waiting(board),
        heard=_ago(board.last_heard, t) if board.last_heard is not None else "never",
    )


def _is_none(board: FacilityBoard, found: Standing) -> bool:
    unsaid = found.state is ServiceState.NO_REPORT
    return unsaid and board.capability(found.key.service) is Capability.NO


def score_words(board: FacilityBoard) -> str:
    """Return NEDOCS and its band; words for a department nobody counted."""
    if board.crowding is None or board.crowding.score is None:
        return "not counted"
    return f"{board.crowding.score:.0f}, {board.crowding.band}"


def _waiting(board: FacilityBoard) -> str:
    if board.crowding is None or board.crowding.said.ems_waiting is None:
        return "not known"
    return str(board.crowding.said.ems_waiting)


def bed_line(beds: Beds, t: Times) -> BedLine:
    """Return beds in words; what nobody counted is not called free."""
    if beds.from_census:
        empty = "free not known" if beds.available is None else f"{beds.available} reported empty"
        words = f"{beds.kind}: {beds.occupied} taken, {empty}"
    elif beds.available is None:
        words = f"{beds.kind}: not known"
    elif beds.available < 0:
        words = f"{beds.kind}: {-beds.available} over capacity"
    else:
        of = f" of {beds.baseline}" if beds.baseline is not None else ""
        words = f"{beds.kind}: {beds.available}{of} free"
    said = _ago(beds.at, t) if beds.at is not None else "age not known"
    return BedLine(words=words, said=f"{beds.by}, {said}")


def change_line(change: Change, name: str, t: Times) -> ChangeLine:
    """Return a change of a hospital with who acknowledged it and when."""
    return ChangeLine(
        change=change,
        words=say.change_words(change, name, t.zone, t.now),
        seen=tuple(f"{one.by}, {t.at(one.at)}" for one in change.acknowledged),
    )


def name_of(desk: Desk, code: str) -> str:
    """Return what a hospital is called here."""
    if code in desk.sites:
        return desk.sites[code].name
    known = {one.code: one.name for one in desk.views.service_status.neighbours()}
    return known.get(code, code)


def reached(desk: Desk, boards: Iterable[FacilityBoard]) -> tuple[FacilityBoard, ...]:
    """Return boards with the phone of the site's own hospital table where nobody wrote another.

    The map and "Where can they go?" show that phone: no board may say that none is known.
    """
    found = tuple(boards)
    missing = {one.code for one in found if not one.phone}
    if desk.region is None or not missing:
        return found
    kept = {one.code: one.phone for one in desk.region.index.hospitals if one.code in missing}
    return tuple(
        structs.replace(one, phone=kept[one.code]) if kept.get(one.code) else one for one in found
    )


def names(desk: Desk) -> dict[str, str]:
    """Return the sites of this node by their codes."""
    return {code: site.name for code, site in desk.sites.items()}


def _ago(at: Instant | None, t: Times) -> str:
    return f"{age_words(max(t.now - at, 0))} ago" if at is not None else "never"
