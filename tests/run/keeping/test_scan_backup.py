"""Scans in backups: what came on paper is as durable as the log, and what is lost is named."""

from __future__ import annotations

import json
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pyrage
import pytest
from tests.run.keeping.kept_log import grow, move_key, node_of
from tests.run.test_usage import wardlight

from wardlight.log.backups import BackupError
from wardlight.record.catalogue import PAGE_SCANNED
from wardlight.record.events.entered import Entered
from wardlight.record.events.scans import Outcome, PageScanned
from wardlight.record.instants import HOUR, Instant
from wardlight.record.staff_entry import staff_draft
from wardlight.rules.asking import Author
from wardlight.run.keeping.backup import Backed, back_up, back_up_when_due
from wardlight.run.keeping.backup_files import scans_path
from wardlight.run.keeping.node_log import NodeLog, node_log
from wardlight.run.keeping.restore import restored
from wardlight.run.keeping.scan_backup import store_of
from wardlight.run.paperwork.scan_files import FileState, ScanFiles
from wardlight.run.settings import read_settings

NOW = Instant(1_795_420_800_000)
CLERK = Author(account="clerk", name="Clerk ZZTEST")
NOTHING = "the last backup lacks scans that were altered on the disk: "


def scan(where: NodeLog, body: bytes, *, done: bool = True) -> str:
    """Take a file of one page in, and file its page; return the name of its picture."""
    files = ScanFiles(where.folder, where.keys.files())
    files.open()
    digest = sha256(body).hexdigest()
    state = FileState(
        id=digest[:24], digest=digest, site="MMH", at=NOW, author=CLERK, source="upload", done=done
    )
    files.add(state, body)
    image = files.keep_picture(b"JPEG of " + body)
    said = PageScanned(image=image, file=digest, number=1, outcome=Outcome.UNMATCHED)
    packed = Entered(id=image[:32], by=CLERK.name, said=said).packed()
    with closing(where.open()) as log:
        log.append([staff_draft(PAGE_SCANNED, packed, site="MMH", author="clerk", recorded=NOW)])
        log.sign_head()
    return f"{image}.jpg"


class Machines:
    """A node with a scan, its backup, and a new machine that has its key."""

    def __init__(self, folder: Path) -> None:
        self.old = node_of(folder / "old", 20)
        self.picture = scan(self.old, b"page ZZTEST^CANARY")
        self.out, self.new = folder / "out", folder / "new"
        self.store = store_of(self.out, "MMH")
        move_key(self.old, self.new)

    def back_up(self, hours: int = 0, keep: int = 7) -> Backed:
        return back_up(self.old, self.out, Instant(NOW + hours * HOUR), keep=keep)

    def restore(self, backup: Path) -> tuple[str, ...]:
        done = restored(backup, self.new, self.old.keys, against="", older=False)
        return done.lacking

    def scans(self) -> ScanFiles:
        files = ScanFiles(self.new, self.old.keys.files())
        files.open()
        return files


@pytest.fixture
def machines(tmp_path: Path) -> Machines:
    return Machines(tmp_path)


def test_a_scan_comes_back_with_the_log_picture_file_and_state(machines: Machines) -> None:
    assert machines.restore(machines.back_up().newest.path) == ()
    files = machines.scans()
    assert files.picture(machines.picture[:64]) == b"JPEG of page ZZTEST^CANARY"
    [state] = files.states()
    assert state.done
    assert files.body(state) == b"page ZZTEST^CANARY"


def test_a_file_that_was_not_read_yet_is_read_on_the_new_machine(machines: Machines) -> None:
    scan(machines.old, b"in the middle", done=False)
    machines.restore(machines.back_up().newest.path)
    assert sorted(one.done for one in machines.scans().states()) == [False, True]


def test_nothing_of_a_scan_is_readable_in_a_backup(machines: Machines) -> None:
    machines.back_up()
    bodies = [path.read_bytes() for path in machines.out.rglob("*") if path.is_file()]
    assert len(bodies) > 4
    assert not any(b"ZZTEST" in one for one in bodies)
    assert {path.stat().st_mode & 0o077 for path in machines.out.rglob("*")} == {0}


def test_a_recipient_of_the_settings_can_open_the_scans_too(tmp_path: Path) -> None:
    vault = pyrage.x25519.Identity.generate()
    where = node_of(tmp_path / "node", more=f'\n[backup]\nrecipients = ["{vault.to_public()}"]\n')
    picture = scan(where, b"page")
    back_up(where, tmp_path / "out", NOW, keep=7)
    kept = (store_of(tmp_path / "out", "MMH") / f"{picture}.age").read_bytes()
    assert pyrage.decrypt(kept, [vault]) == b"JPEG of page"


def test_the_next_backup_adds_only_what_is_new(machines: Machines) -> None:
    machines.back_up()
    before = {path: path.stat().st_ino for path in machines.store.iterdir()}
    scan(machines.old, b"another page")
    machines.back_up(1)
    after = {path: path.stat().st_ino for path in machines.store.iterdir()}
    assert len(after) == len(before) + 2
    assert before.items() <= after.items()


def test_a_scan_that_came_without_a_new_entry_makes_a_new_backup(machines: Machines) -> None:
    assert machines.back_up().written
    assert not machines.back_up(1).written
    files = ScanFiles(machines.old.folder, machines.old.keys.files())
    files.keep_picture(b"not said of yet")
    assert machines.back_up(2).written


@pytest.mark.parametrize("how", ["altered", "gone", "another"])
def test_a_scan_that_is_not_whole_in_the_backup_is_named_and_the_rest_comes_back(
    machines: Machines, how: str
) -> None:
    other = scan(machines.old, b"another page")
    backup = machines.back_up().newest.path
    kept = machines.store / f"{machines.picture}.age"
    if how == "gone":
        kept.unlink()
    elif how == "altered":
        body = bytearray(kept.read_bytes())
        body[-1] ^= 1
        kept.write_bytes(body)
    else:
        kept.write_bytes((machines.store / f"{other}.age").read_bytes())
    assert machines.restore(backup) == (machines.picture,)
    assert machines.scans().picture(other[:64]) == b"JPEG of another page"
    assert machines.scans().picture(machines.picture[:64]) is None


def test_a_backup_of_before_names_the_pictures_its_log_speaks_of(machines: Machines) -> None:
    (machines.old.folder / "scans").rename(machines.old.folder / "elsewhere")
    assert machines.restore(machines.back_up().newest.path) == (machines.picture,)


def test_a_picture_altered_on_the_disk_is_said_until_it_is_whole(machines: Machines) -> None:
    where = machines.old
    with (where.folder / "wardlight.toml").open("a") as file:
        file.write('\n[backup]\nfolder = "out"\n')
    again = node_log(where.folder, read_settings(where.folder))
    lies = where.folder / "scans" / machines.picture
    whole = lies.read_bytes()
    lies.write_bytes(whole[:-1])
    words = NOTHING + machines.picture[:12]
    assert back_up_when_due(again, where.folder, NOW, _untold) == words
    assert back_up_when_due(again, where.folder, NOW, _untold) == words  # and on every screen
    lies.write_bytes(whole)
    assert back_up_when_due(again, where.folder, Instant(NOW + 25 * HOUR), _untold) == ""


def test_a_list_that_is_not_the_signed_one_is_refused_and_nothing_is_restored(
    machines: Machines,
) -> None:
    backup = machines.back_up().newest.path
    scans_path(backup).write_bytes(b"nothing")
    with pytest.raises(BackupError, match="not the one that was signed"):
        machines.restore(backup)
    assert not (machines.new / "log").exists()


def test_old_backups_go_with_their_lists_and_no_scan_goes(machines: Machines) -> None:
    machines.back_up()
    stored = sorted(machines.store.iterdir())
    grow(machines.old, 40)
    machines.back_up(1, keep=1)
    assert len(list(machines.out.glob("*.scans"))) == 1
    assert sorted(machines.store.iterdir()) == stored


def test_what_lies_whole_in_the_folder_is_left_and_later_files_are_read_again(
    machines: Machines,
) -> None:
    backup = machines.back_up().newest.path
    later = scan(machines.old, b"after the backup")
    (machines.old.folder / "scans").rename(machines.new / "scans")
    assert machines.restore(backup) == ()
    assert machines.scans().picture(later[:64]) == b"JPEG of after the backup"
    assert sorted(one.done for one in machines.scans().states()) == [False, True]


@pytest.mark.slow
def test_the_commands_name_what_lacks_and_end_with_one(machines: Machines) -> None:
    (machines.old.folder / "scans" / machines.picture).write_bytes(b"")
    folder = ("--data", str(machines.old.folder), "--json")
    done = wardlight("backup", "--out", str(machines.out), *folder)
    told = json.loads(done.stdout)
    assert (done.returncode, told["damaged"]) == (1, [machines.picture])
    back = wardlight("restore", told["file"], "--data", str(machines.new), "--json")
    assert (back.returncode, json.loads(back.stdout)["lacking"]) == (1, [machines.picture])


def _untold(_done: int, _last: int) -> None:
    """Hear of the progress."""
