from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.contracts.log_contract import AT, draft
from tests.run.keeping.test_kept_copy import admission

from wardlight.log.heads import Witness
from wardlight.log.verifying import verify_log
from wardlight.record.instants import DAY, Instant
from wardlight.record.sources import Site
from wardlight.run.keeping.node_log import NodeLog, node_log
from wardlight.run.keeping.retention import cutoff, run_retention
from wardlight.run.settings import Retention, Settings

CLOCK = "wardlight.run.keeping.retention.system_clock"
SITES = (Site(code="GEN", name="General"),)
SAID = '[[sites]]\ncode = "GEN"\nname = "General"\n[retention]\n'


def where(folder: Path, said: str) -> NodeLog:
    (folder / "wardlight.toml").write_text(SAID + said)
    where = node_log(folder, Settings(sites=SITES))
    log = where.open()
    log.append([replace(draft(admission(number)), recorded=AT) for number in range(1, 301)])
    log.close()
    return where


def test_it_says_what_would_go_and_removes_nothing_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "wardlight.run.keeping.retention.system_clock", lambda: Instant(AT + 3 * DAY)
    )
    kept = where(tmp_path, "raw_days = 1\n")
    run_retention(tmp_path, apply=False, as_json=True)
    told = json.loads(capsys.readouterr().out)
    log = kept.read()
    assert (told["removed"], told["applied"]) == (256, False)
    assert all(entry.body for entry in log.read(0, 300))
    log.close()


def test_what_is_older_than_the_setting_goes_and_the_log_verifies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "wardlight.run.keeping.retention.system_clock", lambda: Instant(AT + 3 * DAY)
    )
    kept = where(tmp_path, "raw_days = 1\n")
    run_retention(tmp_path, apply=True, as_json=True)
    assert json.loads(capsys.readouterr().out)["removed"] == 256
    log = kept.read()
    entries = log.read(0, 1_000)
    assert [bool(entry.body) for entry in entries] == [False] * 256 + [True] * 45
    assert verify_log(log, Witness(None, ())).ok
    log.close()


@pytest.mark.parametrize("said", ["raw_days = 1\nlegal_hold = true\n", "raw_days = 0\n"])
def test_a_legal_hold_stops_it_and_so_does_silence(
    tmp_path: Path, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    where(tmp_path, said)
    with pytest.raises(SystemExit) as ended:
        run_retention(tmp_path, apply=True, as_json=False)
    assert ended.value.code == 4
    assert "legal hold" in capsys.readouterr().err or "legal" not in said


def test_a_log_that_lost_its_tail_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "wardlight.run.keeping.retention.system_clock", lambda: Instant(AT + 3 * DAY)
    )
    kept = where(tmp_path, "raw_days = 1\n")
    shutil.copytree(tmp_path / "log", tmp_path / "before")
    log = kept.open()
    log.append([draft(admission(301))])
    log.close()
    shutil.rmtree(tmp_path / "log")
    (tmp_path / "before").rename(tmp_path / "log")
    with pytest.raises(SystemExit) as ended:
        run_retention(tmp_path, apply=True, as_json=False)
    assert ended.value.code == 1
    assert "1 are gone; nothing is removed" in capsys.readouterr().err
    assert kept.seen().size() == 301


def test_a_node_asks_the_same_rule(tmp_path: Path) -> None:
    kept = where(tmp_path, "raw_days = 1\n")
    for wish, expected in (
        (Retention(raw_days=2), Instant(AT - 2 * DAY)),
        (Retention(raw_days=2, legal_hold=True), None),
        (Retention(), None),
    ):
        changed = replace(kept, settings=replace(kept.settings, retention=wish))
        assert cutoff(changed, AT) == expected
