"""Backups: made while a node writes, sealed, signed, whole or not at all, and old ones let go."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import pyrage
import pytest
from tests.run.keeping.kept_log import CANARY, grow, node_of
from tests.run.test_usage import wardlight

from wardlight.log.backups import BackupError, read_header, write_backup
from wardlight.record.instants import HOUR, Instant
from wardlight.run.keeping.backup import back_up, back_up_when_due
from wardlight.run.keeping.backup_files import BackupInUseError, head_path, only_writer
from wardlight.run.node import Node
from wardlight.run.settings import read_settings

NOW = Instant(1_795_420_800_000)


def test_a_backup_is_made_while_the_node_goes_on_writing(tmp_path: Path) -> None:
    where = node_of(tmp_path / "node", 600)
    with closing(where.open()):
        done = back_up(where, tmp_path / "out", NOW, keep=7)
    assert (done.newest.head.size, done.newest.made) == (600, "2026-11-23T08:00:00+00:00")
    assert done.newest.path.name.startswith("MMH-000000000600-")
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()} == {0o600}


def test_no_name_of_a_patient_is_readable_in_a_backup(tmp_path: Path) -> None:
    done = back_up(node_of(tmp_path / "node", 50), tmp_path / "out", NOW, keep=7)
    said = [path.read_bytes() for path in (tmp_path / "out").iterdir()]
    assert done.written
    assert not any(CANARY in body or b"MSH|" in body for body in said)


def test_recipients_of_the_settings_can_open_it_too(tmp_path: Path) -> None:
    vault = pyrage.x25519.Identity.generate()
    more = f'\n[backup]\nrecipients = ["{vault.to_public()}"]\n'
    done = back_up(node_of(tmp_path / "node", 5, more=more), tmp_path / "out", NOW, keep=7)
    with done.newest.path.open("rb") as file:
        assert read_header(file, str(vault)).entries == 5


def test_a_wrong_recipient_is_named_and_nothing_is_left_behind(tmp_path: Path) -> None:
    where = node_of(tmp_path / "node", 5, more='\n[backup]\nrecipients = ["age1nobody"]\n')
    with pytest.raises(BackupError, match="age1nobody is no age recipient"):
        back_up(where, tmp_path / "out", NOW, keep=7)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".wardlight-backup.lock"]


def test_a_backup_that_fails_half_way_leaves_the_one_before_and_nothing_else(
    tmp_path: Path,
) -> None:
    where = node_of(tmp_path / "node", 500)
    back_up(where, tmp_path / "out", NOW, keep=1)
    before = sorted((tmp_path / "out").iterdir())
    grow(where, 900)

    def stop(_done: int, _last: int) -> None:
        raise BackupError("stopped")

    with pytest.raises(BackupError, match="stopped"):
        back_up(where, tmp_path / "out", NOW, keep=1, told=stop)
    assert sorted((tmp_path / "out").iterdir()) == before


def test_the_newest_are_kept_and_older_ones_go_with_their_heads(tmp_path: Path) -> None:
    where = node_of(tmp_path / "node")
    for day in range(4):
        grow(where, 10 * (day + 1))
        back_up(where, tmp_path / "out", Instant(NOW + day * 24 * HOUR), keep=2)
    kept = sorted(path.name[:16] for path in (tmp_path / "out").glob("MMH-*"))
    assert kept == ["MMH-000000000030"] * 2 + ["MMH-000000000040"] * 2


def test_a_log_that_has_not_grown_is_not_written_again_unless_its_backup_is_damaged(
    tmp_path: Path,
) -> None:
    where = node_of(tmp_path / "node", 10)
    path = back_up(where, tmp_path / "out", NOW, keep=1).newest.path
    assert not back_up(where, tmp_path / "out", NOW, keep=1).written
    path.write_bytes(path.read_bytes()[:-1])
    assert back_up(where, tmp_path / "out", NOW, keep=1).written


def test_a_log_that_lost_entries_pushes_no_good_backup_out(tmp_path: Path) -> None:
    where = node_of(tmp_path / "node", 10)
    path = back_up(where, tmp_path / "out", NOW, keep=1).newest.path
    (tmp_path / "node" / "log").rename(tmp_path / "lost")
    with closing(where.open()):
        pass
    # The new, empty log forgot what the witness remembers.
    with pytest.raises(BackupError, match="no backup is made of such a log"):
        back_up(where, tmp_path / "out", NOW, keep=1)
    assert path.exists()
    assert head_path(path).exists()


def test_two_backups_into_one_folder_do_not_mix(tmp_path: Path) -> None:
    where = node_of(tmp_path / "node", 10)
    with only_writer(tmp_path), pytest.raises(BackupInUseError, match="try again later"):
        back_up(where, tmp_path, NOW, keep=1)


def test_a_running_node_backs_up_when_the_last_one_is_a_day_old(tmp_path: Path) -> None:
    where = node_of(tmp_path / "node", 10, more='\n[backup]\nfolder = "out"\n')
    out = tmp_path / "node" / "out"
    for hours in (0, 23, 25):
        grow(where, 10 + hours)
        now = Instant(NOW + hours * HOUR)
        assert back_up_when_due(where, where.folder, now, lambda _done, _last: None) == ""
    assert len(list(out.glob("*.age"))) == 2


def test_a_running_node_says_why_its_backup_failed(tmp_path: Path) -> None:
    where = node_of(tmp_path / "node", 10, more='\n[backup]\nfolder = "out"\n')
    (where.folder / "out").write_text("a file in the way")
    said = back_up_when_due(where, where.folder, NOW, lambda _done, _last: None)
    assert said.startswith("the last backup failed: ")


def test_a_damaged_entry_is_named_and_not_backed_up(tmp_path: Path) -> None:
    where = node_of(tmp_path / "node", 300)
    with closing(where.read()) as log, (tmp_path / "out").open("wb") as file:
        read = log.read
        log.read = lambda after, limit: read(after + (after == 256), limit)  # type: ignore[method-assign]
        identity = pyrage.x25519.Identity.from_str(where.keys.age_identity())
        with pytest.raises(Exception, match="position 257 missing"):
            write_backup(log, file, [identity.to_public()], settings="", told=None)


def test_without_a_place_to_write_to_the_command_says_what_to_give(tmp_path: Path) -> None:
    node_of(tmp_path, 1)
    done = wardlight("backup", "--data", str(tmp_path))
    assert done.returncode == 2
    assert "--out DIR, or folder under [backup]" in done.stderr


async def _backed_up(folder: Path, *, stopped: bool) -> tuple[str, ...]:
    node = Node(folder, read_settings(folder), clock=lambda: NOW)
    node.open()
    if stopped:
        node.stop()
    await node.back_up()
    await node.close()
    return node.notices()


def test_a_node_backs_itself_up_while_it_runs(tmp_path: Path) -> None:
    node_of(tmp_path, 10, more='\n[backup]\nfolder = "out"\n')
    assert asyncio.run(_backed_up(tmp_path, stopped=False)) == ()
    assert len(list((tmp_path / "out").glob("*.age"))) == 1


def test_a_node_that_is_stopped_does_not_wait_for_its_backup(tmp_path: Path) -> None:
    node_of(tmp_path, 10, more='\n[backup]\nfolder = "out"\n')
    said = asyncio.run(_backed_up(tmp_path, stopped=True))
    assert said == ("the last backup failed: the node was stopped while it was written",)
    assert list((tmp_path / "out").glob("MMH-*")) == []
