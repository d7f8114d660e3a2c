"""What every test of durability gets: a trial to fill in, and a folder that syncs quickly."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import TypeAlias

import pytest
from tests.durability.sizes import Trial, note

NewTrial: TypeAlias = Callable[[str, int], Trial]
MEMORY = Path("/dev/shm")  # noqa: S108 -- Linux's file system in memory


@pytest.fixture
def new_trial(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Iterator[NewTrial]:
    """Give a trial of a promise; when the test ends, print and record what came of it."""
    trials: list[Trial] = []

    def begin(promise: str, n: int) -> Trial:
        trials.append(Trial(promise, n, []))
        return trials[-1]

    began, failed = monotonic(), request.session.testsfailed
    yield begin
    for trial in trials:
        if request.session.testsfailed > failed and not trial.violations:
            trial.violations.append("the test ended before its time")
        line = note(trial, request.node.name, monotonic() - began)
        print(line)  # noqa: T201 -- shown by pytest when the test fails, or with -s
        for name, value in line.items():
            record_property(name, value)


@pytest.fixture
def scratch() -> Iterator[Path]:
    """Give a folder in memory where there is one: images are many and need no true sync."""
    where = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="wardlight-", dir=where) as folder:
        yield Path(folder)
