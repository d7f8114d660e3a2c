from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from tests.contracts.log_contract import AT, numbered

from wardlight.record.instants import Instant
from wardlight.run.keeping.log_care import care_lines, care_of
from wardlight.run.keeping.mirror import Mirror
from wardlight.run.keeping.node_log import NodeLog, node_log
from wardlight.run.keeping.scrub import Scrub
from wardlight.run.settings import read_settings

TOML = '[[sites]]\ncode = "GEN"\nname = "General"\n[log]\nmirror = "usb"\n'


@pytest.fixture
def where(tmp_path: Path) -> NodeLog:
    (tmp_path / "wardlight.toml").write_text(TOML)
    where = node_log(tmp_path, read_settings(tmp_path))
    with contextlib.closing(where.open()) as log:
        log.append(numbered(30))
    return where


def test_before_the_first_scrub_and_copy_the_document_says_so(where: NodeLog) -> None:
    said = care_of(where.folder)
    assert (said["scrub"], said["mirror"]["behind"]) == (None, 30)
    assert "there is no log in this folder" in said["mirror"]["failing"]


def test_the_last_scrub_and_the_lag_of_the_mirror_are_said(where: NodeLog) -> None:
    Scrub(where, lambda: Instant(AT)).once()
    mirror = Mirror(where)
    mirror.start()
    mirror.stop()
    said = care_of(where.folder)
    assert (said["scrub"]["ok"], said["scrub"]["at"]) == (True, "2026-11-22T00:00:00+00:00")
    assert said["mirror"] == {"entries": 30, "behind": 0, "failing": ""}
    assert care_lines(where.folder, "UTC")[1] == "Mirror of the log: 30 entries, all of the log"
