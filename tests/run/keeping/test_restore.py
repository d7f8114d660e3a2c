"""Restoring: the same log on another machine, or a clear sentence and nothing touched."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from time import perf_counter

import pytest
from tests.run.keeping.kept_log import grow, move_key, node_of
from tests.run.test_usage import wardlight

from wardlight.log.backups import BackupError
from wardlight.log.checkpoint import CheckpointError
from wardlight.log.keys import Keys
from wardlight.paper.log_head import short_head
from wardlight.record.instants import Instant
from wardlight.run.keeping.backup import back_up
from wardlight.run.keeping.backup_files import head_path
from wardlight.run.keeping.key_file import keys_of
from wardlight.run.keeping.node_log import NodeLog, node_log
from wardlight.run.keeping.restore import OlderError, restored
from wardlight.run.settings import read_settings

pytestmark = pytest.mark.slow

NOW = Instant(1_795_420_800_000)


class Machines:
    """One node with a backup, and a new machine that has its key."""

    def __init__(self, folder: Path, entries: int = 700) -> None:
        self.old = node_of(folder / "old", entries)
        self.backup = back_up(self.old, folder / "out", NOW, keep=7).newest.path
        self.new = folder / "new"
        move_key(self.old, self.new)

    def restore(self, *, against: str = "", older: bool = False) -> NodeLog:
        restored(self.backup, self.new, self.old.keys, against=against, older=older)
        return node_log(self.new, read_settings(self.new))

    def head(self) -> str:
        with closing(self.old.read()) as log:
            return self.old.checkpoint(log)


@pytest.fixture
def machines(tmp_path: Path) -> Machines:
    return Machines(tmp_path)


def test_the_restored_log_is_the_same_and_goes_on_with_the_same_chain(machines: Machines) -> None:
    new = machines.restore()
    for where in (machines.old, new):
        grow(where, 720)
    with closing(machines.old.read()) as was, closing(new.read()) as now:
        assert now.read(0, 1_000) == was.read(0, 1_000)
        assert now.head().position == 720
        assert new.contradiction(now) is None


def test_the_settings_come_back_with_the_log(machines: Machines) -> None:
    assert machines.restore().name == "MMH"
    was = (machines.old.folder / "wardlight.toml").read_text()
    assert (machines.new / "wardlight.toml").read_text() == was


@pytest.mark.parametrize("place", range(20))
def test_one_changed_byte_anywhere_is_refused_and_nothing_is_touched(
    machines: Machines, place: int
) -> None:
    body = bytearray(machines.backup.read_bytes())
    body[place * (len(body) - 1) // 19] ^= 1
    machines.backup.write_bytes(body)
    with pytest.raises(BackupError, match="not the one that was signed: changed or cut"):
        machines.restore()
    assert sorted(path.name for path in machines.new.iterdir()) == ["node.key"]


def test_one_changed_byte_of_the_signed_head_is_refused(machines: Machines) -> None:
    path = head_path(machines.backup)
    for place in range(0, path.stat().st_size, 7):
        body = bytearray(path.read_bytes())
        body[place] ^= 1
        path.write_bytes(body)
        with pytest.raises((BackupError, CheckpointError)):
            machines.restore()
        body[place] ^= 1
        path.write_bytes(body)
    assert not (machines.new / "log").exists()


def test_a_backup_without_its_signed_head_is_refused(machines: Machines) -> None:
    head_path(machines.backup).unlink()
    with pytest.raises(BackupError, match="the signed head cannot be read"):
        machines.restore()


def test_the_head_of_another_backup_does_not_vouch_for_this_one(
    machines: Machines, tmp_path: Path
) -> None:
    grow(machines.old, 800)
    other = back_up(machines.old, tmp_path / "out", NOW, keep=7).newest.path
    head_path(machines.backup).write_bytes(head_path(other).read_bytes())
    with pytest.raises(BackupError, match="not the one that was signed"):
        machines.restore()


def test_another_nodes_key_opens_nothing(machines: Machines) -> None:
    other = Keys(bytes(32))
    with pytest.raises(BackupError, match="made by another node"):
        restored(machines.backup, machines.new, other, against="", older=False)


def test_a_backup_older_than_a_printed_head_is_refused_unless_told(machines: Machines) -> None:
    grow(machines.old, 750)
    printed = short_head(machines.head())
    with pytest.raises(OlderError, match="50 acknowledged entries would be missing"):
        machines.restore(against=printed)
    assert not (machines.new / "log").exists()
    new = machines.restore(against=printed, older=True)
    with closing(new.read()) as log:
        assert log.head().position == 700


def test_a_printed_head_the_backup_reaches_must_be_in_it(machines: Machines) -> None:
    with pytest.raises(BackupError, match="is not what was signed"):
        machines.restore(against="650 0011223344556677")
    assert not (machines.new / "log").exists()


def test_a_witness_that_outlived_the_disk_is_heard(machines: Machines) -> None:
    grow(machines.old, 760)
    (machines.old.folder / "witness").rename(machines.new / "witness")
    with pytest.raises(OlderError, match="entry 760 was seen"):
        machines.restore()
    new = machines.restore(older=True)
    with closing(new.read()) as log:
        assert log.read(700, 10)[0].body.startswith(b"known and accepted: ")
        assert new.contradiction(log) is None


def test_a_folder_with_a_log_is_left_alone(machines: Machines) -> None:
    done = wardlight("restore", str(machines.backup), "--data", str(machines.old.folder))
    assert (done.returncode, done.stdout) == (5, "")
    assert "there is a log already" in done.stderr


def test_without_the_key_the_command_says_how_to_bring_it_back(machines: Machines) -> None:
    (machines.new / "node.key").unlink()
    done = wardlight("restore", str(machines.backup), "--data", str(machines.new))
    assert done.returncode == 3
    assert "wardlight keys recover" in done.stderr


def test_the_drill_a_hospital_does_shares_key_backup_and_census(
    machines: Machines, tmp_path: Path
) -> None:
    old, shares, fresh = str(machines.old.folder), tmp_path / "shares", tmp_path / "fresh"
    assert wardlight("keys", "split", "--data", old, "--out", str(shares)).returncode == 0
    named = [word for n in (5, 2, 4) for word in ("--share", f"{shares}/share-{n}-of-5.txt")]
    recovered = wardlight("keys", "recover", *named, "--data", str(fresh), "--json")
    assert json.loads(recovered.stdout)["opens_log"] is None
    done = wardlight("restore", str(machines.backup), "--data", str(fresh), "--json")
    assert json.loads(done.stdout)["entries"] == 700
    assert wardlight("census", "--data", str(fresh)).returncode == 0
    assert keys_of(fresh, read_settings(fresh)) == machines.old.keys


@pytest.mark.slow
def test_a_million_entries_are_back_within_a_quarter_of_an_hour(tmp_path: Path) -> None:
    entries = 50_000
    machines = Machines(tmp_path, entries)
    began = perf_counter()
    machines.restore()
    rate = entries / (perf_counter() - began)
    print(f"restored {rate:,.0f} entries a second")  # noqa: T201 -- the figure asked for
    assert rate > 1_000_000 / (15 * 60)
