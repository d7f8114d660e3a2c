"""Takes blocks of downtime numbers and is killed at one line after another.

Forked once for each kill from this process, which has everything loaded already. Each block that
was given out is one line on stdout, shorter than PIPE_BUF, so that a kill cannot tear it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from wardlight.log.contract import stream
from wardlight.log.sqlite import open_log
from wardlight.record.entry import Draft, Entry
from wardlight.record.instants import Instant
from wardlight.run.number_blocks import NumberBlocks
from wardlight.views.patients.numbers import Numbers

WATCHED = ("number_blocks.py", "private_files.py", "backup_files.py")
WATCHED_HERE = ("write", "take")
LINES = 140  # of a life that takes two blocks
COPIED, TAKEN_BACK = 60, 120  # the log of the one life comes back in the other


def take_blocks(folder: Path) -> None:
    log = open_log(folder / "log", "RVR")
    numbers = Numbers()
    for entry in stream(log):
        numbers.take(entry)

    async def write(draft: Draft) -> Entry:
        entry = log.append([draft])[0]
        numbers.take(entry)
        return entry

    async def take() -> None:
        blocks = NumberBlocks(folder, numbers, write, clock=lambda: Instant(0))
        for station in ("ED-1", "4E-2"):
            given = await blocks.reserve("RVR", station)
            os.write(1, (" ".join(given) + "\n").encode())

    asyncio.run(take())


def kill_at(line: int) -> None:
    """Have this process killed when it comes to its n-th line on the way to a number."""
    lines = [0]

    def watch(frame: FrameType, event: str, _: Any) -> Any:
        code = frame.f_code
        if code.co_name.startswith("<"):
            return None
        here = code.co_name in WATCHED_HERE and code.co_filename == __file__
        if not (here or code.co_filename.endswith(WATCHED)):
            return None
        if event == "line":
            lines[0] += 1
            if lines[0] == line:
                os.kill(os.getpid(), signal.SIGKILL)
        return watch

    threading.settrace(watch)
    sys.settrace(watch)


def main(folder: Path, kills: int) -> None:
    for life in range(kills):
        if life == COPIED:
            shutil.copytree(folder / "log", folder / "older")
        if life == TAKEN_BACK:
            shutil.rmtree(folder / "log")
            shutil.copytree(folder / "older", folder / "log")
        child = os.fork()
        if child == 0:
            kill_at(life * 37 % LINES + 1)
            take_blocks(folder)
            os._exit(0)
        os.write(1, b"killed\n" if os.waitpid(child, 0)[1] == signal.SIGKILL else b"lived\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
