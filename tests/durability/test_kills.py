"""P1: no acknowledged entry is lost when the process dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import pytest
from tests.durability.appender import Job
from tests.durability.sizes import MARKS, chance, size
from tests.durability.store import (
    KEYS,
    Promised,
    broken_after_reopening,
    broken_promise,
    opened,
)

from wardlight.log.chain import BEGINNING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.durability.conftest import NewTrial

pytestmark = MARKS
ROOT = Path(__file__).parents[2]
LIFE_SECONDS = 0.030
KILLS_OF_ONE_FOLDER = 50
WAL_PAGES = (4, 64, 1_024)  # the smallest brings the WAL into the database at each append


@pytest.fixture
def appenders() -> Iterator[subprocess.Popen[bytes]]:
    """Start the process that makes the processes to kill."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.durability.appender"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        cwd=ROOT,
    ) as appenders:
        yield appenders
        assert appenders.stdin is not None
        appenders.stdin.close()
        appenders.wait(timeout=10)


class Life(NamedTuple):
    """What one process said before it was killed."""

    promises: list[Promised]
    failure: str


def tell(appenders: subprocess.Popen[bytes], line: bytes) -> None:
    assert appenders.stdin is not None
    appenders.stdin.write(line + b"\n")
    appenders.stdin.flush()


def lived(appenders: subprocess.Popen[bytes], job: Job, seconds: float) -> Life:
    """Have one process append for so long, kill it, and return what it was promised.

    Every second one is given the time to open its log, however busy the machine is.
    """
    assert appenders.stdout is not None
    tell(appenders, msgspec.json.encode(job))
    word, pid = appenders.stdout.readline().split()
    assert word == b"pid"
    if job.name % 2:
        assert appenders.stdout.readline() == b"open\n"
    sleep(seconds)  # the fault itself, not a wait for something
    os.kill(int(pid), signal.SIGKILL)
    tell(appenders, b"bury")
    promises, failure = [], ""
    while (words := appenders.stdout.readline().split())[0] != b"gone":
        if words[0] == b"kept":
            promises.append(Promised(int(words[1]), bytes.fromhex(words[2].decode())))
        elif words[0] != b"open":
            failure = b" ".join(words).decode()
    return Life(promises, failure)


def killed_again_and_again(
    appenders: subprocess.Popen[bytes], folder: Path, kills: range, *, key: bytes | None
) -> Iterator[str]:
    """Give which promise each kill broke; at the end the whole log is compared once more."""
    dice = chance("kills", kills.start)
    pages = dice.choice(WAL_PAGES)
    promises: list[Promised] = []
    head = BEGINNING
    for number in kills:
        job = Job(str(folder), number, key, pages)
        life = lived(appenders, job, dice.uniform(0, LIFE_SECONDS))
        promises += life.promises
        log = opened(folder, key=key)
        yield life.failure or broken_promise(log, life.promises, head)
        head = log.head()
        log.close()
    assert promises, "the processes died before they had begun"
    yield broken_after_reopening(folder, promises, key=key)


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_no_promised_entry_is_lost_by_a_kill_at_any_moment(
    tmp_path: Path,
    appenders: subprocess.Popen[bytes],
    new_trial: NewTrial,
    key: bytes | None,
) -> None:
    trial = new_trial("P1", size("kills", short=300, long=20_000))
    for first in range(0, trial.n, KILLS_OF_ONE_FOLDER):
        kills = range(first, min(first + KILLS_OF_ONE_FOLDER, trial.n))
        folder = tmp_path / str(first)
        for broken in killed_again_and_again(appenders, folder, kills, key=key):
            trial.check(not broken, f"{first}: {broken}")
    assert trial.violations == []
