"""The MLLP listener: what each connection sends becomes drafts, what was kept becomes answers.

One frame in, one frame out. A frame with several messages is answered by one frame with their
acknowledgements in order. A sender that is slow, too loud, wrongly certified or talking
something else is named on the links screen and disturbs nobody else; memory is bounded by
the limits below (interop F1-F13).
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from msgspec import Struct

from wardlight.feeds.answers import Answers
from wardlight.feeds.intake import Intake
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
FRAME_SECONDS_MAX = 120.0  # a frame that is still not whole then is given up
SWEEP_SECONDS = 5.0
HANDSHAKE_SECONDS_MAX = 15.0

_KINDS = {
    TroubleCode.TRUNCATED: catalogue.HL7V2_TRUNCATED,
    TroubleCode.OVERSIZED: catalogue.HL7V2_OVERSIZED,
    TroubleCode.UNFRAMED: catalogue.HL7V2_UNFRAMED,
}


class ListenerLimits(Struct, frozen=True, kw_only=True):
    """How much one listener takes on."""

    connections_max: int = 512
    frame_bytes_max: int = 64 * 1024 * 1024
    partial_bytes_max: int = 256 * 1024 * 1024  # of all unfinished frames together
    peers: tuple[str, ...] = ()  # addresses or networks that may connect; empty: any


class MllpServer:
    """One listening port of a node."""

    def __init__(
        self,
        intake: Intake,
        senders: Senders,
        *,
        clock: Clock,
        limits: ListenerLimits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`tls` asks for certificates when its verify mode says so."""
        self.intake = intake
        self.senders = senders
        self.clock = clock
        self.limits = limits or ListenerLimits()
        self.answers = Answers(clock)
        self.troubles = Troubles(intake, senders.default, clock)
        self._tls = tls
        self._networks = [ip_network(peer, strict=False) for peer in self.limits.peers]
        self._connections: set[_Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._sweep: asyncio.TimerHandle | None = None

    async def start(self, host: str, port: int) -> tuple[str, int]:
        """Listen, and return the address that was given."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), host, port, backlog=256)
        self._sweep = loop.call_later(SWEEP_SECONDS, self._give_up_slow)
        address = self._server.sockets[0].getsockname()
        return address[0], address[1]

    async def stop(self) -> None:
        """Stop listening, answer what is kept, and close every connection."""
        if self._server is not None:
            self._server.close()
        if self._sweep is not None:
            self._sweep.cancel()
        self.intake.flush()
        for task in self._tasks:
            task.cancel()
        for connection in list(self._connections):
            connection.close()

    def admits(self, connection: _Connection, peer: str) -> bool:
        """Take the connection, or say why not on the links screen."""
        if len(self._connections) >= self.limits.connections_max:
            self.troubles.note(
                f"connection refused: {self.limits.connections_max} are open, the limit"
            )
            return False
        if self._networks and not any(ip_address(peer) in network for network in self._networks):
            self.troubles.note("connection refused: the address is not on this feed's list")
            return False
        self._connections.add(connection)
        return True

    def gone(self, connection: _Connection) -> None:
        """Forget a closed connection."""
        self._connections.discard(connection)

    def secure(self, connection: _Connection, transport: asyncio.Transport) -> bool:
        """Begin the TLS handshake when this port asks for it; say whether it does."""
        if self._tls is None:
            return False
        task = asyncio.ensure_future(self._handshake(connection, transport, self._tls))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _handshake(
        self, connection: _Connection, transport: asyncio.Transport, tls: ssl.SSLContext
    ) -> None:
        loop = asyncio.get_running_loop()
        try:
            secured = await loop.start_tls(
                transport,
                connection,
                tls,
                server_side=True,
                ssl_handshake_timeout=HANDSHAKE_SECONDS_MAX,
            )
        except (OSError, TimeoutError) as error:
            reason = getattr(error, "reason", None) or type(error).__name__
            self.troubles.note(f"TLS handshake failed: {str(reason).replace('_', ' ').lower()}")
            transport.abort()
            self.gone(connection)
            return
        if secured is not None:
            connection.begin(secured)

    def partial_bytes(self) -> int:
        """Return what all unfinished frames hold together."""
        return sum(connection.holding for connection in self._connections)

    def _give_up_slow(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweep = loop.call_later(SWEEP_SECONDS, self._give_up_slow)
        oldest = loop.time() - FRAME_SECONDS_MAX
        for connection in list(self._connections):
            if connection.frame_since is not None and connection.frame_since < oldest:
                self.troubles.note(
                    f"connection closed: a message was not complete after {FRAME_SECONDS_MAX:.0f} s"
                )
                connection.close()


class _Connection(asyncio.Protocol):
    """One sender's connection."""

    def __init__(self, server: MllpServer) -> None:
        self._server = server
        self._unframer = Unframer(server.limits.frame_bytes_max)
        self._transport: asyncio.Transport | None = None
        self._admitted = False
        self._unanswered = 0
        self._choked = False
        self._paused = False
        self.frame_since: float | None = None

    @property
    def holding(self) -> int:
        """Bytes of the frame that is not whole yet."""
        return self._unframer.holding

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if self._admitted:  # the same connection again, now with TLS around it
            return
        peer = (transport.get_extra_info("peername") or ("",))[0]
        if not self._server.admits(self, peer):
            transport.abort()
            return
        self._admitted = True
        if self._server.secure(self, transport):
            transport.pause_reading()
        else:
            self.begin(transport)

    def begin(self, transport: asyncio.Transport) -> None:
        """Read from here on; with TLS, only after the handshake."""
        self._transport = transport
        transport.set_write_buffer_limits(high=UNSENT_BYTES_MAX)

    def data_received(self, data: bytes) -> None:
        for item in self._unframer.feed(data):
            if isinstance(item, Frame):
                self._take(item.message)
            else:
                self._take_trouble(item)
        self._watch_partial()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- any end is an end
        for item in self._unframer.end():
            assert isinstance(item, Trouble)
            self._take_trouble(item)
        self._transport = None
        self.frame_since = None
        self._server.gone(self)

    def pause_writing(self) -> None:
        self._choked = True
        self._adjust_reading()

    def resume_writing(self) -> None:
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
        refusal = self._server.answers.too_large(trouble.part)
        self._server.troubles.keep(kind, trouble.part, lambda _: self._answer(refusal))

    def _watch_partial(self) -> None:
        """Time the unfinished frame, and give up the one that would pass the common limit."""
        if not self._unframer.holding:
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
