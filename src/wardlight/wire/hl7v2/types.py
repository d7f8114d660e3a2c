"""The standard's composite data types, read tolerantly from one repetition of a field.

Each value keeps the text it was read from in `raw`. Components that are missing, blank or `""`
are "". HL7 v2.5.1 chapter 2A, section named at each type.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from wardlight.wire.hl7v2.encoding import STANDARD, Encoding
from wardlight.wire.hl7v2.message import components
from wardlight.wire.hl7v2.text import plain, prose

_CACHED_LENGTH_MAX = 200


class HD(Struct, frozen=True, gc=False):
    """Who assigns an identifier (§2.A.33): a local name, or a universal id and its type."""

    namespace: str = ""
    universal: str = ""
    universal_type: str = ""


class CX(Struct, frozen=True, gc=False):
    """An identifier with check digit (§2.A.14); zeros in front of it mean something."""

    raw: str
    id: str = ""
    authority: HD = HD()
    kind: str = ""  # table 0203: MR, VN, SS
    facility: str = ""


class XPN(Struct, frozen=True, gc=False):
    """A person's name (§2.A.88)."""

    raw: str
    family: str = ""
    given: str = ""
    middle: str = ""
    suffix: str = ""
    prefix: str = ""
    degree: str = ""
    kind: str = ""  # table 0200: L legal, D display, A alias, M maiden


class XCN(Struct, frozen=True, gc=False):
    """A person with an identifier, such as a doctor (§2.A.86)."""

    raw: str
    id: str = ""
    family: str = ""
    given: str = ""
    middle: str = ""
    suffix: str = ""
    prefix: str = ""
    authority: HD = HD()


class XAD(Struct, frozen=True, gc=False):
    """An address (§2.A.83)."""

    raw: str
    street: str = ""
    other: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    kind: str = ""  # table 0190


class XTN(Struct, frozen=True, gc=False):
    """A telephone number or mail address (§2.A.89); `number` is what a person would dial."""

    raw: str
    number: str = ""
    use: str = ""  # table 0201
    equipment: str = ""  # table 0202
    email: str = ""


class PL(Struct, frozen=True, gc=False):
    """A place (§2.A.53): a unit alone is a place too."""

    raw: str
    unit: str = ""
    room: str = ""
    bed: str = ""
    facility: str = ""
    status: str = ""
    kind: str = ""
    building: str = ""
    floor: str = ""
    description: str = ""


class CWE(Struct, frozen=True, gc=False):
    """A coded value (§2.A.13 CWE, and CE): code, text, system, and the other coding."""

    raw: str
    code: str = ""
    text: str = ""
    system: str = ""
    alternate_code: str = ""
    alternate_text: str = ""
    alternate_system: str = ""
    original_text: str = ""

    @property
    def words(self) -> str:
        """What to show a person: the text, else the sender's own words, else the code."""
        return self.text or self.original_text or self.alternate_text or self.code


class EI(Struct, frozen=True, gc=False):
    """An order or document number with who gave it (§2.A.28)."""

    raw: str
    id: str = ""
    namespace: str = ""
    universal: str = ""
    universal_type: str = ""


class TQ(Struct, frozen=True, gc=False):
    """When a dose is due, the older way (§2.A.81 TQ, in ORC-7, RXE-1 and OBR-27)."""

    raw: str
    quantity: str = ""
    units: str = ""
    pattern: str = ""  # Q6H, BID
    times: str = ""  # explicit times, as sent
    duration: str = ""
    start: str = ""
    end: str = ""
    priority: str = ""
    condition: str = ""
    text: str = ""


def _pieces(value: str, encoding: Encoding, want: int) -> list[str]:
    """Return exactly `want` components as sent, with their subcomponents."""
    parts = value.split(encoding.component, want)[:want]
    return parts + [""] * (want - len(parts))


def _sub(piece: str, encoding: Encoding, n: int) -> str:
    """Return the n-th subcomponent as trimmed plain text."""
    mark = encoding.subcomponent
    parts = piece.split(mark) if mark else [piece]
    return plain(parts[n - 1], encoding) if n <= len(parts) else ""


def hd(piece: str, encoding: Encoding = STANDARD) -> HD:
    """Read an authority that stands in one component, its parts as subcomponents."""
    if not piece:
        return HD()
    if encoding.subcomponent and encoding.subcomponent in piece:
        return HD(*(_sub(piece, encoding, n) for n in (1, 2, 3)))
    return HD(plain(piece, encoding))


def cx(value: str, encoding: Encoding = STANDARD) -> CX:
    """Read an identifier (PID-3, PV1-19, MRG-1)."""
    if value.isalnum():
        return CX(value, value)
    number, _, _, authority, kind, facility = _pieces(value, encoding, 6)
    return CX(
        value,
        plain(number, encoding),
        hd(authority, encoding),
        plain(kind, encoding),
        plain(facility, encoding),
    )


def xpn(value: str, encoding: Encoding = STANDARD) -> XPN:
    """Read a name (PID-5, NK1-2); the family name is the first part of FN."""
    return XPN(value, *components(value, encoding, 7))


def xcn(value: str, encoding: Encoding = STANDARD) -> XCN:
    """Read a person with identifier (PV1-7, ORC-12, OBX-16)."""
    number, family, given, middle, suffix, prefix = components(value, encoding, 6)
    authority = hd(_pieces(value, encoding, 9)[8], encoding)
    return XCN(value, number, family, given, middle, suffix, prefix, authority)


def xad(value: str, encoding: Encoding = STANDARD) -> XAD:
    """Read an address (PID-11, NK1-4)."""
    return XAD(value, *components(value, encoding, 7))


def xtn(value: str, encoding: Encoding = STANDARD) -> XTN:
    """Read a telephone number; the parts of XTN-5…8 stand in when XTN-1 is empty."""
    number, use, equipment, email, country, area, local, extension = components(value, encoding, 8)
    if not number and (local or area):
        number = " ".join(part for part in (country and f"+{country}", area, local) if part)
        number += f" x{extension}" if extension else ""
    if not number:
        number = plain(_pieces(value, encoding, 12)[11], encoding)
    return XTN(value, number, use, equipment, email)


def pl(value: str, encoding: Encoding = STANDARD) -> PL:
    """Read a place (PV1-3, PV1-6, PV1-11, NPU-1)."""
    return PL(value, *components(value, encoding, 9))


def cwe(value: str, encoding: Encoding = STANDARD) -> CWE:
    """Read a coded value (OBX-3, AL1-3, DG1-3); `&` inside its texts is a character."""
    if len(value) <= _CACHED_LENGTH_MAX:
        return _cwe_again(value, encoding)
    return _cwe(value, encoding)


def _cwe(value: str, encoding: Encoding) -> CWE:
    code, text, system, code2, text2, system2, _, _, original = _pieces(value, encoding, 9)
    return CWE(
        value,
        plain(code, encoding),
        prose(text, encoding),
        plain(system, encoding),
        plain(code2, encoding),
        prose(text2, encoding),
        plain(system2, encoding),
        prose(original, encoding),
    )


_cwe_again = lru_cache(maxsize=4096)(_cwe)
"""Codes repeat: a laboratory sends the same few hundred all day."""


def ei(value: str, encoding: Encoding = STANDARD) -> EI:
    """Read an order number (ORC-2, ORC-3, OBR-2, TXA-12)."""
    if value.isalnum():
        return EI(value, value)
    return EI(value, *components(value, encoding, 4))


def tq(value: str, encoding: Encoding = STANDARD) -> TQ:
    """Read an old timing value; components 1 and 2 are themselves quantity and interval."""
    quantity, interval, duration, start, end, priority, condition, text = _pieces(
        value, encoding, 8
    )
    return TQ(
        value,
        _sub(quantity, encoding, 1),
        _sub(quantity, encoding, 2),
        _sub(interval, encoding, 1),
        _sub(interval, encoding, 2),
        plain(duration, encoding),
        plain(start, encoding),
        plain(end, encoding),
        plain(priority, encoding),
        plain(condition, encoding),
        prose(text, encoding),
    )
