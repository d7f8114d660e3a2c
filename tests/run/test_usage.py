"""Wrong use of the command line: one line that says what to do, and the right exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wardlight.run.keeping.node_log import node_log
from wardlight.run.settings import keep_site, read_settings

pytestmark = pytest.mark.slow


def wardlight(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would."""
    return subprocess.run(  # noqa: S603 -- our own command with our own words
        [sys.executable, "-c", "from wardlight.run.cli import main; main()", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("", 2, "Missing command"),
        ("nope", 2, "No such command 'nope'"),
        ("census --foo", 2, "No such option: --foo"),
        ("send", 2, "wardlight send --help"),
        ("send x.hl7 --to nowhere", 2, "write HOST:PORT"),
        ("send {here}/none.hl7 --to 127.0.0.1:1", 3, "there is no such file"),
        ("pack --out x", 2, "say either --unit U or --all"),
        ("pack --unit U --all --out x", 2, "say either --unit U or --all"),
        ("up --data {here} --http 0.0.0.0:80", 2, "[http] names"),
        ("up --data {here} --mllp 2575", 2, "write HOST:PORT"),
        ("census --data {here}/none", 3, "no node has run here yet"),
        ("chart", 2, "Missing argument 'ID'"),
        ("demo --speed 0", 2, "--speed is more than 0"),
        ("up --data /dev/null", 2, "/dev/null: cannot be the folder of a node"),
        ("up --data {here} --http 127.0.0.1:0 --mllp 203.0.113.1:0", 2, "address of this machine"),
    ],
)
def test_wrong_use_is_one_line_and_the_right_exit_code(
    tmp_path: Path, words: str, code: int, said: str
) -> None:
    done = wardlight(*words.format(here=tmp_path).split())
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_site_of_another_node_is_not_found_and_a_lost_key_is_told(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, "GEN")
    keep_site(tmp_path, settings)
    node_log(tmp_path, settings).open().close()
    for words in ("census --site LAX", "pack --all --site LAX --out x"):
        done = wardlight(*words.split(), "--data", str(tmp_path))
        assert (done.returncode, done.stderr) == (3, "wardlight: no site LAX; there are: GEN\n")
    (tmp_path / "node.key").unlink()
    done = wardlight("verify", "--data", str(tmp_path))
    assert done.returncode == 1
    assert "the key is not there" in done.stdout


def test_help_names_every_command() -> None:
    said = wardlight("--help").stdout
    for command in (
        "up",
        "demo",
        "send",
        "census",
        "chart",
        "unread",
        "links",
        "pack",
        "status-page",
        "keys",
        "backup",
        "restore",
    ):
        assert f"  {command} " in said


def test_settings_with_a_misspelt_word_are_refused_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "wardlight.toml").write_text("[packs]\nevery_minuts = 5\n")
    done = wardlight("up", "--data", str(tmp_path))
    assert done.returncode == 2
    assert "every_minuts" in done.stderr


def test_settings_with_an_unknown_zone_are_refused(tmp_path: Path) -> None:
    (tmp_path / "wardlight.toml").write_text(
        '[[sites]]\ncode = "A"\nname = "A"\nzone = "Mars/Base"\n'
    )
    done = wardlight("up", "--data", str(tmp_path))
    assert (done.returncode, "Mars/Base is not a time zone name" in done.stderr) == (2, True)
