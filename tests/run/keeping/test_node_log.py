from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.contracts.log_contract import AT, numbered

from wardlight.log.chain import Head
from wardlight.log.contract import LogBroken
from wardlight.log.heads import Heads
from wardlight.record.instants import Instant
from wardlight.record.sources import Site
from wardlight.run.keeping.key_file import KeyFileError
from wardlight.run.keeping.node_log import NodeLog, node_log, trusted
from wardlight.run.settings import Settings

SETTINGS = Settings(sites=(Site(code="GEN", name="General"),))
NOW = Instant(AT + 1)


@pytest.fixture
def where(tmp_path: Path) -> NodeLog:
    """Return a node's log of 60 entries whose node was killed: its WAL is still hot."""
    where = node_log(tmp_path, SETTINGS)
    where.open().close()  # the tables are in the database, what follows only in the WAL
    log = where.open()
    for batch in range(6):
        log.append(numbered(10))
        log.sign_head()
        assert log.head().position == 10 * (batch + 1)
    shutil.copytree(tmp_path / "log", tmp_path / "killed")
    log.close()
    shutil.rmtree(tmp_path / "log")
    (tmp_path / "killed").rename(tmp_path / "log")
    return where


def flip(path: Path, at: float, bit: int = 4) -> None:
    body = bytearray(path.read_bytes())
    body[int(len(body) * at)] ^= bit
    path.write_bytes(body)


def test_a_log_that_is_what_its_witness_remembers_is_opened_to_write(where: NodeLog) -> None:
    opened = trusted(where, NOW)
    assert (opened.alarm, opened.log) == (None, opened.reader)
    opened.reader.close()


def test_a_tail_lost_by_one_flipped_bit_is_noticed_and_the_rest_is_readable(
    where: NodeLog,
) -> None:
    flip(where.folder / "log" / "log.db-wal", 0.5)
    opened = trusted(where, NOW)
    assert opened.log is None
    assert opened.alarm is not None
    assert "entry 60 was acknowledged" in opened.alarm.because
    assert 0 < opened.reader.head().position < 60
    assert opened.reader.read(0, 100)[0].body == b"message 1"
    opened.reader.close()


def test_damage_is_found_again_and_nothing_of_it_is_tidied_away(where: NodeLog) -> None:
    flip(where.folder / "log" / "log.db-wal", 0.5)
    before = (where.folder / "log" / "log.db-wal").read_bytes()
    for _ in range(2):
        opened = trusted(where, NOW)
        assert opened.alarm is not None
        opened.reader.close()
    assert (where.folder / "log" / "log.db-wal").read_bytes() == before


def test_a_log_whose_first_start_was_cut_short_is_begun_again(tmp_path: Path) -> None:
    where = node_log(tmp_path, SETTINGS)
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "log.db").touch()
    opened = trusted(where, NOW)
    assert opened.log is not None
    opened.log.close()


def test_a_log_that_lost_everything_is_not_begun_again(where: NodeLog) -> None:
    for path in (where.folder / "log").iterdir():
        path.unlink()
    (where.folder / "log" / "log.db").touch()
    with pytest.raises(LogBroken):
        trusted(where, NOW)


def test_an_accepted_loss_is_written_down_and_the_log_goes_on(where: NodeLog) -> None:
    flip(where.folder / "log" / "log.db-wal", 0.5)
    opened = trusted(where, NOW, accept_loss=True)
    assert opened.log is not None
    last = opened.log.head().position
    assert b"entry 60 was acknowledged" in opened.log.fetch([last])[0].body
    opened.log.close()
    again = trusted(where, NOW)
    assert again.alarm is None
    again.reader.close()


def test_a_log_put_back_from_an_older_copy_is_noticed(where: NodeLog, tmp_path: Path) -> None:
    older = node_log(tmp_path / "older", SETTINGS)
    log = older.open()
    log.append(numbered(60))
    log.close()
    for file in ("log.db-wal", "log.db-shm"):
        (where.folder / "log" / file).unlink()
    moved = NodeLog(tmp_path / "older", SETTINGS, where.keys)
    with pytest.raises(LogBroken, match="another key"):
        moved.open()


def test_another_entry_in_the_place_of_an_acknowledged_one_is_noticed(where: NodeLog) -> None:
    heads = Heads(where.witness_folder, where.name, where.keys)
    heads.begin_anew(Head(60, bytes(32)))
    heads.close()
    opened = trusted(where, NOW)
    assert opened.alarm is not None
    assert opened.alarm.code == "log.forked"
    opened.reader.close()


def test_a_signed_head_of_another_log_is_noticed(where: NodeLog) -> None:
    heads = Heads(where.witness_folder, where.name, where.keys)
    heads.sign(59, bytes(32))
    heads.close()
    opened = trusted(where, NOW)
    assert opened.alarm is not None
    assert "first 59 entries" in opened.alarm.because
    opened.reader.close()


def test_a_changed_witness_is_doubted_and_the_log_still_opens(where: NodeLog) -> None:
    flip(where.witness_folder / "tail", 0.5)
    flip(where.witness_folder / "heads", 0.99, 1)
    opened = trusted(where, NOW)
    assert opened.alarm is None
    opened.reader.close()
    assert len(where.seen(newest=None).doubts) >= 1


def test_without_its_key_a_log_is_not_opened_and_no_new_key_is_made(where: NodeLog) -> None:
    (where.folder / "node.key").unlink()
    with pytest.raises(KeyFileError, match="keys recover"):
        node_log(where.folder, SETTINGS)


def test_a_damaged_key_file_is_named(where: NodeLog) -> None:
    flip(where.folder / "node.key", 0.5, 1)
    with pytest.raises(KeyFileError, match=r"damaged|no key file"):
        node_log(where.folder, SETTINGS)


def test_the_key_lies_where_the_settings_say(tmp_path: Path) -> None:
    settings = Settings(sites=SETTINGS.sites, keys=type(SETTINGS.keys)(file="usb/gen.key"))
    node_log(tmp_path, settings).open().close()
    assert (tmp_path / "usb" / "gen.key").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "node.key").exists()
