from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.contracts.log_contract import AT, numbered

from wardlight.log.contract import LogReader
from wardlight.log.mirroring import copy_rest
from wardlight.log.sqlite import open_log
from wardlight.record.instants import Instant
from wardlight.record.sources import Site
from wardlight.run.keeping.mirror import Mirror, mirror_reader, opened
from wardlight.run.keeping.node_log import NodeLog, node_log
from wardlight.run.settings import LogSettings, Settings

SITES = (Site(code="GEN", name="General"),)
SETTINGS = Settings(sites=SITES, log=LogSettings(mirror="usb"))
NOW = Instant(AT + 1)


@pytest.fixture
def where(tmp_path: Path) -> NodeLog:
    """Return the log of a node killed after 1,200 entries, the last 60 only in its hot WAL."""
    where = node_log(tmp_path, SETTINGS)
    with contextlib.closing(where.open()) as log:
        log.append(numbered(1_140))
        log.sign_head()
    log = where.open()
    for _ in range(6):
        log.append(numbered(10))
    log.sign_head()
    shutil.copytree(tmp_path / "log", tmp_path / "killed")
    log.close()
    mirror(where)
    shutil.rmtree(tmp_path / "log")
    (tmp_path / "killed").rename(tmp_path / "log")
    return where


def mirror(where: NodeLog) -> None:
    keeper = Mirror(where)
    keeper.start()
    keeper.stop()


def flip(path: Path, at: int) -> None:
    body = bytearray(path.read_bytes())
    body[at] ^= 4
    path.write_bytes(body)


def lose_tail(where: NodeLog) -> None:
    wal = where.folder / "log" / "log.db-wal"
    flip(wal, wal.stat().st_size // 2)


def lose_page(where: NodeLog) -> None:
    flip(where.folder / "log" / "log.db", 8 * 16_384 + 100)


def lose_head(where: NodeLog) -> None:
    flip(where.folder / "log" / "log.db", 100)


def lose_all(where: NodeLog) -> None:
    shutil.rmtree(where.folder / "log")


def said(log: LogReader) -> str:
    return log.fetch([log.head().position])[0].body.decode()


def kept(where: NodeLog) -> list[bytes]:
    """Return the seals of all entries that were acknowledged."""
    with contextlib.closing(mirror_reader(where)) as copy:
        return [entry.chain for entry in copy.read(0, 10_000)]


def test_the_mirror_follows_the_log_with_the_same_seals(where: NodeLog) -> None:
    assert len(kept(where)) == 1_200
    with contextlib.closing(where.open()) as log:
        log.append(numbered(2_500))
        mirror(where)
        assert kept(where) == [entry.chain for entry in log.read(0, 10_000)]


def test_a_sound_log_is_opened_without_a_word(where: NodeLog) -> None:
    found = opened(where, NOW)
    assert (found.alarm, found.reader.head().position) == (None, 1_200)
    found.reader.close()


def test_a_tail_lost_by_one_flipped_bit_is_brought_back(where: NodeLog) -> None:
    lose_tail(where)
    found = opened(where, NOW)
    assert found.alarm is None
    assert [entry.chain for entry in found.reader.read(0, 1_200)] == kept(where)
    assert "entries were brought back" in said(found.reader)
    assert found.reader.fetch([1_201])[0].source == "log"
    found.reader.close()


@pytest.mark.parametrize("lose", [lose_page, lose_head, lose_all])
def test_a_damaged_log_is_written_anew(where: NodeLog, lose: Callable[[NodeLog], None]) -> None:
    lose(where)
    found = opened(where, NOW)
    assert found.alarm is None
    assert [entry.chain for entry in found.reader.read(0, 1_200)] == kept(where)
    assert "all 1,200 entries were written anew" in said(found.reader)
    assert (where.folder / "log.damaged-1" / "log.db").exists() == (lose is not lose_all)
    found.reader.close()


def test_a_mirror_that_contradicts_the_witness_repairs_nothing(
    where: NodeLog, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(where.folder / "usb")
    with contextlib.closing(
        open_log(where.folder / "usb", where.name, key=where.keys.store())
    ) as forged:
        forged.append([*numbered(1_199), *numbered(1)])
    lose_tail(where)
    found = opened(where, NOW)
    assert found.log is None
    assert found.alarm is not None
    assert "the mirror is not trusted" in capsys.readouterr().err
    found.reader.close()


def test_what_the_mirror_did_not_have_yet_comes_from_the_damaged_log(where: NodeLog) -> None:
    shutil.rmtree(where.folder / "usb")
    with (
        contextlib.closing(where.read()) as log,
        contextlib.closing(
            open_log(where.folder / "whole", where.name, key=where.keys.store())
        ) as whole,
        contextlib.closing(
            open_log(where.folder / "usb", where.name, key=where.keys.store())
        ) as late,
    ):
        copy_rest(log, whole)
        late.append(numbered(1_100))
    lose_page(where)
    found = opened(where, NOW)
    assert found.alarm is None
    assert found.reader.head().position == 1_201
    found.reader.close()


def test_a_mirror_that_is_far_behind_replaces_nothing(
    where: NodeLog, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(where.folder / "usb")
    with contextlib.closing(
        open_log(where.folder / "usb", where.name, key=where.keys.store())
    ) as late:
        late.append(numbered(10))
    lose_page(where)
    opened(where, NOW).reader.close()
    assert "would not be whole" in capsys.readouterr().err
    assert not (where.folder / "log.damaged-1").exists()


def test_a_power_cut_between_the_two_renamings_is_finished(where: NodeLog) -> None:
    (where.folder / "log").rename(where.folder / "log.mending")
    found = opened(where, NOW)
    assert (found.alarm, found.reader.head().position) == (None, 1_200)
    found.reader.close()


def test_a_mirror_of_another_log_is_never_written_to(where: NodeLog) -> None:
    shutil.rmtree(where.folder / "usb")
    with contextlib.closing(
        open_log(where.folder / "usb", where.name, key=where.keys.store())
    ) as other:
        other.append(numbered(10)[::-1])
    keeper = Mirror(where)
    keeper.start()
    keeper.stop()
    row = keeper.row(1_200)
    assert row is not None
    assert row.said == "not kept: entry 10 of the mirror is not that of the log"
    assert len(kept(where)) == 10
