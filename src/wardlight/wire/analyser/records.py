r"""Records of ASTM E1394 (CLSI LIS2-A): a letter, then fields parted as the header says.

The header names its own delimiters: `H|\^&` means field |, repeat \, component ^ and escape &.
Escapes (LIS2-A §5.4.2): &F& &S& &R& &E& for the delimiters, &Xhh..& for bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from wardlight.record.problems import Problem
from wardlight.wire.analyser.found import TEXT_MAX, problem

RECORDS_MAX = 50_000
_ENDS = re.compile(r"[\r\n]+")
_HEADER_DELIMITERS = 5
_LAYOUT = str.maketrans("", "", "\x00\x02\x03\x04\x05\x17")


class Delimiters(Struct, frozen=True, gc=False):
    """What parts fields, repetitions and components, and what begins an escape."""

    field: str = "|"
    repeat: str = "\\"
    component: str = "^"
    escape: str = "&"


class Record(Struct, frozen=True, gc=False):
    """One record; a field that is not there reads as empty. Field 1 is the letter."""

    letter: str
    fields: tuple[str, ...]
    delimiters: Delimiters
    line: str

    def text(self, n: int) -> str:
        """Return a field's first repetition as plain text, its components parted by blanks."""
        parts = (part for part in self.components(n) if part)
        return " ".join(parts)

    def components(self, n: int) -> tuple[str, ...]:
        """Return the components of a field's first repetition as plain text."""
        if n > len(self.fields):
            return ("",)
        first = self.fields[n - 1].split(self.delimiters.repeat, 1)[0]
        return tuple(
            _plain(part, self.delimiters) for part in first.split(self.delimiters.component)
        )

    def component(self, n: int, place: int) -> str:
        """Return one component, counted from 1; "" when it is not there."""
        parts = self.components(n)
        return parts[place - 1] if place <= len(parts) else ""


def messages_of(text: str) -> Iterator[tuple[Record, ...] | Problem]:
    """Give each message's records, from its header to its terminator, or why it has none."""
    held: list[Record] = []
    delimiters = Delimiters()
    for number, line in enumerate(_ENDS.split(text), 1):
        clean = line.translate(_LAYOUT).strip(" \t")
        if number > RECORDS_MAX:
            yield problem("too-long", f"line {number}", "the file is too long: cut it in parts")
            return
        if clean[:1] == "H":
            if held:
                yield tuple(held)
            found = _delimiters(clean)
            held, delimiters = [], found or Delimiters()
            if found is None:
                yield problem("header", f"line {number}", "the header names no delimiters")
                continue
        if clean:
            held.append(_record(clean, delimiters))
    if held:
        yield tuple(held)


def _delimiters(header: str) -> Delimiters | None:
    marks = header[1:_HEADER_DELIMITERS]
    if len(marks) < _HEADER_DELIMITERS - 1 or len(set(marks)) != len(marks):
        return None
    if any(mark.isalnum() or mark.isspace() for mark in marks):
        return None
    return Delimiters(*marks)


def _record(line: str, delimiters: Delimiters) -> Record:
    fields = tuple(line.split(delimiters.field))
    return Record(fields[0].strip()[:1].upper(), fields, delimiters, line)


def _plain(text: str, delimiters: Delimiters) -> str:
    mark = delimiters.escape
    if mark in text:
        letters = {
            "F": delimiters.field,
            "S": delimiters.component,
            "R": delimiters.repeat,
            "E": mark,
        }
        pattern = re.compile(rf"{re.escape(mark)}([FSRE]|X(?:[0-9A-Fa-f]{{2}})+){re.escape(mark)}")
        text = pattern.sub(lambda found: _unescaped(found[1], letters), text)
    return text.strip()[:TEXT_MAX]


def _unescaped(what: str, letters: dict[str, str]) -> str:
    if what[0] == "X":
        return bytes.fromhex(what[1:]).decode("latin-1").replace("\r", "\n")
    return letters[what]
