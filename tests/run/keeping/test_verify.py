from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from tests.contracts.log_contract import numbered

from wardlight.record.sources import Site
from wardlight.run.keeping.kept_copy import Snapshot, open_views, senders_of
from wardlight.run.keeping.node_log import NodeLog, node_log
from wardlight.run.keeping.verify import AgainstError, against_head, run_verify, verified_node
from wardlight.run.settings import Settings, keep_site

SETTINGS = Settings(sites=(Site(code="GEN", name="General"),))


@pytest.fixture
def where(tmp_path: Path) -> NodeLog:
    """Return the log of a node that was stopped after 300 entries, with a snapshot at 200."""
    keep_site(tmp_path, SETTINGS)
    where = node_log(tmp_path, SETTINGS)
    with contextlib.closing(where.open()) as log:
        log.append(numbered(200))
        log.sign_head()
        views = open_views(snapshot(where), log, senders_of(SETTINGS))
        snapshot(where).save(log, views)
        log.append(numbered(100))
        log.sign_head()
    return where


def snapshot(where: NodeLog) -> Snapshot:
    return Snapshot(where.folder, where.keys.files())


def flip(path: Path, at: float = 0.5) -> None:
    body = bytearray(path.read_bytes())
    body[int(len(body) * at)] ^= 1
    path.write_bytes(body)


def codes(where: NodeLog) -> list[str]:
    return [one.code for one in verified_node(where, []).findings]


def test_a_sound_log_is_verified_whole(where: NodeLog) -> None:
    verified = verified_node(where, [])
    assert (verified.findings, verified.entries) == ((), 300)


def test_a_node_that_was_named_on_the_command_line_is_verified(
    where: NodeLog, capsys: pytest.CaptureFixture[str]
) -> None:
    (where.folder / "wardlight.toml").unlink()
    run_verify(where.folder, against=None, as_json=True)
    assert json.loads(capsys.readouterr().out)["ok"]


def test_a_log_is_verified_while_its_node_runs(where: NodeLog) -> None:
    with contextlib.closing(where.open()) as log:
        log.append(numbered(5))
        assert verified_node(where, []).entries == 305


def test_a_damaged_snapshot_is_named(where: NodeLog) -> None:
    flip(where.folder / "views.snapshot")
    assert codes(where) == ["snapshot.damaged"]


def test_a_snapshot_that_the_log_does_not_give_is_named(where: NodeLog) -> None:
    with contextlib.closing(where.open()) as log:
        views = open_views(snapshot(where), log, senders_of(SETTINGS))
        views.links.repeated("adt")
        snapshot(where).save(log, views)
    assert codes(where) == ["snapshot.changed"]


@pytest.mark.parametrize("name", ["tail", "heads"])
def test_a_changed_witness_is_named(where: NodeLog, name: str) -> None:
    flip(where.witness_folder / name)
    assert codes(where) == ["witness.doubt"]


def test_a_damaged_database_is_named_and_no_traceback(
    where: NodeLog, capsys: pytest.CaptureFixture[str]
) -> None:
    flip(where.folder / "log" / "log.db", 0.01)
    with pytest.raises(SystemExit) as ended:
        run_verify(where.folder, against=None, as_json=True)
    said = json.loads(capsys.readouterr().out)
    assert (ended.value.code, said["schema"], said["ok"]) == (1, "wardlight.verify.1", False)
    assert {one["code"] for one in said["problems"]} == {"store.damaged", "log.unreadable"}


def test_a_missing_key_is_a_problem_with_a_name(
    where: NodeLog, capsys: pytest.CaptureFixture[str]
) -> None:
    (where.folder / "node.key").unlink()
    with pytest.raises(SystemExit):
        run_verify(where.folder, against=None, as_json=True)
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "keys.absent"


def test_the_words_on_paper_are_a_head_to_compare_with(where: NodeLog) -> None:
    root = verified_node(where, []).root.hex()
    assert verified_node(where, [against_head(f"300 {root[:16]}", where)]).ok
    wrong = verified_node(where, [against_head(f"300 {root[1:17]}", where)])
    assert wrong.findings[0].because == (
        "the first 300 entries are not those of the head in what was given"
    )


def test_a_head_beyond_the_end_of_the_log_says_what_is_gone(where: NodeLog) -> None:
    verified = verified_node(where, [against_head("12,345 3f2a9c01b2c3d4e5", where)])
    assert (verified.first_bad, verified.findings[0].code) == (301, "log.tail-lost")


def test_a_checkpoint_is_taken_as_text_or_as_a_file(where: NodeLog, tmp_path: Path) -> None:
    with contextlib.closing(where.read()) as log:
        note = where.checkpoint(log)
    file = tmp_path / "head.txt"
    file.write_text(note, "utf-8")
    for said in (note, str(file)):
        assert verified_node(where, [against_head(said, where)]).ok


def test_what_is_no_head_is_refused_with_an_example(where: NodeLog) -> None:
    with pytest.raises(AgainstError, match="12345 3f2a9c01b2c3d4e5"):
        against_head("300 of them", where)
