from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest
from msgspec.structs import replace
from tests.contracts.log_contract import AT, draft

from wardlight.log import schema, sqlite_reader
from wardlight.log.chain import verify
from wardlight.log.contract import Log, stream
from wardlight.log.heads import Witness
from wardlight.log.memory import MemoryLog
from wardlight.log.mirroring import copy_rest
from wardlight.log.retention import due, emptied, remove
from wardlight.log.sqlite import SqliteLog, open_log
from wardlight.log.tree import root_at
from wardlight.log.verifying import Verified, verify_log
from wardlight.record.entry import Entry
from wardlight.record.instants import DAY, Instant

KEY = bytes(range(32))
SIZE = 700  # two whole segments and a part of one
NOW = Instant(AT + 500 * DAY)
NOBODY = Witness(None, ())
KILLED = 77
STEPS_SKIPPED = 37


def understood(entry: Entry) -> bytes | None:
    """Return what these tests take for the meaning of a message; every tenth is not understood."""
    return None if entry.position % 10 == 0 else b"meaning of %d" % entry.position


def filled(log: Log) -> Log:
    for start in range(0, SIZE, 100):
        log.append([draft(b"ZEBRA secret %d" % n) for n in range(start, start + 100)])
    return log


@pytest.fixture(params=["memory", "sqlite"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    log = MemoryLog("gen-1") if request.param == "memory" else open_log(tmp_path, "gen-1", key=KEY)
    yield filled(log)
    log.close()


def emptied_all(log: Log, before: Instant = NOW) -> int:
    count = 0
    for segment in [*due(log, before)]:
        gone = emptied(segment, understood)
        if gone:
            remove(log, gone, NOW)
        count += len(gone)
    return count


def verified(log: Log) -> Verified:
    return verify_log(log, NOBODY)


def test_whole_segments_lose_their_bodies_and_every_hash_still_verifies(log: Log) -> None:
    seals = [entry.chain for entry in stream(log)]
    root = root_at(SIZE, log.subtree)
    assert emptied_all(log) == 512 - 51
    entries = list(stream(log))
    assert [entry.chain for entry in entries][:SIZE] == seals
    assert root_at(SIZE, log.subtree) == root
    assert verify(entries) is None
    assert verified(log).ok
    assert (entries[0].body, entries[0].meaning) == (b"", b"meaning of 1")
    assert (entries[9].body, entries[9].meaning) == (b"ZEBRA secret 9", b"")
    assert entries[512].body == b"ZEBRA secret 512"
    assert log.fetch([1]) == entries[:1]


def test_a_segment_with_one_message_that_is_young_stays_whole(log: Log) -> None:
    log.append([replace(one, recorded=NOW) for one in (draft(), draft())])
    assert emptied_all(log, Instant(AT + DAY)) == 512 - 51
    assert emptied_all(log, Instant(AT)) == 0


def test_nothing_is_removed_twice(log: Log) -> None:
    emptied_all(log)
    last = log.head().position
    assert emptied_all(log) == 0
    assert log.head().position == last


def test_the_log_goes_on_behind_it(log: Log) -> None:
    emptied_all(log)
    log.append([draft(b"later")])
    assert verified(log).ok


def test_a_copy_follows_whether_it_copied_before_or_after(log: Log, tmp_path: Path) -> None:
    early, late = (open_log(tmp_path / name, "gen-1", key=KEY) for name in ("early", "late"))
    copy_rest(log, early)
    emptied_all(log)
    for copy in (early, late):
        copy_rest(log, copy)
        assert list(stream(copy)) == list(stream(log))
        assert verified(copy).ok
        copy.close()


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE meaning SET packed = x'00' WHERE position = 7", "retention.meaning-changed"),
        ("DELETE FROM meaning WHERE position = 7", "retention.meaning-changed"),
        ("UPDATE entry SET body = x'00' WHERE position = 7", "log.chain-broken"),
        ("UPDATE entry SET body_hash = x'00' WHERE position = 7", "log.chain-broken"),
        ("UPDATE entry SET body_hash = NULL WHERE position = 7", "log.chain-broken"),
    ],
)
def test_what_stands_for_a_message_cannot_be_changed_unseen(
    tmp_path: Path, sql: str, code: str
) -> None:
    log = filled(open_log(tmp_path, "gen-1"))
    emptied_all(log)
    log.close()
    connection = apsw.Connection(str(tmp_path / "log.db"))
    connection.execute(sql)
    connection.close()
    log = open_log(tmp_path, "gen-1")
    assert code in {finding.code for finding in verified(log).findings}
    log.close()


def test_a_body_removed_without_the_log_saying_so_is_found(tmp_path: Path) -> None:
    log = filled(open_log(tmp_path, "gen-1"))
    [entry] = log.fetch([7])
    [bare] = emptied([entry], understood)
    log.remove_bodies([replace(bare, meaning=b"forged")], [])
    [finding] = verified(log).findings
    assert (finding.code, finding.position) == ("retention.unattested", 7)
    log.close()


def test_a_removed_body_is_nowhere_in_the_files_any_more(tmp_path: Path) -> None:
    log = filled(open_log(tmp_path, "gen-1"))  # without a key, so that the files can be searched
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"ZEBRA secret 300" in everything
    emptied_all(log)
    log.close()
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"ZEBRA secret 300" not in everything
    assert b"ZEBRA secret 600" in everything


def test_a_segment_too_big_for_one_read_goes_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, copy = (open_log(tmp_path / name, "gen-1", key=KEY) for name in ("log", "copy"))
    filled(log)
    copy_rest(log, copy)
    monkeypatch.setattr(sqlite_reader, "READ_BYTES_MAX", 1_000)
    assert emptied_all(log) == 512 - 51
    copy_rest(log, copy)
    assert list(stream(copy)) == list(stream(log))
    assert verified(log).ok
    log.close()
    copy.close()


def test_nobody_waits_for_somebody_who_reads(tmp_path: Path) -> None:
    log = filled(open_log(tmp_path, "gen-1", key=KEY))
    other = schema.connect(tmp_path, key=KEY)
    other.execute("BEGIN")
    assert other.execute("SELECT count(*) FROM entry").get == SIZE
    assert emptied_all(log) == 512 - 51
    assert log.append([draft(b"later")])[0].position == SIZE + 3
    other.close()
    log.close()


def test_what_a_later_release_forbade_stays_forbidden(tmp_path: Path) -> None:
    open_log(tmp_path, "gen-1").close()
    connection = schema.connect(tmp_path, key=None)
    connection.execute("INSERT INTO schema VALUES (4, 3)")
    schema.forbid_before(connection, schema.RETENTION)
    assert schema.schema_of(connection) == (4, 3)
    connection.close()


def killed_at(step: int, folder: Path) -> bool:
    """Remove one segment in a process that dies at its n-th statement; say if it came so far."""
    child = os.fork()
    if not child:
        log = open_log(folder, "gen-1", key=KEY)
        log._writer.exec_trace = _dying(step)  # noqa: SLF001 -- to die inside its transaction
        remove(log, emptied(next(due(log, NOW)), understood), NOW)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED


def _dying(step: int) -> Callable[..., bool]:
    left = [step]

    def counted(*_: object) -> bool:
        left[0] -= 1
        if left[0] < 0:
            os._exit(KILLED)
        return True

    return counted


def removed_in(log: SqliteLog) -> int:
    entries = log.read(0, SIZE)
    assert all(entry.body or entry.meaning for entry in entries)
    assert verified(log).ok
    return sum(bool(entry.body_hash) for entry in entries)


def test_a_removal_cut_short_at_any_statement_has_not_begun(tmp_path: Path) -> None:
    filled(open_log(tmp_path, "gen-1", key=KEY)).close()
    steps = 0
    while killed_at(steps, tmp_path):
        log = open_log(tmp_path, "gen-1", key=KEY)
        found, last = removed_in(log), log.head().position
        log.close()
        assert (found, last) == (0, SIZE)
        steps += STEPS_SKIPPED
    assert steps > 5 * STEPS_SKIPPED
    log = open_log(tmp_path, "gen-1", key=KEY)
    assert removed_in(log) == 256 - 25
    log.close()
