"""python-hl7's own asyncio server, storing what it reads before it answers."""

from __future__ import annotations

import asyncio

import hl7
from hl7.mllp import HL7StreamReader, HL7StreamWriter, start_hl7_server
from store import Row, Store, announce, arguments


class Commits:
    """One commit for all messages that wait in this turn of the event loop."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.waiting: list[tuple[Row, asyncio.Future[None]]] = []

    async def keep(self, row: Row) -> None:
        loop = asyncio.get_running_loop()
        stored: asyncio.Future[None] = loop.create_future()
        if not self.waiting:
            loop.call_soon(self.commit)
        self.waiting.append((row, stored))
        await stored

    def commit(self) -> None:
        batch, self.waiting = self.waiting, []
        self.store.keep_all([row for row, _ in batch])
        for _, stored in batch:
            stored.set_result(None)


async def serve(port: int, store: Store, *, group: bool) -> None:
    """Answer every message with the library's own ACK, after it is stored."""
    commits = Commits(store)

    async def converse(reader: HL7StreamReader, writer: HL7StreamWriter) -> None:
        try:
            while not reader.at_eof():
                message = await reader.readmessage()
                row = row_of(message)
                if group:
                    await commits.keep(row)
                else:
                    store.keep(row)
                writer.writemessage(message.create_ack(ack_code="AA"))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await start_hl7_server(converse, "127.0.0.1", port, encoding="utf-8", limit=2**20)
    announce(port)
    async with server:
        await server.serve_forever()


def row_of(message: hl7.Message) -> Row:
    """Read kind, control id and MRN off the parsed message."""
    return (
        f"{message['MSH.F9.R1.C1']}^{message['MSH.F9.R1.C2']}",
        str(message["MSH.F10"]),
        str(message["PID.F3.R1.C1"]),
        str(message).encode(),
    )


if __name__ == "__main__":
    chosen = arguments()
    asyncio.run(serve(chosen.port, Store(chosen.data), group=chosen.commit == "group"))
