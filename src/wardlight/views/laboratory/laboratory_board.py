"""What a laboratory and a ward look at: to receive, pending, overdue, to tell, to acknowledge.

Oldest first. Where a patient lies is asked of the census at reading time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from wardlight.record.codes import Location
from wardlight.record.events.laboratory import Priority
from wardlight.record.identity import PatientKey
from wardlight.record.instants import HOUR, MINUTE, Instant
from wardlight.views.bedside.findings import Escalation, EscalationRule, Finding, escalations
from wardlight.views.laboratory.laboratory import PENDING, TO_RECEIVE, SpecimenState, Trace
from wardlight.views.laboratory.loops import Step
from wardlight.views.rows import Stay

SENT_OUT = "sent out"  # the group of what went to another laboratory
_GONE = frozenset({SpecimenState.LOST, SpecimenState.REJECTED})
_SOONEST = tuple(Priority)

StayOf = Callable[[PatientKey], Stay | None]
"""The stay a patient is in now, after moves and merges."""


class TurnAround(Struct, frozen=True, gc=False):
    """How long a result may take from the taking of the specimen. No group: every other test."""

    priority: Priority
    minutes: int
    group: str = ""


class LaboratoryTargets(Struct, frozen=True, kw_only=True, gc=False):
    """A site's own times; these are the defaults. Groups are compared without case."""

    turn_arounds: tuple[TurnAround, ...] = (
        TurnAround(Priority.STAT, 60),
        TurnAround(Priority.URGENT, 120),
        TurnAround(Priority.ROUTINE, 240),
        TurnAround(Priority.STAT, 24 * 60, "microbiology"),
        TurnAround(Priority.URGENT, 48 * 60, "microbiology"),
        TurnAround(Priority.ROUTINE, 72 * 60, "microbiology"),
        TurnAround(Priority.STAT, 24 * 60, SENT_OUT),
        TurnAround(Priority.URGENT, 48 * 60, SENT_OUT),
        TurnAround(Priority.ROUTINE, 7 * 24 * 60, SENT_OUT),
    )
    missing_after_ms: int = 45 * MINUTE  # taken and not received: a slip or a runner is lost
    escalation: EscalationRule = EscalationRule()

    def allowed_ms(self, trace: Trace) -> int:
        """Return how long this specimen may take."""
        group = SENT_OUT if trace.sent_out else trace.group.casefold()
        mine = {
            one.group: one.minutes
            for one in self.turn_arounds
            if one.priority is trace.priority and one.group in ("", group)
        }
        return mine.get(group, mine.get("", 4 * HOUR // MINUTE)) * MINUTE


class Row(Struct, frozen=True, kw_only=True, gc=False):
    """One specimen on a board: where its patient lies now, and when it has to be done."""

    trace: Trace
    due: Instant
    site: str
    place: Location
    moved: bool = False  # the patient lies on another unit than the one that asked

    def late_ms(self, now: Instant) -> int:
        """Return by how much it is late; nothing before it is due, or when it is done."""
        return max(now - self.due, 0) if self.trace.state in PENDING else 0


class Telling(Struct, frozen=True, kw_only=True, gc=False):
    """One result on the way to who needs it, with the phone and place where they are now."""

    finding: Finding
    row: Row


class Board(Struct, frozen=True, kw_only=True, gc=False):
    """Everything the laboratory has to do. A specimen may stand on several lists."""

    rows: tuple[Row, ...] = ()  # every specimen, oldest first
    to_receive: tuple[Row, ...] = ()
    pending: tuple[Row, ...] = ()  # received, not resulted
    overdue: tuple[Row, ...] = ()
    missing: tuple[Row, ...] = ()  # asked for or taken, and not here: lost slip, late runner
    again: tuple[Row, ...] = ()  # lost or rejected, and not yet asked for anew
    to_tell: tuple[Telling, ...] = ()  # critical and urgent first
    to_acknowledge: tuple[Telling, ...] = ()  # critical and urgent first
    unacknowledged: tuple[Telling, ...] = ()  # critical ones of those
    escalations: tuple[Escalation, ...] = ()
    unmatched: tuple[Step, ...] = ()


def board(
    found: Iterable[Trace],
    now: Instant,
    stay_of: StayOf,
    *,
    targets: LaboratoryTargets,
    unmatched: tuple[Step, ...] = (),
) -> Board:
    """Return the board of these specimens, which come oldest first."""
    rows = tuple(_row(one, stay_of, targets) for one in found)
    anew = {row.trace.replaces for row in rows}
    telling = [Telling(finding=one, row=row) for row in rows for one in row.trace.to_tell()]
    open_ = [Telling(finding=one, row=row) for row in rows for one in row.trace.unacknowledged()]
    return Board(
        rows=rows,
        to_receive=tuple(row for row in rows if row.trace.state in TO_RECEIVE),
        pending=tuple(row for row in rows if row.trace.state in PENDING - TO_RECEIVE),
        overdue=tuple(row for row in rows if row.late_ms(now) > 0),
        missing=tuple(row for row in rows if is_missing(row.trace, now, targets)),
        again=tuple(
            row for row in rows if row.trace.state in _GONE and row.trace.request not in anew
        ),
        to_tell=tuple(sorted(telling, key=_soonest)),
        to_acknowledge=tuple(sorted(open_, key=_soonest)),
        unacknowledged=tuple(one for one in open_ if one.finding.critical),
        escalations=escalations(
            (one for row in rows for one in row.trace.findings), now, targets.escalation
        ),
        unmatched=unmatched,
    )


def is_missing(trace: Trace, now: Instant, targets: LaboratoryTargets) -> bool:
    """Return whether a specimen should be in the laboratory by now and is not."""
    return trace.state in TO_RECEIVE and now - trace.started > targets.missing_after_ms


def unacknowledged_of(
    found: Iterable[Trace], site: str, unit: str, stay_of: StayOf, *, targets: LaboratoryTargets
) -> tuple[Telling, ...]:
    """Return the results a unit still has to acknowledge: of those who lie there now."""
    tellings = [
        Telling(finding=one, row=row)
        for trace in found
        if trace.unacknowledged()
        if _lies_in(row := _row(trace, stay_of, targets), site, unit)
        for one in trace.unacknowledged()
    ]
    return tuple(sorted(tellings, key=_soonest))


def pending_of(found: Iterable[Trace]) -> tuple[Trace, ...]:
    """Return what is still out of a patient's specimens: it goes with them on a transfer."""
    return tuple(one for one in found if one.state in PENDING)


def _lies_in(row: Row, site: str, unit: str) -> bool:
    return (row.site, row.place.unit) == (site, unit)


def _row(trace: Trace, stay_of: StayOf, targets: LaboratoryTargets) -> Row:
    stay = stay_of(trace.patient)
    asked = trace.place()
    known = stay is not None and stay.location != Location()
    site, place = (stay.site, stay.location) if stay and known else (trace.site, asked)
    return Row(
        trace=trace,
        due=Instant(trace.started + targets.allowed_ms(trace)),
        site=site,
        place=place,
        moved=bool(asked.unit) and (site, place.unit) != (trace.site, asked.unit),
    )


def _soonest(telling: Telling) -> tuple[bool, int, int, str]:
    finding = telling.finding
    urgency = _SOONEST.index(telling.row.trace.priority)
    return not finding.critical, urgency, finding.step.occurred, finding.step.id
