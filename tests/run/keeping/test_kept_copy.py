from __future__ import annotations

from pathlib import Path

import pytest
from tests.contracts.log_contract import draft

from wardlight.feeds.senders import Senders
from wardlight.log.memory import MemoryLog
from wardlight.record.sources import Source
from wardlight.run.keeping.kept_copy import SNAPSHOT_FILE, Snapshot, open_views
from wardlight.views.fold import Views

KEY = bytes(range(32))
SENDERS = Senders(Source(name="adt", site="GEN", zone="UTC"))


def admission(number: int) -> bytes:
    return (
        f"MSH|^~\\&|EPIC|GEN|||20261122000000||ADT^A01|C{number}|P|2.5\r"
        f"EVN|A01|20261122000000\rPID|||{number}^^^GEN^MR||ZEBRA{number}^TEST\r"
        f"PV1||I|4E^{number}^A||||||||||||||||V{number}\r"
    ).encode()


def log_of(*numbers: int) -> MemoryLog:
    log = MemoryLog("gen-1")
    log.append([draft(admission(number)) for number in numbers])
    return log


def views_of(folder: Path, log: MemoryLog, key: bytes = KEY) -> Views:
    return open_views(Snapshot(folder, key), log, SENDERS)


def saved(folder: Path, log: MemoryLog) -> Views:
    views = views_of(folder, log)
    Snapshot(folder, KEY).save(log, views)
    return views


def names(views: Views) -> list[str]:
    found = [views.people.person(key) for key in [*views.people.keys()]]
    return sorted(person.name.family for person in found if person is not None)


def test_views_go_on_from_the_snapshot(tmp_path: Path) -> None:
    log = log_of(1, 2)
    saved(tmp_path, log)
    log.append([draft(admission(3))])
    assert names(views_of(tmp_path, log)) == ["ZEBRA1", "ZEBRA2", "ZEBRA3"]


def test_a_snapshot_holds_no_name_to_be_read(tmp_path: Path) -> None:
    saved(tmp_path, log_of(1, 2))
    assert b"ZEBRA" not in (tmp_path / SNAPSHOT_FILE).read_bytes()


def test_a_snapshot_of_another_log_is_not_taken_over(tmp_path: Path) -> None:
    saved(tmp_path, log_of(1, 2))
    assert names(views_of(tmp_path, log_of(8, 9))) == ["ZEBRA8", "ZEBRA9"]


def test_a_snapshot_that_is_ahead_of_the_log_is_not_taken_over(tmp_path: Path) -> None:
    saved(tmp_path, log_of(1, 2))
    assert names(views_of(tmp_path, log_of(1))) == ["ZEBRA1"]


@pytest.mark.parametrize("at", [0, 5, 25, 40, -1])
def test_a_damaged_snapshot_is_folded_again(tmp_path: Path, at: int) -> None:
    log = log_of(1, 2)
    saved(tmp_path, log)
    body = bytearray((tmp_path / SNAPSHOT_FILE).read_bytes())
    body[at] ^= 1
    (tmp_path / SNAPSHOT_FILE).write_bytes(body)
    assert names(views_of(tmp_path, log)) == ["ZEBRA1", "ZEBRA2"]


def test_a_snapshot_sealed_by_another_key_is_folded_again(tmp_path: Path) -> None:
    log = log_of(1)
    saved(tmp_path, log)
    assert names(views_of(tmp_path, log, bytes(32))) == ["ZEBRA1"]
