"""The listener on a real loopback socket: who is answered what, and when."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from wardlight.feeds.intake import Intake
from wardlight.feeds.limits import ListenerLimits
from wardlight.feeds.mllp_server import MllpServer
from wardlight.feeds.senders import Senders
from wardlight.log.contract import LogBroken, LogFull
from wardlight.log.memory import MemoryLog
from wardlight.record import catalogue
from wardlight.record.entry import Draft, Entry
from wardlight.record.instants import Instant
from wardlight.record.problems import Problem, Retry
from wardlight.record.sources import Source
from wardlight.wire.mllp import Frame, Unframer, frame

NOW = Instant(1_795_314_660_000)
ADT = b"MSH|^~\\&|EHR|MMH|WL|WL|20261122023100||ADT^A01|%d|P|2.5.1\rPID|1||%d^^^MMH^MR\r"


class Unfolded:
    """Views that only remember what they were given."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def apply(self, entry: Entry) -> None:
        self.entries.append(entry)


class Port:
    """A listener, its log and its views."""

    def __init__(self, server: MllpServer, log: MemoryLog, views: Unfolded) -> None:
        self.server = server
        self.log = log
        self.views = views
        self.broken: list[Problem] = []
        self.at: tuple[str, int] = ("", 0)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(*self.at)

    async def exchange(self, data: bytes, answers: int) -> list[bytes]:
        """Send bytes and return that many answers."""
        reader, writer = await self.connect()
        writer.write(data)
        got = await read_answers(reader, answers)
        writer.close()
        await writer.wait_closed()
        return got

    def kept(self) -> list[Entry]:
        return self.log.read(0, 1000)


async def read_answers(reader: asyncio.StreamReader, count: int) -> list[bytes]:
    unframer = Unframer()
    got: list[bytes] = []
    while len(got) < count:
        chunk = await asyncio.wait_for(reader.read(65536), 5)
        assert chunk, "the listener closed the connection"
        got += [item.message for item in unframer.feed(chunk) if isinstance(item, Frame)]
    return got


async def until(done: object, seconds: float = 5.0) -> None:
    """Give the loop turns until `done()` holds."""
    assert callable(done)
    latest = asyncio.get_running_loop().time() + seconds
    while not done():
        assert asyncio.get_running_loop().time() < latest, "it did not happen in time"
        await asyncio.sleep(0.005)


async def is_closed(reader: asyncio.StreamReader) -> bool:
    """Say whether the other side hung up without a word."""
    try:
        return await asyncio.wait_for(reader.read(), 5) == b""
    except ConnectionError:
        return True


@asynccontextmanager
async def listening(
    log: MemoryLog | None = None,
    limits: ListenerLimits | None = None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Port]:
    log = log or MemoryLog("test")
    views = Unfolded()
    broken: list[Problem] = []
    intake = Intake(log, views, loop=asyncio.get_running_loop(), broken=broken.append)
    senders = Senders(Source(name="port", site="MMH"))
    server = MllpServer(intake, senders, clock=lambda: NOW, limits=limits, tls=tls)
    port = Port(server, log, views)
    port.broken = broken
    port.at = await server.start("127.0.0.1", 0)
    try:
        yield port
    finally:
        await server.stop()


def msa(answer: bytes) -> bytes:
    return answer.split(b"\r")[1]


def test_a_message_is_answered_aa_with_its_own_id_and_kept_as_sent() -> None:
    async def play() -> None:
        async with listening() as port:
            (answer,) = await port.exchange(frame(ADT % (7, 1)), 1)
            assert msa(answer) == b"MSA|AA|7"
            assert [entry.body for entry in port.kept()] == [ADT % (7, 1)]
            assert port.kept()[0].source == "EHR@MMH"
            await until(lambda: port.views.entries == port.kept())

    asyncio.run(play())


def test_pipelined_messages_are_answered_in_order() -> None:
    async def play() -> None:
        async with listening() as port:
            sent = b"".join(frame(ADT % (number, 1)) for number in range(600))
            answers = await port.exchange(sent, 600)
            assert [msa(answer) for answer in answers] == [b"MSA|AA|%d" % n for n in range(600)]

    asyncio.run(play())


def test_one_frame_with_two_messages_gets_one_frame_with_two_answers() -> None:
    async def play() -> None:
        async with listening() as port:
            (answer,) = await port.exchange(frame(ADT % (1, 1) + ADT % (2, 2)), 1)
            assert [part for part in answer.split(b"\r") if part.startswith(b"MSA")] == [
                b"MSA|AA|1",
                b"MSA|AA|2",
            ]
            assert [entry.body for entry in port.kept()] == [ADT % (1, 1), ADT % (2, 2)]

    asyncio.run(play())


def test_what_is_not_hl7_is_refused_and_kept() -> None:
    async def play() -> None:
        async with listening() as port:
            (answer,) = await port.exchange(frame(b"GET / HTTP/1.1"), 1)
            assert msa(answer).startswith(b"MSA|AR|")
            assert [entry.body for entry in port.kept()] == [b"GET / HTTP/1.1"]

    asyncio.run(play())


class FullLog(MemoryLog):
    """A disk without room until somebody makes some."""

    full = True

    def append(self, drafts: Sequence[Draft]) -> list[Entry]:
        if self.full:
            raise LogFull(Problem("log.full", "disk", "the disk is full", Retry.LATER))
        return super().append(drafts)


def test_a_full_disk_answers_ae_and_the_next_try_is_kept() -> None:
    async def play() -> None:
        log = FullLog("test")
        async with listening(log) as port:
            (answer,) = await port.exchange(frame(ADT % (1, 1)), 1)
            assert msa(answer) == b"MSA|AE|1"
            assert port.server.intake.full is not None
            log.full = False
            (answer,) = await port.exchange(frame(ADT % (1, 1)), 1)
            assert msa(answer) == b"MSA|AA|1"
            assert len(port.kept()) == 1

    asyncio.run(play())


class BrokenLog(MemoryLog):
    """A disk whose sync fails."""

    def append(self, drafts: Sequence[Draft]) -> list[Entry]:
        assert drafts
        raise LogBroken(Problem("log.broken", "disk", "a sync failed", Retry.UNKNOWN))


def test_a_failed_sync_is_never_answered_aa_and_ends_the_node() -> None:
    async def play() -> None:
        async with listening(BrokenLog("test")) as port:
            (answer,) = await port.exchange(frame(ADT % (1, 1)), 1)
            assert msa(answer) == b"MSA|AE|1"
            assert [problem.code for problem in port.broken] == ["log.broken"]

    asyncio.run(play())


def test_a_frame_cut_off_is_kept_as_truncated_and_not_answered() -> None:
    async def play() -> None:
        async with listening() as port:
            reader, writer = await port.connect()
            writer.write(b"\x0b" + ADT[:40])
            writer.write_eof()
            assert await asyncio.wait_for(reader.read(), 5) == b""
            await until(port.kept)
            assert [(e.kind, e.body) for e in port.kept()] == [
                (catalogue.HL7V2_TRUNCATED, ADT[:40])
            ]

    asyncio.run(play())


def test_a_message_above_the_limit_is_refused_and_its_beginning_kept() -> None:
    async def play() -> None:
        async with listening(limits=ListenerLimits(frame_bytes_max=1000)) as port:
            (answer,) = await port.exchange(frame(ADT % (9, 1) + b"OBX|" + b"x" * 5000), 1)
            assert msa(answer) == b"MSA|AR|9"
            (entry,) = port.kept()
            assert entry.kind == catalogue.HL7V2_OVERSIZED
            assert entry.body.startswith(ADT % (9, 1))

    asyncio.run(play())


def test_too_many_connections_are_refused_and_the_others_go_on() -> None:
    async def play() -> None:
        async with listening(limits=ListenerLimits(connections_max=1)) as port:
            reader, writer = await port.connect()
            writer.write(frame(ADT % (1, 1)))
            await read_answers(reader, 1)
            refused, _ = await port.connect()
            assert await is_closed(refused)
            writer.write(frame(ADT % (2, 1)))
            assert [msa(a) for a in await read_answers(reader, 1)] == [b"MSA|AA|2"]
            assert any(entry.kind == catalogue.LINK_TROUBLE for entry in port.kept())

    asyncio.run(play())


def test_an_address_that_is_not_on_the_list_is_refused() -> None:
    async def play() -> None:
        async with listening(limits=ListenerLimits(peers=("10.0.0.0/8",))) as port:
            reader, _ = await port.connect()
            assert await is_closed(reader)
            await until(port.kept)
            assert port.kept()[0].body == (
                b"connection refused: the address is not on this feed's list"
            )

    asyncio.run(play())


def test_unfinished_messages_of_all_senders_are_bounded_together() -> None:
    async def play() -> None:
        async with listening(limits=ListenerLimits(partial_bytes_max=100_000)) as port:
            writers = [(await port.connect())[1] for _ in range(4)]
            for writer in writers:
                writer.write(b"\x0b" + b"x" * 40_000)
            await until(lambda: any(e.kind == catalogue.LINK_TROUBLE for e in port.kept()))
            assert port.server.partial_bytes() <= 100_000 + 40_000

    asyncio.run(play())
