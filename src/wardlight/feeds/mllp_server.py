"""The MLLP listener: what each connection sends becomes drafts, what was kept becomes answers.

One frame in, one frame out. A frame with several messages is answered by one frame with their
acknowledgements in order. A sender that is slow, too loud, wrongly certified or talking
something else is named on the links screen and disturbs nobody else; memory is bounded by
the limits below (interop F1-F13).
"""

from __future__ import annotations

import asyncio
import ssl
from ipaddress import ip_address, ip_network

from wardlight.feeds.answers import Answers
from wardlight.feeds.connection import Connection
from wardlight.feeds.intake import Intake
from wardlight.feeds.limits import ListenerLimits
from wardlight.feeds.senders import Senders
from wardlight.feeds.troubles import Troubles
from wardlight.record.instants import Clock

FRAME_SECONDS_MAX = 120.0  # a frame that is still not whole then is given up
SWEEP_SECONDS = 5.0
HANDSHAKE_SECONDS_MAX = 15.0


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
        self._connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._sweep: asyncio.TimerHandle | None = None

    async def start(self, host: str, port: int) -> tuple[str, int]:
        """Listen, and return the address that was given."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), host, port, backlog=256)
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
        self.intake.fold()
        for task in self._tasks:
            task.cancel()
        for connection in list(self._connections):
            connection.close()

    def admits(self, connection: Connection, peer: str) -> bool:
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

    def gone(self, connection: Connection) -> None:
        """Forget a closed connection."""
        self._connections.discard(connection)

    def secure(self, connection: Connection, transport: asyncio.Transport) -> bool:
        """Begin the TLS handshake when this port asks for it; say whether it does."""
        if self._tls is None:
            return False
        task = asyncio.ensure_future(self._handshake(connection, transport, self._tls))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _handshake(
        self, connection: Connection, transport: asyncio.Transport, tls: ssl.SSLContext
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
