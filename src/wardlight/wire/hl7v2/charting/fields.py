"""What every chart segment has: codes, words, numbers, people's notes; read once, kept by value.

Codes, units and names repeat all day, so their readings are remembered (bounded).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

from wardlight.record.codes import Coded
from wardlight.record.instants import Moment
from wardlight.wire.hl7v2 import types
from wardlight.wire.hl7v2.encoding import Encoding
from wardlight.wire.hl7v2.markup import display_text, inert
from wardlight.wire.hl7v2.received import Received
from wardlight.wire.hl7v2.text import piece, plain, prose

NOTHING = Coded()
_SHORT = 200
_REMEMBERED_MAX = 8192

_Read = TypeVar("_Read")


class Remembered(dict[str, _Read], Generic[_Read]):
    """What fields of one encoding were read as, found again by their bytes; bounded."""

    def __init__(self, read: Callable[[str, Encoding], _Read], encoding: Encoding) -> None:
        super().__init__()
        self._read = read
        self._encoding = encoding

    def __missing__(self, value: str) -> _Read:
        found = self._read(value, self._encoding)
        if len(value) <= _SHORT:
            if len(self) >= _REMEMBERED_MAX:
                self.clear()
            self[value] = found
        return found


_CODE_LETTERS_MAX = 6


def coded(value: str, encoding: Encoding) -> Coded:
    """Return the first repetition of a coded field (CE, CWE), the other coding where it has one."""
    if not value:
        return NOTHING
    return _coded_again(value, encoding) if len(value) <= _SHORT else _coded(value, encoding)


def words(value: str, encoding: Encoding) -> str:
    """Return what a person reads of a coded or a text field; repetitions joined by `; `."""
    found = (_words(one, encoding) for one in repetitions(value, encoding))
    return "; ".join(dict.fromkeys(one for one in found if one))


def each_words(value: str, encoding: Encoding) -> tuple[str, ...]:
    """Return the words of every repetition that says something."""
    found = (_words(one, encoding) for one in repetitions(value, encoding))
    return tuple([one for one in found if one])


def short(value: str, encoding: Encoding) -> str:
    """Return a unit or a route as wards write it: its code, unless that is a mere number."""
    if value.isalpha():
        return value
    found = coded(value, encoding)
    if found.code and not any(letter.isdigit() for letter in found.code):
        brief = len(found.code) <= _CODE_LETTERS_MAX or not found.text
        return found.code if brief else found.text
    return found.text or found.code


def number_of(value: str, encoding: Encoding, authority: str) -> str:
    """Return `authority|value` of an order or document number (EI); "" when there is none."""
    return _number(value, encoding, authority) if value else ""


def parent_of(value: str, encoding: Encoding, authority: str) -> str:
    """Return the filler's, else the placer's number of a parent (§2.A.27 EIP), else ""."""
    if not value:
        return ""
    first, _, rest = _first(value, encoding).partition(encoding.component)
    second = rest.split(encoding.component, 1)[0]
    return _sub_number(second, encoding, authority) or _sub_number(first, encoding, authority)


def moment_of(value: str, got: Received) -> Moment | None:
    """Return the instant of a time field, None when it states none."""
    return got.moment(value if value.isdigit() else piece(value, got.message.encoding))


def is_cleared(value: str, encoding: Encoding) -> bool:
    """Say whether every stated part of a field is two quotes: the sender deletes it."""
    if '""' not in value:
        return False
    parts = value.split(encoding.component)
    return {part.strip() for part in parts} <= {"", '""'}


def repetitions(value: str, encoding: Encoding) -> list[str]:
    """Return the repetitions of a field as sent; none for an empty one."""
    if not value:
        return []
    mark = encoding.repetition
    return value.split(mark) if mark and mark in value else [value]


def note(row: list[str], encoding: Encoding) -> str:
    """Return the comment of NTE-3 as inert text (§2.4.10)."""
    return display_text(row[3], encoding) if row[3:4] else ""


def _first(value: str, encoding: Encoding) -> str:
    mark = encoding.repetition
    return value.split(mark, 1)[0] if mark and mark in value else value


def _words(value: str, encoding: Encoding) -> str:
    """Return text of a coded value, or the whole text of one that is no code (`food & water`)."""
    if encoding.component in value:
        return coded(value, encoding).words()
    return inert(prose(value, encoding))


def _coded(value: str, encoding: Encoding) -> Coded:
    first = _first(value, encoding)
    if encoding.component not in first:
        text = inert(prose(first, encoding))
        return Coded(text) if text else NOTHING
    read = types.cwe(first, encoding)
    text = inert(read.words)
    if not read.code and read.alternate_code:
        text = text if text != read.alternate_code else ""
        return Coded(read.alternate_code, text, read.alternate_system)
    return Coded(read.code, text if text != read.code else "", read.system)


_coded_again = lru_cache(maxsize=8192)(_coded)


@lru_cache(maxsize=4096)
def _number(value: str, encoding: Encoding, authority: str) -> str:
    read = types.ei(_first(value, encoding), encoding)
    if not read.id:
        return ""
    return f"{read.namespace or read.universal or authority}|{read.id}"


def _sub_number(component: str, encoding: Encoding, authority: str) -> str:
    mark = encoding.subcomponent
    value, _, namespace = component.partition(mark) if mark else (component, "", "")
    found = plain(value, encoding)
    return f"{plain(namespace, encoding) or authority}|{found}" if found else ""
