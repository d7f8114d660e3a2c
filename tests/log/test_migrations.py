"""P26: an upgrade may be cut short at any step, and taken back by one release."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.contracts.log_contract import numbered
from tests.durability.conftest import NewTrial

from wardlight.log import schema, sqlite
from wardlight.log.contract import LogBroken, stream
from wardlight.log.heads import Witness
from wardlight.log.retention import emptied
from wardlight.log.sqlite import SqliteLog, open_log
from wardlight.log.sqlite_reader import open_reader
from wardlight.log.verifying import verify_log

if TYPE_CHECKING:
    import apsw

KEY = bytes(range(32))
KILLED = 77
ALL = schema.MIGRATIONS
STEPS_MAX = 200


@pytest.fixture
def before(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Be the release before this one: its tables are those of the first migration."""
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", ALL[:-1])
        yield patch


def opened(folder: Path) -> SqliteLog:
    return open_log(folder, "gen-1", key=KEY)


def left_by(folder: Path, count: int = 5) -> None:
    log = opened(folder)
    log.append(numbered(count))
    log.close()


def version(folder: Path) -> int:
    connection = schema.connect(folder, key=KEY)
    found = schema.schema_of(connection)[0]
    connection.close()
    return found


def killed_at(step: int, folder: Path) -> bool:
    """Open the log in a process that dies at its n-th statement; say whether it came so far."""
    child = os.fork()
    if not child:
        _die_at(step)
        opened(folder).append(numbered(1))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED


def _die_at(step: int) -> None:
    left = [step]
    real = schema.connect

    def counted(*_: object) -> bool:
        left[0] -= 1
        if left[0] < 0:
            os._exit(KILLED)
        return True

    def connect(folder: Path, **how: object) -> apsw.Connection:
        connection = real(folder, **how)  # type: ignore[arg-type]
        connection.exec_trace = counted
        return connection

    setattr(sqlite, "connect", connect)  # noqa: B010 -- the name it was imported under


def test_an_upgrade_cut_short_at_any_statement_loses_nothing(
    tmp_path: Path, before: pytest.MonkeyPatch, new_trial: NewTrial
) -> None:
    left_by(tmp_path)
    assert version(tmp_path) == len(ALL) - 1
    trial = new_trial("P26", 0)
    before.setattr(schema, "MIGRATIONS", ALL)
    steps = 0
    while killed_at(steps, tmp_path):
        reader = open_reader(tmp_path, key=KEY)
        bodies = [entry.body for entry in reader.read(0, 5)]
        trial.check(bodies == [one.body for one in numbered(5)], f"step {steps}")
        reader.close()
        steps += 1
        trial.n = steps
        assert steps < STEPS_MAX
    assert steps > 5
    assert trial.violations == []
    log = opened(tmp_path)
    assert verify_log(log, Witness(None, ())).ok
    log.close()
    assert version(tmp_path) == len(ALL)


def test_an_upgrade_is_taken_back_and_made_again(
    tmp_path: Path, before: pytest.MonkeyPatch
) -> None:
    for count, migrations in enumerate((ALL[:-1], ALL, ALL[:-1], ALL), 1):
        before.setattr(schema, "MIGRATIONS", migrations)
        left_by(tmp_path)
        log = opened(tmp_path)
        assert len(list(stream(log))) == 5 * count
        assert verify_log(log, Witness(None, ())).ok
        log.close()


def test_the_log_of_the_release_before_is_read_without_being_changed(
    tmp_path: Path, before: pytest.MonkeyPatch
) -> None:
    left_by(tmp_path)
    before.setattr(schema, "MIGRATIONS", ALL)
    reader = open_reader(tmp_path, key=KEY)
    assert len(reader.read(0, 10)) == len(reader.fetch([1, 2, 3, 4, 5])) == 5
    reader.close()
    assert version(tmp_path) == len(ALL) - 1


def test_once_a_message_was_removed_the_release_before_is_refused(
    tmp_path: Path, before: pytest.MonkeyPatch
) -> None:
    before.setattr(schema, "MIGRATIONS", ALL)
    log = opened(tmp_path)
    entries = log.append(numbered(3))
    log.remove_bodies(emptied(entries[:1], lambda _: b"meaning"), [])
    log.close()
    before.setattr(schema, "MIGRATIONS", ALL[:-1])
    with pytest.raises(LogBroken, match="this release knows"):
        opened(tmp_path)
