"""The value of an observation as text, by its stated type (OBX-2, HL7 v2.5.1 §7.4.2, table 0125).

Nothing is rounded, converted or translated; documents that are no text become their title.
"""

from __future__ import annotations

from functools import lru_cache

from wardlight.wire.hl7v2.charting.fields import coded, repetitions
from wardlight.wire.hl7v2.encoding import Encoding
from wardlight.wire.hl7v2.markup import display_text, inert
from wardlight.wire.hl7v2.message import components
from wardlight.wire.hl7v2.text import plain, prose

_CODED = frozenset({"CE", "CWE", "CNE", "CF", "IS", "ID"})
_DOCUMENTS = frozenset({"ED", "RP"})
_PARTS = frozenset({"XPN", "XCN", "XAD", "AD", "XTN", "CX", "XON", "CQ", "MO", "PL", "EI", "DR"})
_SHORT = 80
_SN_PARTS = 4
_SUBTYPE = 2  # ED: source, kind, subtype, coding, data


def value_of(kind: str, value: str, encoding: Encoding) -> str:
    """Return the words of OBX-5; `kind` is OBX-2, in capitals."""
    if not value or value.isalnum():
        return value
    if len(value) <= _SHORT:
        return _again(kind, value, encoding)
    return _value(kind, value, encoding)


def _value(kind: str, value: str, encoding: Encoding) -> str:
    if value.strip() == '""':
        return ""
    if kind in _DOCUMENTS:
        return _title(value, encoding)
    if kind == "SN":
        return "; ".join(_structured(one, encoding) for one in repetitions(value, encoding))
    if kind in _CODED:
        found = (coded(one, encoding).words() for one in repetitions(value, encoding))
        return "; ".join(word for word in found if word)
    if kind in _PARTS:
        return " ".join(inert(prose(value, encoding)).replace(encoding.component, " ").split())
    return display_text(value, encoding)


_again = lru_cache(maxsize=16_384)(_value)


def _structured(value: str, encoding: Encoding) -> str:
    """Return `>100`, `1:128`, `10-20` (§2.A.70 SN: comparator, number, separator, number)."""
    return inert("".join(components(value, encoding, _SN_PARTS)))


def _title(value: str, encoding: Encoding) -> str:
    """Return `PDF document`; the message keeps the document itself."""
    parts = value[:_SHORT].split(encoding.component, _SUBTYPE + 1)
    subtype = plain(parts[_SUBTYPE], encoding) if len(parts) > _SUBTYPE + 1 else ""
    return inert(f"{subtype} document".strip())
