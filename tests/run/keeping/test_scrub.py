from __future__ import annotations

import contextlib
from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace
from tests.contracts.log_contract import AT, numbered

from wardlight.record.instants import Instant
from wardlight.record.sources import Site
from wardlight.run.keeping.node_log import NodeLog, node_log
from wardlight.run.keeping.scrub import Scrub, last_scrub
from wardlight.run.settings import LogSettings, Settings

SETTINGS = Settings(sites=(Site(code="GEN", name="General"),))
NOW = Instant(AT + 1)
LONGEST_SECONDS = 20


@pytest.fixture
def where(tmp_path: Path) -> NodeLog:
    where = node_log(tmp_path, SETTINGS)
    with contextlib.closing(where.open()) as log:
        log.append(numbered(1_200))
    return where


def scrub_of(where: NodeLog) -> Scrub:
    return Scrub(where, lambda: NOW)


def test_a_sound_log_is_said_to_be_sound_with_the_time(where: NodeLog) -> None:
    scrub_of(where).once()
    last = last_scrub(where.folder)
    assert last is not None
    assert (last.ok, last.entries, last.at, last.notice()) == (True, 1_200, NOW, "")
    assert last.row().said == "all 1,200 entries are sound"


def test_a_damaged_page_is_a_notice_on_every_screen(where: NodeLog) -> None:
    store = where.folder / "log" / "log.db"
    body = bytearray(store.read_bytes())
    body[-3 * 16_384 + 100] ^= 1
    store.write_bytes(body)
    scrub = scrub_of(where)
    scrub.once()
    assert scrub.last is not None
    assert scrub.last.notice().startswith("the log is damaged: entry ")
    assert not scrub.row().good


def test_the_result_is_known_after_a_restart(where: NodeLog) -> None:
    scrub_of(where).once()
    assert scrub_of(where).row().said == "all 1,200 entries are sound"


def test_it_runs_beside_a_writer_and_stops_when_told(where: NodeLog) -> None:
    done = Event()

    def clock() -> Instant:
        done.set()
        return NOW

    with contextlib.closing(where.open()) as log:
        scrub = Scrub(where, clock)
        scrub.start(first_seconds=0)
        log.append(numbered(5))
        assert done.wait(LONGEST_SECONDS)
        scrub.stop()
    assert scrub.last is not None
    assert scrub.last.ok


def test_a_scrub_that_was_stopped_says_nothing(where: NodeLog) -> None:
    scrub = scrub_of(where)
    scrub.stop()
    assert scrub.once() is None
    assert last_scrub(where.folder) is None


def test_it_can_be_switched_off(where: NodeLog) -> None:
    off = replace(where, settings=replace(SETTINGS, log=LogSettings(scrub_hours=0)))
    scrub = scrub_of(off)
    scrub.start(first_seconds=0)
    assert scrub.row().said == "is switched off"
