"""Whom to ring: NK1 and GT1 (HL7 v2.5.1 §3.4.5 NK1, §6.5.5 GT1; interop.md §6)."""

from __future__ import annotations

from wardlight.record.events.charting import Contact, ContactsReported
from wardlight.wire.hl7v2 import types
from wardlight.wire.hl7v2.charting.fields import is_cleared, number_of, repetitions, words
from wardlight.wire.hl7v2.encoding import Encoding
from wardlight.wire.hl7v2.message import components
from wardlight.wire.hl7v2.received import Received

_PHONES_MAX = 8


def contacts(got: Received) -> list[ContactsReported]:
    """Return a message's statement on contacts; none when it makes none."""
    message, encoding = got.message, got.message.encoding
    rows = message.rows("NK1", 33)
    relatives = [one for row in rows if (one := _relative(row, got))]
    guarantors = [one for row in message.rows("GT1", 11) if (one := _guarantor(row, encoding))]
    cleared = bool(rows) and is_cleared(rows[0][2], encoding) and not relatives
    if not (relatives or guarantors or cleared):
        return []
    return [
        ContactsReported(
            contacts=(*relatives, *guarantors),
            replaces=got.source.contacts_complete and bool(relatives),
            cleared=cleared,
        )
    ]


def _relative(row: list[str], got: Received) -> Contact | None:
    encoding = got.message.encoding
    name = _name(row[2], encoding) or _organisation(row[13], encoding)
    number = number_of(row[33], encoding, got.source.default_authority())
    if not name:
        return None
    relation = words(row[3], encoding)
    return Contact(
        key=number or f"{name}|{relation}".casefold(),
        name=name,
        relation=relation,
        phones=_phones(encoding, row[5], row[6]),
        role=words(row[7], encoding),
    )


def _guarantor(row: list[str], encoding: Encoding) -> Contact | None:
    name = _name(row[3], encoding)
    if not name:
        return None
    return Contact(
        key=f"guarantor|{name}".casefold(),
        name=name,
        relation=words(row[11], encoding),
        phones=_phones(encoding, row[6], row[7]),
        role="guarantor",
    )


def _name(value: str, encoding: Encoding) -> str:
    """Return the first name that names somebody, as `Family, Given`."""
    for one in repetitions(value, encoding):
        person = types.xpn(one, encoding)
        name = ", ".join(part for part in (person.family, person.given) if part)
        if name:
            return name
    return ""


def _organisation(value: str, encoding: Encoding) -> str:
    names = (components(one, encoding, 1)[0] for one in repetitions(value, encoding))
    return next((name for name in names if name), "")


def _phones(encoding: Encoding, *values: str) -> tuple[str, ...]:
    found = [types.xtn(one, encoding).number for v in values for one in repetitions(v, encoding)]
    return tuple(dict.fromkeys(number for number in found if number))[:_PHONES_MAX]
