from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.run.keeping.kept_log import node_of

from wardlight.log.memory import MemoryLog
from wardlight.record.downtime_number import DowntimeNumber, read_downtime_number
from wardlight.record.entry import Draft, Entry
from wardlight.record.instants import Instant
from wardlight.run.keeping.backup import back_up
from wardlight.run.keeping.restore import restored
from wardlight.run.number_blocks import FILE, NoNumbersError, NumberBlocks, jump
from wardlight.views.patients.numbers import Numbers
from wardlight.web.entering.writing import NotKeptError

ROOT = Path(__file__).parents[2]
KILLS = 200


class Node:
    """A folder, a log and what gives numbers out of them."""

    def __init__(self, folder: Path, kept: list[Entry] | None = None) -> None:
        self.entries = [] if kept is None else kept
        self.full = False
        self.numbers = Numbers()
        for entry in self.entries:
            self.numbers.take(entry)
        self._log = MemoryLog("RVR", self.entries)
        self.blocks = NumberBlocks(
            folder, self.numbers, self.write, clock=lambda: Instant(0), indices={"RVR": 3}
        )

    async def write(self, draft: Draft) -> Entry:
        if self.full:
            raise NotKeptError
        entry = self._log.append([draft])[0]
        self.numbers.take(entry)
        return entry

    def reserve(self, station: str = "ED-1", *, drill: bool = False) -> list[DowntimeNumber]:
        texts = asyncio.run(self.blocks.reserve("RVR", station, drill=drill))
        found = [read_downtime_number(text) for text in texts]
        return [one for one in found if isinstance(one, DowntimeNumber)]

    def block(self, *, drill: bool = False) -> int:
        return self.reserve(drill=drill)[0].block


def test_a_station_gets_64_numbers_that_are_its_own(tmp_path: Path) -> None:
    node = Node(tmp_path)
    numbers = node.reserve("ED-1")
    assert [number.serial for number in numbers] == list(range(64))
    assert {node.numbers.holder(number) for number in numbers} == {"ED-1"}


def test_no_two_stations_get_the_same_block(tmp_path: Path) -> None:
    node = Node(tmp_path)
    assert [node.block(), node.block(), node.block(drill=True)] == [0, 1, 0]


def test_stations_that_ask_at_once_get_blocks_of_their_own(tmp_path: Path) -> None:
    node = Node(tmp_path)

    async def both() -> list[list[str]]:
        return await asyncio.gather(*(node.blocks.reserve("RVR", "ED-1") for _ in range(5)))

    given = [text for block in asyncio.run(both()) for text in block]
    assert len(given) == len(set(given)) == 320


def test_forms_without_a_station_get_one_number_after_the_other(tmp_path: Path) -> None:
    node = Node(tmp_path)

    async def some() -> list[str]:
        return [await node.blocks.one("RVR") for _ in range(130)]

    assert len(set(asyncio.run(some()))) == 130
    assert node.block() == 3


def test_a_block_the_log_could_not_take_is_given_to_nobody(tmp_path: Path) -> None:
    node = Node(tmp_path)
    node.full = True
    with pytest.raises(NotKeptError):
        node.reserve()
    node.full = False
    assert node.block() == 1


def test_a_log_taken_back_to_an_older_one_gives_no_block_again(tmp_path: Path) -> None:
    node = Node(tmp_path)
    older = [*node.entries]
    assert [node.block(), node.block()] == [0, 1]
    assert Node(tmp_path, older).block() == 2


def test_without_the_side_file_numbering_goes_on_far_beyond_the_log(tmp_path: Path) -> None:
    node = Node(tmp_path)
    node.block()
    (tmp_path / FILE).unlink()
    again = Node(tmp_path, node.entries)
    assert [again.block(), again.block()] == [8_193, 8_194]


def test_a_side_file_that_cannot_be_read_counts_as_lost(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'{"highest": {"3"')
    assert Node(tmp_path).block() == 8_192


def test_after_a_restore_numbering_goes_on_far_beyond_log_and_file(tmp_path: Path) -> None:
    node = Node(tmp_path)
    node.block()
    jump(tmp_path, {(3, False): 7})
    assert Node(tmp_path, node.entries).block() == 8_200


def test_a_second_restore_goes_further_still(tmp_path: Path) -> None:
    jump(tmp_path, {})
    jump(tmp_path, {})
    assert Node(tmp_path).block() == 16_384


def test_a_site_whose_numbers_are_spent_says_so_and_gives_none(tmp_path: Path) -> None:
    jump(tmp_path, {(3, False): 131_071})
    with pytest.raises(NoNumbersError, match="new index"):
        Node(tmp_path).reserve()


def test_restoring_a_backup_on_a_new_machine_leaves_what_was_given_since_alone(
    tmp_path: Path,
) -> None:
    where = node_of(tmp_path / "old", 3)
    done = back_up(where, tmp_path / "backups", Instant(0), keep=1)
    new = tmp_path / "new"
    new.mkdir()
    restored(done.newest.path, new, where.keys, against="", older=False)
    assert Node(new).block() == 8_192


@pytest.mark.slow
def test_killed_at_every_line_no_number_is_given_twice(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 -- our own module, our own arguments
        [sys.executable, "-m", "tests.run.number_taker", str(tmp_path), str(KILLS)],
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=True,
    )
    lines = done.stdout.decode().splitlines()
    given = [number for line in lines if " " in line for number in line.split()]
    assert lines.count("killed") > 60
    assert len(given) > 64 * 60
    assert len(given) == len(set(given))
