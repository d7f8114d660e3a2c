"""What the intake needs of a message at once: whose, who moved where, what is not understood.

Every message either has an effect or stands on the unread list with exactly one reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.events.schedule import AppointmentChanged
from wardlight.record.events.stays import StayEvent
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.record.problems import Problem
from wardlight.record.reading import Headline
from wardlight.record.sources import Source
from wardlight.wire.hl7v2 import adt, siu, unread
from wardlight.wire.hl7v2.adt import PatientGroup
from wardlight.wire.hl7v2.charting import has_chart
from wardlight.wire.hl7v2.digests import content_of, identity_of
from wardlight.wire.hl7v2.event_time import happened_at, said_at, sent_at
from wardlight.wire.hl7v2.message import Message
from wardlight.wire.hl7v2.patient import naming_of, person_of, with_protection
from wardlight.wire.hl7v2.received import Received, kind_of, patient_groups, received
from wardlight.wire.hl7v2.visit import seen

_OTHER_ENTRIES = {
    catalogue.HL7V2_TRUNCATED: "truncated",
    catalogue.HL7V2_OVERSIZED: "oversized",
    catalogue.HL7V2_UNFRAMED: "unframed",
    catalogue.LINK_TROUBLE: "link",
}
_BEGINNING_BYTES = 4_096
_SAY_WHOM_TO_MASK = frozenset({unread.ADT, unread.SIU})


class Opened(Struct, frozen=True, gc=False):
    """A message that is read: its patients, and when what it tells happened."""

    got: Received
    code: str
    trigger: str
    at: Instant
    patients: tuple[PatientGroup, ...] = ()
    odd: tuple[str, ...] = ()


class _Effect(Struct, frozen=True, gc=False):
    """What a message does besides stating persons and filling charts."""

    stays: tuple[StayEvent, ...] = ()
    appointments: tuple[AppointmentChanged, ...] = ()
    odd: tuple[str, ...] = ()
    unread: Problem | None = None


def headline_of(entry: Entry, source: Source) -> Headline:
    """Return what an entry of the log means at once; never raises, whatever the bytes."""
    if entry.kind != catalogue.HL7V2_MESSAGE:
        return _not_a_message(entry, source)
    content = content_of(entry.body)
    message = Message.parse(entry.body, source.charset)
    if isinstance(message, Problem):
        reason = unread.not_hl7(entry.body, message)
        return Headline(what="not HL7", content=content, occurred=entry.recorded, unread=reason)
    got = received(message, source, entry.recorded)
    code, trigger = kind_of(got)
    opened = open_message(got, code, trigger)
    if isinstance(opened, Problem):
        effect, at = _Effect(unread=opened), entry.recorded
        patients: tuple[PatientGroup, ...] = ()
    else:
        effect, patients, at = _effect(opened), opened.patients, opened.at
    return Headline(
        what=_what(code, trigger) or "HL7",
        control_id=got.header.text(10),
        identity=identity_of(entry.source, got.header),
        content=content,
        occurred=at,
        sent=said_at(got) if code == unread.ADT else _said(got, at),
        persons=tuple([one.person for one in patients]) if effect.unread is None else (),
        stays=effect.stays,
        appointments=effect.appointments,
        charted=_charted(patients, source) if effect.unread is None else (),
        anomalies=_anomalies(message, effect.odd),
        unread=effect.unread,
    )


def _said(got: Received, at: Instant) -> Instant | None:
    """Return MSH-7, which is when anything but an ADT event happened, if it was stated."""
    return at if got.header.field(7) else None


def open_message(got: Received, code: str, trigger: str) -> Opened | Problem:
    """Return a message with its patients, or the reason why it is not understood."""
    problem = unread.refused(got.message, got.header, code, got.source)
    if problem is not None:
        return problem
    patients, odd = _patients(got, code)
    if not patients and not _may_name_nobody(got.message, code, trigger):
        return unread.whose(got.message)
    if code == unread.ADT:
        group = patients[0].message if patients else got.message
        at, doubts = happened_at(got, group, adt.step_of(group, trigger))
    else:
        at, doubts = sent_at(got)
    return Opened(got, code, trigger, at, patients, (*odd, *doubts))


def _patients(got: Received, code: str) -> tuple[tuple[PatientGroup, ...], tuple[str, ...]]:
    """Return the patients that have a number, and what was odd about how they were stated."""
    naming = naming_of(got.source)
    asks = code in _SAY_WHOM_TO_MASK
    found: list[PatientGroup] = []
    odd: list[str] = []
    for group in patient_groups(got.message):
        stated = person_of(group, naming, got.at)
        odd += stated.odd
        if stated.person is not None:
            person = with_protection(group, stated.person) if asks else stated.person
            found.append(PatientGroup(group, person))
        elif "PID" in group.names:
            odd.append("patient without number")
    return tuple(found), tuple(odd)


def _may_name_nobody(message: Message, code: str, trigger: str) -> bool:
    """Say whether a message is about a bed or a blocked time and needs no patient."""
    if code == unread.ADT:
        return trigger == adt.BED_STATUS
    return code == unread.SIU and "PID" not in message.names


def _effect(opened: Opened) -> _Effect:
    if opened.code == unread.ADT:
        return _adt_effect(opened)
    if opened.code == unread.SIU:
        return _siu_effect(opened)
    got, at = opened.got, opened.at
    stays = [seen(got, one.message, one.key, at) for one in opened.patients]
    return _Effect(stays=tuple([stay for stay in stays if stay]), odd=opened.odd)


def _adt_effect(opened: Opened) -> _Effect:
    got, trigger = opened.got, opened.trigger
    if trigger == adt.BED_STATUS:
        bed = adt.bed_status(got, opened.at)
        return _Effect(stays=(bed,), odd=opened.odd) if bed else _Effect(unread=unread.NO_BED)
    step = adt.step_of(opened.patients[0].message, trigger)
    told = adt.happened(got, trigger, opened.patients, step=step, at=opened.at)
    odd = (*opened.odd, *told.odd)
    event_code = got.message.segment("EVN").text(1).upper()
    if event_code and event_code != trigger:
        odd = (*odd, "event code differs from message type")
    return _Effect(stays=told.stays, odd=odd)


def _siu_effect(opened: Opened) -> _Effect:
    keys = list(dict.fromkeys(one.key for one in opened.patients))
    changes = siu.appointments(opened.got, opened.trigger, keys, opened.at)
    if not changes:
        return _Effect(unread=unread.NO_APPOINTMENT)
    odd = opened.odd if siu.trigger_known(opened.trigger) else (*opened.odd, "trigger unknown")
    return _Effect(appointments=tuple(changes), odd=odd)


def _charted(patients: Sequence[PatientGroup], source: Source) -> tuple[PatientKey, ...]:
    keys = [one.key for one in patients if has_chart(one.message, source.alerts)]
    return tuple(dict.fromkeys(keys)) if len(keys) > 1 else tuple(keys)


def _anomalies(message: Message, odd: tuple[str, ...]) -> tuple[str, ...]:
    if not message.anomalies:
        return odd
    grammar = tuple(anomaly.code.replace("-", " ") for anomaly in message.anomalies)
    return tuple(dict.fromkeys(grammar + odd))


def _not_a_message(entry: Entry, source: Source) -> Headline:
    """Return what an entry tells that holds no whole message; its beginning may say what it was."""
    what = _OTHER_ENTRIES.get(entry.kind, entry.kind)
    reason = unread.not_a_message(entry.kind)
    if reason is None:
        return Headline(what=what, occurred=entry.occurred)
    begun = Message.parse(entry.body[:_BEGINNING_BYTES], source.charset)
    control_id = ""
    if isinstance(begun, Message):
        got = received(begun, source, entry.recorded)
        what, control_id = _what(*kind_of(got)) or what, got.header.text(10)
    return Headline(
        what=what,
        control_id=control_id,
        content=content_of(entry.body),
        occurred=entry.recorded,
        unread=reason,
    )


def _what(code: str, trigger: str) -> str:
    return f"{code}^{trigger}" if trigger else code
