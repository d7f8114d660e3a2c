"""`wardlight keys`: shares for custodians, brought back, and never another key overwritten."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.run.keeping.kept_log import node_of
from tests.run.test_usage import wardlight

from wardlight.log.checkpoint import read, read_verifier
from wardlight.log.shares import split
from wardlight.paper.share import share_text
from wardlight.run.keeping.node_log import NodeLog

pytestmark = pytest.mark.slow


@pytest.fixture
def where(tmp_path: Path) -> NodeLog:
    return node_of(tmp_path / "node", 3)


def _shares(where: NodeLog, folder: Path) -> list[str]:
    words = []
    folder.mkdir()
    for share in split(where.keys, where.name, "2026-11-23")[:3]:
        path = folder / f"{share.number}.txt"
        path.write_text(share_text(share))
        words += ["--share", str(path)]
    return words


def test_splitting_writes_five_texts_and_five_pages_for_this_account_only(
    where: NodeLog, tmp_path: Path
) -> None:
    done = wardlight("keys", "split", "--data", str(where.folder), "--out", str(tmp_path / "s"))
    files = sorted((tmp_path / "s").iterdir())
    assert [path.suffix for path in files] == [".pdf", ".txt"] * 5
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert "delete the files" in done.stderr


def test_the_document_of_a_splitting_holds_no_word_of_a_share(
    where: NodeLog, tmp_path: Path
) -> None:
    out = tmp_path / "s"
    done = wardlight("keys", "split", "--data", str(where.folder), "--out", str(out), "--json")
    told = json.loads(done.stdout)
    assert sorted(told) == ["files", "key_check", "needed", "node", "schema", "set"]
    assert where.keys.secret.hex() not in done.stdout + done.stderr


def test_shares_that_lie_there_are_never_overwritten(where: NodeLog, tmp_path: Path) -> None:
    words = ("keys", "split", "--data", str(where.folder), "--out", str(tmp_path / "s"))
    assert [wardlight(*words).returncode for _ in range(2)] == [0, 5]


def test_a_key_is_recovered_from_words_that_are_typed(where: NodeLog) -> None:
    key = where.folder / "node.key"
    body = key.read_bytes()
    key.unlink()
    typed = "\n".join(" ".join(share.words) for share in split(where.keys, "MMH", "")[:3])
    run = "from wardlight.run.cli import main; main()"
    done = subprocess.run(  # noqa: S603 -- our own command with our own words
        [sys.executable, "-c", run, "keys", "recover", "--data", str(where.folder)],
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert key.read_bytes() == body
    assert key.stat().st_mode & 0o777 == 0o600
    assert "it opens the log" in done.stdout


def test_another_nodes_key_is_not_overwritten(where: NodeLog, tmp_path: Path) -> None:
    other = node_of(tmp_path / "other")
    body = (where.folder / "node.key").read_bytes()
    named = _shares(other, tmp_path / "s")
    done = wardlight("keys", "recover", "--data", str(where.folder), *named)
    assert done.returncode == 5
    assert "another key lies there already" in done.stderr
    assert (where.folder / "node.key").read_bytes() == body


def test_a_key_that_does_not_open_the_log_is_not_put_there(where: NodeLog, tmp_path: Path) -> None:
    named = _shares(node_of(tmp_path / "other"), tmp_path / "s")
    (where.folder / "node.key").unlink()
    done = wardlight("keys", "recover", "--data", str(where.folder), *named)
    assert (done.returncode, (where.folder / "node.key").exists()) == (5, False)


def test_a_damaged_key_file_is_replaced_and_kept_aside(where: NodeLog, tmp_path: Path) -> None:
    key = where.folder / "node.key"
    body = key.read_bytes()
    key.write_bytes(body[:40])
    named = _shares(where, tmp_path / "s")
    assert wardlight("keys", "recover", "--data", str(where.folder), *named).returncode == 0
    assert key.read_bytes() == body
    assert key.with_name("node.key.damaged").read_bytes() == body[:40]


def test_the_check_gives_the_line_that_verifies_this_nodes_heads(where: NodeLog) -> None:
    done = wardlight("keys", "check", "--data", str(where.folder), "--json")
    told = json.loads(done.stdout)
    name, public = read_verifier(told["verifier"])
    note = (where.folder / "witness" / "heads").read_text().rstrip("\n") + "\n"
    assert read(note, {name: public}).size == 3
    assert told["opens_log"] is True


def test_a_key_of_another_log_fails_the_check(where: NodeLog, tmp_path: Path) -> None:
    other = node_of(tmp_path / "other")
    (where.folder / "node.key").write_bytes((other.folder / "node.key").read_bytes())
    done = wardlight("keys", "check", "--data", str(where.folder))
    assert done.returncode == 1
    assert "the key does not open the log" in done.stderr
