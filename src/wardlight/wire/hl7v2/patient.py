"""Who a message is about: PID, PD1 and MRG to a person and to numbers (HL7 v2.5.1 §3.4.2, §3.4.9).

A patient is known by (authority, number as text). Which of several numbers it is, is the
source's setting; a number of zeros or `UNKNOWN` is nobody's, or strangers would become one.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from wardlight.record.identity import Identifier, PatientKey, Person, PersonName
from wardlight.record.instants import DAY, DIGITS_YEAR, Instant, Moment
from wardlight.record.mail_address import mail_address
from wardlight.record.sources import Source
from wardlight.wire.hl7v2 import times, types
from wardlight.wire.hl7v2.encoding import Encoding
from wardlight.wire.hl7v2.message import NO_SEGMENT, Message, Segment

_NOBODY = frozenset({"UNKNOWN", "UNK", "NONE", "NULL", "N/A", "NA"})
_OTHER_NUMBERS = frozenset({"AN", "DL", "SS", "VN"})
_NAME_ORDER = {"L": 0, "": 1, "D": 2}
_YES, _NO = frozenset({"Y", "1", "YES"}), frozenset({"N", "0", "NO"})
_PROTECTION = (("PD1", 12), ("PV1", 16), ("PV2", 22))
_LINE_CACHED_MAX = 2_000

_CLEARED = (
    ("name", 5),
    ("birth", 7),
    ("sex", 8),
    ("other_names", 9),
    ("address", 11),
    ("phones", 13),
    ("emails", 13),
    ("language", 15),
    ("account", 18),
    ("mother", 21),
    ("died", 29),
)


class Naming(Struct, frozen=True, gc=False, cache_hash=True):
    """How one source names patients: its default authority, the kinds of number, its zone."""

    authority: str
    kinds: tuple[str, ...]
    zone: str


class Stated(Struct, frozen=True, gc=False):
    """A patient as one message states it; no person when it gives no usable number."""

    person: Person | None
    odd: tuple[str, ...] = ()


NOT_STATED = Stated(None)


def naming_of(source: Source) -> Naming:
    """Return how this source names patients."""
    return Naming(source.default_authority(), source.patient_kinds, source.zone)


def person_of(message: Message, naming: Naming, received: Instant) -> Stated:
    """Return whom the first PID states."""
    if "PID" not in message.names:
        return NOT_STATED
    line = message.lines[message.names.index("PID")]
    day = Instant(received - received % DAY)  # so that equal lines of one day are read once
    read = _person_again if len(line) <= _LINE_CACHED_MAX else _person
    return read(line, message.encoding, naming, day)


def with_protection(message: Message, person: Person) -> Person:
    """Return the person marked for masking where PD1-12, PV1-16, PV2-22 or ARV ask for it.

    A plain no in every one of them that speaks takes the mask back.
    """
    names = message.names
    flags = []
    for name, n in _PROTECTION:
        segment = message.segment(name) if name in names else NO_SEGMENT
        if segment.field(n):
            flags.append(segment.text(n).upper())
    if "ARV" in names:  # v2.6 §3.4.15: ARV-2 action
        flags += ["N" if arv.text(2).upper() == "D" else "Y" for arv in message.segments("ARV")]
    said = [flag for flag in flags if flag]
    if not said:
        return person
    if any(flag not in _NO for flag in said):
        return replace(person, protected=True)
    return replace(person, cleared=(*person.cleared, "protected"))


def retired_keys(segment: Segment, survivor: PatientKey, naming: Naming) -> list[PatientKey]:
    """Return the keys that a merge retires: MRG-1, else MRG-4 and MRG-2, of the best kind."""
    for fields in ((1,), (4, 2)):
        found = [one for n in fields for one in identifiers(segment, n, naming.authority)]
        best = _primary(found, naming)
        if best is not None:
            keys = (PatientKey(one.key()) for one in found if one.kind == best.kind)
            return [key for key in dict.fromkeys(keys) if key != survivor]
    return []


def identifiers(segment: Segment, n: int, authority: str, kind: str = "") -> list[Identifier]:
    """Return the usable numbers of a CX field; `authority` and `kind` where they name none."""
    found: list[Identifier] = []
    if not segment.field(n):
        return found
    for value in segment.repetitions(n):
        number = types.cx(value, segment.encoding)
        if not is_somebody(number.id):
            continue
        by = number.authority.namespace or number.authority.universal or authority
        found.append(Identifier(number.id, by, number.kind.upper() or kind))
    return found


def is_somebody(number: str) -> bool:
    """Say whether a number can belong to one patient; zeros and `UNKNOWN` stand for nobody."""
    return bool(number.strip("0")) and number.upper() not in _NOBODY


def _person(line: str, encoding: Encoding, naming: Naming, day: Instant) -> Stated:
    segment = Segment("PID", line.split(encoding.field), encoding)
    listed = identifiers(segment, 3, naming.authority)
    older = identifiers(segment, 2, naming.authority) + identifiers(segment, 4, naming.authority)
    best = _primary(listed, naming) or _primary(older, naming) or (listed[0] if listed else None)
    if best is None:
        return NOT_STATED
    birth = times.birth_date(segment.text(7), day)
    odd = (f"birth date {birth.doubt.replace('-', ' ')}",) if birth.doubt else ()
    name, other_names = _names(segment)
    died, death_odd = _death(segment, naming.zone, day)
    person = Person(
        key=PatientKey(best.key()),
        identifiers=_all_numbers(segment, listed + older, naming.authority),
        name=name,
        other_names=other_names,
        birth=birth.day,
        sex=segment.text(8).upper(),
        address=_address(segment),
        phones=_phones(segment),
        emails=_emails(segment),
        language=types.cwe(segment.field(15), encoding).words if segment.field(15) else "",
        account=segment.text(18),
        mother=_first_key(segment, 21, naming.authority),
        died=died,
        unconfirmed=segment.text(31).upper() in _YES,
        cleared=_cleared(segment, line),
    )
    return Stated(person, odd + death_odd)


_person_again = lru_cache(maxsize=4096)(_person)
"""A patient's PID is the same line in every message of a day."""


def _primary(found: list[Identifier], naming: Naming) -> Identifier | None:
    """Return the number the patient is known by: the best kind, else any that could be one."""
    for kind in naming.kinds:
        for one in found:
            if one.kind == kind:
                return one
    return next((one for one in found if one.kind not in _OTHER_NUMBERS), None)


def _all_numbers(
    segment: Segment, found: list[Identifier], authority: str
) -> tuple[Identifier, ...]:
    found = found + identifiers(segment, 18, authority, "AN") + identifiers(segment, 19, "", "SS")
    return tuple(found) if len(found) == 1 else tuple(dict.fromkeys(found))


def _first_key(segment: Segment, n: int, authority: str) -> str:
    found = identifiers(segment, n, authority)
    return found[0].key() if found else ""


def _names(segment: Segment) -> tuple[PersonName, tuple[PersonName, ...]]:
    """Return the legal name, else the first of no stated kind; and all the others."""
    found = _named(segment, 5)
    others = _named(segment, 9)
    if not found:
        return PersonName(), tuple(others)
    if len(found) == 1:
        return found[0], tuple(others)
    best = min(found, key=lambda name: _NAME_ORDER.get(name.kind, len(_NAME_ORDER)))
    return best, tuple([name for name in found if name is not best] + others)


def _named(segment: Segment, n: int) -> list[PersonName]:
    found: list[PersonName] = []
    if not segment.field(n):
        return found
    for value in segment.repetitions(n):
        name = types.xpn(value, segment.encoding)
        if name.family or name.given:
            found.append(
                PersonName(
                    name.family,
                    name.given,
                    name.middle,
                    name.prefix,
                    name.suffix,
                    name.kind.upper(),
                )
            )
    return found


def _address(segment: Segment) -> str:
    """Return the first address as on an envelope, in one line."""
    if not segment.field(11):
        return ""
    for value in segment.repetitions(11):
        read = types.xad(value, segment.encoding)
        town = " ".join(part for part in (read.state, read.postcode) if part)
        parts = (read.street, read.other, read.city, town, read.country)
        line = ", ".join(part for part in parts if part)
        if line:
            return line
    return ""


def _phones(segment: Segment) -> tuple[str, ...]:
    if not segment.field(13) and not segment.field(14):
        return ()
    values = segment.repetitions(13) + segment.repetitions(14)
    numbers = (types.xtn(value, segment.encoding).number for value in values)
    return tuple(dict.fromkeys(number for number in numbers if number and "@" not in number))


def _emails(segment: Segment) -> tuple[str, ...]:
    """Return private e-mail addresses: XTN-4, or XTN-1 of systems that put them there.

    Source: HL7 v2.5.1 §2.A.89 (use NET, equipment Internet). PID-14 is an employer's: who reads
    mail there, nobody knows.
    """
    if "@" not in segment.field(13):
        return ()
    read = (types.xtn(value, segment.encoding) for value in segment.repetitions(13))
    found = (mail_address(one.email) or mail_address(one.number) for one in read)
    return tuple(dict.fromkeys(one for one in found if one))


def _death(segment: Segment, zone: str, day: Instant) -> tuple[Moment | None, tuple[str, ...]]:
    """Return when the patient died (PID-29); of PID-30 alone only the year is kept."""
    stated = segment.text(29)
    died = times.moment(stated, zone, day).moment if stated else None
    if died is None and segment.text(30).upper() in _YES:
        return Moment(day, DIGITS_YEAR), ("death without a time",)
    return died, ()


def _cleared(segment: Segment, line: str) -> tuple[str, ...]:
    """Return what the sender asks to forget: two quotes, or a plain no to death and unknown."""
    found = [field for field, n in _CLEARED if segment.cleared(n)] if '""' in line else []
    if segment.text(30).upper() in _NO and "died" not in found and not segment.text(29):
        found.append("died")
    if segment.text(31).upper() in _NO:
        found.append("unconfirmed")
    return tuple(found)
