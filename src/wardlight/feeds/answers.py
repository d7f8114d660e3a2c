"""What a sender is told, once it is known whether its message is safe on disk.

Kept, understood or not: AA or CA, because an AE would stop many senders' queues; not kept
(the disk is full): AE or CE, so that the sender keeps its queue; not HL7 at all: AR. One answer
a message: the accept acknowledgement where it is asked for, else the application one.

The headers of one feed differ in MSH-7 and MSH-10 only, so the answer to a kept message is
made once for each such header and filled in afterwards.
"""

from __future__ import annotations

import re
from itertools import count

from wardlight.record.instants import SECOND, Clock, local
from wardlight.record.problems import Problem
from wardlight.record.sources import Source
from wardlight.wire.hl7v2.acks import Outcome, Stage, acknowledge
from wardlight.wire.hl7v2.message import Message

OPENING_LINES = 3  # MSH, and what may say that this is itself an answer (MSA)
OPENING_BYTES_MAX = 4_096
SHAPES_MAX = 2_000  # remembered answers; past it they are made anew

_TOO_LARGE = ("207", "Message is larger than this receiver's limit")
_NO_ROOM = ("207", "Receiver cannot store messages at the moment, keep and send again")
_NO_ERROR = ("", "")
_AT, _OURS, _THEIRS = "{our MSH-7}", "{our MSH-10}", "{their MSH-10}"  # in a shape
_IN_A_SHAPE = re.compile(b"|".join(re.escape(one.encode()) for one in (_AT, _OURS, _THEIRS)))
_SHAPE_PARTS = 4
_MSH_7, _MSH_10 = 6, 9  # where a split header line has them


class Answers:
    """Acknowledgements of one listener."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = count(1)
        self._shapes: dict[bytes, tuple[bytes, ...]] = {}
        self._second = -1
        self._stamp = ""

    def to(self, raw: bytes, source: Source, *, safe: bool) -> bytes:
        """Return the answer to a message, b"" when its sender wants none."""
        if safe:
            return self._filled(raw) or self._answer(raw, source, Outcome.KEPT, _NO_ERROR)
        return self._answer(raw, source, Outcome.NOT_KEPT, _NO_ROOM)

    def too_large(self, part: bytes, source: Source) -> bytes:
        """Return the refusal of a message above the size limit."""
        return self._answer(part, source, Outcome.REFUSED, _TOO_LARGE)

    def _answer(
        self, raw: bytes, source: Source, outcome: Outcome, error: tuple[str, str]
    ) -> bytes:
        theirs = Message.parse(_opening(raw), source.charset)
        return _first(theirs, outcome, self._number(), self._now(), error)

    def _filled(self, raw: bytes) -> bytes:
        """Return the answer from a remembered shape; b"" when there can be none."""
        end = raw.find(b"\r", 0, OPENING_BYTES_MAX)
        if end < 0 or raw[end + 1 : end + 4] == b"MSA" or not raw.startswith(b"MSH"):
            return b""
        fields = raw[:end].split(raw[3:4])
        if len(fields) <= _MSH_10:
            return b""
        number = fields[_MSH_10]
        fields[_MSH_7], fields[_MSH_10] = b"", _THEIRS.encode()
        header = raw[3:4].join(fields)
        shape = self._shapes.get(header)
        if shape is None:
            shape = self._remember(header)
        if not shape:
            return b""
        begins, after_time, after_ours, ends = shape
        ours = self._number().encode()
        return b"".join((begins, self._now().encode(), after_time, ours, after_ours, number, ends))

    def _remember(self, header: bytes) -> tuple[bytes, ...]:
        """Return what stands before, between and behind the three values of an answer."""
        theirs = Message.parse(header)
        shape: tuple[bytes, ...] = ()
        if isinstance(theirs, Message) and all(theirs.type) and not theirs.anomalies:
            answer = _first(theirs, Outcome.KEPT, _OURS, _AT, _NO_ERROR)
            parts = tuple(_IN_A_SHAPE.split(answer))
            shape = parts if len(parts) == _SHAPE_PARTS else ()
        if len(self._shapes) >= SHAPES_MAX:
            self._shapes.clear()
        self._shapes[header] = shape
        return shape

    def _number(self) -> str:
        return f"WL{next(self._numbers):012d}"

    def _now(self) -> str:
        now = self._clock()
        if now // SECOND != self._second:
            self._second = now // SECOND
            self._stamp = local(now, "UTC").strftime("%Y%m%d%H%M%S+0000")
        return self._stamp


def _first(
    theirs: Message | Problem, outcome: Outcome, number: str, at: str, error: tuple[str, str]
) -> bytes:
    """Return the first answer of the two stages that the sender's header asks for."""
    for stage in (Stage.ACCEPT, Stage.APPLICATION):
        answer = acknowledge(theirs, outcome, control_id=number, at=at, stage=stage, error=error)
        if answer:
            return answer
    return b""


def _opening(raw: bytes) -> bytes:
    """Return the first lines of a message: an answer needs no more of it."""
    head = raw[:OPENING_BYTES_MAX]
    lines = head.replace(b"\n", b"\r").split(b"\r", OPENING_LINES)
    return b"\r".join(lines[:OPENING_LINES]) if len(lines) > OPENING_LINES else head
