"""The MLLP listener: what each connection sends becomes drafts, what was kept becomes answers.

One frame in, one frame out. A frame with several messages is answered by one frame with their
acknowledgements in order. A sender that is slow, too loud, wrongly certified or talking
something else is named on the links screen and disturbs nobody else; memory is bounded by
the limits below (interop F1-F13).
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Coroutine
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
ACCEPT_AGAIN_SECONDS = 0.1
BACKLOG = 256  # connections the system holds for us until we take them


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
        self._door: socket.socket | None = None
        self._sweep: asyncio.TimerHandle | None = None

    async def start(self, host: str, port: int) -> tuple[str, int]:
        """Listen, and return the address that was given."""
        loop = asyncio.get_running_loop()
        self._sweep = loop.call_later(SWEEP_SECONDS, self._give_up_slow)
        if self._tls is not None:
            self._door = bound(host, port)
            self._door.listen(BACKLOG)
            self._spawn(self._accept(self._door, self._tls))
            return _host_and_port(self._door)
        self._server = await loop.create_server(
            lambda: Connection(self), host, port, backlog=BACKLOG
        )
        return _host_and_port(self._server.sockets[0])

    async def stop(self) -> None:
        """Stop listening, answer what is kept, and close every connection."""
        if self._server is not None:
            self._server.close()
        if self._door is not None:
            self._door.close()
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
        if connection in self._connections:  # taken before its TLS handshake
            return True
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

    async def _accept(self, door: socket.socket, tls: ssl.SSLContext) -> None:
        """Take connections one by one, so that no byte is read before TLS is around it."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                sender, peer = await loop.sock_accept(door)
            except OSError:  # gone again already, or this process has too many files open
                await asyncio.sleep(ACCEPT_AGAIN_SECONDS)
                continue
            connection = Connection(self)
            if self.admits(connection, peer[0]):
                self._spawn(self._handshake(connection, sender, tls))
            else:
                sender.close()

    async def _handshake(
        self, connection: Connection, sender: socket.socket, tls: ssl.SSLContext
    ) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.connect_accepted_socket(
                lambda: connection,
                sender,
                ssl=tls,
                ssl_handshake_timeout=HANDSHAKE_SECONDS_MAX,
            )
        except (OSError, TimeoutError) as error:
            reason = getattr(error, "reason", None) or type(error).__name__
            self.troubles.note(f"TLS handshake failed: {str(reason).replace('_', ' ').lower()}")
            self.gone(connection)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

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


def bound(host: str, port: int) -> socket.socket:
    """Return a socket at this address that is not listening yet."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.settimeout(0)  # sock_accept waits, not this socket
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind((host, port))
    return door


def _host_and_port(door: socket.socket) -> tuple[str, int]:
    address = door.getsockname()
    return address[0], address[1]
