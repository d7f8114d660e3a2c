from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from wardlight.log.keys import Keys
from wardlight.record.events.paperwork import Origin, SheetRun, SheetsIssued
from wardlight.record.instants import HOUR, Instant
from wardlight.run.paperwork.reserved import Reserved, ReservedSheets
from wardlight.run.paperwork.sheet_numbers import FILE, SheetNumbers

KEYS = Keys(bytes(range(32)))
NOW = Instant(1_795_314_660_000)


def numbers(folder: Path, now: Instant = NOW, keys: Keys = KEYS) -> SheetNumbers:
    return SheetNumbers(folder, keys, lambda: now)


def test_runs_follow_each_other_and_each_site_counts_alone(tmp_path: Path) -> None:
    first, second = (numbers(tmp_path).begin("MMH", 57) for _ in range(2))
    assert second.first.number == first.first.number + 57
    assert numbers(tmp_path).begin("OTH", 1).first.lane != first.first.lane


def test_after_a_lost_file_serials_go_on_beyond_what_was_printed(tmp_path: Path) -> None:
    before = numbers(tmp_path).begin("MMH", 1_001)
    (tmp_path / FILE).unlink()
    after = numbers(tmp_path, Instant(NOW + HOUR)).begin("MMH", 1)
    assert after.first.number >= before.first.number + 1_001


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b'{"1":"x"}'])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE).write_bytes(damage)
    assert numbers(tmp_path).begin("MMH", 1).first.number > 0


def test_a_clock_that_was_set_back_gives_no_serial_twice(tmp_path: Path) -> None:
    before = numbers(tmp_path).begin("MMH", 10)
    after = numbers(tmp_path, Instant(NOW - 100 * HOUR)).begin("MMH", 10)
    assert after.first.number == before.first.number + 10


def test_a_command_beside_a_running_node_takes_other_serials(tmp_path: Path) -> None:
    def take(_: int) -> int:
        return numbers(tmp_path).begin("MMH", 3).first.number

    with ThreadPoolExecutor(8) as several:
        taken = sorted(several.map(take, range(40)))
    assert [later - one for one, later in pairwise(taken)] == [3] * 39


def test_two_nodes_of_a_site_never_seal_the_same_code(tmp_path: Path) -> None:
    ours = numbers(tmp_path).begin("MMH", 1)
    stick = numbers(tmp_path, keys=Keys(bytes(32))).begin("MMH", 1)
    assert ours.first.lane != stick.first.lane
    assert not any(ours.seal.read(code) for code in stick.codes("W3A", 1, 0))


def test_a_sheet_printed_from_the_disk_is_known_again(tmp_path: Path) -> None:
    kept = ReservedSheets(tmp_path, KEYS.files())
    runs = [numbers(tmp_path).begin("MMH", 3) for _ in range(3)]
    packs = [
        Reserved(
            "MMH",
            SheetsIssued(
                runs=(SheetRun(form="W3A", first=run.first.code(), pages=(1, 1, 2)),),
                origin=Origin.PACK,
                unit=str(place),
            ),
        )
        for place, run in enumerate(runs)
    ]
    kept.keep(packs[:2])
    kept.keep(packs[2:])
    assert [kept.find(run.serial(2)) for run in runs] == packs
    assert kept.find(runs[2].serial(3)) is None


def test_what_lies_on_disk_of_reserved_sheets_names_nobody(tmp_path: Path) -> None:
    kept = ReservedSheets(tmp_path, KEYS.files())
    run = numbers(tmp_path).begin("MMH", 1)
    sheet = SheetRun(form="W3A", first=run.first.code(), pages=(1,), patients=())
    said = SheetsIssued(runs=(sheet,), origin=Origin.PACK, unit="UNIT-NAME-HERE")
    kept.keep([Reserved("MMH", said)])
    [path] = (tmp_path / "sheets").iterdir()
    assert b"UNIT-NAME-HERE" not in path.read_bytes()
    assert ReservedSheets(tmp_path, bytes(32)).find(run.first) is None
