"""Makes processes that append until they are killed.

One line of JSON in, one process out: forked from this one, which has everything loaded
already, so that hundreds of kills take seconds. A line "pid" names the new process, a line
"open" says that its log is open, a line "kept" each entry it was promised. The next line in has
it buried, a line "gone" says so: until then its number can be no other process's.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec
from tests.durability.sizes import chance
from tests.durability.store import opened, some_drafts

from wardlight.log import sqlite
from wardlight.log.contract import LogError


class Job(msgspec.Struct):
    """What a process is to append, and where."""

    folder: str
    name: int  # of its dice
    key: bytes | None
    wal_pages: int


def say(*words: object) -> None:
    """Write one line at once: shorter than PIPE_BUF, so a kill cannot tear it."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def append_until_killed(job: Job) -> None:
    say("pid", os.getpid())
    sqlite.WAL_PAGES = job.wal_pages
    dice = chance("appender", job.name)
    log = opened(Path(job.folder), key=job.key)
    say("open")
    while True:
        for entry in log.append(some_drafts(dice)):
            say("kept", entry.position, entry.chain.hex())


def main() -> None:
    for line in sys.stdin.buffer:
        child = os.fork()
        if child == 0:
            try:
                append_until_killed(msgspec.json.decode(line, type=Job))
            except LogError as error:
                say("failed", error)
            finally:
                os._exit(1)
        sys.stdin.buffer.readline()
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    main()
