"""The listener with TLS: who may speak, and what the links screen says of the others."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
from tests.feeds.certificates import Authority
from tests.feeds.test_mllp_server import ADT, Port, listening, msa, read_answers, until

from wardlight.feeds.tls import listener_context
from wardlight.record import catalogue
from wardlight.wire.mllp import frame

Run = Callable[[Coroutine[None, None, None]], None]


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Return how to run a play on each loop a node may run on: they begin TLS differently."""
    module = pytest.importorskip(request.param)

    def played(play: Coroutine[None, None, None]) -> None:
        with asyncio.Runner(loop_factory=module.new_event_loop) as runner:
            runner.run(play)

    return played


def asking_for_certificates(authority: Authority) -> ssl.SSLContext:
    certificate, key = authority.issue("listener")
    return listener_context(certificate, key, authority.certificate)


def sender_of(trusted: Authority, signer: Authority | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(trusted.certificate))
    if signer is not None:
        certificate, key = signer.issue("sender")
        context.load_cert_chain(certificate, key)
    return context


async def answered(port: Port, context: ssl.SSLContext) -> bytes:
    reader, writer = await asyncio.open_connection(
        *port.at, ssl=context, server_hostname="localhost"
    )
    writer.write(frame(ADT % (1, 1)))
    (answer,) = await read_answers(reader, 1)
    writer.close()
    return answer


def troubles(port: Port) -> list[bytes]:
    return [entry.body for entry in port.kept() if entry.kind == catalogue.LINK_TROUBLE]


def test_a_sender_with_a_certificate_of_our_authority_is_answered(tmp_path: Path, run: Run) -> None:
    async def play() -> None:
        ours = Authority(tmp_path)
        async with listening(tls=asking_for_certificates(ours)) as port:
            assert msa(await answered(port, sender_of(ours, ours))) == b"MSA|AA|1"

    run(play())


def test_a_sender_without_a_certificate_is_refused_with_the_reason(
    tmp_path: Path, run: Run
) -> None:
    async def play() -> None:
        ours = Authority(tmp_path)
        async with listening(tls=asking_for_certificates(ours)) as port:
            _, writer = await asyncio.open_connection(
                *port.at, ssl=sender_of(ours, None), server_hostname="localhost"
            )
            await until(lambda: troubles(port))
            writer.close()
            assert troubles(port) == [b"TLS handshake failed: peer did not return a certificate"]

    run(play())


def test_a_sender_of_another_authority_is_refused_with_the_reason(tmp_path: Path, run: Run) -> None:
    async def play() -> None:
        ours, foreign = Authority(tmp_path), Authority(tmp_path, "Foreign")
        async with listening(tls=asking_for_certificates(ours)) as port:
            _, writer = await asyncio.open_connection(
                *port.at, ssl=sender_of(ours, foreign), server_hostname="localhost"
            )
            await until(lambda: troubles(port))
            writer.close()
            assert troubles(port) == [b"TLS handshake failed: certificate verify failed"]

    run(play())


def test_plain_hl7_on_a_tls_port_is_named_and_never_read(tmp_path: Path, run: Run) -> None:
    async def play() -> None:
        ours = Authority(tmp_path)
        async with listening(tls=asking_for_certificates(ours)) as port:
            _, writer = await port.connect()
            writer.write(frame(ADT % (1, 1)))
            await until(lambda: troubles(port))
            writer.close()
            assert [entry.kind for entry in port.kept()] == [catalogue.LINK_TROUBLE]
            assert troubles(port)[0].startswith(b"TLS handshake failed: ")

    run(play())


def test_bytes_that_are_there_before_the_handshake_are_never_read_as_hl7(
    tmp_path: Path, run: Run
) -> None:
    async def play() -> None:
        async with listening(tls=asking_for_certificates(Authority(tmp_path))) as port:
            with socket.create_connection(port.at) as sender:
                sender.sendall(frame(ADT % (1, 1)))  # before the listener gets its turn
                await until(lambda: troubles(port))
            assert [entry.kind for entry in port.kept()] == [catalogue.LINK_TROUBLE]

    run(play())


def test_a_silent_connection_keeps_no_other_sender_from_its_handshake(
    tmp_path: Path, run: Run
) -> None:
    async def play() -> None:
        ours = Authority(tmp_path)
        async with listening(tls=asking_for_certificates(ours)) as port:
            with socket.create_connection(port.at):
                assert msa(await answered(port, sender_of(ours, ours))) == b"MSA|AA|1"

    run(play())
