from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import apsw
import pytest
from tests.contracts.log_contract import numbered

from wardlight.log.chain import Head
from wardlight.log.checkpoint import Checkpoint
from wardlight.log.heads import Witness
from wardlight.log.sqlite import open_log
from wardlight.log.sqlite_reader import SqliteReader, open_reader
from wardlight.log.tree import root_at
from wardlight.log.verifying import Remembered, Verification, Verified, check_pages, verify_log

NOTHING = Witness(None, ())
KEY = bytes(range(32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a log of 600 entries, not encrypted so that it can be forged."""
    kept(tmp_path / "log")
    return tmp_path / "log"


def kept(folder: Path, key: bytes | None = None) -> None:
    log = open_log(folder, "gen-1", key=key)
    log.append(numbered(600))
    log.close()


def forge(folder: Path, sql: str) -> None:
    connection = apsw.Connection(str(folder / "log.db"))
    connection.execute(sql)
    assert connection.changes()
    connection.close()


def witness_of(log: SqliteReader, *sizes: int) -> Witness:
    heads = [Checkpoint("wardlight/gen-1", size, root_at(size, log.subtree)) for size in sizes]
    return Witness(log.head(), tuple(heads))


def found(folder: Path, seen: Witness = NOTHING) -> Verified:
    reader = open_reader(folder)
    verified = verify_log(reader, seen)
    reader.close()
    return verified


def test_a_whole_log_is_verified_to_its_end_with_every_head(folder: Path) -> None:
    reader = open_reader(folder)
    verified = verify_log(reader, witness_of(reader, 0, 1, 255, 256, 257, 600))
    assert (verified.ok, verified.entries, verified.head) == (True, 600, reader.head())
    assert verified.root == root_at(600, reader.subtree)


def test_progress_is_told_for_each_slice(folder: Path) -> None:
    reader = open_reader(folder)
    verification = Verification(reader, NOTHING)
    assert verification.step(250)
    assert verification.progress == (250, 600)


@pytest.mark.parametrize("column", ["body = x'00'", "author = 'forged'", "occurred = 1"])
def test_a_changed_entry_is_named_by_its_position(folder: Path, column: str) -> None:
    forge(folder, f"UPDATE entry SET {column} WHERE position = 300")  # noqa: S608 -- constants
    verified = found(folder)
    assert (verified.ok, verified.first_bad) == (False, 300)
    assert verified.findings[0].code == "log.chain-broken"


def test_an_entry_cut_from_the_middle_is_named(folder: Path) -> None:
    forge(folder, "DELETE FROM entry WHERE position = 300")
    assert found(folder).first_bad == 300


def test_a_log_forged_with_its_chain_is_found_by_a_head(folder: Path, tmp_path: Path) -> None:
    other = open_log(tmp_path / "other", "gen-1")
    other.append([*numbered(599), *numbered(1)])
    other.close()
    reader = open_reader(folder)
    verified = found(tmp_path / "other", witness_of(reader, 599, 600))
    assert [one.code for one in verified.findings] == ["log.forked", "log.forked"]


def test_a_changed_root_of_a_block_is_named(folder: Path) -> None:
    forge(folder, "UPDATE subtree SET root = zeroblob(32) WHERE number = 1")
    verified = found(folder)
    assert [(one.code, one.position) for one in verified.findings] == [("log.root-changed", 257)]


def test_a_lost_tail_is_found_by_the_tail_file(folder: Path) -> None:
    verified = found(folder, Witness(Head(612, sha256(b"").digest()), ()))
    assert verified.first_bad == 601
    assert "12 are gone" in verified.findings[0].because


def test_what_cannot_be_read_of_the_witness_is_a_finding(folder: Path) -> None:
    assert found(folder, Witness(None, (), ("head 3 is torn",))).findings[0].because == (
        "head 3 is torn"
    )


def test_the_beginning_of_a_root_is_enough_to_know_a_head(folder: Path) -> None:
    reader = open_reader(folder)
    printed = Remembered(500, root_at(500, reader.subtree)[:8], "print")
    forged = Remembered(500, bytes(8), "a forged print")
    assert verify_log(reader, NOTHING, [printed]).ok
    assert not verify_log(reader, NOTHING, [forged]).ok


def test_a_flipped_bit_of_a_page_is_found_and_its_first_entry_named(tmp_path: Path) -> None:
    kept(tmp_path, KEY)
    store = tmp_path / "log.db"
    body = bytearray(store.read_bytes())
    body[-3 * 16_384 + 100] ^= 1
    store.write_bytes(body)
    assert check_pages(tmp_path, key=KEY)[0].code == "store.damaged"
    reader = open_reader(tmp_path, key=KEY)
    verified = verify_log(reader, NOTHING)
    assert verified.findings[0].code == "log.unreadable"
    assert verified.first_bad == verified.entries + 1
    assert 0 < verified.entries < 600


def test_the_pages_of_a_whole_log_are_sound(tmp_path: Path) -> None:
    kept(tmp_path, KEY)
    assert check_pages(tmp_path, key=KEY) == []


def test_a_log_with_another_key_is_a_finding(tmp_path: Path) -> None:
    kept(tmp_path, KEY)
    assert check_pages(tmp_path, key=bytes(32))[0].code == "store.damaged"
