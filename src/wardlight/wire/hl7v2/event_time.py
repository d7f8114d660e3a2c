"""When what a message tells happened (HL7 v2.5.1 §3.4.1 EVN, §2.15.9.7 MSH-7).

EVN-6 is the event's own time; admissions and discharges state it in PV1-44 and PV1-45; EVN-2
and MSH-7 say when it was recorded and sent. The time of receipt is the last resort.
"""

from __future__ import annotations

from collections.abc import Iterable

from wardlight.record.events.stays import Step
from wardlight.record.instants import (
    DAY,
    DIGITS_DAY,
    DIGITS_HOUR,
    DIGITS_MONTH,
    HOUR,
    Instant,
    Moment,
)
from wardlight.wire.hl7v2.message import Message
from wardlight.wire.hl7v2.received import Received

DERIVED = "event time derived"
AHEAD = "event time in the future"
_AHEAD_MAX = HOUR
_TIMED_BY_VISIT = {Step.ADMIT: 44, Step.REGISTER: 44, Step.DISCHARGE: 45}
_MUST_BE_TIMED = frozenset({Step.ADMIT, Step.REGISTER, Step.MOVE, Step.DISCHARGE})


def said_at(got: Received) -> Instant | None:
    """Return MSH-7 when it states at least the hour: the sender's clock against ours."""
    said = got.moment(got.header.text(7))
    return said.at if said is not None and said.digits >= DIGITS_HOUR else None


def sent_at(got: Received) -> tuple[Instant, tuple[str, ...]]:
    """Return when a result, an order or an appointment was said: MSH-7, else its receipt."""
    at = _first((got.header.text(7),), got)
    return at, (AHEAD,) if at - got.at > _AHEAD_MAX else ()


def happened_at(
    got: Received, group: Message, step: Step | None
) -> tuple[Instant, tuple[str, ...]]:
    """Return when the event of an ADT message happened, and what is doubtful about it."""
    event = group.segment("EVN")
    of_visit = ""
    if step in _TIMED_BY_VISIT and "PV1" in group.names:
        of_visit = group.segment("PV1").text(_TIMED_BY_VISIT[step])
    of_movement = group.segment("ZBE").text(2) if "ZBE" in group.names else ""
    stated = (event.text(6), of_movement, of_visit, event.text(2))
    at = _first((*stated, got.header.text(7)), got)
    odd = (DERIVED,) if step in _MUST_BE_TIMED and not any(stated) else ()
    return at, (*odd, AHEAD) if at - got.at > _AHEAD_MAX else odd


def _first(stated: Iterable[str], got: Received) -> Instant:
    """Return the first time stated; a date without an hour takes the hour of a later candidate."""
    coarse: Moment | None = None
    for text in stated:
        moment = got.moment(text) if text else None
        if moment is None:
            continue
        if moment.digits >= DIGITS_HOUR:
            if coarse is None or _within(coarse, moment.at):
                return moment.at
        elif coarse is None:
            coarse = moment
    return got.at if coarse is None or _within(coarse, got.at) else coarse.at


def _within(coarse: Moment, at: Instant) -> bool:
    """Say whether an instant lies in the day, month or year that was stated."""
    days = {DIGITS_DAY: 1, DIGITS_MONTH: 31}.get(coarse.digits, 366)
    return coarse.at <= at < coarse.at + days * DAY
