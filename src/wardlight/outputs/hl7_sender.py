"""Send HL7 v2 messages over MLLP, one at a time, each waited for before the next.

An answer counts only when its MSA-2 is the message's own MSH-10. After a missing or foreign
answer the connection is closed before anything else is sent, so that a late answer can never
be taken for the next message's (interop F11).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from enum import StrEnum

from msgspec import Struct

from wardlight.wire.hl7v2.acks import is_answer, wishes
from wardlight.wire.hl7v2.message import Message
from wardlight.wire.mllp import Frame, Unframer, frame

ANSWER_SECONDS_MAX = 30.0
CONNECT_SECONDS_MAX = 10.0
READ_BYTES = 64 * 1024
_ON_SUCCESS = frozenset({"AL", "SU"})  # table 0155; ER and NE hear nothing of a kept message
_ACCEPTED = frozenset({"AA", "CA"})


class Fate(StrEnum):
    """What became of one message."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNANSWERED = "unanswered"  # nothing came in time, or the answer was another message's
    UNASKED = "unasked"  # wants no answer when all is well: it is one itself, or says NE or ER


class Tally(Struct, kw_only=True):
    """What became of all messages sent so far."""

    sent: int = 0
    accepted: int = 0
    rejected: int = 0
    unanswered: int = 0

    def count(self, fate: Fate) -> None:
        """Add one message."""
        self.sent += 1
        match fate:
            case Fate.ACCEPTED:
                self.accepted += 1
            case Fate.REJECTED:
                self.rejected += 1
            case Fate.UNANSWERED | Fate.UNASKED:
                self.unanswered += 1


class Sender:
    """One connection to a receiver, opened when there is something to send."""

    def __init__(self, host: str, port: int, *, answer_seconds: float = ANSWER_SECONDS_MAX) -> None:
        self._host = host
        self._port = port
        self._answer_seconds = answer_seconds
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._unframer = Unframer()

    async def send(self, message: bytes) -> Fate:
        """Send one message and wait for its answer. Raises OSError when nobody listens."""
        reader, writer = await self._connected()
        writer.write(frame(message))
        await writer.drain()
        theirs = Message.parse(message)
        if isinstance(theirs, Message) and not _wants_answer(theirs):
            return Fate.UNASKED
        number = theirs.segment("MSH").field(10) if isinstance(theirs, Message) else ""
        answer = await self._answer(reader)
        fate = _fate(answer, number)
        if fate is Fate.UNANSWERED:
            await self.close()
        return fate

    async def close(self) -> None:
        """Close the connection; the next message opens another."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
        self._unframer = Unframer()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            opening = asyncio.open_connection(self._host, self._port)
            self._streams = await asyncio.wait_for(opening, CONNECT_SECONDS_MAX)
        return self._streams

    async def _answer(self, reader: asyncio.StreamReader) -> bytes | None:
        loop = asyncio.get_running_loop()
        latest = loop.time() + self._answer_seconds
        while True:
            try:
                chunk = await asyncio.wait_for(reader.read(READ_BYTES), latest - loop.time())
            except (TimeoutError, ConnectionError):
                return None
            if not chunk:
                return None
            for item in self._unframer.feed(chunk):
                if isinstance(item, Frame):
                    return item.message


async def send_all(
    messages: Iterable[bytes], host: str, port: int, *, told: Callable[[Tally], None]
) -> Tally:
    """Send every message in order; `told` hears of the tally after each."""
    tally = Tally()
    sender = Sender(host, port)
    for message in messages:
        tally.count(await sender.send(message))
        told(tally)
    await sender.close()
    return tally


def _wants_answer(message: Message) -> bool:
    said = set(wishes(message)) - {""}
    return not is_answer(message) and (not said or bool(said & _ON_SUCCESS))


def _fate(answer: bytes | None, number: str) -> Fate:
    read = Message.parse(answer) if answer is not None else None
    if not isinstance(read, Message):
        return Fate.UNANSWERED
    verdict = read.segment("MSA")
    if verdict.field(2) != number:
        return Fate.UNANSWERED
    return Fate.ACCEPTED if verdict.text(1).upper() in _ACCEPTED else Fate.REJECTED
