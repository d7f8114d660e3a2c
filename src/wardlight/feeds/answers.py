"""What a sender is told, once it is known whether its message is safe on disk.

Kept, understood or not: AA or CA, because an AE would stop many senders' queues; not kept
(the disk is full): AE or CE, so that the sender keeps its queue; not HL7 at all: AR. One answer
a message: the accept acknowledgement where it is asked for, else the application one.
"""

from __future__ import annotations

from itertools import count

from wardlight.record.instants import Clock, local
from wardlight.record.problems import Problem
from wardlight.record.sources import Source
from wardlight.wire.hl7v2.acks import Outcome, Stage, acknowledge
from wardlight.wire.hl7v2.message import Message

OPENING_LINES = 3  # MSH, and what may say that this is itself an answer (MSA)
OPENING_BYTES_MAX = 4_096

_TOO_LARGE = ("207", "Message is larger than this receiver's limit")
_NO_ROOM = ("207", "Receiver cannot store messages at the moment, keep and send again")


class Answers:
    """Acknowledgements of one listener."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = count(1)

    def to(self, raw: bytes, source: Source, *, safe: bool) -> bytes:
        """Return the answer to a message, b"" when its sender wants none."""
        theirs = Message.parse(_opening(raw), source.charset)
        if safe:
            return self._answer(theirs, Outcome.KEPT, ("", ""))
        return self._answer(theirs, Outcome.NOT_KEPT, _NO_ROOM)

    def too_large(self, part: bytes) -> bytes:
        """Return the refusal of a message above the size limit."""
        return self._answer(Message.parse(_opening(part)), Outcome.REFUSED, _TOO_LARGE)

    def _answer(self, theirs: Message | Problem, outcome: Outcome, error: tuple[str, str]) -> bytes:
        at = local(self._clock(), "UTC").strftime("%Y%m%d%H%M%S+0000")
        number = f"WL{next(self._numbers):012d}"
        for stage in (Stage.ACCEPT, Stage.APPLICATION):
            answer = acknowledge(
                theirs, outcome, control_id=number, at=at, stage=stage, error=error
            )
            if answer:
                return answer
        return b""


def _opening(raw: bytes) -> bytes:
    """Return the first lines of a message: an answer needs no more of it."""
    head = raw[:OPENING_BYTES_MAX]
    lines = head.replace(b"\n", b"\r").split(b"\r", OPENING_LINES)
    return b"\r".join(lines[:OPENING_LINES]) if len(lines) > OPENING_LINES else head
