"""P6: a changed bit is noticed, or changes nothing; it is never shown as the truth."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from tests.durability.sizes import MARKS, chance, size
from tests.run.keeping.test_kept_copy import SENDERS, admission

from wardlight.log.contract import LogError, stream
from wardlight.log.heads import Witness
from wardlight.log.verifying import verify_log
from wardlight.record.entry import Draft, Entry
from wardlight.record.instants import Instant
from wardlight.record.sources import Site
from wardlight.run.keeping.kept_copy import SNAPSHOT_FILE, Snapshot, open_views
from wardlight.run.keeping.node_log import NodeLog, node_log, trusted
from wardlight.run.settings import Settings

if TYPE_CHECKING:
    from tests.durability.conftest import NewTrial

pytestmark = MARKS
SETTINGS = Settings(sites=(Site(code="GEN", name="General"),))
NOW = Instant(1_795_305_600_000)
IN_THE_DATABASE, IN_THE_WAL = 40, 25  # messages
SECTOR = 512
FILES = ("log/log.db", "log/log.db-wal", "witness/heads", "witness/tail", SNAPSHOT_FILE)


def said(numbers: range) -> list[Draft]:
    return [
        Draft(
            site="GEN",
            source="adt",
            author="EPIC",
            subject="",
            kind="hl7v2.message",
            version=1,
            occurred=NOW,
            recorded=NOW,
            body=admission(number),
        )
        for number in numbers
    ]


class Kept:
    """A node that was killed: its log, its witness, its snapshot, and what they held."""

    def __init__(self, folder: Path) -> None:
        self.where = node_log(folder, SETTINGS)
        log = self.where.open()
        log.append(said(range(1, IN_THE_DATABASE + 1)))
        log.sign_head()
        log.close()
        self.older = {name: (folder / name).read_bytes() for name in FILES[:1]}
        log = self.where.open()
        for number in range(IN_THE_DATABASE + 1, IN_THE_DATABASE + IN_THE_WAL + 1):
            log.append(said(range(number, number + 1)))
        log.sign_head()
        views = open_views(self.snapshot(self.where), log, SENDERS)
        self.snapshot(self.where).save(log, views)
        self.entries = list(stream(log))
        self.census = views.census.present()
        self.files = {name: (folder / name).read_bytes() for name in FILES}
        log.close()

    @staticmethod
    def snapshot(where: NodeLog) -> Snapshot:
        return Snapshot(where.folder, where.keys.files())

    def lay_out(self, folder: Path, changed: dict[str, bytes]) -> NodeLog:
        """Write the killed node's files, some of them changed, into an empty folder."""
        shutil.rmtree(folder, ignore_errors=True)
        for name, body in (self.files | changed).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        return NodeLog(folder, SETTINGS, self.where.keys)


def spoiled(kept: Kept, dice: Random) -> dict[str, bytes]:
    """Return one file with one thing wrong with it."""
    name = dice.choice(FILES)
    whole = bytearray(kept.files[name])
    at = dice.randrange(len(whole))
    kind = dice.choice(("bit", "bit", "bit", "bit", "zeros", "old", "cut"))
    if kind == "bit":
        whole[at] ^= 1 << dice.randrange(8)
    elif kind == "zeros":
        at -= at % SECTOR
        whole[at : at + SECTOR] = bytes(min(SECTOR, len(whole) - at))
    elif kind == "old" and name in kept.older:
        at -= at % SECTOR
        old = kept.older[name][at : at + SECTOR]
        whole[at : at + len(old)] = old
    else:
        del whole[at:]
    return {name: bytes(whole)}


def seen_of(where: NodeLog) -> tuple[str, list[Entry], bool]:
    """Start the node and read everything; return what was noticed, and what was shown."""
    try:
        opened = trusted(where, NOW)
    except LogError as error:
        return error.problem.code, [], False
    noticed = opened.alarm.code if opened.alarm else "; ".join(opened.doubts)
    shown: list[Entry] = []
    try:
        shown += stream(opened.reader)
        views = open_views(Kept.snapshot(where), opened.reader, SENDERS)
        listed = len(views.census.present()) == len({one.body for one in shown})
        found = verify_log(opened.reader, Witness(None, ())).findings
        noticed = noticed or "; ".join(one.code for one in found)
    except LogError as error:
        noticed, listed = noticed or error.problem.code, True
    opened.reader.close()
    return noticed, shown, listed


def wrong(kept: Kept, noticed: str, shown: list[Entry], *, listed: bool) -> str:
    """Return what was served that should not have been; an empty text when nothing was."""
    if any(entry not in kept.entries for entry in shown) and not noticed:
        return "another entry was shown, and nobody was told"
    if shown != kept.entries and not noticed:
        return f"{len(kept.entries) - len(shown)} entries were missing, and nobody was told"
    return "" if listed or noticed else "the census was not that of the entries"


def test_a_changed_bit_is_noticed_or_changes_nothing(scratch: Path, new_trial: NewTrial) -> None:
    kept = Kept(scratch / "node")
    trial = new_trial("P6", size("flips", short=2_000, long=20_000))
    told = 0
    for number in range(trial.n):
        where = kept.lay_out(scratch / "copy", spoiled(kept, chance("flip", number)))
        noticed, shown, listed = seen_of(where)
        told += bool(noticed)
        trial.check(
            not wrong(kept, noticed, shown, listed=listed),
            f"{number}: {wrong(kept, noticed, shown, listed=listed)}",
        )
    trial.figures["noticed"] = told
    trial.figures["changed_nothing"] = trial.n - told
    assert trial.violations == []
    assert told > trial.n // 3


def test_an_unspoiled_copy_is_the_whole_log_and_nothing_is_noticed(scratch: Path) -> None:
    kept = Kept(scratch / "node")
    noticed, shown, listed = seen_of(kept.lay_out(scratch / "copy", {}))
    assert (noticed, shown, listed) == ("", kept.entries, True)


@pytest.mark.parametrize("name", FILES[:2])
def test_the_comparison_sees_a_lost_entry(scratch: Path, name: str) -> None:
    kept = Kept(scratch / "node")
    assert name in kept.files
    assert wrong(kept, "", kept.entries[:-1], listed=True).startswith("1 entries were missing")
