"""`wardlight send`: files of HL7 v2 to a receiver, with a count of the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from wardlight.outputs.hl7_sender import Tally, send_all
from wardlight.run.addresses import address
from wardlight.run.commands.say import (
    EXIT_FAILED,
    EXIT_NOT_FOUND,
    document,
    fail,
    line,
    progress,
    progress_done,
    warn,
)
from wardlight.wire.hl7v2.batch import split

TOLD_EVERY = 200  # messages between two words on progress


def run_send(files: list[Path], *, to: str, as_json: bool) -> None:
    """Send every message of every file, in order; end with 1 unless all were accepted."""
    try:
        host, port = address(to)
    except ValueError as error:
        fail(str(error))
    for file in files:
        if not file.is_file():
            fail(f"{file}: there is no such file", EXIT_NOT_FOUND)
    try:
        tally = asyncio.run(send_all(_messages(files), host, port, told=_tell))
    except (OSError, TimeoutError) as error:
        reason = getattr(error, "strerror", None) or "no answer"
        fail(f"{to}: cannot connect ({reason}); is the node running?", EXIT_FAILED)
    progress_done()
    _report(tally, as_json=as_json)
    if tally.accepted < tally.sent:
        raise SystemExit(EXIT_FAILED)


def _messages(files: list[Path]) -> Iterator[bytes]:
    for file in files:
        batch = split(file.read_bytes())
        if not batch.messages:
            warn(f"{file}: holds no HL7 message, nothing of it was sent")
        yield from batch.messages


def _tell(tally: Tally) -> None:
    if tally.sent % TOLD_EVERY == 0:
        progress(f"{tally.sent} sent, {tally.accepted} accepted")


def _report(tally: Tally, *, as_json: bool) -> None:
    counts = {
        "sent": tally.sent,
        "accepted": tally.accepted,
        "rejected": tally.rejected,
        "unanswered": tally.unanswered,
    }
    if as_json:
        document("wardlight.send.1", counts)
    else:
        line(", ".join(f"{count} {word}" for word, count in counts.items()))
