"""MLLP load client in Python, with the options and the JSON of load.c: used where no C compiler is.

It is slower than the C client: rates above its own ceiling say nothing about the server.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import struct
import time
from dataclasses import dataclass, field
from pathlib import Path

ACCEPTING = (b"AA", b"CA")
DRAIN_S = 3.0


@dataclass
class Tally:
    """What was sent and what came back."""

    sent: int = 0
    accepted: int = 0
    rejected: int = 0
    wrong_id: int = 0
    closed: int = 0
    size: int = 0
    first_s: float = 0.0
    last_s: float = 0.0
    latencies_us: list[float] = field(default_factory=list)

    def note(self, ack: bytes, control_id: bytes, sent_at: float) -> None:
        self.last_s = time.perf_counter()
        self.latencies_us.append((self.last_s - sent_at) * 1e6)
        fields = ack.partition(b"\rMSA|")[2].split(b"\r", 1)[0].split(b"|")
        if fields[0] not in ACCEPTING:
            self.rejected += 1
        elif len(fields) < 2 or fields[1] != control_id:  # noqa: PLR2004 - MSA-2
            self.wrong_id += 1
        else:
            self.accepted += 1

    def report(self) -> dict[str, float]:
        took = max(self.last_s - self.first_s, 1e-9)
        ranked = sorted(self.latencies_us) or [0.0]
        return {
            "sent": self.sent,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "wrong_id": self.wrong_id,
            "unanswered": self.sent - self.accepted - self.rejected - self.wrong_id,
            "closed": self.closed,
            "seconds": round(took, 4),
            "msg_s": round(self.accepted / took, 1),
            "bytes": self.size,
            "p50_us": round(ranked[len(ranked) // 2], 1),
            "p90_us": round(ranked[int(0.90 * (len(ranked) - 1))], 1),
            "p99_us": round(ranked[int(0.99 * (len(ranked) - 1))], 1),
            "max_us": round(ranked[-1], 1),
        }


class Feed:
    """The messages in order, again with other ids when they are used up."""

    def __init__(self, path: Path, options: argparse.Namespace, tally: Tally) -> None:
        self.messages = read_messages(path)
        self.options, self.tally = options, tally
        self.issued = 0

    def next(self) -> tuple[bytes, bytes] | None:
        elapsed = time.perf_counter() - self.tally.first_s
        if elapsed >= self.options.seconds or self.issued >= self.options.count:
            return None
        turn, at = divmod(self.options.skip + self.issued, len(self.messages))
        self.issued += 1
        message = self.messages[at]
        control_id = message.split(b"|", 10)[9]
        if turn:
            other = bytes((65 + turn // 26 % 26, 65 + turn % 26)) + control_id[2:]
            message = message.replace(control_id, other, 1)
            control_id = other
        self.tally.sent += 1
        self.tally.size += len(message)
        return message, control_id


def read_messages(path: Path) -> list[bytes]:
    """Return the messages of a file of length-prefixed messages."""
    raw, at, messages = path.read_bytes(), 0, []
    while at + 4 <= len(raw):
        (length,) = struct.unpack_from(">I", raw, at)
        messages.append(raw[at + 4 : at + 4 + length])
        at += 4 + length
    return messages


async def one_caller(feed: Feed, options: argparse.Namespace, tally: Tally) -> None:
    """Be one connection; one that the server closes ends here and is counted."""
    try:
        await one_connection(feed, options, tally)
    except (asyncio.IncompleteReadError, ConnectionError):
        tally.closed += 1


async def one_connection(feed: Feed, options: argparse.Namespace, tally: Tally) -> None:
    """Send until the feed ends, `window` messages at a time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", options.port)
    pause = options.connections / options.rate if options.rate else 0.0
    while True:
        waiting: list[tuple[bytes, float]] = []
        while len(waiting) < options.window and (item := feed.next()):
            writer.write(b"\x0b" + item[0] + b"\x1c\r")
            waiting.append((item[1], time.perf_counter()))
        if not waiting:
            break
        for control_id, sent_at in waiting:
            ack = await reader.readuntil(b"\x1c\r")
            tally.note(ack, control_id, sent_at)
        if options.reconnect:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", options.port)
        if pause:
            await asyncio.sleep(pause)
    writer.close()


async def run(options: argparse.Namespace) -> dict[str, float]:
    """Drive all connections; bounded by `seconds` plus the time unanswered messages get."""
    tally = Tally()
    feed = Feed(options.file, options, tally)
    tally.first_s = time.perf_counter()
    workers = [one_caller(feed, options, tally) for _ in range(options.connections)]
    with contextlib.suppress(TimeoutError):  # what is unanswered by then is counted as such
        await asyncio.wait_for(asyncio.gather(*workers), options.seconds + DRAIN_S)
    return tally.report()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--connections", type=int, default=1)
    parser.add_argument("--window", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--count", type=int, default=2**62)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--reconnect", action="store_true")
    print(json.dumps(asyncio.run(run(parser.parse_args()))))


if __name__ == "__main__":
    main()
