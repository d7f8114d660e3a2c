"""Who is measured. Any server is a command line that listens on a port and says so."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tools

ROOT = tools.HERE.parent
Role = Literal["floor", "peer", "wardlight", "variant"]
Command = Callable[[Path, int], list[str]]


@dataclass(frozen=True)
class Server:
    """One row of the table.

    `commit` says when a message is on disk before its answer: a commit for each message,
    or one for all that wait. `in_gate` is whether the row counts as "best of the peers".
    """

    name: str
    role: Role
    command: Command
    commit: Literal["each", "group"]
    store: str
    reconnect: bool = False
    in_gate: bool = True


def wardlight(data: Path, port: int) -> list[str]:
    """The product, as an operator starts it."""
    program = Path(sys.executable).with_name("wardlight")
    if not program.exists():
        raise tools.MissingError("the wardlight command is not installed beside this Python")
    where = ["--data", str(data), "--site", "TEST"]
    return [
        str(program), "up", *where,
        "--http", "127.0.0.1:0", "--mllp", f"127.0.0.1:{port}", "--json",
    ]  # fmt: skip


def plain_wardlight(data: Path, port: int) -> list[str]:
    """The product without encryption and witness, as it is never run."""
    return [sys.executable, str(tools.HERE / "plain_node.py"), *wardlight(data, port)[1:]]


def aegis_wardlight(data: Path, port: int) -> list[str]:
    """The product with its documented faster cipher."""
    data.mkdir(parents=True, exist_ok=True)
    (data / "wardlight.toml").write_text('[log]\ncipher = "aegis"\n', "utf-8")
    return wardlight(data, port)


def c_floor(data: Path, port: int) -> list[str]:
    return [str(tools.compiled("floor")), str(data / "floor.log"), str(port)]


def asyncio_floor(data: Path, port: int) -> list[str]:
    script = str(tools.HERE / "floor_asyncio.py")
    return [sys.executable, script, "--data", str(data), "--port", str(port)]


def python_peer(script: str, *more: str) -> Command:
    def command(data: Path, port: int) -> list[str]:
        python, path = str(tools.peers_python()), str(tools.PEERS / script)
        return [python, path, "--data", str(data), "--port", str(port), *more]

    return command


def node_peer(script: str, *more: str) -> Command:
    def command(data: Path, port: int) -> list[str]:
        node, path = tools.peers_node(), str(tools.PEERS / script)
        return [node, path, "--data", str(data), "--port", str(port), *more]

    return command


GROUP = ("--commit", "group")
FULL = "SQLite WAL FULL"
PLAIN = "variant: Wardlight, no encryption, no witness"
SERVERS = (
    Server("floor: C, epoll", "floor", c_floor, "group", "file, fdatasync"),
    Server("floor: asyncio", "floor", asyncio_floor, "group", FULL),
    Server("simple-hl7 3.3.0", "peer", node_peer("simple_hl7_server.mjs"), "each", FULL),
    Server("@medplum/hl7 4.5.2", "peer", node_peer("medplum_server.mjs"), "each", FULL),
    Server(
        "node-hl7-server 2.5.0", "peer", node_peer("node_hl7_server.mjs"), "each", FULL,
        reconnect=True,
    ),
    Server(
        "hl7apy 1.3.5, MSH and PID only", "peer",
        python_peer("hl7apy_server.py", "--read", "needed"), "each", FULL, reconnect=True,
    ),
    Server(
        "hl7apy 1.3.5", "peer", python_peer("hl7apy_server.py"), "each", FULL, reconnect=True,
    ),
    Server("python-hl7 0.4.5", "peer", python_peer("python_hl7_server.py"), "each", FULL),
    Server(
        "simple-hl7 + our group commit", "peer", node_peer("simple_hl7_server.mjs", *GROUP),
        "group", FULL, in_gate=False,
    ),
    Server(
        "@medplum/hl7 + our group commit", "peer", node_peer("medplum_server.mjs", *GROUP),
        "group", FULL, in_gate=False,
    ),
    Server(
        PLAIN, "variant", plain_wardlight, "group", "its log, not encrypted", in_gate=False,
    ),
    Server(
        "variant: Wardlight, AEGIS", "variant", aegis_wardlight, "group", "its log", in_gate=False,
    ),
    Server("Wardlight", "wardlight", wardlight, "group", "its log, encrypted"),
)  # fmt: skip
