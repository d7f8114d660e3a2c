r"""From a field's characters to words a person can read, and back.

Escapes: HL7 v2.5.1 §2.7 and §2.7.6 (formatted text). What is no escape is text: `50\% O2`,
`5\10` and `\\server\share` come through whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from wardlight.wire.hl7v2.encoding import Encoding, decode

_FORMAT = r"\.(?:br|sp|in|ti|sk|ce|fi|nf)\s?[+-]?\d{0,3}"
_LINE_BREAKS_MAX = 5
_BLANKS_MAX = 40
_SEEN_MAX = 16_384
_SEEN_LENGTH_MAX = 80


@lru_cache(maxsize=64)
def _escapes(mark: str) -> re.Pattern[str]:
    """Return the pattern of every escape we know, for this escape character."""
    m = re.escape(mark)
    return re.compile(
        rf"{m}([FSTREPHN]){m}|((?:{m}X(?:[0-9A-Fa-f]{{2}})+{m})+)|{m}((?i:{_FORMAT})){m}"
    )


def unescape(text: str, encoding: Encoding) -> str:
    """Return `text` with its escapes decoded; unknown ones and lone backslashes stay as sent."""
    mark = encoding.escape
    if not mark or mark not in text:
        return text
    letters = {
        "F": encoding.field,
        "S": encoding.component,
        "T": encoding.subcomponent or "&",
        "R": encoding.repetition or "~",
        "E": mark,
        "P": encoding.truncation or "#",
        "H": "",
        "N": "",
    }

    def decoded(match: re.Match[str]) -> str:
        letter, hexadecimal, layout = match.groups()
        if letter:
            return letters[letter]
        if hexadecimal:
            return _bytes_of(hexadecimal.replace(f"{mark}X", ""), encoding)
        return _layout(layout)

    return _escapes(mark).sub(decoded, text)


def _bytes_of(digits: str, encoding: Encoding) -> str:
    r"""Return what `\X..\` stands for: bytes in the message's own character set."""
    raw = bytes.fromhex(digits.replace(encoding.escape, ""))
    text = decode(raw, encoding.charset)
    if text is None:
        text = decode(raw, "cp1252") or ""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _layout(command: str) -> str:
    """Return the line break or blanks that a formatting command asks for."""
    number = command[3:].strip(" +-")
    count = int(number) if number.isdigit() else 1
    match command[1:3].lower():
        case "br" | "ce":
            return "\n"
        case "sp":
            return "\n" * max(1, min(count, _LINE_BREAKS_MAX))
        case "sk":
            return " " * min(count, _BLANKS_MAX)
        case _:
            return ""


@lru_cache(maxsize=64)
def _escaping(encoding: Encoding) -> dict[int, str]:
    """Return what every character that must not stand bare is written as."""
    mark = encoding.escape

    def written(escaped: str) -> str:
        return f"{mark}{escaped}{mark}" if mark else " "

    table = {chr(code): written(f"X{code:02X}") for code in range(32) if chr(code) != "\t"}
    table["\n"] = table["\r"] = written(".br")
    for letter, bare in (
        ("F", encoding.field),
        ("S", encoding.component),
        ("T", encoding.subcomponent),
        ("R", encoding.repetition),
        ("P", encoding.truncation),
        ("E", mark),
    ):
        if bare:
            table[bare] = written(letter)
    return str.maketrans(table)


def escape(text: str, encoding: Encoding) -> str:
    r"""Return `text` so that it can stand in a field; line ends become `\.br\`.

    A sender without an escape character gets a blank for each separator.
    """
    return text.replace("\r\n", "\n").translate(_escaping(encoding))


def piece(value: str, encoding: Encoding, component: int = 1, repetition: int = 1) -> str:
    """Return one component of one repetition, first subcomponent, as trimmed plain text.

    Missing, blank and `""` all give "": ask `Segment.stated` where the difference matters.
    """
    if not value:
        return value
    mark = encoding.repetition
    if mark and mark in value:
        values = value.split(mark, repetition)
        value = values[repetition - 1] if len(values) >= repetition else ""
    elif repetition > 1:
        return ""
    mark = encoding.component
    if mark in value:
        values = value.split(mark, component)
        value = values[component - 1] if len(values) >= component else ""
    elif component > 1:
        return ""
    return value if value.isalnum() else plain(value, encoding)


def plain(value: str, encoding: Encoding) -> str:
    """Return the first subcomponent of a component as trimmed plain text; `""` gives ""."""
    if value.isalnum() or not value:
        return value
    mark = encoding.subcomponent
    if mark and mark in value:
        value = value.split(mark, 1)[0]
    value = value.strip()
    return (
        ""
        if value.strip() == '""'
        else unescape(value, encoding).strip()
        if encoding.escape in value
        else value
    )


class _Seen(dict[str, str]):
    """First components already read: codes, units, flags and small numbers repeat all day."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding

    def __missing__(self, value: str) -> str:
        read = piece(value, self.encoding)
        if len(value) <= _SEEN_LENGTH_MAX:
            if len(self) >= _SEEN_MAX:
                self.clear()
            self[value] = read
        return read


@lru_cache(maxsize=64)
def first_reader(encoding: Encoding) -> Callable[[str], str]:
    """Return `piece(value, encoding)` as a function of the value, quick for repeated values."""
    return _Seen(encoding).__getitem__


def prose(value: str, encoding: Encoding) -> str:
    """Return a whole text field with every separator it holds kept: `AT&T`, `R&D`, `O2~2 l`."""
    return "" if value.strip() == '""' else unescape(value, encoding).strip()
