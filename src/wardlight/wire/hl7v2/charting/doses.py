"""Doses given, refused or not given: RXA with RXR (HL7 v2.5.1 §4.14.7; interop.md §6)."""

from __future__ import annotations

from wardlight.record.codes import Coded, DoseState
from wardlight.record.events.charting import DoseRecorded
from wardlight.record.instants import DIGITS_DAY, Moment
from wardlight.wire.hl7v2.charting.fields import coded, number_of, short, words
from wardlight.wire.hl7v2.charting.groups import EMPTY, Group, Row
from wardlight.wire.hl7v2.received import Received
from wardlight.wire.hl7v2.text import first_reader
from wardlight.wire.hl7v2.visit import doctor

_STATES = {
    "CP": DoseState.GIVEN,
    "PA": DoseState.PARTLY,
    "RE": DoseState.REFUSED,
    "NA": DoseState.NOT_GIVEN,
}
"""Table 0322."""

_UNKNOWN_AMOUNT = "999"  # §4.14.7.6
_DELETED = "D"


def doses(got: Received, groups: list[Group]) -> list[DoseRecorded]:
    """Return the doses that the groups of a message record."""
    return [
        _dose(rxa, rxr, order_numbers(group, got), got)
        for group in groups
        for rxa, rxr in given(group)
    ]


def dose_state(rxa: Row, got: Received) -> DoseState:
    """Return what happened to the dose; a reason for refusal alone means refused."""
    encoding = got.message.encoding
    status = first_reader(encoding)(rxa[20]).upper()
    if not status:
        return DoseState.REFUSED if words(rxa[18], encoding) else DoseState.GIVEN
    return _STATES.get(status, DoseState.UNKNOWN)


def dose_time(rxa: Row, got: Received) -> Moment:
    """Return when it was given: RXA-3, 4 or 22; else the message's day, never a made-up hour."""
    read = first_reader(got.message.encoding)
    for n in (3, 4, 22):
        at = got.moment(read(rxa[n]))
        if at is not None:
            return at
    sent = got.moment(got.header.text(7))
    return Moment(sent.at if sent else got.at, DIGITS_DAY)


def order_numbers(group: Group, got: Received) -> tuple[str, str]:
    """Return the filler's and the placer's number of a group."""
    orc, authority = group.row("ORC"), got.source.default_authority()
    encoding = got.message.encoding
    return number_of(orc[3], encoding, authority), number_of(orc[2], encoding, authority)


def given(group: Group) -> list[tuple[Row, Row]]:
    """Return each RXA with its own RXR, else the order's."""
    found: list[tuple[Row, Row]] = []
    ordered = EMPTY
    for name, row in group.rows:
        if name == "RXA":
            found.append((row, ordered))
        elif name == "RXR" and not found:
            ordered = row
        elif name == "RXR":
            found[-1] = (found[-1][0], row)
    return found


def _dose(rxa: Row, rxr: Row, numbers: tuple[str, str], got: Received) -> DoseRecorded:
    encoding = got.message.encoding
    read = first_reader(encoding)
    filler, placer = numbers
    drug: Coded = coded(rxa[5], encoding)
    amount = read(rxa[6])
    reason = (words(rxa[18], encoding), words(rxa[9], encoding))
    order = filler or placer
    return DoseRecorded(
        order=order,
        other_order=placer if filler else "",
        drug=drug,
        at=dose_time(rxa, got),
        amount="" if amount == _UNKNOWN_AMOUNT else amount,
        unit=short(rxa[7], encoding),
        state=dose_state(rxa, got),
        reason="; ".join(part for part in reason if part),
        by=doctor(rxa[10], encoding),
        route=short(rxr[1], encoding),
        site=words(rxr[2], encoding),
        entered=got.moment(read(rxa[22])),
        removed=read(rxa[21]).upper() == _DELETED,
        key=f"{order}|{read(rxa[3])}|{drug.key()}|{read(rxa[2])}",
    )
