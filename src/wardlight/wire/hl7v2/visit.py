"""Where a patient is and in what stay: PV1, PV2 and ZBE to a movement (HL7 v2.5.1 §3.4.3, §3.4.4).

Nothing is demanded: a message without PV1 still moves the patient it names, and what a field
does not say stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from wardlight.record.codes import Location, StayClass
from wardlight.record.events.stays import Movement, Step
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant, local
from wardlight.record.sources import Source
from wardlight.wire.hl7v2 import types
from wardlight.wire.hl7v2.encoding import Encoding
from wardlight.wire.hl7v2.message import NO_SEGMENT, Message, Segment
from wardlight.wire.hl7v2.patient import is_somebody
from wardlight.wire.hl7v2.received import Received

_OPENS = frozenset({Step.ADMIT, Step.REGISTER, Step.EXPECT})

_CLASSES = {
    **dict.fromkeys(("I", "IP", "INP", "IMP", "ACUTE", "INPATIENT", "B"), StayClass.INPATIENT),
    **dict.fromkeys(("E", "ED", "ER", "EMER", "EMERGENCY"), StayClass.EMERGENCY),
    **dict.fromkeys(("O", "OP", "OUT", "AMB", "OUTPATIENT", "R"), StayClass.OUTPATIENT),
    **dict.fromkeys(("OBS", "OBSENC", "OBSERVATION"), StayClass.OBSERVATION),
    **dict.fromkeys(("P", "PRENC", "PREADMIT", "PREADMISSION"), StayClass.PREADMIT),
    **dict.fromkeys(("NB", "NEWB", "NEWBORN"), StayClass.NEWBORN),
}
"""Table 0004, v3 ActEncounterCode and the words senders use; R is recurring, B is obstetrics."""


class Stated(Struct, frozen=True, gc=False):
    """What one PV1 line states; times as they are written."""

    visit: str
    stay_class: StayClass
    location: Location | None
    prior: Location | None
    temporary: Location | None
    planned: Location | None
    attending: str
    service: str
    disposition: str
    admitted: str
    discharged: str


def movement(
    got: Received, group: Message, *, patient: PatientKey, step: Step, at: Instant
) -> Movement:
    """Return the step of a stay as PV1 and PV2 state it."""
    pv1 = stated(group, got.source)
    admitted = got.moment(pv1.admitted)
    visit = pv1.visit or visit_number(group, got.source)
    if not visit and step in _OPENS:
        day = local(admitted.at if admitted else at, got.source.zone).strftime("%Y%m%d")
        visit = f"{patient}|{pv1.stay_class}|{day}"
    pv2 = group.segment("PV2") if "PV2" in group.names else NO_SEGMENT
    return Movement(
        patient=patient,
        step=step,
        at=at,
        visit=visit,
        stay_class=pv1.stay_class,
        location=pv1.location,
        prior=pv1.prior,
        temporary=pv1.temporary,
        planned=pv1.planned,
        attending=pv1.attending,
        service=pv1.service,
        reason=types.cwe(pv2.field(3), pv2.encoding).words if pv2 else "",
        admitted=admitted,
        discharged=got.moment(pv1.discharged),
        disposition=pv1.disposition,
        expected_discharge=got.moment(pv2.text(9)) if pv2 else None,
        expected_return=got.moment(pv2.text(47)) if pv2 else None,
    )


def seen(got: Received, group: Message, patient: PatientKey, at: Instant) -> Movement | None:
    """Return the proof of a stay that a result or an order gives; None when it names none."""
    if "PV1" not in group.names:
        return None
    pv1 = stated(group, got.source)
    location = pv1.location
    visit = pv1.visit or visit_number(group, got.source)
    if not visit and (location is None or not (location.unit or location.bed)):
        return None
    return Movement(
        patient=patient,
        step=Step.SEEN,
        at=at,
        visit=visit,
        stay_class=pv1.stay_class,
        location=location,
        attending=pv1.attending,
        admitted=got.moment(pv1.admitted),
        discharged=got.moment(pv1.discharged),
    )


def stated(group: Message, source: Source) -> Stated:
    """Return what PV1 states; the same line comes with every result of a stay and is read once."""
    if "PV1" not in group.names:
        return _NOTHING
    line = group.lines[group.names.index("PV1")]
    local_words = tuple(source.classes.items()) if source.classes else ()
    if len(line) > _LINE_CACHED_MAX:
        return _stated.__wrapped__(line, group.encoding, source.default_authority(), local_words)
    return _stated(line, group.encoding, source.default_authority(), local_words)


@lru_cache(maxsize=8192)
def _stated(
    line: str, encoding: Encoding, authority: str, local_words: tuple[tuple[str, str], ...]
) -> Stated:
    pv1 = Segment("PV1", line.split(encoding.field), encoding)
    return Stated(
        visit=number_key(pv1, 19, authority) or number_key(pv1, 50, authority),
        stay_class=_class(pv1.text(2), dict(local_words)),
        location=location_of(pv1.field(3), encoding),
        prior=location_of(pv1.field(6), encoding),
        temporary=location_of(pv1.field(11), encoding),
        planned=location_of(pv1.field(42), encoding),
        attending=doctor(pv1.field(7), encoding),
        service=pv1.text(10),
        disposition=pv1.text(36),
        admitted=pv1.text(44),
        discharged=pv1.text(45),
    )


def visit_number(group: Message, source: Source) -> str:
    """Return `authority|value` of PV1-19, else PV1-50, else the account (PID-18); "" for none."""
    found = stated(group, source).visit
    return found or number_key(group.segment("PID"), 18, source.default_authority())


def number_key(segment: Segment, n: int, authority: str) -> str:
    """Return `authority|value` of a visit or account number; "" when there is none."""
    value = segment.field(n)
    return _number_key(value, segment.encoding, authority) if value else ""


def location_of(value: str, encoding: Encoding) -> Location | None:
    """Return the place that a PL field names; None when it names none."""
    return _location(value, encoding) if value else None


def _class(code: str, local_words: Mapping[str, str]) -> StayClass:
    """Return the kind of stay: the source's own word for it, else table 0004."""
    if not code:
        return StayClass.UNKNOWN
    local_word = local_words.get(code)
    if local_word in _KNOWN:
        return StayClass(local_word)
    return _CLASSES.get(code.upper(), StayClass.UNKNOWN)


def doctor(value: str, encoding: Encoding) -> str:
    """Return the first person of an XCN field as `Family, Given`, else the number."""
    return _doctor(value, encoding) if value else ""


_KNOWN = frozenset(str(one) for one in StayClass)
_NOTHING = Stated("", StayClass.UNKNOWN, None, None, None, None, "", "", "", "", "")
_LINE_CACHED_MAX = 2_000


@lru_cache(maxsize=4096)
def _location(value: str, encoding: Encoding) -> Location | None:
    mark = encoding.repetition
    place = types.pl(value.split(mark, 1)[0] if mark else value, encoding)
    found = Location(
        unit=place.unit or place.description,
        room=place.room,
        bed=place.bed,
        facility=place.facility,
        building=place.building,
        floor=place.floor,
    )
    return None if found == Location() else found


@lru_cache(maxsize=4096)
def _number_key(value: str, encoding: Encoding, authority: str) -> str:
    mark = encoding.repetition
    number = types.cx(value.split(mark, 1)[0] if mark else value, encoding)
    if not is_somebody(number.id):
        return ""
    return f"{number.authority.namespace or number.authority.universal or authority}|{number.id}"


@lru_cache(maxsize=4096)
def _doctor(value: str, encoding: Encoding) -> str:
    mark = encoding.repetition
    person = types.xcn(value.split(mark, 1)[0] if mark else value, encoding)
    return ", ".join(part for part in (person.family, person.given) if part) or person.id
