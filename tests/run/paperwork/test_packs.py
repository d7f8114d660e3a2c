from __future__ import annotations

import asyncio
import errno
import json
import os
from pathlib import Path

import pytest
from tests.paper.printed import copy_in_downtime
from tests.web.ward_of_28 import NOW, OTHER_SITE, SITE

from wardlight.log.keys import Keys
from wardlight.record.instants import DAY, Instant
from wardlight.run.paperwork.packs import PackShelf, _file_name
from wardlight.run.paperwork.reserved import ReservedSheets
from wardlight.run.paperwork.sheet_numbers import SheetNumbers
from wardlight.run.settings import Packs, Settings

KEYS = Keys(bytes(range(32)))
pytestmark = pytest.mark.slow


@pytest.fixture
def shelf(tmp_path: Path) -> PackShelf:
    settings = Settings(sites=(SITE, OTHER_SITE), packs=Packs(keep_days=7))
    return PackShelf(
        tmp_path,
        settings,
        views=copy_in_downtime(),
        numbers=SheetNumbers(tmp_path, KEYS, lambda: NOW),
        reserved=ReservedSheets(tmp_path, KEYS.files()),
    )


def test_renewing_writes_each_units_pack_for_this_account_only(
    shelf: PackShelf, tmp_path: Path
) -> None:
    made = asyncio.run(shelf.renew(NOW))
    assert [(one.site, one.unit, one.patients) for one in made] == [("MMH", "4E", 28)]
    path = shelf.newest("MMH", "4E")
    assert path == Path(made[0].path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.rglob("*.partial"))
    index = json.loads((tmp_path / "packs" / "index.json").read_text())
    assert index["packs"][0]["pages"] == made[0].pages


def test_the_pack_before_the_newest_stays_beside_it(shelf: PackShelf, tmp_path: Path) -> None:
    for _ in range(2):
        asyncio.run(shelf.renew(NOW))
    assert len(list(tmp_path.rglob("*.pdf"))) == 2


def test_a_pack_that_is_not_renewed_any_more_ages_out(shelf: PackShelf, tmp_path: Path) -> None:
    old = tmp_path / "packs" / "MMH" / "closed.pdf"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"%PDF")
    asyncio.run(shelf.renew(NOW))
    assert old.exists()
    long_ago = Instant(NOW - 8 * DAY) // 1_000
    os.utime(old, (long_ago, long_ago))
    asyncio.run(shelf.renew(NOW))
    assert not old.exists()


def test_two_units_never_share_a_file_whatever_they_are_called() -> None:
    names = ["4E", "4 E", "4_E", "4/E", "", ".", "..", "../4E", "ICU\u202e", "\u00e4rzte"]
    files = [_file_name(name) for name in names]
    assert len(set(files)) == len(names)
    assert not any("/" in file or file in ("", ".", "..") for file in files)


def test_a_unit_with_an_endless_name_has_a_file_of_its_own(tmp_path: Path) -> None:
    names = ["L" * 10_000, "L" * 10_001, "\u5c71" * 300]
    files = [_file_name(name) for name in names]
    assert len(set(files)) == len(names)
    for file in files:
        (tmp_path / f"{file}.previous.pdf.partial").write_bytes(b"%PDF")


def test_a_pack_that_finds_no_room_leaves_the_one_before_it(
    shelf: PackShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(shelf.renew(NOW))
    path = shelf.newest("MMH", "4E")
    assert path is not None
    before = path.read_bytes()

    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError, match="No space left"):
        asyncio.run(shelf.renew(NOW))
    assert path.read_bytes() == before
    assert not list(tmp_path.rglob("*.partial"))


def test_a_pack_is_taken_once_and_the_next_one_has_other_serials(shelf: PackShelf) -> None:
    first, second = (asyncio.run(shelf.take("MMH", "4E", NOW)) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.said is not None
    assert second.said is not None
    ours, theirs = ({run.first for run in one.said.runs} for one in (first, second) if one.said)
    assert not ours & theirs
    assert [run.form for run in first.said.runs] == ["W1A", "W2A", "W3A"]
    assert len(first.said.runs[1].patients) == 28


def test_where_no_new_pack_can_be_made_the_old_one_is_handed_out_again(
    shelf: PackShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = asyncio.run(shelf.take("MMH", "4E", NOW))

    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_room)
    again = asyncio.run(shelf.take("MMH", "4E", NOW))
    assert first is not None
    assert again is not None
    assert again.body == first.body
    assert again.said is not None
    assert first.said is not None
    assert again.said.again
    assert again.said.runs == first.said.runs
