"""P7: who rewrites the log, key in hand, is found out by any head that was kept elsewhere.

The attacker here can do more than most: decrypt the database, compute every seal and every stored
root anew, and take the witness files away. What cannot be reached any more is one signed head: on
a printed page, or at a peer.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from tests.contracts.log_contract import draft
from tests.durability.sizes import MARKS, chance, size

from wardlight.log.checkpoint import Checkpoint, read
from wardlight.log.heads import Witness
from wardlight.log.keys import Keys
from wardlight.log.sqlite import open_log
from wardlight.log.verifying import Remembered, verify_log
from wardlight.record.sources import Site
from wardlight.run.keeping.node_log import NodeLog, node_log
from wardlight.run.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.durability.conftest import NewTrial

    from wardlight.record.entry import Draft

pytestmark = MARKS
SETTINGS = Settings(sites=(Site(code="GEN", name="General"),))
ENTRIES, BEHIND = 40, 12  # at the head that was kept, and written since
NOBODY = Witness(None, ())
Drafts = list["Draft"]


def said(count: int, word: str = "said") -> Drafts:
    return [draft(f"{word} {number}".encode()) for number in range(1, count + 1)]


def edited(drafts: Drafts, dice: Random) -> Drafts:
    at = dice.randrange(ENTRIES)
    return [*drafts[:at], replace(drafts[at], body=dice.randbytes(9)), *drafts[at + 1 :]]


def dropped(drafts: Drafts, dice: Random) -> Drafts:
    at = dice.randrange(ENTRIES)
    return [*drafts[:at], *drafts[at + 1 :]]


def inserted(drafts: Drafts, dice: Random) -> Drafts:
    at = dice.randrange(ENTRIES)
    return [*drafts[:at], draft(dice.randbytes(9)), *drafts[at:]]


def reordered(drafts: Drafts, dice: Random) -> Drafts:
    one, other = sorted(dice.sample(range(ENTRIES), 2))
    changed = list(drafts)
    changed[one], changed[other] = changed[other], changed[one]
    return changed


def truncated(drafts: Drafts, dice: Random) -> Drafts:
    return drafts[: dice.randrange(1, ENTRIES)]


def forked(drafts: Drafts, dice: Random) -> Drafts:
    at = dice.randrange(ENTRIES)
    return [*drafts[:at], *said(len(drafts) - at, f"forked {dice.random()}")]


def replayed(drafts: Drafts, dice: Random) -> Drafts:
    """Return the log as an old copy of the folder has it, grown again with other entries."""
    return [*drafts[: dice.randrange(1, ENTRIES)], *said(dice.randrange(60), "since")]


def swapped(drafts: Drafts, dice: Random) -> Drafts:
    """Return what another node said, under this one's name."""
    return said(len(drafts), f"another node's {dice.random()}")


KINDS: dict[str, Callable[[Drafts, Random], Drafts]] = {
    "edit": edited,
    "drop": dropped,
    "insert": inserted,
    "reorder": reordered,
    "truncate": truncated,
    "fork": forked,
    "replay": replayed,
    "swap": swapped,
}


class Victim:
    """A node whose head somebody kept before it went on."""

    def __init__(self, folder: Path) -> None:
        self.where = node_log(folder, SETTINGS)
        log = self.where.open()
        log.append(said(ENTRIES))
        self.printed = self.where.checkpoint(log)
        log.append(said(BEHIND, "later"))
        self.drafts = [*said(ENTRIES), *said(BEHIND, "later")]
        log.close()

    def head(self) -> Checkpoint:
        """Return the head that was kept elsewhere, its signature verified."""
        keys = self.where.keys
        return read(self.printed, {"wardlight/GEN": keys.verifying()})

    def rewritten(self, folder: Path, drafts: Drafts) -> NodeLog:
        """Return the folder as the attacker leaves it: sound in itself, and without witness."""
        shutil.rmtree(folder, ignore_errors=True)
        log = open_log(folder / "log", "GEN", key=self.where.keys.store())
        log.append(drafts)
        log.close()
        return NodeLog(folder, SETTINGS, self.where.keys)


@pytest.fixture
def victim(scratch: Path) -> Victim:
    return Victim(scratch / "victim")


def found_out(where: NodeLog, *against: Remembered) -> bool:
    log = where.read()
    findings = verify_log(log, NOBODY, against).findings
    log.close()
    return bool(findings)


@pytest.mark.parametrize("kind", KINDS)
def test_a_rewritten_log_is_found_out_by_one_head_kept_elsewhere(
    scratch: Path, new_trial: NewTrial, victim: Victim, kind: str
) -> None:
    head = victim.head()
    kept = Remembered(head.size, head.root, "a printed page")
    trial = new_trial("P7", size("tampering", short=250, long=2_000))
    for number in range(trial.n):
        drafts = KINDS[kind](victim.drafts, chance(kind, number))
        where = victim.rewritten(scratch / "rewritten", drafts)
        trial.check(found_out(where, kept), f"{number}: nobody noticed")
    assert trial.violations == []


def test_without_a_head_kept_elsewhere_a_log_rewritten_whole_looks_sound(
    scratch: Path, victim: Victim
) -> None:
    where = victim.rewritten(scratch / "rewritten", edited(victim.drafts, chance("alone")))
    assert not found_out(where)


def test_a_log_that_only_grew_agrees_with_its_old_head(victim: Victim) -> None:
    head = victim.head()
    short = head.root[:8]
    assert not found_out(victim.where, Remembered(head.size, head.root, "a printed page"))
    assert not found_out(victim.where, Remembered(head.size, short, "typed from paper"))


def test_a_witness_forged_with_another_key_is_doubted(scratch: Path, victim: Victim) -> None:
    where = victim.rewritten(scratch / "rewritten", edited(victim.drafts, chance("forged")))
    forger = NodeLog(where.folder, SETTINGS, Keys(bytes(32)))
    shutil.rmtree(where.folder / "log")
    forged = forger.open()
    forged.append(list(said(ENTRIES)))
    forged.sign_head()
    forged.close()
    seen = where.seen(newest=None)
    assert (seen.tail, seen.heads) == (None, ())
    assert seen.doubts
