"""The floor in Python: asyncio (uvloop where present), SQLite group commit, nothing read.

Every message that arrived in one turn of the loop goes into one transaction (WAL,
synchronous FULL); then all are acknowledged. Only MSH-10 is looked at, for the ACK.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
from pathlib import Path

try:
    import uvloop as loops
except ImportError:
    loops = asyncio  # type: ignore[misc]

INSERT = "INSERT INTO message (control_id, bytes) VALUES (?, ?)"
ACK = b"\x0bMSH|^~\\&|FLOOR|TEST|EHR|TEST|20261122120000||ACK|F%b|P|2.5.1\rMSA|AA|%b\r\x1c\r"


class Commits:
    """All rows of one turn, one commit, then the answers."""

    def __init__(self, path: Path) -> None:
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA synchronous=FULL")
        self.database.execute(
            "CREATE TABLE message (position INTEGER PRIMARY KEY, control_id BLOB, bytes BLOB)"
        )
        self.rows: list[tuple[bytes, bytes]] = []
        self.answers: list[tuple[asyncio.WriteTransport, bytes]] = []

    def take(self, transport: asyncio.WriteTransport, message: bytes) -> None:
        control_id = message.split(b"|", 10)[9]
        if not self.rows:
            asyncio.get_running_loop().call_soon(self.commit)
        self.rows.append((control_id, message))
        self.answers.append((transport, ACK % (control_id, control_id)))

    def commit(self) -> None:
        self.database.execute("BEGIN")
        self.database.executemany(INSERT, self.rows)
        self.database.execute("COMMIT")
        for transport, ack in self.answers:
            transport.write(ack)
        self.rows, self.answers = [], []


class Mllp(asyncio.Protocol):
    """Cuts the stream into frames."""

    def __init__(self, commits: Commits) -> None:
        self.commits = commits
        self.rest = b""
        self.transport: asyncio.WriteTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport) or hasattr(transport, "write")
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        *frames, self.rest = (self.rest + data).split(b"\x1c\r")
        for frame in frames:
            self.commits.take(self.transport, frame.removeprefix(b"\x0b"))


async def serve(folder: Path, port: int) -> None:
    commits = Commits(folder / "floor.db")
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Mllp(commits), "127.0.0.1", port, backlog=512)
    print(f'{{"mllp": "127.0.0.1:{port}"}}', flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    loops.run(serve(options.data, options.port))
