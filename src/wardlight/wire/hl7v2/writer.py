"""Write HL7 v2: values to fields, fields to segments, segments to the bytes of a message.

A field is plain text (escaped here), a tuple of components, or a list of repetitions of either;
a component may itself be a tuple of subcomponents. `DELETE` says that a value is to be removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from wardlight.wire.hl7v2.encoding import STANDARD, Encoding
from wardlight.wire.hl7v2.text import escape

Component: TypeAlias = str | tuple[str, ...]
Repetition: TypeAlias = str | tuple[Component, ...]
Field: TypeAlias = Repetition | list[Repetition]

DELETE = '""'


def segment(name: str, fields: Mapping[int, Field], encoding: Encoding = STANDARD) -> str:
    """Return one segment without its end; `fields` are by position, gaps stay empty.

    For MSH, positions 1 and 2 are written from `encoding`.
    """
    written = [""] * (max(fields, default=0) + 1)
    for position, field in fields.items():
        written[position] = _field(field, encoding)
    written[0] = name
    if name == "MSH":
        written[1:3] = [encoding.characters]
    return encoding.field.join(written)


def message(segments: Iterable[str], encoding: Encoding = STANDARD) -> bytes:
    """Return a message, every segment ended by CR, in the encoding's character set.

    A character that set does not have is written as `?`.
    """
    text = "".join(f"{one}\r" for one in segments)
    return text.encode(encoding.charset, "replace")


def _field(field: Field, encoding: Encoding) -> str:
    if isinstance(field, list):
        return (encoding.repetition or " ").join(_repetition(one, encoding) for one in field)
    return _repetition(field, encoding)


def _repetition(value: Repetition, encoding: Encoding) -> str:
    if isinstance(value, str):
        return escape(value, encoding)
    written = encoding.component.join(_component(one, encoding) for one in value)
    return written.rstrip(encoding.component)


def _component(value: Component, encoding: Encoding) -> str:
    if isinstance(value, str):
        return escape(value, encoding)
    return (encoding.subcomponent or " ").join(escape(one, encoding) for one in value)
