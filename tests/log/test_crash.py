from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from wardlight.log.chain import verify
from wardlight.log.contract import stream
from wardlight.log.sqlite import open_log

ROOT = Path(__file__).parents[2]
ROUNDS = 10
SEED = 20231126


def promised_until_killed(folder: Path, *, seed: int, appends: int) -> tuple[int, str]:
    """Return the last promise of an appender killed somewhere after its given append."""
    command = [sys.executable, "-m", "tests.log.appender", str(folder), str(seed)]
    paths = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=paths, cwd=ROOT) as child:  # noqa: S603 -- our own module
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(appends)]
        child.kill()
        lines += child.stdout.readlines()
    promises = [line.split() for line in lines if line.endswith(b"\n")]
    assert len(promises) >= appends
    position, chain = promises[-1]
    return int(position), chain.decode()


@pytest.mark.slow
def test_every_promised_entry_is_there_after_a_kill_at_any_moment(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 -- chance for a test
    for number in range(ROUNDS):
        appends = chance.randint(1, 120)
        position, chain = promised_until_killed(tmp_path, seed=number, appends=appends)
        log = open_log(tmp_path, "gen-1")
        assert log.head().position >= position, f"seed {SEED}, round {number}"
        assert log.fetch([position])[0].chain.hex() == chain
        assert verify(stream(log)) is None
        log.close()
