"""One sender's connection: its bytes become drafts, its answers go back in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol, cast

from wardlight.feeds.answers import Answers
from wardlight.feeds.intake import Intake
from wardlight.feeds.limits import ListenerLimits
from wardlight.feeds.senders import Senders
from wardlight.feeds.troubles import Troubles
from wardlight.record import catalogue
from wardlight.record.entry import Draft, Entry
from wardlight.record.instants import Clock
from wardlight.record.sources import Source
from wardlight.wire.hl7v2.batch import split
from wardlight.wire.mllp import Frame, Trouble, TroubleCode, Unframer, frame

UNANSWERED_MAX = 256  # frames of one connection waiting for the disk before it is not read further
UNSENT_BYTES_MAX = 1024 * 1024  # answers a sender does not fetch before it is not read further

_KINDS = {
    TroubleCode.TRUNCATED: catalogue.HL7V2_TRUNCATED,
    TroubleCode.OVERSIZED: catalogue.HL7V2_OVERSIZED,
    TroubleCode.UNFRAMED: catalogue.HL7V2_UNFRAMED,
}


class Listener(Protocol):
    """What a connection needs of the port it came in by."""

    intake: Intake
    senders: Senders
    answers: Answers
    troubles: Troubles
    limits: ListenerLimits
    clock: Clock

    def admits(self, connection: Connection, peer: str) -> bool:
        """Take the connection, or say why not on the links screen."""

    def gone(self, connection: Connection) -> None:
        """Forget a closed connection."""

    def partial_bytes(self) -> int:
        """Return what all unfinished frames hold together."""


class Connection(asyncio.Protocol):
    """One sender's connection."""

    def __init__(self, server: Listener) -> None:
        self._server = server
        self._unframer = Unframer(server.limits.frame_bytes_max)
        self._transport: asyncio.Transport | None = None
        self._unanswered = 0
        self._choked = False
        self._paused = False
        self.frame_since: float | None = None

    @property
    def holding(self) -> int:
        """Bytes of the frame that is not whole yet."""
        return self._unframer.holding

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin when this sender may come in; on a TLS port, after the handshake."""
        transport = cast(asyncio.Transport, transport)  # uvloop's are not its subclass
        peer = (transport.get_extra_info("peername") or ("",))[0]
        if not self._server.admits(self, peer):
            transport.abort()
            return
        self._transport = transport
        transport.set_write_buffer_limits(high=UNSENT_BYTES_MAX)

    def data_received(self, data: bytes) -> None:
        """Take what came; whole frames go to the log at once."""
        for item in self._unframer.feed(data):
            if isinstance(item, Frame):
                self._take(item.message)
            else:
                self._take_trouble(item)
        self._watch_partial()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- any end is an end
        """Keep what the sender left unfinished: it was not acknowledged and comes again."""
        for item in self._unframer.end():
            assert isinstance(item, Trouble)
            self._take_trouble(item)
        self._transport = None
        self.frame_since = None
        self._server.gone(self)

    def pause_writing(self) -> None:
        """Read no further while the sender does not fetch its answers."""
        self._choked = True
        self._adjust_reading()

    def resume_writing(self) -> None:
        """Read on."""
        self._choked = False
        self._adjust_reading()

    def close(self) -> None:
        """Close after what is already answered has gone out."""
        if self._transport is not None:
            self._transport.close()

    def _take(self, raw: bytes) -> None:
        batch = split(raw)
        if batch.stray and batch.messages:
            self._server.troubles.keep(catalogue.HL7V2_UNFRAMED, batch.stray)
        for oddity in batch.anomalies:
            self._server.troubles.note(f"batch: {oddity.code.replace('-', ' ')}")
        self._unanswered += 1
        if len(batch.messages) == 1:
            self._submit(batch.messages[0], self._answer)
        elif batch.messages:
            self._submit_all(batch.messages)
        else:
            self._submit(raw, self._answer)
        self._adjust_reading()

    def _submit_all(self, messages: list[bytes]) -> None:
        answers: list[bytes] = []

        def collect(answer: bytes) -> None:
            answers.append(answer)
            if len(answers) == len(messages):
                self._answer(b"".join(answers))

        for message in messages:
            self._submit(message, collect)

    def _submit(self, raw: bytes, answer: Callable[[bytes], None]) -> None:
        server = self._server
        source = server.senders.of(raw)

        def kept(entry: Entry | None) -> None:
            answer(server.answers.to(raw, source, safe=entry is not None))

        server.intake.submit(draft_of(raw, source, server.clock), kept)

    def _answer(self, answer: bytes) -> None:
        self._unanswered -= 1
        if answer and self._transport is not None:
            self._transport.write(frame(answer))
        self._adjust_reading()

    def _take_trouble(self, trouble: Trouble) -> None:
        kind = _KINDS[trouble.code]
        if trouble.code is not TroubleCode.OVERSIZED or self._transport is None:
            self._server.troubles.keep(kind, trouble.part)
            return
        self._unanswered += 1
        refusal = self._server.answers.too_large(trouble.part, self._server.senders.default)
        self._server.troubles.keep(kind, trouble.part, lambda _: self._answer(refusal))

    def _watch_partial(self) -> None:
        """Time the unfinished frame, and give up the one that would pass the common limit."""
        if not self._unframer.open:
            self.frame_since = None
            return
        if self.frame_since is None:
            self.frame_since = asyncio.get_running_loop().time()
        limit = self._server.limits.partial_bytes_max
        if self._unframer.holding > limit // 64 and self._server.partial_bytes() > limit:
            self._server.troubles.note(
                "connection closed: unfinished messages reached the memory limit"
            )
            self.close()

    def _adjust_reading(self) -> None:
        full = self._choked or self._unanswered >= UNANSWERED_MAX
        if full == self._paused or self._transport is None or self._transport.is_closing():
            return
        self._paused = full
        if full:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()


def draft_of(raw: bytes, source: Source, clock: Clock) -> Draft:
    """Return the draft that keeps one message exactly as it came.

    When it happened is in the message and is worked out when it is read; the envelope says when
    it was received.
    """
    now = clock()
    return Draft(
        site=source.site,
        source=source.name,
        author=source.name,
        subject="",
        kind=catalogue.HL7V2_MESSAGE,
        version=catalogue.VERSIONS[catalogue.HL7V2_MESSAGE],
        occurred=now,
        recorded=now,
        body=raw,
    )
