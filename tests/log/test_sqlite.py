from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import apsw
import pytest
from tests.contracts.log_contract import Bench, LogContract, draft, numbered
from tests.log.faulty_disk import FaultyDisk

from wardlight.log import schema
from wardlight.log.chain import verify
from wardlight.log.contract import Log, LogBroken, LogFull, LogInUse, stream
from wardlight.log.sqlite import INSERT, TAIL_ENTRIES, WAL_PAGES, open_log
from wardlight.log.sqlite_reader import FETCH, HEAD, READ, open_reader

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ALL_FILES = ("",)


class SqliteBench:
    def __init__(self, folder: Path, key: bytes | None = None) -> None:
        self.folder = folder
        self.key = key
        self.opened: list[Log] = []

    def open(self) -> Log:
        self.opened.append(open_log(self.folder, "gen-1", key=self.key))
        return self.opened[-1]


class TestSqliteLog(LogContract):
    @pytest.fixture
    def bench(self, tmp_path: Path) -> Iterator[Bench]:
        bench = SqliteBench(tmp_path / "log")
        yield bench
        for log in bench.opened:
            log.close()


class TestEncryptedSqliteLog(LogContract):
    @pytest.fixture
    def bench(self, tmp_path: Path) -> Iterator[Bench]:
        bench = SqliteBench(tmp_path / "log", bytes(range(32)))
        yield bench
        for log in bench.opened:
            log.close()


@pytest.fixture
def disk() -> Iterator[FaultyDisk]:
    with FaultyDisk() as disk:
        yield disk


def tamper(folder: Path, sql: str) -> None:
    """Change the store behind the log's back."""
    connection = apsw.Connection(str(folder / "log.db"))
    connection.execute(sql)
    assert connection.changes()
    connection.close()


def kept(folder: Path, count: int) -> None:
    log = open_log(folder, "gen-1")
    log.append(numbered(count))
    log.close()


# Durable


def test_one_append_of_many_drafts_makes_one_sync(tmp_path: Path, disk: FaultyDisk) -> None:
    log = open_log(tmp_path, "gen-1", vfs=disk.name)
    log.append(numbered(1))
    disk.syncs.clear()
    log.append(numbered(64))
    assert disk.syncs == ["log.db-wal"]
    log.close()


def test_a_failed_sync_stops_the_log_for_good(tmp_path: Path, disk: FaultyDisk) -> None:
    log = open_log(tmp_path, "gen-1", vfs=disk.name)
    log.append(numbered(3))
    disk.sync_fails = True
    with pytest.raises(LogBroken):
        log.append([draft()])
    disk.sync_fails = False
    disk.syncs.clear()
    with pytest.raises(LogBroken) as refused:
        log.append([draft()])
    assert refused.value.problem.retry == "unknown"
    assert [entry.position for entry in stream(log)] == [1, 2, 3]
    log.close()
    assert disk.syncs == []


def test_a_failed_sync_of_a_checkpoint_stops_the_log_too(tmp_path: Path, disk: FaultyDisk) -> None:
    log = open_log(tmp_path, "gen-1", vfs=disk.name)
    log.append([draft(bytes((WAL_PAGES + 1) * schema.PAGE_BYTES))])
    disk.sync_fails = True
    with pytest.raises(LogBroken):
        log.append([draft()])
    disk.sync_fails = False
    log.close()
    reopened = open_log(tmp_path, "gen-1")
    assert reopened.head().position == 1
    reopened.close()


@pytest.mark.parametrize("size", [10, 2**23])
def test_a_full_disk_loses_nothing_and_refuses_no_reading(
    tmp_path: Path, disk: FaultyDisk, size: int
) -> None:
    log = open_log(tmp_path, "gen-1", vfs=disk.name)
    log.append(numbered(3))
    disk.full = ALL_FILES
    with pytest.raises(LogFull) as refused:
        log.append([draft(), draft(bytes(size))])
    assert refused.value.problem.retry == "later"
    assert len(log.read(0, 100)) == 3
    disk.full = ()
    assert log.append([draft()])[0].position == 4
    assert verify(stream(log)) is None
    log.close()


def test_a_log_opens_and_is_read_on_a_full_disk(tmp_path: Path, disk: FaultyDisk) -> None:
    kept(tmp_path, 3)
    disk.full = ALL_FILES
    log = open_log(tmp_path, "gen-1", vfs=disk.name)
    assert [entry.position for entry in stream(log)] == [1, 2, 3]
    log.close()


def test_an_append_that_finds_room_succeeds_though_a_checkpoint_does_not(
    tmp_path: Path, disk: FaultyDisk
) -> None:
    log = open_log(tmp_path, "gen-1", vfs=disk.name)
    log.append([draft(bytes((WAL_PAGES + 1) * schema.PAGE_BYTES))])
    disk.full = ("log.db",)
    assert log.append([draft()])[0].position == 2
    assert verify(stream(log)) is None
    disk.full = ()
    log.close()


def test_the_wal_begins_anew_when_it_has_grown(tmp_path: Path) -> None:
    log = open_log(tmp_path, "gen-1")
    for _ in range(8):
        log.append([draft(bytes(8 * 2**20))])
    assert (tmp_path / "log.db-wal").stat().st_size < 3 * WAL_PAGES * schema.PAGE_BYTES
    log.close()


# One writer, many readers


def test_a_second_writer_is_told_that_the_log_is_in_use(tmp_path: Path) -> None:
    log = open_log(tmp_path, "gen-1")
    with pytest.raises(LogInUse):
        open_log(tmp_path, "gen-1")
    log.close()
    open_log(tmp_path, "gen-1").close()


def test_a_second_process_is_told_that_the_log_is_in_use(tmp_path: Path) -> None:
    log = open_log(tmp_path, "gen-1")
    command = [sys.executable, "-m", "tests.log.appender", str(tmp_path), "1"]
    second = subprocess.run(  # noqa: S603 -- our own module
        command,
        capture_output=True,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        cwd=ROOT,
        timeout=30,
        check=False,
    )
    assert b"LogInUse" in second.stderr
    assert second.stdout == b""
    log.close()


def test_a_reader_beside_the_writer_sees_each_append(tmp_path: Path) -> None:
    log = open_log(tmp_path, "gen-1")
    reader = open_reader(tmp_path)
    assert reader.node == "gen-1"
    entries = log.append(numbered(3))
    assert reader.read(0, 10) == entries
    reader.close()
    log.close()


def test_a_reader_of_an_empty_folder_is_told_that_there_is_no_log(tmp_path: Path) -> None:
    with pytest.raises(LogBroken, match="there is no log"):
        open_reader(tmp_path)


def test_charts_are_read_while_entries_are_appended(tmp_path: Path) -> None:
    log = open_log(tmp_path, "gen-1")
    log.append(numbered(10))
    appending = Thread(target=lambda: [log.append(numbered(20)) for _ in range(50)])
    appending.start()
    lengths = [len(log.fetch([3, 1, 2])) for _ in range(200)]
    appending.join(timeout=30)
    assert lengths == [3] * 200
    assert log.head().position == 1_010
    log.close()


# Damage


@pytest.mark.parametrize("position", [301, 450, 500])
def test_damage_in_the_tail_is_named_at_opening(tmp_path: Path, position: int) -> None:
    kept(tmp_path, 500)
    tamper(tmp_path, f"UPDATE entry SET body = X'00' WHERE position = {position}")  # noqa: S608 -- a test's own
    with pytest.raises(LogBroken, match=f"position {position} changed"):
        open_log(tmp_path, "gen-1")


def test_damage_before_the_tail_is_found_by_verifying_all(tmp_path: Path) -> None:
    kept(tmp_path, TAIL_ENTRIES + 10)
    tamper(tmp_path, "UPDATE entry SET author = 'EVIL' WHERE position = 4")
    log = open_log(tmp_path, "gen-1")
    fault = verify(stream(log))
    assert fault is not None
    assert fault.position == 4
    log.close()


def test_a_damaged_log_can_still_be_read(tmp_path: Path) -> None:
    kept(tmp_path, 3)
    tamper(tmp_path, "UPDATE entry SET body = X'00' WHERE position = 2")
    reader = open_reader(tmp_path)
    assert [entry.position for entry in reader.read(0, 10)] == [1, 2, 3]
    reader.close()


def test_an_entry_gone_from_the_middle_is_named(tmp_path: Path) -> None:
    kept(tmp_path, TAIL_ENTRIES + 10)
    tamper(tmp_path, "DELETE FROM entry WHERE position = 4")
    log = open_log(tmp_path, "gen-1")
    with pytest.raises(LogBroken, match="position 4 is missing"):
        log.fetch([3, 4, 5])
    log.close()


def test_a_file_that_is_no_log_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"not a database at all" * 1_000)
    with pytest.raises(LogBroken) as refused:
        open_log(tmp_path, "gen-1")
    assert refused.value.problem.code == "log.unreadable"


# Opening


def test_another_nodes_log_is_refused(tmp_path: Path) -> None:
    kept(tmp_path, 1)
    with pytest.raises(LogBroken, match="belongs to node gen-1, not gen-2"):
        open_log(tmp_path, "gen-2")


def test_the_log_of_a_later_release_is_refused(tmp_path: Path) -> None:
    kept(tmp_path, 1)
    tamper(tmp_path, "INSERT INTO schema VALUES (1000, 1000)")
    with pytest.raises(LogBroken, match="the log has schema 1000"):
        open_log(tmp_path, "gen-1")


@pytest.mark.parametrize("version", ["3.40.1", "3.51.2"])
def test_an_affected_sqlite_is_refused(version: str) -> None:
    with pytest.raises(LogBroken, match="can corrupt a log"):
        schema.refuse_old_sqlite(version)


@pytest.mark.parametrize("version", ["3.51.3", "3.54.0", "4.0"])
def test_a_mended_sqlite_is_taken(version: str) -> None:
    schema.refuse_old_sqlite(version)


def test_folder_and_files_are_closed_to_other_accounts(tmp_path: Path) -> None:
    log = open_log(tmp_path / "log", "gen-1")
    log.append([draft()])
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "log").iterdir()}
    assert {"log.db", "log.db-wal", "log.db-shm", "reserve", "writer.lock"} == modes.keys()
    assert set(modes.values()) == {0o600}
    log.close()


def test_an_encrypted_log_opens_with_its_key_alone(tmp_path: Path) -> None:
    log = open_log(tmp_path, "gen-1", key=bytes(range(32)))
    log.append([draft(b"Zebra, Test")])
    assert not any(b"Zebra" in path.read_bytes() for path in tmp_path.iterdir())
    log.close()
    for wrong in (None, bytes(32)):
        with pytest.raises(LogBroken, match="another key"):
            open_log(tmp_path, "gen-1", key=wrong)


# SQL


@pytest.mark.parametrize("sql", [READ, FETCH, HEAD])
def test_no_hot_query_scans_the_log(tmp_path: Path, sql: str) -> None:
    kept(tmp_path, 1)
    connection = apsw.Connection(str(tmp_path / "log.db"))
    given = (1,) * sql.count("?")
    plan = " / ".join(str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", given))
    connection.close()
    assert "SEARCH entry USING INTEGER PRIMARY KEY" in plan
    assert "SCAN entry" not in plan
    assert "TEMP B-TREE" not in plan


def test_an_entry_is_never_replaced(tmp_path: Path) -> None:
    kept(tmp_path, 1)
    connection = apsw.Connection(str(tmp_path / "log.db"))
    row = (1, "GEN", "adt", "EPIC", "", "hl7v2.message", 1, 0, 0, b"", b"")
    with pytest.raises(apsw.ConstraintError):
        connection.execute(INSERT, row)
    connection.close()
