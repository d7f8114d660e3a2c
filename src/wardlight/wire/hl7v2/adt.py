"""What an ADT message says happened: trigger event to steps of stays (HL7 v2.5.1 §3.3).

A trigger nobody knows moves nobody: it proves that the patient and the stay exist.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from wardlight.record.events.stays import (
    BedReported,
    PatientsLinked,
    PatientsMerged,
    StayEvent,
    Step,
    VisitRenumbered,
)
from wardlight.record.identity import PatientKey, Person
from wardlight.record.instants import Instant
from wardlight.wire.hl7v2.message import Message
from wardlight.wire.hl7v2.patient import naming_of, retired_keys
from wardlight.wire.hl7v2.received import Received
from wardlight.wire.hl7v2.visit import location_of, movement, number_key, seen

STEPS = {
    "A01": Step.ADMIT,
    "A02": Step.MOVE,
    "A03": Step.DISCHARGE,
    "A04": Step.REGISTER,
    "A05": Step.EXPECT,
    "A06": Step.CHANGE_CLASS,
    "A07": Step.CHANGE_CLASS,
    "A08": Step.UPDATE,
    "A09": Step.DEPART,
    "A10": Step.ARRIVE,
    "A11": Step.CANCEL_ADMIT,
    "A12": Step.CANCEL_MOVE,
    "A13": Step.CANCEL_DISCHARGE,
    "A14": Step.EXPECT,
    "A15": Step.PLAN_MOVE,
    "A16": Step.PLAN_DISCHARGE,
    "A17": Step.MOVE,
    "A21": Step.LEAVE,
    "A22": Step.RETURN,
    "A23": Step.DELETE,
    "A25": Step.CANCEL_PLAN,
    "A26": Step.CANCEL_PLAN,
    "A27": Step.CANCEL_EXPECT,
    "A32": Step.CANCEL_TRACKING,
    "A33": Step.CANCEL_TRACKING,
    "A38": Step.CANCEL_EXPECT,
    "A52": Step.CANCEL_LEAVE,
    "A53": Step.CANCEL_RETURN,
    "A54": Step.UPDATE,
    "A55": Step.UPDATE,
    "A61": Step.UPDATE,
    "A62": Step.UPDATE,
}
BED_STATUS = "A20"
_LINKS = {"A24": True, "A37": False}
_MERGES = frozenset({"A18", "A30", "A34", "A36", "A39", "A40", "A46", "A47"})
_ACCOUNTS = frozenset({"A35", "A36", "A41", "A44", "A49"})
_VISITS = frozenset({"A42", "A45", "A50"})
_MOVED_NUMBER = "A43"
_PERSONS = frozenset({"A28", "A29", "A31", "A48", "A51", "A60"})
_CLASS_CHANGES = frozenset({"A06", "A07"})

_CANCELLED = {
    Step.ADMIT: Step.CANCEL_ADMIT,
    Step.REGISTER: Step.CANCEL_ADMIT,
    Step.MOVE: Step.CANCEL_MOVE,
    Step.DISCHARGE: Step.CANCEL_DISCHARGE,
    Step.EXPECT: Step.CANCEL_EXPECT,
    Step.PLAN_MOVE: Step.CANCEL_PLAN,
    Step.PLAN_DISCHARGE: Step.CANCEL_PLAN,
    Step.LEAVE: Step.CANCEL_LEAVE,
    Step.RETURN: Step.CANCEL_RETURN,
}


class PatientGroup(Struct, frozen=True, gc=False):
    """One patient of a message with the segments that are about them."""

    message: Message
    person: Person

    @property
    def key(self) -> PatientKey:
        """Return the number the patient is known by."""
        return self.person.key


class Happened(Struct, frozen=True, gc=False):
    """What happened to stays, and what was odd about how it was told."""

    stays: tuple[StayEvent, ...] = ()
    odd: tuple[str, ...] = ()


def step_of(message: Message, trigger: str) -> Step | None:
    """Return the step a trigger means; None for events that are no step of a stay.

    The French ZBE segment updates or cancels a movement by its own words: ZBE-4 action, ZBE-6
    the trigger that is meant (IHE PAM national extension France, ZBE).
    """
    step = STEPS.get(trigger)
    if "ZBE" not in message.names:
        return step
    zbe = message.segment("ZBE")
    action = zbe.text(4).upper()
    meant = STEPS.get(zbe.text(6).upper(), step)
    if action == "CANCEL" and meant in _CANCELLED:
        return _CANCELLED[meant]
    if action == "UPDATE" and (step is None or step is meant):
        return Step.SEEN if zbe.text(5).upper() == "Y" else Step.UPDATE
    return step


def bed_status(got: Received, at: Instant) -> BedReported | None:
    """Return housekeeping's word on a bed (A20, NPU); None when it names no bed."""
    npu = got.message.segment("NPU")
    location = location_of(npu.field(1), npu.encoding)
    return BedReported(location=location, status=npu.text(2).upper(), at=at) if location else None


def happened(
    got: Received, trigger: str, patients: Sequence[PatientGroup], *, step: Step | None, at: Instant
) -> Happened:
    """Return what an ADT message does to the stays and numbers of its patients."""
    if trigger in _LINKS:
        return _linked(patients, at, linked=_LINKS[trigger])
    if trigger in _RENUMBERING:
        found = [_renumbered(got, trigger, patient, at) for patient in patients]
        stays = tuple(event for one in found for event in one.stays)
        return Happened(stays, tuple(odd for one in found for odd in one.odd))
    if trigger in _PERSONS:
        return Happened()
    if step is None:
        proofs = (seen(got, one.message, one.key, at) for one in patients)
        return Happened(tuple(one for one in proofs if one), ("trigger unknown",))
    return Happened(_moved(got, trigger, patients, step=step, at=at))


_RENUMBERING = _MERGES | _ACCOUNTS | _VISITS | {_MOVED_NUMBER}


def _moved(
    got: Received, trigger: str, patients: Sequence[PatientGroup], *, step: Step, at: Instant
) -> tuple[StayEvent, ...]:
    """Return one step for each patient; a bed swap (A17) has two, and they belong together."""
    events: list[StayEvent] = []
    for patient in patients:
        group = patient.message
        if "PV1" not in group.names and (len(patients) > 1 or step is Step.UPDATE):
            continue
        if trigger in _CLASS_CHANGES and "MRG" in group.names:
            events += _new_number(got, patient, at, old=("MRG", 5), new=("PV1", 19))
        events.append(movement(got, group, patient=patient.key, step=step, at=at))
    return tuple(events)


def _renumbered(got: Received, trigger: str, patient: PatientGroup, at: Instant) -> Happened:
    """Return the merge, or the change of the one level of numbers that the trigger names.

    An account or visit that moves never makes one person of two (v2.5.1 §3.6.2).
    """
    events: list[StayEvent] = []
    retired = retired_keys(patient.message.segment("MRG"), patient.key, naming_of(got.source))
    if trigger in _MERGES:
        events += [PatientsMerged(survivor=patient.key, retired=one, at=at) for one in retired]
    if trigger == _MOVED_NUMBER:
        events += [
            PatientsLinked(one=patient.key, other=one, linked=True, at=at) for one in retired
        ]
    if trigger in _ACCOUNTS:
        events += _new_number(got, patient, at, old=("MRG", 3), new=("PID", 18))
    if trigger in _VISITS:
        events += _new_number(got, patient, at, old=("MRG", 5), new=("PV1", 19))
    return Happened(tuple(events), () if events else ("nothing renumbered",))


def _new_number(
    got: Received,
    patient: PatientGroup,
    at: Instant,
    *,
    old: tuple[str, int],
    new: tuple[str, int],
) -> list[StayEvent]:
    """Return the change of a visit's number, or its move to this patient under the same one."""
    authority = got.source.default_authority()
    before, after = (
        number_key(patient.message.segment(name), n, authority) for name, n in (old, new)
    )
    if not before:
        return []
    return [VisitRenumbered(patient=patient.key, old=before, new=after or before, at=at)]


def _linked(patients: Sequence[PatientGroup], at: Instant, *, linked: bool) -> Happened:
    keys = list(dict.fromkeys(patient.key for patient in patients))
    if len(keys) < 2:  # noqa: PLR2004 -- a link has two ends
        return Happened((), ("link names one patient",))
    first, *others = keys
    links = (PatientsLinked(one=first, other=other, linked=linked, at=at) for other in others)
    return Happened(tuple(links))
