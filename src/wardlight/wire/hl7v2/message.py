"""One HL7 v2 message: exact bytes kept, segments and fields found by name and position.

`Message.parse` never raises and needs no version: unknown and Z segments, fields past the
standard's end, any segment ends and any separators are read (HL7 v2.5.1 §2.5, §2.6). Reading is
lazy: a message is cut into lines, a line into fields when somebody asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from wardlight.record.problems import Problem
from wardlight.wire.hl7v2.encoding import (
    HEADER_LENGTH,
    STANDARD,
    Anomaly,
    Encoding,
    Oddity,
    decide_charset,
    encoding_of,
    is_field_separator,
)
from wardlight.wire.hl7v2.text import piece, plain, prose

_HEADERS = frozenset({"MSH", "FHS", "BHS"})
_ALONE = frozenset(
    {"AL1", "DG1", "EVN", "GT1", "IN1", "IN2", "MRG", "NK1", "NTE", "OBR", "OBX", "ORC", "PD1"}
    | {"PID", "PV1", "PV2", "ROL", "RXA", "RXE", "RXO", "RXR", "SPM", "TQ1", "ZBE"}
)
"""Names that are a segment even on a line of their own; `DNR` in a note is not."""

_HEADER_LINE = re.compile(rb"[ \t\r\n]*+(?:\xef\xbb\xbf[ \t\r\n]*+)?(?=[Mm][Ss][Hh])")
_HEADER_LATER = re.compile(rb"[\r\n][ \t]*+(?:\xef\xbb\xbf)?(?=[Mm][Ss][Hh][^\w\s])")
_ENDS = re.compile(r"[\r\n]+")
_HEAD = re.compile(r"[A-Z][A-Z0-9]{2}.", re.DOTALL)
_HEAD_LENGTH = 4
_CUT_NAME = re.compile(r"[A-Z][A-Z0-9]{0,2}")
_HEADER_MAX = 4096
_NOTHING = frozenset({"", '""'})
_BLANKS = " \t\ufeff"


class Segment(Struct, frozen=True, gc=False, eq=False):
    """One segment; every reading of a field that is not there gives "" or nothing.

    `fields[n]` is field n as it was sent (decoded, still escaped); `fields[0]` is the name. In
    MSH, FHS and BHS field 1 is the field separator itself. A segment that the message does not
    have is false and reads as empty.
    """

    name: str
    fields: list[str]
    encoding: Encoding

    def __bool__(self) -> bool:
        """Say whether the message has this segment."""
        return bool(self.fields)

    def field(self, n: int) -> str:
        """Return the whole field n as sent, still escaped."""
        return self.fields[n] if n < len(self.fields) else ""

    def text(self, n: int, component: int = 1, repetition: int = 1) -> str:
        """Return one component as trimmed plain text; "" when missing, blank or two quotes."""
        if n >= len(self.fields):
            return ""
        value = self.fields[n]
        if value.isalnum():  # no separator is a letter or a digit
            return value if component == 1 and repetition == 1 else ""
        return piece(value, self.encoding, component, repetition)

    def stated(self, n: int, component: int = 1) -> str | None:
        """Return None when nothing is said, "" when the sender deletes it with two quotes."""
        text = self.text(n, component)
        if text:
            return text
        return "" if self.cleared(n, component) else None

    def cleared(self, n: int, component: int = 0) -> bool:
        """Say whether the field (or one component of it) is two quotes: the sender deletes it."""
        value = self.field(n).strip()
        if value == '""' or not component or '""' not in value:
            return value == '""'
        first = self.repetitions(n)[:1]
        parts = first[0].split(self.encoding.component, component) if first else []
        return len(parts) >= component and parts[component - 1].strip() == '""'

    def components(self, n: int, want: int, repetition: int = 1) -> list[str]:
        """Return exactly `want` components of one repetition as trimmed plain text."""
        value = self.field(n)
        mark = self.encoding.repetition
        if mark and mark in value:
            values = value.split(mark, repetition)
            value = values[repetition - 1] if len(values) >= repetition else ""
        elif repetition > 1:
            value = ""
        return components(value, self.encoding, want)

    def repetitions(self, n: int) -> list[str]:
        """Return the repetitions of field n that hold something, as sent; two quotes is not one."""
        value = self.field(n)
        mark = self.encoding.repetition
        values = value.split(mark) if mark and mark in value else [value]
        return [one for one in values if one.strip() not in _NOTHING]

    def prose(self, n: int) -> str:
        """Return a text field whole, with the separators it holds kept as characters."""
        return prose(self.field(n), self.encoding)


class Message(Struct, frozen=True, gc=False, eq=False):
    """A message as it came, and its lines; the first line is the header (MSH)."""

    raw: bytes
    encoding: Encoding
    names: list[str]
    lines: list[str]
    anomalies: tuple[Anomaly, ...]
    opened: dict[str, Segment] = {}
    """The first segment of each name that was asked for: reading asks for some again and again."""

    @staticmethod
    def parse(raw: bytes, default_charset: str = "") -> Message | Problem:
        """Read one message; `default_charset` is the source's, in MSH-18 words or a codec's."""
        odd: tuple[Anomaly, ...] = ()
        if raw[:3] == b"MSH" and raw.isascii() and b"\x1b" not in raw:
            text, charset = raw.decode("ascii"), "utf-8"
        else:
            start = _header_start(raw)
            if start < 0:
                return Problem("not-hl7", "MSH", "no line begins with a message header (MSH)")
            text, charset, odd = _decoded(raw, start, default_charset)
        mark = text[3:4]
        if text[:3].upper() != "MSH" or not is_field_separator(mark):
            return Problem("not-hl7", "MSH-1", "the header has no field separator after MSH")
        encoding, damaged = encoding_of(text[3 : 3 + HEADER_LENGTH], charset)
        names, lines, folded = _lines(text, mark)
        if names.count("MSH") > 1:
            folded = (*folded, Anomaly(Oddity.HEADER_REPEATED, "MSH"))
        if damaged:
            odd = (*odd, damaged)
        return Message(raw, encoding, names, lines, odd + folded)

    def __bytes__(self) -> bytes:
        """Return the message exactly as it came."""
        return self.raw

    def __iter__(self) -> Iterator[Segment]:
        """Yield every segment in the order it was sent."""
        for name, line in zip(self.names, self.lines, strict=True):
            yield self._segment(name, line)

    def segment(self, name: str) -> Segment:
        """Return the first segment of that name, or an empty (false) one."""
        found = self.opened.get(name)
        if found is None:
            if name in self.names:
                found = self._segment(name, self.lines[self.names.index(name)])
            else:
                found = Segment(name, [], self.encoding)
            self.opened[name] = found
        return found

    def segments(self, name: str) -> list[Segment]:
        """Return every segment of that name, in order."""
        times = self.names.count(name)
        if times <= 1:
            return [self.segment(name)] if times else []
        return [
            self._segment(name, line)
            for found, line in zip(self.names, self.lines, strict=True)
            if found == name
        ]

    def rows(self, name: str, want: int) -> list[list[str]]:
        """Return the fields of every segment of that name (not MSH), padded to `want` fields.

        The fast way through thirty OBX: `row[5]` cannot fail when `want` is 5 or more. Values
        are as sent; `read = text.first_reader(message.encoding)` then gives `read(row[3])` as plain
        text, and `types.cwe(row[3], message.encoding)` a coded value.
        """
        mark = self.encoding.field
        padding = [""] * (want + 1)
        found = []
        for other, line in zip(self.names, self.lines, strict=True):
            if other == name:
                row = line.split(mark)
                if len(row) <= want:
                    row += padding[len(row) :]
                found.append(row)
        return found

    @property
    def type(self) -> tuple[str, str]:
        """Message code and trigger event (MSH-9.1, 9.2; EVN-1 when 9.2 is missing)."""
        header = self.segment("MSH")
        code, trigger = header.components(9, 2)
        if not trigger:
            trigger = self.segment("EVN").text(1)
        return code.upper(), trigger.upper()

    @property
    def control_id(self) -> str:
        """MSH-10, "" when the sender gave none."""
        return self.segment("MSH").text(10)

    def _segment(self, name: str, line: str) -> Segment:
        fields = line.split(self.encoding.field)
        if name in _HEADERS:
            fields.insert(1, self.encoding.field)
        return Segment(name, fields, self.encoding)


def components(value: str, encoding: Encoding, want: int) -> list[str]:
    """Return exactly `want` components of one repetition as trimmed plain text."""
    parts = value.split(encoding.component, want)[:want]
    found = [one if one.isalnum() or not one else plain(one, encoding) for one in parts]
    if len(found) < want:
        found += [""] * (want - len(found))
    return found


def _header_start(raw: bytes) -> int:
    """Return where the header begins, past marks and lines before it; -1 when there is none."""
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return 0
    if found := _HEADER_LINE.match(raw):
        return found.end()
    later = _HEADER_LATER.search(raw)
    return later.end() if later else -1


def _decoded(raw: bytes, start: int, default: str) -> tuple[str, str, tuple[Anomaly, ...]]:
    """Return the text from the header on, its codec, and what was odd on the way."""
    odd: tuple[Anomaly, ...] = ()
    if start and raw[:start].strip(b" \t\r\n\xef\xbb\xbf"):
        odd = (Anomaly(Oddity.LINES_BEFORE_HEADER, "MSH"),)
    body = raw[start:] if start else raw
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return body.decode("utf-16", "replace").lstrip(_BLANKS), "utf-16", odd
    header = body[:_HEADER_MAX].replace(b"\n", b"\r").split(b"\r", 1)[0]
    declared = header.split(header[3:4] or b"|", 18)[17:18]
    words = declared[0].decode("latin-1") if declared else ""
    text, charset, doubts = decide_charset(body, words, default)
    return text, charset, odd + doubts


class _Names(dict[str, str]):
    """Segment names by the first four characters of a line; "" where they name no segment."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        super().__init__((name, name) for name in _ALONE)

    def __missing__(self, head: str) -> str:
        if not _HEAD.fullmatch(head) or head[3:] != self.mark:
            return ""
        self[head] = name = head[:3]
        return name


_names_before = lru_cache(maxsize=32)(_Names)


def _lines(text: str, mark: str) -> tuple[list[str], list[str], tuple[Anomaly, ...]]:
    """Return segment names, their lines, and anomalies."""
    if "\n" in text:
        lines = [line for line in _ENDS.split(text) if line]
    else:
        lines = text.split("\r")
        if not lines[-1]:
            lines.pop()
    known = _names_before(mark)
    cut: tuple[Anomaly, ...] = ()
    if len(lines[-1]) < _HEAD_LENGTH and _is_cut(lines[-1]) and "\n" not in text:
        lines.pop()
        cut = (Anomaly(Oddity.SEGMENT_CUT, "end"),)
    names = [known[line[:4]] for line in lines]
    if "" in names:
        names, lines, odd = _folded(lines, known)
        return names, lines, odd + cut
    return names, lines, cut


def _is_cut(last: str) -> bool:
    """Say whether a message broke off inside the name of its last segment."""
    return bool(_CUT_NAME.fullmatch(last)) and last not in _ALONE and last not in _HEADERS


def _folded(lines: list[str], known: _Names) -> tuple[list[str], list[str], tuple[Anomaly, ...]]:
    """Return names and lines where a line that begins no segment continues the one before.

    Its line break is kept in the field as a newline. Names are upper-cased.
    """
    names: list[str] = []
    pieces: list[list[str]] = []
    odd: dict[Oddity, str] = {}
    for sent in lines:
        line = sent.lstrip(_BLANKS)
        head = line[:4].upper()
        if not names or known[head]:
            names.append(head[:3])
            pieces.append([line])
            if line[:3] != head[:3]:
                odd.setdefault(Oddity.NAME_LOWER_CASE, head[:3])
        elif line.strip():
            pieces[-1].append(sent)
            odd.setdefault(Oddity.LINE_CONTINUES_FIELD, names[-1])
    whole = ["\n".join(parts) for parts in pieces]
    return names, whole, tuple(Anomaly(code, where) for code, where in odd.items())


NO_SEGMENT = Segment("", [], STANDARD)
"""What a group reads when it has no such segment: everything in it is empty."""
